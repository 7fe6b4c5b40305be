use std::{fmt, sync::Arc, time::Duration};

use super::{
    Profile, Refused, Source,
    value::{Datum, Sources},
};
use crate::model::{PageSize, ServiceCode};

/// A profile with the settings of one contract with the aggregator.
#[derive(Clone)]
pub struct Account {
    /// Its name: part of its addresses, `/ussd/NAME` and `/sms/NAME`, and of each line's key.
    pub(super) name: String,
    pub(super) profile: Arc<Profile>,
    /// In the order of the profile's settings, checked and with their defaults; `None` for one without a value.
    pub(super) settings: Vec<(String, SettingValue)>,
    /// Our public address, without a slash at its end: `https://ussd.example.org`.
    pub(super) public: String,
    /// The part of its addresses that only the aggregator knows.
    pub(super) secret: Option<String>,
    /// What its contract says of the aggregator's patience and pages, in place of the profile.
    pub(super) agreed: Agreed,
    /// Signs [`State`](super::Source::State).
    pub(super) key: [u8; 32],
    /// The code that is dialled, where the aggregator never tells it.
    pub(super) code: Option<ServiceCode>,
    /// Whether an answer uses what a session's begin told.
    pub(super) recalls: bool,
    /// Whether a request may not say that it begins a dialogue.
    pub(super) unsaid: bool,
}

/// What an account gives for a setting.
#[derive(Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// A text, a secret, an address, a number or a choice.
    Text(String),
    /// Texts by texts.
    Map(Vec<(String, String)>),
    /// Several texts.
    List(Vec<String>),
}

impl Account {
    /// The value of a setting; `None` for one without. An empty text is none.
    pub(super) fn setting(&self, name: &str) -> Option<&SettingValue> {
        let found = self.settings.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value)
            .filter(|value| !matches!(value, SettingValue::Text(text) if text.is_empty()))
    }

    /// The text of a setting, its places unfilled.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        match self.setting(name) {
            Some(SettingValue::Text(text)) => Some(text),
            Some(SettingValue::Map(_) | SettingValue::List(_)) | None => None,
        }
    }

    /// The aggregator waits this long for a reply.
    pub fn deadline(&self) -> Duration {
        self.agreed.deadline.unwrap_or(self.profile.deadline)
    }

    /// What one page holds.
    pub fn page(&self) -> PageSize {
        self.agreed.page.unwrap_or(self.profile.screen.page)
    }

    /// What stands behind `/ussd/` and `/sms/` in its addresses: its name, and its secret.
    pub(super) fn place(&self) -> String {
        match &self.secret {
            Some(secret) => format!("{}/{secret}", self.name),
            None => self.name.clone(),
        }
    }

    /// The text of a setting with its places filled: `{ref}` in the address of receipts.
    pub(super) fn filled(
        &self,
        name: &str,
        text: &str,
        sources: &dyn Sources,
    ) -> Result<String, Refused> {
        let setting = self
            .profile
            .settings
            .iter()
            .find(|setting| setting.name == name);
        let mut filled = text.to_owned();
        for place in setting.map_or(&[][..], |setting| &setting.places) {
            let mark = format!("{{{place}}}");
            if filled.contains(&mark) {
                let value = Source::placed(place)
                    .get(sources)?
                    .and_then(Datum::into_text);
                filled = filled.replace(&mark, &value.unwrap_or_default());
            }
        }
        Ok(filled)
    }
}

impl Source {
    /// What a place in a setting stands for: what is known of a message, else what a request told.
    fn placed(name: &str) -> Self {
        match name {
            "ref" => Self::Ref,
            "to" => Self::To,
            "from" => Self::From,
            "text" => Self::Text,
            "message_id" => Self::MessageId,
            "state" => Self::State,
            "turn" => Self::Turn,
            other => Self::Said(other.to_owned()),
        }
    }
}

impl fmt::Debug for SettingValue {
    /// Without the value: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Map(_) => "Map",
            Self::List(_) => "List",
        })
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({} of {})", self.name, self.profile.name)
    }
}

/// What is wrong with an account's settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// It has no default.
    #[error("the gateway {account} needs the setting `{name}`{about}")]
    Missing {
        /// The account.
        account: String,
        /// The setting.
        name: String,
        /// `: what it is`, or nothing.
        about: String,
    },
    /// The profile has no such setting.
    #[error("the gateway {account} has no setting `{name}`{nearest}")]
    Unknown {
        /// The account.
        account: String,
        /// The setting.
        name: String,
        /// `, did you mean …?` or nothing.
        nearest: String,
    },
    /// It is of another kind.
    #[error("the setting `{name}` of the gateway {account} must be {expected}")]
    Kind {
        /// The account.
        account: String,
        /// The setting.
        name: String,
        /// `a whole number`, `one of GET, POST`.
        expected: String,
    },
}

/// What a contract says in place of its profile, which may be unsure of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// The aggregator waits this long for a reply.
    pub deadline: Option<Duration>,
    /// What one page holds.
    pub page: Option<PageSize>,
}

/// What an account is made of besides its profile.
#[derive(Clone, Default)]
pub struct Given {
    /// The account's name.
    pub name: String,
    /// Its settings.
    pub settings: Vec<(String, SettingValue)>,
    /// Our public address, without a slash at its end.
    pub public: String,
    /// Key of what we sign.
    pub key: [u8; 32],
    /// The code that is dialled, where the aggregator never tells it.
    pub code: Option<ServiceCode>,
    /// The part of its addresses that only the aggregator knows.
    pub secret: Option<String>,
    /// What counts in place of the profile's.
    pub agreed: Agreed,
}

impl fmt::Debug for Given {
    /// Without what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Given({})", self.name)
    }
}
