//! What a menu has one line for each of: rows that a request gives, or constants.

use super::{
    Rows, Scope, Translation,
    draft::{Choice, Text, Verb},
    expression::{Expression, Path},
    fields::Fields,
    values::{Plain, is_number},
};
use crate::{
    import::{Problem, yaml::Yaml},
    model::source::{Span, yaml::Node},
};

/// What stands for `items:`.
pub(super) enum Items {
    Rows {
        items: String,
        item: String,
        row: Text,
        go: String,
    },
    /// Constants, each an option that sets what is kept.
    Written(Vec<Choice>),
    /// They cannot be had, which was reported.
    None,
}

/// Constants by the names under which texts may name them.
type Constants = Vec<(&'static str, String)>;

impl<'n> Translation<'n> {
    pub(super) fn items(&mut self, name: &str, at: Span, node: &'n Node) -> Items {
        let Some(mut fields) = Fields::of(node, &mut self.found) else {
            self.shape(node, "a map");
            return Items::None;
        };
        let text = fields.take("text");
        let value = fields.take("value");
        let key = fields.take("session_key");
        let listed = fields.take("with_items");
        let keyed = fields.take("with_dict");
        let go = self.next(&format!("{name}_row"), at, &mut fields, &Scope::default());
        self.finish(&fields);
        let Some(kept) = key.and_then(Node::text) else {
            self.report(node.span, Problem::MissingKey("session_key"));
            return Items::None;
        };
        let Some(source) = listed.or(keyed) else {
            self.report(node.span, Problem::MissingKey("with_items"));
            return Items::None;
        };
        if let Some(constants) = constants(source) {
            let options = self.written_rows(name, at, (text, value), kept, &constants, &go);
            return Items::Written(options);
        }
        let written = source.text().unwrap_or_default().trim().to_owned();
        let list = match Expression::parse(&written) {
            Some(Expression::Path(Path { parts, filters, .. })) if filters.is_empty() => parts,
            _ => return self.no_rows(source.span, format!("`{written}` is computed")),
        };
        let Some(items) = self.values.rows(&list).filter(|_| keyed.is_none()) else {
            return self.no_rows(
                source.span,
                format!("no request gives `{}` as a list", list.join(".")),
            );
        };
        self.uses.push((items.clone(), source.span));
        let item = self.values.ours(kept);
        let scope = Scope {
            rows: Some(Rows {
                list,
                row: item.clone(),
            }),
            ..Scope::default()
        };
        // A row's own value is known as soon as it is shown.
        let uses = self.uses.clone();
        let row = if let Some(text) = text {
            self.text(text, &scope, |phrases| phrases.more)
        } else {
            self.report(node.span, Problem::MissingKey("text"));
            self.phrase(|phrases| phrases.more)
        };
        self.uses.retain(|(variable, _)| *variable != item);
        self.uses
            .extend(uses.into_iter().filter(|(variable, _)| *variable == item));
        Items::Rows {
            items,
            item,
            row,
            go,
        }
    }

    fn no_rows(&mut self, at: Span, why: String) -> Items {
        self.report(at, Problem::NoRows(why));
        Items::None
    }

    /// An option for each constant, and a screen that sets it.
    fn written_rows(
        &mut self,
        name: &str,
        at: Span,
        (text, value): (Option<&'n Node>, Option<&'n Node>),
        kept: &str,
        constants: &[Constants],
        go: &str,
    ) -> Vec<Choice> {
        let mut options = Vec::new();
        for (number, constants) in (1..).zip(constants) {
            let scope = Scope {
                constants: constants.clone(),
                ..Scope::default()
            };
            let text = match text {
                Some(text) => self.text(text, &scope, |phrases| phrases.more),
                None => self.phrase(|phrases| phrases.more),
            };
            let item = constants
                .first()
                .map(|(_, item)| item.clone())
                .unwrap_or_default();
            let own = value.map(|value| self.render_expression(value, &scope));
            let own = own.filter(|own| !own.is_empty()).unwrap_or(item);
            let set = self.names.fresh(&format!("{name}_{number}"));
            let uses = std::mem::take(&mut self.uses);
            let verb = Verb::Set {
                values: vec![(self.values.ours(kept), self.constant(kept, &own))],
                go: go.to_owned(),
            };
            self.push(&set, at, verb, true);
            self.uses = uses;
            options.push(Choice {
                key: self.row_key(number),
                text,
                go: set,
            });
        }
        options
    }

    /// A row's number; those that mean something else are passed over.
    fn row_key(&self, number: usize) -> String {
        let keys = [&self.keys.back, &self.keys.home, &self.keys.more];
        let mut free = (1_usize..).map(|number| number.to_string());
        let key = free
            .by_ref()
            .filter(|key| !keys.contains(&key))
            .nth(number - 1);
        key.unwrap_or_default()
    }

    /// What an expression of constants gives.
    fn render_expression(&mut self, value: &Node, scope: &Scope) -> String {
        // A bare `item` is meant as much as `{{ item }}`.
        let bare = value.text().and_then(Expression::parse);
        if let Some(Expression::Path(path)) = &bare
            && let Some(super::texts::Meaning::Literal(text)) = self.meaning(&path.parts, scope)
        {
            return text;
        }
        self.render(value, scope)
    }

    /// A constant as the value `kept` is set to it.
    pub(super) fn constant(&self, kept: &str, text: &str) -> Yaml {
        if self.values.plain(kept) == Some(Plain::Number) && is_number(text) {
            Yaml::Word(text.to_owned())
        } else {
            Yaml::Quoted(text.to_owned())
        }
    }
}

/// The constants that are written out; `None` where something is named instead.
fn constants(source: &Node) -> Option<Vec<Constants>> {
    if let Some(entries) = source.map() {
        let pairs = entries
            .iter()
            .filter_map(|(key, value)| Some((key.text()?, value.text()?)));
        let pairs = pairs.map(|(key, value)| keyed(key, value));
        return Some(pairs.collect());
    }
    if let Some(items) = source.list() {
        let items: Option<Vec<Constants>> = items
            .iter()
            .map(|item| Some(single(item.text()?)))
            .collect();
        return items;
    }
    let Some(Expression::List(items)) = source.text().and_then(Expression::parse) else {
        return None;
    };
    let items = items.into_iter().map(|item| match item {
        Expression::Text(text) => Some(single(&text)),
        Expression::Number(number) => Some(single(&number.to_string())),
        Expression::Path(_)
        | Expression::Flag(_)
        | Expression::Nothing
        | Expression::List(_)
        | Expression::Compare(..)
        | Expression::In(..)
        | Expression::Or(_)
        | Expression::And(_)
        | Expression::Not(_) => None,
    });
    items.collect()
}

fn single(text: &str) -> Constants {
    vec![("item", text.to_owned())]
}

fn keyed(key: &str, value: &str) -> Constants {
    vec![
        ("item", key.to_owned()),
        ("key", key.to_owned()),
        ("value", value.to_owned()),
    ]
}
