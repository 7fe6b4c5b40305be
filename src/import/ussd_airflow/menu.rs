//! Menu screens with options, with rows, or with both.

use std::collections::BTreeSet;

use super::{
    Translation,
    answer::Answer,
    draft::{Choice, Verb},
    fields::Fields,
    rows::Items,
    texts::Scope,
};
use crate::{
    import::Problem,
    model::source::{Span, yaml::Node},
};

/// Which keys an option may have.
struct Room<'a> {
    taken: BTreeSet<String>,
    answer: Option<&'a Answer>,
    /// Whether rows are numbered before the options.
    behind_rows: bool,
}

impl Room<'_> {
    fn fits(&self, key: &str) -> bool {
        let digits = key.bytes().all(|byte| byte.is_ascii_digit());
        let answered = self.answer.is_some_and(|answer| answer.takes(key));
        (1..=3).contains(&key.len()) && digits && !answered && !self.taken.contains(key)
    }

    /// A key that nothing else is.
    fn free(&self) -> Option<String> {
        let counted = (1..100).map(|number: u32| number.to_string());
        if self.behind_rows {
            return (1..10)
                .rev()
                .map(|number| number.to_string())
                .find(|key| self.fits(key));
        }
        let zeros = ["0", "00", "000"].map(str::to_owned).into_iter();
        let zeros = zeros.filter(|_| self.answer.is_some());
        counted.chain(zeros).find(|key| self.fits(key))
    }
}

impl<'n> Translation<'n> {
    pub(super) fn menu_screen(&mut self, name: &str, at: Span, fields: &mut Fields<'n>) {
        let scope = Scope::default();
        let text = self.text_of(fields, "text", &scope, |phrases| phrases.choose);
        if let Some(node) = fields.take("error_message") {
            let how = "the root's word `choose_again` stands above every page after a wrong key";
            let problem = Problem::Elsewhere("error_message".to_owned(), how);
            self.report(node.span, problem);
        }
        let items = fields.take("items").map(|node| self.items(name, at, node));
        let options = fields.take("options");
        if options.is_none() && items.is_none() {
            self.report(at, Problem::MissingKey("options"));
        }
        let verb = match items {
            Some(Items::Rows {
                items,
                item,
                row,
                go,
            }) => Verb::List {
                options: options.map_or_else(Vec::new, |node| self.options_behind_rows(name, node)),
                items,
                item,
                text,
                row,
                go,
            },
            Some(Items::Written(mut written)) => {
                let taken = written.iter().map(|choice| choice.key.clone()).collect();
                let more =
                    options.map_or_else(Vec::new, |node| self.options_after(name, node, taken));
                written.extend(more);
                Verb::Menu {
                    text,
                    options: written,
                }
            }
            Some(Items::None) | None => {
                let options =
                    options.map_or_else(Vec::new, |node| self.options_of(name, node, None));
                if options.is_empty() {
                    Verb::Show { text }
                } else {
                    Verb::Menu { text, options }
                }
            }
        };
        self.push(name, at, verb, false);
    }

    /// The options of a menu, or of a question with that answer.
    pub(super) fn options_of(
        &mut self,
        name: &str,
        node: &'n Node,
        answer: Option<&Answer>,
    ) -> Vec<Choice> {
        let room = Room {
            taken: self.fixed(answer.is_some()),
            answer,
            behind_rows: false,
        };
        self.options(name, node, room, 1)
    }

    fn options_behind_rows(&mut self, name: &str, node: &'n Node) -> Vec<Choice> {
        let room = Room {
            taken: self.fixed(false),
            answer: None,
            behind_rows: true,
        };
        self.options(name, node, room, 1)
    }

    /// Options that are counted on from others.
    fn options_after(
        &mut self,
        name: &str,
        node: &'n Node,
        others: BTreeSet<String>,
    ) -> Vec<Choice> {
        let first = others.len() + 1;
        let room = Room {
            taken: self.fixed(false).into_iter().chain(others).collect(),
            answer: None,
            behind_rows: false,
        };
        self.options(name, node, room, first)
    }

    /// The keys that every page has; on a question they are free.
    fn fixed(&self, question: bool) -> BTreeSet<String> {
        let keys = [&self.keys.back, &self.keys.home, &self.keys.more];
        let keys = keys.into_iter().filter(|_| !question);
        keys.cloned().collect()
    }

    fn options(
        &mut self,
        name: &str,
        node: &'n Node,
        mut room: Room<'_>,
        first: usize,
    ) -> Vec<Choice> {
        let Some(items) = node.list() else {
            self.shape(node, "a list");
            return Vec::new();
        };
        let mut choices = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match Fields::of(item, &mut self.found) {
                Some(mut fields) => {
                    let number = first + index;
                    choices.extend(self.option(name, number, &mut fields, &mut room));
                    self.finish(&fields);
                }
                None => self.shape(item, "a map"),
            }
        }
        choices
    }

    fn option(
        &mut self,
        name: &str,
        number: usize,
        fields: &mut Fields<'n>,
        room: &mut Room<'_>,
    ) -> Option<Choice> {
        let scope = Scope::default();
        let text = self.text_of(fields, "text", &scope, |phrases| phrases.more);
        let own = fields.take("input_value");
        let own = own.filter(|node| node.text().is_some_and(|text| !text.trim().is_empty()));
        let theirs = own
            .and_then(Node::text)
            .map_or_else(|| number.to_string(), |own| own.trim().to_owned());
        self.display(fields, &theirs);
        let go = self.next(&format!("{name}_{number}"), fields.at, fields, &scope);
        if room.answer.is_none() && theirs == self.keys.home && go == self.start {
            // The key for home does that on every page.
            return None;
        }
        let at = own.map_or(fields.at, |node| node.span);
        let key = if room.fits(&theirs) && !(room.behind_rows && own.is_none()) {
            theirs
        } else if let Some(free) = room.free() {
            self.report(at, Problem::OtherKey(theirs, free.clone()));
            free
        } else {
            let problem = Problem::Validator("no key is left that is no answer".to_owned());
            self.report(at, problem);
            return None;
        };
        room.taken.insert(key.clone());
        Some(Choice { key, text, go })
    }

    /// What is printed before an option, where it is more than its key.
    fn display(&mut self, fields: &mut Fields<'n>, key: &str) {
        let node = fields.take("input_display");
        let own = node.and_then(|node| Some((node.span, node.text()?)));
        if let Some((at, text)) = own
            && text.trim_matches(|sign: char| !sign.is_alphanumeric() && !"*#".contains(sign))
                != key
        {
            self.report(at, Problem::Display(text.to_owned()));
        }
    }
}
