//! What each value of a journey is here: its name, and its kind.
//!
//! ussd_airflow has one bag of values of no type. Ours have one type each, so everything that sets a
//! value and everything that uses it is looked at before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    journey::Journey,
    names::{Names, plain},
    scan::Scan,
};
use crate::import::{Found, Problem};

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
    pub(super) path: Vec<String>,
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

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
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

/// A whole number as ours are: no sign, no leading zero.
pub(super) fn is_number(text: &str) -> bool {
    let number = text.parse::<u32>();
    number.is_ok_and(|number| number.to_string() == text && number <= 999_999_999)
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
