//! What each value of a journey is here: its name, and its kind.
//!
//! ussd_airflow has one bag of values of no type. Ours have one type each, so everything that sets a
//! value and everything that uses it is looked at before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    answer::{compares_number, may_be_number},
    expression::{Expression, Path},
    journey::{Journey, Theirs},
    names::{Names, plain},
    template::{Piece, pieces},
};
use crate::{
    import::{Found, Problem},
    model::source::{Span, yaml::Node},
};

/// What a single value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Text,
    Number,
    Secret,
}

/// A place in an answer, as a field of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Below the answer, or below the row.
    path: Vec<String>,
    pub(super) ours: String,
    pub(super) number: bool,
}

impl Field {
    /// Where it stands: `total`, `period.from`, `lines[0].name`; `.` for the whole.
    pub(super) fn at(&self) -> String {
        place(&self.path)
    }
}

/// The values of a journey.
#[derive(Debug, Default)]
pub(super) struct Values {
    names: Names,
    kinds: BTreeMap<String, Kind>,
    /// Whether a file of variables may set what nothing else does.
    has_file: bool,
    numbers: BTreeSet<Vec<String>>,
    /// The settings that were used: theirs, and whether it is a number.
    pub(super) settings: BTreeMap<String, bool>,
}

#[derive(Clone, Debug)]
enum Kind {
    Plain(Plain),
    /// What a request gives.
    Answer(Vec<Field>),
    /// Rows that a request gives, and where they stand in it.
    Rows(Vec<String>, Vec<Field>),
    /// A row that was chosen: the request, and the part of the row that is meant.
    Chosen(String, Vec<String>),
}

/// A value of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// `age`, `fees.total`, `setting.hotline`.
    pub(super) written: String,
    /// The variable of it; none for a setting.
    pub(super) variable: Option<String>,
    pub(super) plain: Plain,
}

/// What sets a value.
#[derive(Clone, Debug)]
enum Setter {
    Asked { number: bool, secret: bool },
    Constant { number: bool },
    Copy(Vec<String>),
    Request,
    Row(Vec<String>, Vec<String>),
    Code,
}

/// A step from a list to its rows.
const ROW: &str = "[]";

/// What comes from the request or the environment, in no file.
const OF_THE_REQUEST: [&str; 8] = [
    "phone_number",
    "session_id",
    "service_code",
    "now",
    "ussd_request",
    "language",
    "input",
    "network",
];

#[derive(Default)]
struct Scan {
    uses: BTreeSet<Vec<String>>,
    numbers: BTreeSet<Vec<String>>,
    setters: Vec<(String, Span, Setter)>,
}

impl Values {
    pub(super) fn of(journey: &Journey<'_>, found: &mut Vec<Found>) -> Self {
        let mut scan = Scan::default();
        let mut values = Self::default();
        if let Some(initial) = journey.initial {
            values.has_file = scan.initial(initial);
        }
        for screen in &journey.screens {
            scan.screen(screen);
        }
        scan.follow_rows();
        values.numbers.clone_from(&scan.numbers);
        for (name, at, _) in &scan.setters {
            if values.kinds.contains_key(name) {
                continue;
            }
            let (ours, clash) = values.names.add(name);
            if clash {
                let problem = Problem::NamesClash(name.clone(), ours);
                found.push(Found { problem, at: *at });
            }
            let kind = scan.kind(name);
            if scan.is_torn(name) {
                let problem = Problem::TwoKinds(name.clone());
                found.push(Found { problem, at: *at });
            }
            values.kinds.insert(name.clone(), kind);
        }
        values
    }

    /// Our name for a value of theirs.
    pub(super) fn ours(&self, theirs: &str) -> String {
        self.names
            .get(theirs)
            .map_or_else(|| plain(theirs), str::to_owned)
    }

    /// Their name of a value of ours.
    pub(super) fn theirs(&self, ours: &str) -> Option<&str> {
        let mut names = self.kinds.keys().map(String::as_str);
        names.find(|theirs| self.names.get(theirs) == Some(ours))
    }

    /// The kind of a single value; `None` where it is a record or a list, or nothing sets it.
    pub(super) fn plain(&self, theirs: &str) -> Option<Plain> {
        match self.kinds.get(theirs)? {
            Kind::Plain(plain) => Some(*plain),
            Kind::Answer(_) | Kind::Rows(..) | Kind::Chosen(..) => None,
        }
    }

    /// The fields that a request gives, and where its rows stand if it gives rows.
    pub(super) fn gives(&self, theirs: &str) -> Option<(Option<String>, &[Field])> {
        match self.kinds.get(theirs)? {
            Kind::Answer(fields) if !fields.is_empty() => Some((None, fields)),
            Kind::Rows(at, fields) => Some((Some(place(at)), fields)),
            Kind::Answer(_) | Kind::Plain(_) | Kind::Chosen(..) => None,
        }
    }

    /// The variable of the rows at `parts`; `None` where there are none.
    pub(super) fn rows(&self, parts: &[String]) -> Option<String> {
        let (name, rest) = parts.split_first()?;
        match self.kinds.get(name)? {
            Kind::Rows(at, _) if at == rest => Some(self.ours(name)),
            Kind::Rows(..) | Kind::Plain(_) | Kind::Answer(_) | Kind::Chosen(..) => None,
        }
    }

    /// The value that stands at `parts`; `None` where nothing sets it.
    pub(super) fn value(&mut self, parts: &[String]) -> Option<Value> {
        let (name, rest) = parts.split_first()?;
        let Some(kind) = self.kinds.get(name) else {
            return self.setting(name, rest);
        };
        let ours = self.ours(name);
        match kind {
            Kind::Plain(plain) if rest.is_empty() => Some(Value {
                written: ours.clone(),
                variable: Some(ours),
                plain: *plain,
            }),
            Kind::Answer(fields) => of_field(&ours, fields, rest),
            Kind::Chosen(list, only) => {
                let rest = [only.as_slice(), rest].concat();
                match self.kinds.get(list)? {
                    Kind::Rows(_, fields) => of_field(&ours, fields, &rest),
                    Kind::Plain(_) | Kind::Answer(_) | Kind::Chosen(..) => None,
                }
            }
            Kind::Plain(_) | Kind::Rows(..) => None,
        }
    }

    /// The value at `rest` of a row of the list at `list`, chosen as `row`.
    pub(super) fn of_row(&self, list: &[String], row: &str, rest: &[String]) -> Option<Value> {
        match self.kinds.get(list.first()?)? {
            Kind::Rows(_, fields) => of_field(row, fields, rest),
            Kind::Plain(_) | Kind::Answer(_) | Kind::Chosen(..) => None,
        }
    }

    fn setting(&mut self, name: &str, rest: &[String]) -> Option<Value> {
        if !self.has_file || !rest.is_empty() || OF_THE_REQUEST.contains(&name) {
            return None;
        }
        let number = self.numbers.contains(&vec![name.to_owned()]);
        self.settings.insert(name.to_owned(), number);
        Some(Value {
            written: format!("setting.{}", plain(name)),
            variable: None,
            plain: if number { Plain::Number } else { Plain::Text },
        })
    }
}

fn of_field(variable: &str, fields: &[Field], rest: &[String]) -> Option<Value> {
    let field = fields.iter().find(|field| field.path == rest)?;
    Some(Value {
        written: format!("{variable}.{}", field.ours),
        variable: Some(variable.to_owned()),
        plain: if field.number {
            Plain::Number
        } else {
            Plain::Text
        },
    })
}

/// `lines[0].name` of `lines`, `0`, `name`.
fn place(parts: &[String]) -> String {
    let mut place = String::new();
    for part in parts {
        let is_index = part.bytes().all(|byte| byte.is_ascii_digit());
        match (is_index, place.is_empty()) {
            (true, false) => place.extend(["[", part, "]"]),
            (false, false) => place.extend([".", part]),
            (_, true) => place.push_str(part),
        }
    }
    if place.is_empty() {
        ".".to_owned()
    } else {
        place
    }
}

impl Scan {
    /// What comes before the first screen; whether a file of variables is read.
    fn initial(&mut self, node: &Node) -> bool {
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

    fn screen(&mut self, screen: &Theirs<'_>) {
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
        let number = constants(items).iter().all(|value| is_number(value));
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
    fn follow_rows(&mut self) {
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

    fn kind(&self, name: &str) -> Kind {
        let of_name = self.setters.iter().filter(|(known, _, _)| known == name);
        for (_, _, setter) in of_name {
            match setter {
                Setter::Request => return self.request(name),
                Setter::Row(list, only) => {
                    return Kind::Chosen(list.first().cloned().unwrap_or_default(), only.clone());
                }
                Setter::Asked { secret: true, .. } => return Kind::Plain(Plain::Secret),
                Setter::Asked { .. } | Setter::Constant { .. } | Setter::Copy(_) | Setter::Code => {
                }
            }
        }
        Kind::Plain(if self.is_number(name, 0) {
            Plain::Number
        } else {
            Plain::Text
        })
    }

    /// What is used of a request's answer.
    fn request(&self, name: &str) -> Kind {
        let below = self
            .uses
            .iter()
            .filter(|path| path.first().is_some_and(|first| first == name));
        let below: Vec<&[String]> = below.filter_map(|path| path.get(1..)).collect();
        let row = |path: &&[String]| path.iter().position(|part| part == ROW);
        let list = below
            .iter()
            .find_map(|path| Some(path.split_at_checked(row(path)?)?.0.to_vec()));
        let listed = self.setters.iter().find_map(|(_, _, setter)| match setter {
            Setter::Row(parts, _) if parts.first().is_some_and(|first| first == name) => {
                parts.get(1..).map(<[String]>::to_vec)
            }
            Setter::Row(..)
            | Setter::Asked { .. }
            | Setter::Constant { .. }
            | Setter::Copy(_)
            | Setter::Request
            | Setter::Code => None,
        });
        let Some(at) = listed.or(list) else {
            let plain = |path: &&&[String]| {
                let first = path.first().map(String::as_str);
                !matches!(first, None | Some("status_code" | "content"))
            };
            let paths = below.iter().filter(plain).map(|path| (*path).to_vec());
            return Kind::Answer(self.fields(name, &[], paths.collect()));
        };
        let prefix = [at.as_slice(), &[ROW.to_owned()]].concat();
        let paths = below
            .iter()
            .filter_map(|path| path.strip_prefix(prefix.as_slice()));
        let mut paths: Vec<Vec<String>> = paths.map(<[String]>::to_vec).collect();
        if paths.is_empty() {
            paths.push(Vec::new());
        }
        Kind::Rows(at, self.fields(name, &prefix, paths))
    }

    fn fields(&self, name: &str, prefix: &[String], mut paths: Vec<Vec<String>>) -> Vec<Field> {
        paths.sort();
        paths.dedup();
        let mut names = Names::default();
        let fields = paths.into_iter().map(|path| {
            let full = [&[name.to_owned()], prefix, path.as_slice()].concat();
            let wish = if path.is_empty() {
                "value".to_owned()
            } else {
                path.join("_")
            };
            Field {
                number: self.numbers.contains(&full),
                ours: names.add(&wish).0,
                path,
            }
        });
        fields.collect()
    }

    /// Whether every setter of a value gives a number, and something needs one or none gives a text.
    fn is_number(&self, name: &str, depth: usize) -> bool {
        let of_name: Vec<&Setter> = self.setters_of(name).collect();
        let wanted = self.numbers.contains(&vec![name.to_owned()]);
        let fixed = |setter: &&&Setter| matches!(setter, Setter::Constant { .. } | Setter::Copy(_));
        let all_fixed = of_name.iter().filter(fixed).count() == of_name.len();
        (wanted || all_fixed) && of_name.iter().all(|setter| self.may_number(setter, depth))
    }

    fn may_number(&self, setter: &Setter, depth: usize) -> bool {
        match setter {
            Setter::Asked { number, .. } | Setter::Constant { number } => *number,
            Setter::Copy(path) => match path.as_slice() {
                [name] => depth < 8 && self.is_number(name, depth + 1),
                path => self.numbers.contains(path),
            },
            Setter::Code => true,
            Setter::Request | Setter::Row(..) => false,
        }
    }

    /// Whether a value is needed as a number and cannot be one.
    fn is_torn(&self, name: &str) -> bool {
        let record = self.setters_of(name).any(|setter| {
            matches!(
                setter,
                Setter::Request | Setter::Row(..) | Setter::Asked { secret: true, .. }
            )
        });
        !record && self.numbers.contains(&vec![name.to_owned()]) && !self.is_number(name, 0)
    }

    fn setters_of(&self, name: &str) -> impl Iterator<Item = &Setter> {
        let setters = self
            .setters
            .iter()
            .filter(move |(known, _, _)| known == name);
        setters.map(|(_, _, setter)| setter)
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

/// What is kept of rows that are written out.
fn constants(items: &Node) -> Vec<String> {
    let listed = entry(items, "with_items")
        .and_then(Node::list)
        .unwrap_or_default();
    let listed = listed.iter().filter_map(Node::text).map(str::to_owned);
    let keyed = entry(items, "with_dict")
        .and_then(Node::map)
        .unwrap_or_default();
    let keyed = keyed
        .iter()
        .filter_map(|(key, _)| key.text())
        .map(str::to_owned);
    listed.chain(keyed).collect()
}

/// A whole number as ours are: no sign, no leading zero.
pub(super) fn is_number(text: &str) -> bool {
    let number = text.parse::<u32>();
    number.is_ok_and(|number| number.to_string() == text && number <= 999_999_999)
}

/// Whether a name says that what it names is nobody else's.
fn is_secret(name: &str) -> bool {
    let name = plain(name);
    name.split('_')
        .any(|word| matches!(word, "pin" | "password" | "passcode" | "secret"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_no_sign_and_no_leading_zero() {
        assert!(is_number("30") && is_number("0"));
        assert!(!is_number("030") && !is_number("-3") && !is_number("3.5") && !is_number(""));
    }
}
