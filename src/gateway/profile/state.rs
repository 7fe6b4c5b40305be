//! What we give an aggregator that it brings back with the next input: turn and dialogue, signed for one caller.

use subtle::ConstantTimeEq;

use super::{
    Account, Algorithm, Refused, Source, digest,
    value::{Datum, Sources},
};

/// As many digits of the signature as go into an address: 96 bits.
const SIGNED: usize = 24;

/// The state after a page: what is read back is the same text, without the signature. `caller` as [`caller`] tells it.
pub(super) fn write(account: &Account, caller: &str, turn: u32, dialogue: u128) -> Option<String> {
    let told = format!("{turn}.{dialogue:032x}");
    let signature = sign(account, caller, &told)?;
    Some(format!("{told}.{signature}"))
}

/// Turn and dialogue of a state that comes back; refused where it was not signed by us for this caller.
pub(super) fn read(text: &str, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
    let caller = caller(sources)?;
    let told = text.rsplit_once('.').filter(|(told, signature)| {
        let ours = sign(sources.account(), &caller, told).unwrap_or_default();
        ours.len() == SIGNED && bool::from(ours.as_bytes().ct_eq(signature.as_bytes()))
    });
    match told {
        Some((told, _)) => Ok(Some(Datum::from(told))),
        None => Err(Refused::NotSigned),
    }
}

/// The aggregator's session, or else the phone: what every request of a dialogue says.
pub(super) fn caller(sources: &dyn Sources) -> Result<String, Refused> {
    for name in ["session", "phone"] {
        let said = sources.find(&Source::Said(name.to_owned()))?;
        if let Some(text) = said.and_then(Datum::into_text) {
            return Ok(text);
        }
    }
    Ok(String::new())
}

/// A phone is the same with `+` and without.
fn sign(account: &Account, caller: &str, told: &str) -> Option<String> {
    let caller = caller.trim_start_matches('+');
    let message = format!("{}\n{caller}\n{told}", account.name);
    let mac = digest::hmac(Algorithm::Sha256, &account.key, message.as_bytes())?;
    digest::hex(&mac).get(..SIGNED).map(str::to_owned)
}
