use crate::{
    menu::Operation,
    model::source::{Report, Severity, Span},
};

/// A mistake in a transcript. `menus/README.md` lists the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// T001: the file is not YAML that we read.
    Unreadable(String),
    /// T002: a key that has no meaning here.
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    /// T003: a key that stands twice.
    Twice(String),
    /// T004: a key that must be there and is not.
    Missing(&'static str),
    /// T005: a map, list or text where another is expected.
    Kind {
        wanted: &'static str,
        found: &'static str,
    },
    /// T006: a text that is no phone number, date, language, code or control number.
    Value(String),
    /// T007: a step that does not do exactly one thing.
    OneThing,
    /// T008: a step that cannot happen there.
    Order(&'static str),
    /// T009: no built-in call has this name, and it is not answered as a declared one is.
    UnknownCall(String),
    /// T010: the call has no such outcome.
    UnknownOutcome {
        call: String,
        outcome: String,
        known: String,
    },
    /// T011: an outcome is not given what it gives.
    Given { why: String, form: String },
}

/// The names of the calls that the program itself knows.
fn built_in() -> Vec<&'static str> {
    Operation::signatures()
        .map(|call| call.name.as_ref())
        .collect()
}

impl Mistake {
    /// As its author reads it.
    pub(super) fn report(self, span: Span) -> Report {
        Report {
            code: self.code(),
            severity: Severity::Error,
            message: self.message(),
            span,
            label: String::new(),
            help: self.help(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "T001",
            Self::UnknownKey { .. } => "T002",
            Self::Twice(_) => "T003",
            Self::Missing(_) => "T004",
            Self::Kind { .. } => "T005",
            Self::Value(_) => "T006",
            Self::OneThing => "T007",
            Self::Order(_) => "T008",
            Self::UnknownCall(_) => "T009",
            Self::UnknownOutcome { .. } => "T010",
            Self::Given { .. } => "T011",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("the file cannot be read: {why}"),
            Self::UnknownKey { key, .. } => format!("`{key}` has no meaning here"),
            Self::Twice(key) => format!("`{key}` stands here twice"),
            Self::Missing(key) => format!("`{key}` is missing"),
            Self::Kind { wanted, found } => format!("{wanted} is expected here, not {found}"),
            Self::Value(why) | Self::Given { why, .. } => why.clone(),
            Self::OneThing => "a step does one thing".to_owned(),
            Self::Order(why) => (*why).to_owned(),
            Self::UnknownCall(call) => format!("no call is named `{call}`"),
            Self::UnknownOutcome { call, outcome, .. } => {
                format!("`{call}` has no outcome `{outcome}`")
            }
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Unreadable(_) => {
                "quote texts that hold `: ` or begin with `*`, and indent with spaces".to_owned()
            }
            Self::UnknownKey { known, .. } => format!("known here: {}", known.join(", ")),
            Self::Twice(_) => "keep one of them".to_owned(),
            Self::Missing("transcript") => {
                "begin with a title: `transcript: A member sees her cover`".to_owned()
            }
            Self::Missing("call") => {
                "name the call that is answered: `{call: scheme.cover, with: slow}`".to_owned()
            }
            Self::Missing("with") => {
                "say what it is answered with: `with: slow`, `with: down`, `with: nonsense` or an outcome; for a call of calls.yaml `status: 200` and `json:`".to_owned()
            }
            Self::Missing(_) => "add `steps:` and at least `- dial: \"*152*00#\"`".to_owned(),
            Self::OneThing => "begin every step with its own `-`".to_owned(),
            Self::Kind { .. } | Self::Value(_) => String::new(),
            Self::Order(_) => "dial first, then press; look at a page before the next".to_owned(),
            Self::UnknownCall(_) => format!(
                "known calls: {}; one of calls.yaml is answered with `status:` and `json:` or `body:`, or with slow or down",
                built_in().join(", ")
            ),
            Self::UnknownOutcome { known, .. } => format!("its answers: {known}"),
            Self::Given { form, .. } => format!("write {form}"),
        }
    }
}
