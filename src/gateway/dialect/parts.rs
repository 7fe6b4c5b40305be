//! What a profile is made of, for those who play vectors against it.

use super::{
    Answer, Channel, Exchange, PathPart, Profile, Route, Setting, SettingKind, SettingValue,
};

impl Profile {
    /// The file's name without `.yaml`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What each account has its own of.
    pub(in crate::gateway) fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// Its addresses.
    pub(in crate::gateway) fn routes(&self, channel: Channel) -> &[Route] {
        match channel {
            Channel::Ussd => &self.receive,
            Channel::Sms => &self.reports,
        }
    }

    /// What it answers, by name.
    pub(in crate::gateway) fn answers(&self) -> &[(String, Answer)] {
        &self.replies.0
    }

    /// How it sends an SMS, and asks for a receipt, with what each call is called.
    pub(in crate::gateway) fn exchanges(&self) -> impl Iterator<Item = (&'static str, &Exchange)> {
        let sends = self.send.iter().map(|exchange| ("send", exchange));
        sends.chain(self.poll.iter().map(|exchange| ("poll", exchange)))
    }

    /// The call that shows a screen.
    pub(in crate::gateway) fn shows_later(&self) -> Option<&Exchange> {
        self.later.as_ref()
    }

    /// What a begin tells for its whole session.
    pub(in crate::gateway) fn keeps(&self) -> &[String] {
        &self.session.keep
    }
}

impl Route {
    /// Whether it is the address of a path.
    pub(in crate::gateway) fn is_at(&self, path: &str) -> bool {
        let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        let fits = |(wanted, part): (&PathPart, &&str)| match wanted {
            PathPart::Literal(literal) => literal == part,
            PathPart::Named(_) => true,
        };
        self.path.len() == parts.len() && self.path.iter().zip(&parts).all(fits)
    }
}

impl Setting {
    /// What stands for it where a profile is tried without an account.
    pub fn stand_in(&self) -> SettingValue {
        let text = match &self.kind {
            SettingKind::Text | SettingKind::Secret => "stand-in".to_owned(),
            SettingKind::Address => "https://host/stand-in".to_owned(),
            SettingKind::Number => "1".to_owned(),
            SettingKind::Choice(words) => words.first().cloned().unwrap_or_default(),
            SettingKind::Map => return SettingValue::Map(Vec::new()),
            SettingKind::List => return SettingValue::List(Vec::new()),
        };
        SettingValue::Text(text)
    }
}
