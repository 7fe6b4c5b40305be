//! Reads `calls.yaml`: the calls that a set declares itself.
//!
//! 1. `types` reads what a call takes, `address` and `wording` what it sends, `outcomes` how it can
//!    end and `gives` what it gives.
//! 2. A call's names are its own, so whether they lead anywhere is found here, where they are read.
//!
//! Left out: whether a menu uses a call, which is `check`'s.

mod address;
mod body;
mod gives;
mod outcomes;
mod times;
mod types;
mod wording;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeSet};

use super::{Reader, entries::Entries, is_name};
use crate::{
    menu::{
        DeclaredCall, Field, Operation, Signature, Type,
        declared::{Json, Method, Request, Slot, Wording},
        problem::{Problem, Unknown},
    },
    model::source::yaml::Node,
};

/// The keys that name a method.
const METHODS: [(&str, Method); 3] = [
    ("get", Method::Get),
    ("post", Method::Post),
    ("put", Method::Put),
];

/// The most calls that a set declares.
const MOST_CALLS: usize = 200;

/// The set's settings that a request may name, each with its value as it is sent.
pub(super) type Settings = [(String, String)];

/// A call that is being read: what its texts may name, and what they did name.
struct Call<'a> {
    settings: &'a Settings,
    takes: Vec<Parameter>,
    /// By position; kept apart so that one that is never sent can be told.
    sent: BTreeSet<usize>,
}

/// Something that a call takes.
struct Parameter {
    field: Field,
    at: crate::model::source::Span,
}

impl Call<'_> {
    /// The value of `setting.fee`.
    fn setting(&self, written: &str) -> Option<&str> {
        let name = written.strip_prefix("setting.")?;
        let mut settings = self.settings.iter();
        let found = settings.find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.takes
            .iter()
            .position(|parameter| parameter.field.name == name)
    }

    fn is_secret(&self, position: usize) -> bool {
        let parameter = self.takes.get(position);
        parameter.is_some_and(|parameter| matches!(parameter.field.of, Type::Secret { .. }))
    }

    fn takes_secret(&self) -> bool {
        (0..self.takes.len()).any(|position| self.is_secret(position))
    }

    /// What may stand between braces.
    fn unknown(&self, name: &str) -> Unknown {
        let takes = self
            .takes
            .iter()
            .map(|parameter| parameter.field.name.as_ref());
        Unknown::new(name, takes.chain(["language"]))
    }
}

impl Reader<'_> {
    /// The calls of the file, and the names of those that have mistakes.
    pub(super) fn calls_file(
        &mut self,
        node: &Node,
        settings: &Settings,
    ) -> (Vec<DeclaredCall>, Vec<String>) {
        let (mut declared, mut unread) = (Vec::new(), Vec::new());
        let Some(mut entries) = self.entries(node, "a file of calls") else {
            return (declared, unread);
        };
        let calls = self.require(&mut entries, "calls");
        self.finish(&entries);
        let pairs = calls.and_then(|node| self.pairs(node)).unwrap_or_default();
        if pairs.len() > MOST_CALLS {
            let problem = Problem::WrongShape("at most 200 calls", "more");
            self.report(node.span, problem);
        }
        for (name, node) in pairs.into_iter().take(MOST_CALLS) {
            match self.declared_call(name, node, settings) {
                Some(call) => declared.push(call),
                None => unread.extend(name.text().map(str::to_owned)),
            }
        }
        self.same_records(&declared);
        (declared, unread)
    }

    fn declared_call(
        &mut self,
        name: &Node,
        node: &Node,
        settings: &Settings,
    ) -> Option<DeclaredCall> {
        let named = self.call_name(name);
        let mut entries = self.entries(node, "a declared call")?;
        let mut call = Call {
            settings,
            takes: self.takes_of_call(&mut entries),
            sent: BTreeSet::new(),
        };
        let request = self.request(&mut entries, &mut call);
        let times = self.times(&mut entries);
        let late = self.take_flag(&mut entries, "late");
        let outcomes = self.outcomes_of_call(&mut entries);
        let gives = self.gives(&mut entries);
        self.finish(&entries);
        if request.is_some() {
            self.unsent(&call);
        }
        self.sound_times(&call, request.as_ref(), &times, late);
        let (rules, kinds) = self.sound_outcomes(&entries, outcomes?, gives.is_some(), late)?;
        let (shape, of) = gives.flatten().unzip();
        Some(DeclaredCall {
            signature: Signature {
                name: Cow::Owned(named?),
                takes: call.takes.into_iter().map(|taken| taken.field).collect(),
                outcomes: kinds,
                gives: of,
                late,
            },
            at: name.span,
            request: request?,
            timeout: times.timeout,
            retries: times.retries,
            idempotency_key: times.idempotency_key,
            cache: times.cache,
            outcomes: rules,
            gives: shape,
        })
    }

    /// Two names with a dot between them, and no call of the program's own.
    fn call_name(&mut self, node: &Node) -> Option<String> {
        let name = self.scalar(node)?;
        let parts = name.split_once('.');
        let is_one = parts.is_some_and(|(left, right)| is_name(left) && is_name(right));
        if !is_one || Operation::named(name).is_some() {
            self.report(node.span, Problem::BadCallName(name.to_owned()));
            return None;
        }
        Some(name.to_owned())
    }

    fn request(&mut self, entries: &mut Entries<'_>, call: &mut Call<'_>) -> Option<Request> {
        let mut found = METHODS
            .map(|(key, method)| (method, entries.take(key)))
            .into_iter();
        let mut found = found
            .by_ref()
            .filter_map(|(method, node)| Some((method, node?)));
        let Some((method, node)) = found.next() else {
            self.report(entries.at, Problem::MissingKey("get", entries.of));
            return None;
        };
        if let Some((_, other)) = found.next() {
            let problem = Problem::BadRequest("it has two methods".to_owned());
            self.report(other.span, problem);
        }
        let address = self.address(node, call);
        let query = entries.take("query").map(|node| self.query(node, call));
        let headers = entries.take("headers").map(|node| self.headers(node, call));
        let json = entries
            .take("json")
            .map(|node| (node, self.body(node, call)));
        if let (Method::Get, Some((node, _))) = (method, &json) {
            let problem = Problem::BadRequest("a get has no body".to_owned());
            self.report(node.span, problem);
        }
        let json: Option<Option<Json>> = json.map(|(_, json)| json);
        let (address, mut pairs) = address?;
        pairs.extend(query.unwrap_or_default());
        Some(Request {
            method,
            address,
            query: pairs,
            headers: headers.unwrap_or_default(),
            json: match json {
                Some(json) => Some(json?),
                None => None,
            },
        })
    }

    /// Reports what is taken and never sent.
    fn unsent(&mut self, call: &Call<'_>) {
        for (position, parameter) in call.takes.iter().enumerate() {
            if !call.sent.contains(&position) {
                let name = parameter.field.name.to_string();
                self.report(parameter.at, Problem::UnusedParameter(name));
            }
        }
    }

    /// `true` or `false`; false where it is left out.
    fn take_flag(&mut self, entries: &mut Entries<'_>, key: &'static str) -> bool {
        let node = entries.take(key);
        node.and_then(|node| self.flag(node)).unwrap_or_default()
    }
}

/// Whether a wording names an argument that is secret.
fn names_secret(wording: &Wording, call: &Call<'_>) -> bool {
    wording.0.iter().any(|slot| match slot {
        Slot::Argument(position) => call.is_secret(*position),
        Slot::Literal(_) | Slot::Setting(_) | Slot::Language | Slot::Secret(..) => false,
    })
}
