//! Whether a request proves that it is the aggregator's.

use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::STANDARD};
use ipnet::IpNet;
use subtle::ConstantTimeEq;

use super::{
    Account, Addresses, Algorithm, Chain, Refused, Request, SettingValue, Source, Template, digest,
    parsed::Parsed,
    value::{Datum, Sources},
};

impl Account {
    /// All that the profile asks for must hold. Why one does not is not told.
    pub(super) fn prove(&self, request: &Request<'_>, parsed: &Parsed<'_>) -> Result<(), Refused> {
        let caller = &self.profile.caller;
        let fields = caller.fields.iter();
        // Every field is compared, so that the time does not tell which was wrong.
        let fields = fields.map(|(chain, wanted)| bears(chain, wanted, parsed));
        let fields = fields.fold(true, |all, one| all & one);
        let basic = caller.basic.as_ref().is_none_or(|pair| basic(pair, parsed));
        let twilio = caller
            .twilio
            .as_ref()
            .is_none_or(|key| twilio(key, request, parsed));
        let addresses = caller.addresses.as_ref();
        let address = addresses.is_none_or(|allowed| self.admits(allowed, request.peer));
        if fields & basic & twilio & address {
            Ok(())
        } else {
            Err(Refused::NotTheirs)
        }
    }

    fn admits(&self, allowed: &Addresses, peer: Option<IpAddr>) -> bool {
        let networks = match allowed {
            Addresses::These(networks) => networks.clone(),
            Addresses::Setting(name) => match self.setting(name) {
                Some(SettingValue::List(texts)) if !texts.is_empty() => {
                    texts.iter().filter_map(|text| network(text)).collect()
                }
                Some(SettingValue::Text(text)) => network(text).into_iter().collect(),
                Some(SettingValue::List(_) | SettingValue::Map(_)) | None => return true,
            },
        };
        peer.is_some_and(|peer| {
            let peer = peer.to_canonical();
            networks.iter().any(|network| network.contains(&peer))
        })
    }
}

/// `10.0.0.0/8`, or one address.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(one)
}

/// A value that should be nothing proves nothing.
fn bears(chain: &Chain, wanted: &Template, parsed: &Parsed<'_>) -> bool {
    let text = chain.get(parsed).ok().flatten().and_then(Datum::into_text);
    let wanted = wanted.text(parsed).unwrap_or_default();
    !wanted.is_empty() & same(text.as_deref().unwrap_or_default(), &wanted)
}

fn basic((user, password): &(Template, Template), parsed: &Parsed<'_>) -> bool {
    let header = header("authorization", parsed);
    let sent = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let sent = sent.and_then(|(_, pair)| STANDARD.decode(pair.trim()).ok());
    let text = |template: &Template| template.text(parsed).unwrap_or_default();
    let (user, password) = (text(user), text(password));
    let wanted = format!("{user}:{password}");
    let known = !user.is_empty() | !password.is_empty();
    known & equal(&sent.unwrap_or_default(), wanted.as_bytes())
}

/// Twilio signs the whole address and, behind it, the fields of the form by name, names and values without anything
/// between them (twilio.com/docs/usage/security).
fn twilio(key: &Template, request: &Request<'_>, parsed: &Parsed<'_>) -> bool {
    let key = key.text(parsed).unwrap_or_default();
    let mut fields = parsed.form().to_vec();
    fields.sort();
    let fields = fields.into_iter().map(|(name, value)| name + &value);
    let signed = request.address.to_owned() + &fields.collect::<String>();
    let mac = digest::hmac(Algorithm::Sha1, key.as_bytes(), signed.as_bytes());
    let wanted = STANDARD.encode(mac.unwrap_or_default());
    !key.is_empty() & same(&header("x-twilio-signature", parsed), &wanted)
}

fn header(name: &str, parsed: &Parsed<'_>) -> String {
    let found = parsed.find(&Source::Header(name.to_owned())).ok().flatten();
    found.and_then(Datum::into_text).unwrap_or_default()
}

fn same(sent: &str, wanted: &str) -> bool {
    equal(sent.as_bytes(), wanted.as_bytes())
}

/// In a time that tells nothing but the lengths.
fn equal(sent: &[u8], wanted: &[u8]) -> bool {
    sent.ct_eq(wanted).into()
}
