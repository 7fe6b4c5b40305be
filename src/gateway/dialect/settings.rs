//! The settings of an account: checked, and with their defaults.

use std::sync::Arc;

use super::{
    Account, Given, Profile, Refused, Setting, SettingDefault, SettingError, SettingKind,
    SettingValue, Source, uses,
    value::{Datum, Sources},
};

impl Account {
    /// A profile with an account's settings, or all that is wrong with them.
    pub fn new(profile: Arc<Profile>, given: Given) -> Result<Self, Vec<SettingError>> {
        let mut errors = unknown(&profile, &given);
        errors.extend(missing(&profile, &given));
        let mut account = Self {
            recalls: uses::kept(&profile),
            unsaid: uses::unsaid_begins(&profile),
            profile: Arc::clone(&profile),
            name: given.name,
            settings: Vec::new(),
            public: given.public,
            key: given.key,
            code: given.code,
        };
        for setting in &profile.settings {
            let value = given
                .settings
                .iter()
                .find(|(name, _)| *name == setting.name);
            match value.map(|(_, value)| checked(setting, value)) {
                Some(Ok(value)) => account.settings.push((setting.name.clone(), value)),
                Some(Err(expected)) => errors.push(SettingError::Kind {
                    account: account.name.clone(),
                    name: setting.name.clone(),
                    expected,
                }),
                None => {}
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        account.fill_defaults(&profile)?;
        Ok(account)
    }

    /// Whether SMS go out through it: its profile sends them, and it has the settings for that.
    pub fn sends(&self) -> bool {
        let needed = self.profile.settings.iter().filter(|setting| setting.default.is_none());
        let mut needed = needed.map(|setting| self.setting(&setting.name));
        !self.profile.send.is_empty() && needed.all(|value| value.is_some())
    }

    /// Defaults may use each other, in any order: those are filled first whose own settings are there.
    fn fill_defaults(&mut self, profile: &Profile) -> Result<(), Vec<SettingError>> {
        loop {
            let known = |name: &str| self.settings.iter().any(|(known, _)| known == name);
            let open: Vec<&Setting> = profile
                .settings
                .iter()
                .filter(|setting| !known(&setting.name))
                .collect();
            let Some(first) = open.first() else { break };
            let ready = |setting: &&&Setting| {
                let used = uses::settings(setting);
                used.iter().all(|name| known(name))
            };
            // Those that wait for each other are taken as they stand: what one lacks is nothing in it.
            let setting = open.iter().find(ready).unwrap_or(first);
            let value = self.default(setting)?;
            self.settings.push((setting.name.clone(), value));
        }
        let place = |name: &String| {
            profile
                .settings
                .iter()
                .position(|setting| setting.name == *name)
        };
        self.settings.sort_by_key(|(name, _)| place(name));
        Ok(())
    }

    fn default(&self, setting: &Setting) -> Result<SettingValue, Vec<SettingError>> {
        let value = match &setting.default {
            Some(SettingDefault::Text(template)) => {
                let text = template.text(&Defaults(self)).unwrap_or_default();
                SettingValue::Text(text)
            }
            Some(SettingDefault::Map(map)) => SettingValue::Map(map.clone()),
            Some(SettingDefault::List(list)) => SettingValue::List(list.clone()),
            None => SettingValue::Text(String::new()),
        };
        checked(setting, &value).map_err(|expected| {
            vec![SettingError::Kind {
                account: self.name.clone(),
                name: setting.name.clone(),
                expected,
            }]
        })
    }
}

/// What a default is made of. Its places stay as they are written, to be filled when it is used.
struct Defaults<'a>(&'a Account);

impl Sources for Defaults<'_> {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        let place = |name: &str| Some(Datum::Text(format!("{{{name}}}")));
        Ok(match source {
            Source::Public => Some(Datum::from(self.0.public.as_str())),
            Source::Gateway => Some(Datum::from(self.0.name.as_str())),
            Source::Ref => place("ref"),
            Source::To => place("to"),
            Source::From => place("from"),
            Source::Text => place("text"),
            Source::MessageId => place("message_id"),
            Source::Said(name) => place(name),
            _ => None,
        })
    }

    fn account(&self) -> &Account {
        self.0
    }
}

fn unknown(profile: &Profile, given: &Given) -> Vec<SettingError> {
    let names = || profile.settings.iter().map(|setting| setting.name.as_str());
    let unknown = given
        .settings
        .iter()
        .filter(|(name, _)| names().all(|known| known != name));
    unknown
        .map(|(name, _)| SettingError::Unknown {
            account: given.name.clone(),
            name: name.clone(),
            nearest: nearest(name, names()),
        })
        .collect()
}

/// Those that it needs and has not. An account for dialogues alone needs none that only calls about SMS use; with one of
/// them it needs them all.
fn missing(profile: &Profile, given: &Given) -> Vec<SettingError> {
    let is_given = |setting: &Setting| given.settings.iter().any(|(name, _)| *name == setting.name);
    let needed = || profile.settings.iter().filter(|setting| setting.default.is_none());
    let (of_sms, besides) = (uses::settings_of_sms(profile), uses::settings_besides_sms(profile));
    let is_of_sms =
        |setting: &Setting| of_sms.contains(&setting.name) && !besides.contains(&setting.name);
    let dialogues_alone =
        !profile.receive.is_empty() && !needed().any(|it| is_of_sms(it) && is_given(it));
    let missing = needed().filter(|it| !is_given(it) && !(dialogues_alone && is_of_sms(it)));
    missing
        .map(|setting| SettingError::Missing {
            account: given.name.clone(),
            name: setting.name.clone(),
        })
        .collect()
}

fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let distance = |known: &str| strsim::damerau_levenshtein(name, known);
    let near = known.map(|known| (distance(known), known)).min();
    match near.filter(|(distance, known)| *distance <= 3.min(known.len() / 2)) {
        Some((_, known)) => format!(", did you mean `{known}`?"),
        None => String::new(),
    }
}

/// The value, where it is of the setting's kind, or what it must be.
fn checked(setting: &Setting, value: &SettingValue) -> Result<SettingValue, String> {
    let text = match value {
        SettingValue::Text(text) => Some(text.as_str()),
        SettingValue::Map(_) | SettingValue::List(_) => None,
    };
    let optional = text == Some("") && setting.default.is_some();
    let (fits, expected) = match &setting.kind {
        SettingKind::Text | SettingKind::Secret => (text.is_some(), "a text".to_owned()),
        SettingKind::Address => (
            text.is_some_and(|text| address(text) || optional),
            "an address that begins with http:// or https://".to_owned(),
        ),
        SettingKind::Number => (
            text.is_some_and(|text| text.parse::<i64>().is_ok() || optional),
            "a whole number".to_owned(),
        ),
        SettingKind::Choice(words) => (
            text.is_some_and(|text| words.iter().any(|word| word == text)),
            format!("one of {}", words.join(", ")),
        ),
        SettingKind::Map => (
            matches!(value, SettingValue::Map(_)),
            "a map of texts".to_owned(),
        ),
        SettingKind::List => (
            matches!(value, SettingValue::List(_)),
            "a list of texts".to_owned(),
        ),
    };
    if fits {
        Ok(value.clone())
    } else {
        Err(expected)
    }
}

fn address(text: &str) -> bool {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}
