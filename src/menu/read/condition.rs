//! Conditions, the values that are set, and when a menu is off.

use chrono::NaiveDate;

use super::{Reader, entries::Entries, template};
use crate::{
    menu::{
        Test, Value,
        problem::Problem,
        syntax::{Condition, Name, Off, Operand, Screen, Verb},
    },
    model::source::{
        Span,
        yaml::{Kind, Node},
    },
};

/// The longer ones first: `<` begins `<=` too.
const TESTS: [Test; 6] = [
    Test::Is,
    Test::IsNot,
    Test::AtMost,
    Test::AtLeast,
    Test::Below,
    Test::Above,
];

/// Names that mean a value by themselves.
const OWN: [&str; 3] = ["setting", "language", "today"];

impl Reader<'_> {
    /// The condition below `when:`; the outer `None` where it could not be read, the inner where
    /// there is none.
    #[expect(clippy::option_option, reason = "absent and unreadable are two things")]
    pub(super) fn when(&mut self, entries: &mut Entries<'_>) -> Option<Option<Condition>> {
        match entries.take("when") {
            Some(node) => self.condition(node).map(Some),
            None => Some(None),
        }
    }

    /// One comparison.
    pub(super) fn condition(&mut self, node: &Node) -> Option<Condition> {
        let text = self.scalar(node)?;
        let condition = condition(text, node.span);
        if condition.is_none() {
            self.report(node.span, Problem::BadCondition(text.to_owned()));
        }
        condition
    }

    /// The values of `set:`, by the variables that get them.
    pub(super) fn settled(&mut self, node: &Node) -> Option<Vec<(Name, Operand)>> {
        let pairs = self.pairs(node)?;
        if pairs.is_empty() {
            self.report(node.span, Problem::WrongShape("a variable", "none"));
            return None;
        }
        let mut values = Vec::new();
        for (name, value) in pairs {
            let name = self.variable(name);
            let value = self.operand(value);
            values.push(name.zip(value));
        }
        values.into_iter().collect()
    }

    fn operand(&mut self, node: &Node) -> Option<Operand> {
        let text = self.scalar(node)?;
        if let Kind::Scalar { plain: false, .. } = &node.kind {
            return Some(Operand::Constant(Value::Text(text.to_owned())));
        }
        let operand = operand(text, node.span);
        if operand.is_none() {
            self.report(node.span, Problem::BadName(text.to_owned()));
        }
        operand
    }

    /// The name of a variable that is given here.
    pub(super) fn variable(&mut self, node: &Node) -> Option<Name> {
        let name = self.name(node)?;
        if OWN.contains(&name.text.as_str()) {
            self.report(name.at, Problem::ReservedName(name.text));
            return None;
        }
        Some(name)
    }

    /// When the menu is off, and the screen that is shown then, which becomes one of its own.
    pub(super) fn off(&mut self, node: &Node, screens: &mut Vec<Screen>) -> Option<Off> {
        let mut entries = self.entries(node, "what is off")?;
        let when = self.when(&mut entries);
        let text = self.below("off", |reader| reader.require_text(&mut entries, "text"));
        self.finish(&entries);
        if let Some(taken) = screens.iter().find(|screen| screen.name.text == "off") {
            let taken = taken.name.clone();
            self.report(taken.at, Problem::ReservedName(taken.text));
        }
        screens.push(Screen {
            direct: true,
            name: Name {
                text: "off".to_owned(),
                at: node.span,
            },
            verb: text.map(|text| Verb::Show {
                text,
                paged: false,
                options: Vec::new(),
            }),
            sms: None,
        });
        Some(Off {
            when: when?,
            screen: screens.len() - 1,
        })
    }
}

fn condition(written: &str, at: Span) -> Option<Condition> {
    let sign = written.find(['=', '!', '<', '>'])?;
    let (left, rest) = written.split_at_checked(sign)?;
    let mut tests = TESTS.into_iter();
    let (test, right) = tests.find_map(|test| Some((test, rest.strip_prefix(test.written())?)))?;
    Some(Condition {
        written: written.to_owned(),
        left: template::argument(left.trim(), at)?,
        test,
        right: operand(right.trim(), at)?,
        at,
    })
}

/// A number, a day, a text in quotes or a name.
fn operand(text: &str, at: Span) -> Option<Operand> {
    let constant = number(text).or_else(|| day(text)).or_else(|| quoted(text));
    if let Some(constant) = constant {
        return Some(Operand::Constant(constant));
    }
    template::argument(text, at).map(Operand::Named)
}

/// At most nine digits: no number of ours has more.
fn number(text: &str) -> Option<Value> {
    let fits = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fits).map(Value::Number)
}

fn day(text: &str) -> Option<Value> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    day.filter(|_| text.len() == "2026-03-02".len())
        .map(Value::Date)
}

fn quoted(text: &str) -> Option<Value> {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    let inner: Option<&str> = inner('"').or_else(|| inner('\''));
    inner
        .filter(|inner| !inner.contains(['"', '\'']))
        .map(|inner| Value::Text(inner.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a condition is read as.
    fn read(written: &str) -> Option<String> {
        let condition = condition(written, Span::default())?;
        let right = match condition.right {
            Operand::Constant(value) => {
                let printed = value.print(crate::model::Language::ENGLISH);
                format!("{value:?} {printed}")
            }
            Operand::Named(argument) => format!("name {}", argument.written()),
        };
        let (left, test) = (condition.left.written(), condition.test.written());
        Some(format!("{left} {test} {right}"))
    }

    #[test]
    fn a_condition_is_one_comparison() {
        for (text, expected) in [
            ("offers.count > 1", "offers.count > Number 1"),
            ("size>=2", "size >= Number 2"),
            ("quote.to < today", "quote.to < name today"),
            ("quote.to != 2026-03-31", "quote.to != Date 31 Mar 2026"),
            ("kind == \"nida\"", "kind == Text nida"),
            ("kind == 'nida'", "kind == Text nida"),
            ("language == sw", "language == name sw"),
            (
                "bill.amount <= setting.fee",
                "bill.amount <= name setting.fee",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_comparison_is_refused() {
        for text in [
            "",
            "size",
            "size = 1",
            "== 1",
            "size ==",
            "size == 1 and x == 2",
            "size =< 1",
            "size == \"a",
            "size == 1.5",
            "size == -1",
            "a.b.c == 1",
            "size == 2026-02-30",
            "size == 1234567890",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
