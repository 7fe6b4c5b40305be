//! What a profile is made of, for those who play vectors against it.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Account, Addresses, Answer, CallerProof, Channel, Class, Exchange, PathPart, Profile, Proof,
    Route, Setting, SettingKind, SettingValue, Source, uses,
};
use crate::model::PageSize;

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

    /// The settings that requests and answers use.
    pub(in crate::gateway) fn settings_of_requests(&self) -> BTreeSet<String> {
        uses::settings_besides_sms(self)
    }

    /// The settings that prove a caller: what is compared, and keys of signatures.
    pub(in crate::gateway) fn settings_of_proof(&self) -> BTreeSet<String> {
        uses::settings_of_proof(self)
    }

    /// Whether a request's user and password prove it.
    pub(in crate::gateway) fn wants_basic(&self) -> bool {
        self.caller.basic.is_some()
    }

    /// Whether a header is a signature, which only a run can write.
    pub(in crate::gateway) fn signs_by(&self, header: &str) -> bool {
        let mut fields = self.caller.fields.iter();
        let twilio = self.caller.twilio.is_some() && header == "x-twilio-signature";
        twilio
            || fields.any(|(chain, _)| {
                matches!(&chain.source, Source::Header(name) if name.eq_ignore_ascii_case(header))
            })
    }

    /// What a request says of its place in the dialogue.
    pub(in crate::gateway) fn class(&self) -> Class {
        self.session.class
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

impl Account {
    /// Its name: its addresses are `/ussd/NAME` and `/sms/NAME`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// By which profile it speaks.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether a request must prove that it is the aggregator's. A list of addresses without any proves nothing.
    pub fn asks_for_proof(&self) -> bool {
        let caller = &self.profile.caller;
        let addresses = match &caller.addresses {
            Some(Addresses::These(_)) => true,
            Some(Addresses::Setting(name)) => match self.setting(name) {
                Some(SettingValue::List(texts)) => !texts.is_empty(),
                Some(SettingValue::Text(_)) => true,
                Some(SettingValue::Map(_)) | None => false,
            },
            None => false,
        };
        addresses || !caller.fields.is_empty() || caller.basic.is_some() || caller.twilio.is_some()
    }

    /// Our public address, without a slash at its end.
    pub fn public(&self) -> &str {
        &self.public
    }
}

impl Profile {
    /// Its addresses, below the gateway's own.
    pub fn addresses(&self) -> Vec<(Channel, String)> {
        let of = |channel| {
            self.routes(channel)
                .iter()
                .map(move |route| (channel, route.written.clone()))
        };
        of(Channel::Ussd).chain(of(Channel::Sms)).collect()
    }

    /// How sure it is of what it says.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The aggregator waits this long for a reply.
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// What one page holds.
    pub fn page(&self) -> PageSize {
        self.screen.page
    }

    /// Whether SMS can be sent through it.
    pub fn sends(&self) -> bool {
        !self.send.is_empty()
    }

    /// Whether dialogues come through it.
    pub fn receives(&self) -> bool {
        !self.receive.is_empty()
    }

    /// Whether a request must prove that it is the aggregator's.
    pub fn asks_for_proof(&self) -> bool {
        let CallerProof {
            fields,
            basic,
            twilio,
            addresses,
        } = &self.caller;
        !fields.is_empty() || basic.is_some() || twilio.is_some() || addresses.is_some()
    }
}

impl Setting {
    /// What stands for it where a profile is tried without an account.
    pub(in crate::gateway) fn stand_in(&self) -> SettingValue {
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
