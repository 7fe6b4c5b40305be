use std::{
    collections::BTreeSet,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

/// What the gateway does wrong when it is asked to: everything that a real one was seen to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Misbehaviour {
    /// Control numbers and notices come late.
    Late,
    /// Everything is posted twice.
    Twice,
    /// More is paid than the bill asks for.
    OtherAmount,
    /// Half is paid.
    Partial,
    /// Another currency is paid.
    OtherCurrency,
    /// A bill is paid that nobody submitted.
    UnknownBill,
    /// The first time that a message is posted its signature is wrong.
    WrongSignature,
    /// A payment is not told: only a reconciliation has it.
    LostNotice,
    /// Submissions are too many (7332).
    TooMany,
    /// The service provider is not set up (7203).
    Configuration,
    /// A bill is taken and its acknowledgement never comes.
    TimeOut,
    /// The control number comes in place of the acknowledgement.
    AtOnce,
    /// Bills are refused (7242).
    Refuse,
    /// A reconciliation is not ready (7321).
    NotReady,
}

impl Misbehaviour {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Late,
        Self::Twice,
        Self::OtherAmount,
        Self::Partial,
        Self::OtherCurrency,
        Self::UnknownBill,
        Self::WrongSignature,
        Self::LostNotice,
        Self::TooMany,
        Self::Configuration,
        Self::TimeOut,
        Self::AtOnce,
        Self::Refuse,
        Self::NotReady,
    ];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Twice => "twice",
            Self::OtherAmount => "other-amount",
            Self::Partial => "partial",
            Self::OtherCurrency => "other-currency",
            Self::UnknownBill => "unknown-bill",
            Self::WrongSignature => "wrong-signature",
            Self::LostNotice => "lost-notice",
            Self::TooMany => "too-many",
            Self::Configuration => "configuration",
            Self::TimeOut => "time-out",
            Self::AtOnce => "at-once",
            Self::Refuse => "refuse",
            Self::NotReady => "not-ready",
        }
    }
}

impl fmt::Display for Misbehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no misbehaviour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said} is nothing that the sandbox does wrong; it knows {}", known())]
pub struct ParseMisbehaviourError {
    said: String,
}

fn known() -> String {
    Misbehaviour::ALL.map(Misbehaviour::as_str).join(", ")
}

impl FromStr for Misbehaviour {
    type Err = ParseMisbehaviourError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.as_str() == text)
            .ok_or_else(|| ParseMisbehaviourError {
                said: text.chars().take(40).collect(),
            })
    }
}

/// What is done wrong at this moment: all that share it see a change at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Mood(Arc<Mutex<BTreeSet<Misbehaviour>>>);

impl Mood {
    pub(super) fn set(&self, all: impl IntoIterator<Item = Misbehaviour>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = all.into_iter().collect();
    }

    pub(super) fn has(&self, kind: Misbehaviour) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_misbehaviour_is_read_by_its_name_and_no_other_word_is() {
        for kind in Misbehaviour::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        let error = "rude".parse::<Misbehaviour>().unwrap_err().to_string();
        assert!(error.contains("lost-notice"), "{error}");
    }
}
