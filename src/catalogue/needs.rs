//! What the calls that menu sets declare need of the installation: a host that is allowed, a secret
//! that is set. A set without them can be served; those calls are `down` then.

use std::collections::BTreeSet;

use crate::{
    menu::{MenuSet, declared::Address},
    model::source::{Report, Severity, Span},
};

/// Something that a declared call needs, and where it says so.
#[derive(Clone, Debug)]
pub struct Need {
    /// The call's name.
    pub call: String,
    /// What it needs.
    pub what: Needed,
    /// Where it is written, counted in the sources that were given.
    pub at: Span,
}

/// What a declared call needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// That calls may go there.
    Host(Address),
    /// The secret of that name.
    Secret(String),
}

/// What the calls of a set need, each once.
pub(super) fn of(set: &MenuSet, place: impl Fn(Span) -> Span) -> Vec<Need> {
    let mut needs = Vec::new();
    for call in &set.declared {
        let name = &call.signature.name;
        let address = &call.request.address;
        needs.push(Need {
            call: name.to_string(),
            what: Needed::Host(address.clone()),
            at: place(address.at),
        });
        let mut seen = BTreeSet::new();
        for (secret, at) in call.secrets() {
            if seen.insert(secret) {
                needs.push(Need {
                    call: name.to_string(),
                    what: Needed::Secret(secret.to_owned()),
                    at: place(at),
                });
            }
        }
    }
    needs
}

impl Need {
    /// Its code: a host that is not allowed, a secret that is not set.
    fn code(&self) -> &'static str {
        match self.what {
            Needed::Host(_) => "C010",
            Needed::Secret(_) => "C011",
        }
    }

    /// One sentence without its final point: what is not there.
    pub fn lacks(&self) -> String {
        let call = &self.call;
        match &self.what {
            Needed::Host(address) => {
                format!(
                    "`{call}` goes to {}, which is not allowed",
                    address.listed()
                )
            }
            Needed::Secret(name) => format!("`{call}` needs the secret `{name}`, which is not set"),
        }
    }

    /// What to do.
    pub fn help(&self) -> String {
        match &self.what {
            Needed::Host(address) => {
                format!(
                    "add {} to NYOTA_CALL_HOSTS where it is served",
                    address.listed()
                )
            }
            Needed::Secret(name) => {
                let name = name.to_uppercase();
                format!("set NYOTA_SECRET_{name}, or NYOTA_SECRET_{name}_FILE to a file with it")
            }
        }
    }

    /// As its author gets it.
    pub fn report(&self) -> Report {
        Report {
            code: self.code(),
            severity: Severity::Warning,
            message: self.lacks(),
            span: self.at,
            label: String::new(),
            help: self.help(),
        }
    }
}
