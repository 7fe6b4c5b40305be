use super::Reader;
use crate::{
    menu::{
        AnswerType,
        problem::{Problem, Unknown},
    },
    model::source::yaml::Node,
};

impl Reader<'_> {
    /// The type of a right answer.
    pub(super) fn answer(&mut self, node: &Node) -> Option<AnswerType> {
        match node.text() {
            Some("member_number") => return Some(AnswerType::Member),
            Some("control_number") => return Some(AnswerType::Control),
            Some(other) => {
                let known = ["member_number", "control_number", "number", "digits"];
                let unknown = Unknown::new(other, known);
                self.report(node.span, Problem::UnknownType(unknown));
                return None;
            }
            None => {}
        }
        let mut entries = self.entries(node, "a type")?;
        let number = entries.take("number").map(|node| self.number_answer(node));
        let digits = entries.take("digits").map(|node| self.digits_answer(node));
        self.finish(&entries);
        match (number, digits) {
            (Some(answer), None) | (None, Some(answer)) => answer,
            (Some(_), Some(_)) | (None, None) => {
                self.report(
                    node.span,
                    Problem::WrongShape("one type", "none or several"),
                );
                None
            }
        }
    }

    fn number_answer(&mut self, node: &Node) -> Option<AnswerType> {
        const WANTED: &str = "a whole number from 0 to 999999999";
        let mut entries = self.entries(node, "a number")?;
        let min = self.require(&mut entries, "min");
        let min = min.and_then(|node| self.number(node, 0, 999_999_999, WANTED));
        let max = self.require(&mut entries, "max");
        let max = max.and_then(|node| self.number(node, 0, 999_999_999, WANTED));
        self.finish(&entries);
        let (min, max) = min.zip(max)?;
        if min > max {
            self.report(
                node.span,
                Problem::BadNumber("a `max` that is not below `min`"),
            );
            return None;
        }
        Some(AnswerType::Number { min, max })
    }

    fn digits_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "digits")?;
        let length = self.require(&mut entries, "length");
        let length = length.and_then(|node| self.number(node, 1, 20, "a length from 1 to 20"));
        let sensitive = match entries.take("sensitive") {
            Some(node) => self.flag(node),
            None => Some(false),
        };
        self.finish(&entries);
        Some(AnswerType::Digits {
            length: u8::try_from(length?).ok()?,
            sensitive: sensitive?,
        })
    }
}
