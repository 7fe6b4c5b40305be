//! The settings of an account: checked, and with their defaults.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Account, Given, Profile, Refused, Setting, SettingDefault, SettingError, SettingKind,
    SettingValue, Source, uses,
    value::{Datum, Sources},
};

impl Account {
    /// A profile with an account's settings, or all that is wrong with them.
    pub fn new(profile: Arc<Profile>, given: Given) -> Result<Self, Vec<SettingError>> {
        let mut errors = unknown(&profile, &given);
        let spared = spared(&profile, &given);
        let mut account = Self {
            recalls: uses::kept(&profile),
            unsaid: uses::unsaid_begins(&profile),
            profile,
            name: given.name,
            settings: Vec::new(),
            public: given.public,
            secret: given.secret,
            agreed: given.agreed,
            key: given.key,
            code: given.code,
        };
        let profile = Arc::clone(&account.profile);
        for setting in &profile.settings {
            match account.given(setting, &given.settings) {
                Ok(Some(value)) => account.settings.push((setting.name.clone(), value)),
                Ok(None) => {}
                Err(SettingError::Missing { name, .. }) if spared.contains(&name) => {}
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        account.fill_defaults(&profile)?;
        if uses::calls_by_settings(&profile) {
            account.profile = account.called();
        }
        Ok(account)
    }

    /// What is given for a setting; `None` where its default counts. One without a default must hold something.
    fn given(
        &self,
        setting: &Setting,
        given: &[(String, SettingValue)],
    ) -> Result<Option<SettingValue>, SettingError> {
        let needed = setting.default.is_none();
        let value = given.iter().find(|(name, _)| *name == setting.name);
        match value
            .map(|(_, value)| value)
            .filter(|value| !(needed && nothing(value)))
        {
            Some(value) => self.checked(setting, value).map(Some),
            None if needed => Err(SettingError::Missing {
                account: self.name.clone(),
                name: setting.name.clone(),
                about: match &setting.about {
                    Some(about) => format!(": {about}"),
                    None => String::new(),
                },
            }),
            None => Ok(None),
        }
    }

    fn checked(
        &self,
        setting: &Setting,
        value: &SettingValue,
    ) -> Result<SettingValue, SettingError> {
        checked(setting, value).map_err(|expected| SettingError::Kind {
            account: self.name.clone(),
            name: setting.name.clone(),
            expected,
        })
    }

    /// Whether SMS go out through it: its profile sends them, and it has the settings for that.
    pub fn sends(&self) -> bool {
        let needed = self
            .profile
            .settings
            .iter()
            .filter(|setting| setting.default.is_none());
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
        self.checked(setting, &value).map_err(|error| vec![error])
    }
}

/// What a default is made of. Its places stay as they are written, to be filled when it is used.
struct Defaults<'a>(&'a Account);

impl Sources for Defaults<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "nothing else may stand in a default"
    )]
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        let place = |name: &str| Some(Datum::Text(format!("{{{name}}}")));
        Ok(match source {
            Source::Public => Some(Datum::from(self.0.public.as_str())),
            Source::Gateway => Some(Datum::Text(self.0.place())),
            Source::Ref => place("ref"),
            Source::To => place("to"),
            Source::From => place("from"),
            Source::Text => place("text"),
            Source::MessageId => place("message_id"),
            Source::State => place("state"),
            Source::Turn => place("turn"),
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

fn nothing(value: &SettingValue) -> bool {
    matches!(value, SettingValue::Text(text) if text.is_empty())
}

/// Settings that need not be given: an account for dialogues alone needs none that only calls about SMS use. With one of
/// them it needs them all.
fn spared(profile: &Profile, given: &Given) -> BTreeSet<String> {
    let besides = uses::settings_besides_sms(profile);
    let needed = profile
        .settings
        .iter()
        .filter(|setting| setting.default.is_none());
    let needed: BTreeSet<String> = needed.map(|setting| setting.name.clone()).collect();
    let mut of_sms = uses::settings_of_sms(profile);
    of_sms.retain(|name| needed.contains(name) && !besides.contains(name));
    let mut given = given.settings.iter().filter(|(_, value)| !nothing(value));
    if profile.receive.is_empty() || given.any(|(name, _)| of_sms.contains(name)) {
        of_sms.clear();
    }
    of_sms
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::profile::fixture;

    fn setting(name: &str, kind: SettingKind, default: Option<SettingDefault>) -> Setting {
        Setting {
            name: name.to_owned(),
            kind,
            default,
            places: vec!["ref".into()],
            about: None,
        }
    }

    fn filled(text: &str) -> SettingDefault {
        SettingDefault::Text(fixture::template(text))
    }

    fn account(given: &[(&str, SettingValue)]) -> Result<Account, Vec<SettingError>> {
        let mut profile = fixture::profile();
        profile.settings = vec![
            setting(
                "dlr_url",
                SettingKind::Address,
                Some(filled("{setting.base}/receipt?ref={ref}")),
            ),
            setting(
                "base",
                SettingKind::Address,
                Some(filled("{public}/sms/{gateway}")),
            ),
            setting("password", SettingKind::Secret, None),
            setting("mask", SettingKind::Number, Some(filled("27"))),
            setting("sender", SettingKind::Text, Some(filled(""))),
            setting(
                "method",
                SettingKind::Choice(vec!["GET".into(), "POST".into()]),
                Some(filled("POST")),
            ),
            setting(
                "codes",
                SettingKind::Map,
                Some(SettingDefault::Map(Vec::new())),
            ),
            setting(
                "from",
                SettingKind::List,
                Some(SettingDefault::List(Vec::new())),
            ),
        ];
        let given = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        Account::new(
            Arc::new(profile),
            Given {
                name: "jirani".into(),
                settings: given.collect(),
                public: "https://ussd.example.org".into(),
                ..Given::default()
            },
        )
    }

    fn text(text: &str) -> SettingValue {
        SettingValue::Text(text.to_owned())
    }

    fn wrong(given: &[(&str, SettingValue)]) -> Vec<String> {
        let errors = account(given).unwrap_err();
        errors.into_iter().map(|error| error.to_string()).collect()
    }

    #[test]
    fn defaults_use_each_other_in_any_order_and_keep_their_places() {
        let account = account(&[("password", text("p"))]).unwrap();
        let base = "https://ussd.example.org/sms/jirani";
        assert_eq!(account.setting("base"), Some(&text(base)));
        let receipt = text(&format!("{base}/receipt?ref={{ref}}"));
        assert_eq!(account.setting("dlr_url"), Some(&receipt));
        assert_eq!(account.setting("sender"), None);
        let names: Vec<&str> = account
            .settings
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(
            names.iter().take(3).copied().collect::<Vec<_>>(),
            ["dlr_url", "base", "password"]
        );
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        assert_eq!(
            wrong(&[
                ("pasword", text("p")),
                ("mask", text("many")),
                ("codes", text("a"))
            ]),
            [
                "the gateway jirani has no setting `pasword`, did you mean `password`?",
                "the gateway jirani needs the setting `password`",
                "the setting `mask` of the gateway jirani must be a whole number",
                "the setting `codes` of the gateway jirani must be a map of texts",
            ]
        );
    }

    #[test]
    fn a_setting_is_of_its_kind() {
        let password = || ("password", text("p"));
        for (name, value, fits) in [
            ("base", text("http://10.0.0.1:13013"), true),
            ("base", text("10.0.0.1"), false),
            ("base", text("https://"), false),
            ("dlr_url", text(""), true),
            ("method", text("GET"), true),
            ("method", text("get"), false),
            ("mask", text("31"), true),
            ("from", text("10.0.0.0/8"), false),
            ("from", SettingValue::List(vec!["10.0.0.0/8".into()]), true),
            (
                "codes",
                SettingValue::Map(vec![("a".into(), "*1#".into())]),
                true,
            ),
        ] {
            let made = account(&[password(), (name, value)]);
            assert_eq!(made.is_ok(), fits, "{name}");
        }
        assert_eq!(
            wrong(&[("password", text(""))]),
            ["the gateway jirani needs the setting `password`"]
        );
    }
}
