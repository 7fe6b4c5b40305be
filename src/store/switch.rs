use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::Language;

/// That a service, which is a menu set, is switched off or on again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSwitch {
    /// The set.
    pub set: String,
    /// Off, or on again.
    pub to: SwitchedTo,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
}

/// What a service is switched to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchedTo {
    /// Off: every turn of it ends with a text.
    Off {
        /// The text by language; the first is for every other language.
        texts: Vec<(Language, String)>,
        /// From when on it is on again by itself.
        until: Option<DateTime<Utc>>,
    },
    /// On.
    On,
}

/// That a service was switched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Its number: a later one is larger.
    pub number: u64,
    /// What was switched, when, by whom and why.
    pub made: NewSwitch,
}

impl NewSwitch {
    /// What is read in a language; `None` of a service that is on.
    pub fn text(&self, language: Language) -> Option<&str> {
        let SwitchedTo::Off { texts, .. } = &self.to else {
            return None;
        };
        let said = texts.iter().find(|(known, _)| *known == language);
        said.or(texts.first()).map(|(_, text)| text.as_str())
    }

    /// Whether the service is off by it at that time.
    pub fn is_off(&self, now: DateTime<Utc>) -> bool {
        match &self.to {
            SwitchedTo::Off { until, .. } => until.is_none_or(|until| now < until),
            SwitchedTo::On => false,
        }
    }
}

/// The log of switches. The newest of a set holds.
#[async_trait]
pub trait Switches: Send {
    /// Switches a service and gives the switch's number. Numbers become visible in their order.
    async fn switch(&mut self, new: &NewSwitch) -> Result<u64>;

    /// The switch of each service that is off, in order of their sets; also those whose time is over.
    async fn off(&mut self) -> Result<Vec<Switch>>;

    /// The switch with this number.
    async fn numbered(&mut self, number: u64) -> Result<Option<Switch>>;
}
