//! A set of ours before it is written.

use crate::{import::yaml::Yaml, model::source::Span};

/// A text in every language of the set, the first the set's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) Vec<Version>);

/// A text in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) text: String,
    /// Whether it is the first language's, for lack of its own.
    pub(super) copied: bool,
}

/// A screen of ours.
#[derive(Clone, Debug)]
pub(super) struct Screen {
    pub(super) name: String,
    /// Where in the journey it comes from.
    pub(super) at: Span,
    /// What stands above it in the file.
    pub(super) comments: Vec<String>,
    pub(super) verb: Verb,
    /// The variables that it uses, and where the journey does.
    pub(super) uses: Vec<(String, Span)>,
    /// Whether the journey has no such screen of its own.
    pub(super) added: bool,
    /// The position of the screen of theirs that it comes from.
    pub(super) order: usize,
}

/// What a screen does.
#[derive(Clone, Debug)]
pub(super) enum Verb {
    Menu {
        text: Text,
        options: Vec<Choice>,
    },
    List {
        items: String,
        item: String,
        text: Text,
        row: Text,
        go: String,
        options: Vec<Choice>,
    },
    Ask {
        text: Text,
        of: Yaml,
        into: String,
        wrong: Text,
        go: String,
        options: Vec<Choice>,
    },
    Show {
        text: Text,
    },
    End {
        text: Text,
    },
    Language {
        text: Text,
    },
    Route {
        branches: Vec<(String, String)>,
        otherwise: String,
    },
    Set {
        values: Vec<(String, Yaml)>,
        go: String,
    },
    Call {
        call: String,
        with: Vec<String>,
        into: Option<String>,
        on: Vec<Outcome>,
    },
}

/// An option.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) key: String,
    pub(super) text: Text,
    pub(super) go: String,
}

/// An outcome of a call.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    /// The HTTP status of it; none for `down`.
    pub(super) status: Option<String>,
    pub(super) gives: bool,
    pub(super) go: String,
}

/// A declared call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) at: Span,
    pub(super) comments: Vec<String>,
    /// Everything below its name.
    pub(super) entries: Vec<crate::import::yaml::Entry>,
}

impl Screen {
    /// Where it leads, and what is set on the way.
    pub(super) fn ways(&self) -> Vec<(&str, Vec<&str>)> {
        match &self.verb {
            Verb::Menu { options, .. } => by_keys(options),
            Verb::List {
                item, go, options, ..
            }
            | Verb::Ask {
                into: item,
                go,
                options,
                ..
            } => {
                let mut ways = by_keys(options);
                ways.push((go, vec![item]));
                ways
            }
            Verb::Show { .. } | Verb::End { .. } | Verb::Language { .. } => Vec::new(),
            Verb::Route {
                branches,
                otherwise,
            } => {
                let branches = branches.iter().map(|(_, go)| go.as_str());
                let all = branches.chain([otherwise.as_str()]);
                all.map(|go| (go, Vec::new())).collect()
            }
            Verb::Set { values, go } => {
                vec![(go, values.iter().map(|(name, _)| name.as_str()).collect())]
            }
            Verb::Call { into, on, .. } => {
                let sets = |outcome: &Outcome| {
                    let into = into.as_deref().filter(|_| outcome.gives);
                    into.into_iter().collect()
                };
                on.iter()
                    .map(|outcome| (outcome.go.as_str(), sets(outcome)))
                    .collect()
            }
        }
    }
}

fn by_keys(options: &[Choice]) -> Vec<(&str, Vec<&str>)> {
    options
        .iter()
        .map(|option| (option.go.as_str(), Vec::new()))
        .collect()
}
