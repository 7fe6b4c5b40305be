//! What we give an aggregator that it brings back with the next input: turn and dialogue, signed for one caller.

use subtle::ConstantTimeEq;

use super::{
    Account, Algorithm, Refused, Source, digest,
    value::{Datum, Sources},
};

/// As many digits of the signature as go into an address: 96 bits.
const SIGNED: usize = 24;

/// The state after a page: what is read back is the same text, without the signature.
pub(super) fn write(account: &Account, phone: &str, turn: u32, dialogue: u128) -> Option<String> {
    let told = format!("{turn}.{dialogue:032x}");
    let signature = sign(account, phone, &told)?;
    Some(format!("{told}.{signature}"))
}

/// Turn and dialogue of a state that comes back; refused where it was not signed by us for this caller.
pub(super) fn read(text: &str, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
    let phone = sources.find(&Source::Said("phone".to_owned()))?;
    let phone = phone.and_then(Datum::into_text).unwrap_or_default();
    let told = text.rsplit_once('.').filter(|(told, signature)| {
        let ours = sign(sources.account(), &phone, told).unwrap_or_default();
        ours.len() == SIGNED && bool::from(ours.as_bytes().ct_eq(signature.as_bytes()))
    });
    match told {
        Some((told, _)) => Ok(Some(Datum::from(told))),
        None => Err(Refused::NotSigned),
    }
}

/// Only the digits of the phone count: aggregators write one phone in several ways.
fn sign(account: &Account, phone: &str, told: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_alphanumeric).collect();
    let message = format!("{}\n{digits}\n{told}", account.name);
    let mac = digest::hmac(Algorithm::Sha256, &account.key, message.as_bytes())?;
    digest::hex(&mac).get(..SIGNED).map(str::to_owned)
}
