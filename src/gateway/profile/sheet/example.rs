//! Requests to show: what a phone makes its aggregator send, and what was written down.

use super::{
    account,
    page::{Example, Handed},
};
use crate::{
    gateway::profile::{
        Account, Channel, Dialled, Event, Forwarded, Given, Masked, MaskedPart, Masking, Profile,
        SECRET, Said, Source, sign, urlencoded,
    },
    model::Msisdn,
};

/// A request that is shown.
pub(super) struct Shown {
    pub(super) channel: Channel,
    /// As the profile writes its path.
    pub(super) route: String,
    pub(super) event: Event,
    pub(super) said: Said,
    /// Without secrets.
    pub(super) request: Forwarded,
}

impl Shown {
    pub(super) fn title(&self) -> String {
        let event = super::fields::event(self.event);
        let mut letters = event.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }
}

/// The requests of an account: one for each event at each address.
pub(super) fn all(account: &Account, handed: &Handed<'_>) -> Vec<Shown> {
    let derived = [&[][..], &["1".to_owned()]];
    let derived = derived
        .into_iter()
        .filter_map(|inputs| dialled(account, handed, inputs));
    let written = handed
        .examples
        .iter()
        .filter_map(|example| written(account, example));
    let mut shown: Vec<Shown> = Vec::new();
    for one in derived.chain(written) {
        let is_like = |known: &Shown| {
            known.channel == one.channel && known.route == one.route && known.event == one.event
        };
        if !shown.iter().any(is_like) {
            shown.push(one);
        }
    }
    shown
}

/// What the aggregator sends of a phone.
fn dialled(account: &Account, handed: &Handed<'_>, inputs: &[String]) -> Option<Shown> {
    let phone = Msisdn::parse("+255700000001").ok()?;
    let mut request = account
        .forward(&Dialled {
            state: None,
            session: "session-1",
            phone: &phone,
            code: handed.code,
            inputs,
            request: if inputs.is_empty() {
                "request-1"
            } else {
                "request-2"
            },
        })
        .ok()?;
    let (route, said) = heard(account, Channel::Ussd, &request)?;
    // A signature with the name of a key is none.
    for (name, value) in &mut request.headers {
        if is_signature(account, name) {
            "SIGNATURE".clone_into(value);
        }
    }
    Some(Shown {
        channel: Channel::Ussd,
        route,
        event: said.event,
        said,
        request,
    })
}

fn is_signature(account: &Account, header: &str) -> bool {
    let caller = &account.profile.caller;
    let is = |source: &Source| matches!(source, Source::Header(name) if name.eq_ignore_ascii_case(header));
    let mut fields = caller.fields.iter();
    header == "x-twilio-signature"
        || fields.any(|(chain, wanted)| is(&chain.source) && account::is_signature(wanted))
}

/// The route that takes a request, and what it tells.
fn heard(account: &Account, channel: Channel, request: &Forwarded) -> Option<(String, Said)> {
    let headers = request.headers();
    let address = address(account, channel, request);
    let request = request.as_request(&headers, &address);
    let (route, _) = account.route(channel, &request).ok()?;
    let heard = account.hear(channel, &request).ok()?;
    Some((route.written.clone(), heard.said().clone()))
}

fn address(account: &Account, channel: Channel, request: &Forwarded) -> String {
    let whole = super::page::address(account, false, (channel, &request.path));
    let mark = if request.query.is_empty() { "" } else { "?" };
    format!("{whole}{mark}{}", request.query)
}

/// A request that was written down, without its secrets. Its account has settings of its own.
fn written(account: &Account, example: &Example) -> Option<Shown> {
    let own = of_example(&account.profile, account, example)?;
    let mut request = Forwarded {
        method: example.method.clone(),
        path: example.path.clone(),
        query: example.query.clone(),
        headers: example.headers.clone(),
        body: example.body.clone(),
    };
    let called = address(&own, example.channel, &request);
    request.headers = own.signed(&example.headers, &called, &example.body);
    let (route, said) = heard(&own, example.channel, &request)?;
    let headers = request.headers();
    let masking = Masking {
        said: &said,
        codes: &[],
        secrets_only: true,
    };
    let masked = own.masked(
        example.channel,
        &request.as_request(&headers, &called),
        &masking,
    );
    Some(Shown {
        channel: example.channel,
        route,
        event: said.event,
        request: forwarded(masked, &example.headers)?,
        said,
    })
}

fn of_example(
    profile: &std::sync::Arc<Profile>,
    account: &Account,
    example: &Example,
) -> Option<Account> {
    let settings = profile.settings.iter().filter_map(|setting| {
        let given = example
            .settings
            .iter()
            .find(|(name, _)| *name == setting.name);
        let value = match given {
            Some((_, value)) => value.clone(),
            None if setting.default.is_none() => setting.stand_in(),
            None => return None,
        };
        Some((setting.name.clone(), value))
    });
    let given = Given {
        name: account.name.clone(),
        settings: settings.collect(),
        public: account.public.clone(),
        key: [0; 32],
        code: account.code.clone(),
        secret: account.secret.clone(),
        agreed: account.agreed,
    };
    Account::new(std::sync::Arc::clone(profile), given).ok()
}

fn forwarded(masked: Masked, sent: &[(String, String)]) -> Option<Forwarded> {
    let (MaskedPart::Read(query), MaskedPart::Read(body)) = (masked.query, masked.body) else {
        return None;
    };
    let headers = masked.headers.into_iter().map(|(name, value)| {
        let signed = sent
            .iter()
            .any(|(known, value)| known.eq_ignore_ascii_case(&name) && value == sign::SIGNED);
        let value = match value {
            _ if signed => "SIGNATURE".to_owned(),
            hidden if hidden == SECRET && name != "authorization" => "SECRET".to_owned(),
            other => other,
        };
        (name, value)
    });
    let secret = urlencoded::escape(SECRET);
    let query = urlencoded::written(
        query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    Some(Forwarded {
        method: masked.method,
        path: masked.path.replace(SECRET, "SECRET"),
        query: query.replace(&secret, "SECRET"),
        headers: headers.collect(),
        body: body.replace(&secret, "SECRET").replace(SECRET, "SECRET"),
    })
}
