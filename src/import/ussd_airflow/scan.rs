//! Looks through a journey for everything that sets a value, and everything that uses one.

use std::collections::BTreeSet;

use super::{
    answer::{compares_number, may_be_number},
    expression::{Expression, Path},
    journey::Theirs,
    names::plain,
    template::{Piece, pieces},
    values::is_number,
};
use crate::model::source::{Span, yaml::Node};

/// What sets a value.
#[derive(Clone, Debug)]
pub(super) enum Setter {
    Asked { number: bool, secret: bool },
    Constant { number: bool },
    Copy(Vec<String>),
    Request,
    Row(Vec<String>, Vec<String>),
    Code,
}

/// A step from a list to its rows.
pub(super) const ROW: &str = "[]";

/// What sets values, and what uses them.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) uses: BTreeSet<Vec<String>>,
    /// Those that must be numbers.
    pub(super) numbers: BTreeSet<Vec<String>>,
    pub(super) setters: Vec<(String, Span, Setter)>,
}

impl Scan {
    /// What comes before the first screen; whether a file of variables is read.
    pub(super) fn initial(&mut self, node: &Node) -> bool {
        let entries = node.map().unwrap_or_default();
        for (key, value) in entries {
            if key.text() == Some("create_ussd_variables") {
                for (name, value) in value.map().unwrap_or_default() {
                    self.constant(name.text().unwrap_or_default(), value);
                }
                self.walk(value, "value", None);
            }
        }
        entries
            .iter()
            .any(|(key, _)| key.text() == Some("variables"))
    }

    pub(super) fn screen(&mut self, screen: &Theirs<'_>) {
        let fields = &screen.fields;
        let text = |key: &str| fields.peek(key).and_then(Node::text);
        let at = |key: &str| fields.peek(key).map_or(screen.at, |node| node.span);
        match text("type") {
            Some("input_screen") => {
                let name = text("input_identifier").unwrap_or(screen.name);
                let validators = fields.peek("validators");
                let asked = Setter::Asked {
                    number: may_be_number(validators),
                    secret: is_secret(name) && may_be_number(validators),
                };
                if compares_number(validators, name) {
                    self.numbers.insert(vec![name.to_owned()]);
                }
                self.setters
                    .push((name.to_owned(), at("input_identifier"), asked));
            }
            Some("http_screen") => {
                self.set(text("session_key"), at("session_key"), Setter::Request);
            }
            Some("function_screen") => {
                self.set(text("session_key"), at("session_key"), Setter::Code);
            }
            Some("custom_screen") => self.set(
                text("input_identifier"),
                at("input_identifier"),
                Setter::Code,
            ),
            Some("update_session_screen") => {
                for rule in fields
                    .peek("values_to_update")
                    .and_then(Node::list)
                    .unwrap_or_default()
                {
                    let name = entry(rule, "key").and_then(Node::text);
                    if let (Some(name), Some(value)) = (name, entry(rule, "value")) {
                        self.constant(name, value);
                    }
                }
            }
            _ => {}
        }
        let list = fields.peek("items").and_then(|items| self.items(items));
        for (key, value) in fields.pairs() {
            let key = key.text().unwrap_or_default();
            let list = list.as_deref().filter(|_| key == "items");
            self.walk(value, key, list);
        }
    }

    fn set(&mut self, name: Option<&str>, at: Span, setter: Setter) {
        if let Some(name) = name {
            self.setters.push((name.to_owned(), at, setter));
        }
    }

    /// The setter that the rows of a menu are; where they stand.
    fn items(&mut self, items: &Node) -> Option<Vec<String>> {
        let key = entry(items, "session_key")?;
        let name = key.text()?.to_owned();
        let only = entry(items, "value")
            .and_then(Node::text)
            .unwrap_or_default();
        let written = entry(items, "with_items").and_then(Node::text);
        let list = written.and_then(Expression::parse);
        if let Some(Expression::Path(Path { parts, filters, .. })) = list
            && filters.is_empty()
        {
            let only = match Expression::parse(only) {
                Some(Expression::Path(path)) => path.parts.get(1..).map(<[String]>::to_vec),
                _ => None,
            };
            let row = Setter::Row(parts.clone(), only.unwrap_or_default());
            self.setters.push((name, key.span, row));
            return Some(parts);
        }
        // Written out: what is kept is one of these constants.
        let number = keeps_numbers(items);
        self.setters
            .push((name, key.span, Setter::Constant { number }));
        None
    }

    fn constant(&mut self, name: &str, value: &Node) {
        let text = value.text().unwrap_or_default();
        let setter = match Expression::parse(text) {
            Some(Expression::Path(path)) if text.contains("{{") => Setter::Copy(path.parts),
            Some(Expression::Text(text)) if text.contains("{{") => Setter::Constant {
                number: is_number(&text),
            },
            Some(Expression::Number(number)) => Setter::Constant {
                number: number >= 0,
            },
            _ => Setter::Constant {
                number: is_number(text),
            },
        };
        self.setters.push((name.to_owned(), value.span, setter));
    }

    /// Notes every value that is used below a node.
    fn walk(&mut self, node: &Node, key: &str, list: Option<&[String]>) {
        for (key, value) in node.map().unwrap_or_default() {
            self.walk(value, key.text().unwrap_or_default(), list);
        }
        for item in node.list().unwrap_or_default() {
            self.walk(item, key, list);
        }
        let Some(text) = node.text() else { return };
        let whole = matches!(key, "expression" | "condition");
        let written: Vec<&str> = if whole {
            vec![text]
        } else {
            let pieces = pieces(text).into_iter();
            let values = pieces.filter_map(|piece| match piece {
                Piece::Value(inner) => Some(inner),
                Piece::Literal(_) | Piece::Statement(_) => None,
            });
            values.collect()
        };
        for written in written {
            let Some(expression) = Expression::parse(written) else {
                continue;
            };
            let keeps = list.is_some() && matches!(key, "value" | "with_items");
            self.expression(&expression, list, keeps);
        }
    }

    fn expression(&mut self, expression: &Expression, list: Option<&[String]>, keeps: bool) {
        for path in expression.paths() {
            let full = full(path, list);
            if path.number {
                self.numbers.insert(full.clone());
            }
            let is_row = keeps
                && (full.last().is_some_and(|last| last == ROW) || list == Some(full.as_slice()));
            if !is_row {
                self.uses.insert(full);
            }
        }
        self.compared(expression, list);
    }

    /// Notes what is compared with a number, or by its order.
    fn compared(&mut self, expression: &Expression, list: Option<&[String]>) {
        match expression {
            Expression::Compare(left, operator, right) => {
                for (one, other) in [(left, right), (right, left)] {
                    let number = matches!(**other, Expression::Number(_)) || operator.is_order();
                    if let Expression::Path(path) = &**one
                        && number
                        && !path.length
                        && !is_length(other)
                    {
                        self.numbers.insert(full(path, list));
                    }
                }
            }
            Expression::Or(all) | Expression::And(all) => {
                for one in all {
                    self.compared(one, list);
                }
            }
            Expression::Not(inner) => self.compared(inner, list),
            Expression::Path(_)
            | Expression::Text(_)
            | Expression::Number(_)
            | Expression::Flag(_)
            | Expression::Nothing
            | Expression::List(_)
            | Expression::In(..) => {}
        }
    }

    /// Uses of a chosen row are uses of its list.
    pub(super) fn follow_rows(&mut self) {
        let rows = self
            .setters
            .iter()
            .filter_map(|(name, _, setter)| match setter {
                Setter::Row(list, only) => Some((name.clone(), list.clone(), only.clone())),
                Setter::Asked { .. }
                | Setter::Constant { .. }
                | Setter::Copy(_)
                | Setter::Request
                | Setter::Code => None,
            });
        for (name, list, only) in rows.collect::<Vec<_>>() {
            let below = |uses: &BTreeSet<Vec<String>>| -> Vec<Vec<String>> {
                let uses = uses.iter().filter(|path| path.first() == Some(&name));
                let row = [list.as_slice(), &[ROW.to_owned()], only.as_slice()].concat();
                uses.map(|path| [row.as_slice(), path.get(1..).unwrap_or_default()].concat())
                    .collect()
            };
            let (uses, numbers) = (below(&self.uses), below(&self.numbers));
            self.uses.extend(uses);
            self.numbers.extend(numbers);
        }
    }
}

/// A path from its variable on; `item` is a row of the list.
fn full(path: &Path, list: Option<&[String]>) -> Vec<String> {
    match (list, path.parts.split_first()) {
        (Some(list), Some((first, rest))) if first == "item" => {
            [list, &[ROW.to_owned()], rest].concat()
        }
        _ => path.parts.clone(),
    }
}

fn is_length(expression: &Expression) -> bool {
    matches!(expression, Expression::Path(path) if path.length)
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let mut entries = node.map()?.iter();
    let (_, value) = entries.find(|(name, _)| name.text() == Some(key))?;
    Some(value)
}

/// Whether what is kept of rows that are written out is a number in each of them.
fn keeps_numbers(items: &Node) -> bool {
    let kept = entry(items, "value").and_then(Node::text);
    let kept = match kept.map(Expression::parse) {
        Some(Some(Expression::Path(path))) => path.parts.join("."),
        Some(_) => return false,
        None => "item".to_owned(),
    };
    let listed = entry(items, "with_items")
        .and_then(Node::list)
        .unwrap_or_default();
    let keyed = ["with_items", "with_dict"]
        .into_iter()
        .find_map(|key| entry(items, key)?.map());
    let keyed = keyed.unwrap_or_default().iter();
    let keyed = keyed.map(|(key, value)| if kept == "value" { value } else { key });
    let mut constants = listed.iter().chain(keyed).filter_map(Node::text);
    constants.all(is_number)
}

/// Whether a name says that what it names is nobody else's.
fn is_secret(name: &str) -> bool {
    let name = plain(name);
    name.split('_')
        .any(|word| matches!(word, "pin" | "password" | "passcode" | "secret"))
}
