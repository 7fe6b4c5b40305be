//! What we give an aggregator that it brings back with the next input: turn and dialogue, signed for one caller.

use std::sync::LazyLock;

use regex::Regex;
use subtle::ConstantTimeEq;

use super::{
    Account, Algorithm, Refused, Source, digest,
    value::{Datum, Sources},
};

impl Account {
    /// The state of a page of a dialogue, for a caller.
    pub(in crate::gateway) fn state(
        &self,
        caller: &str,
        (pages, dialogue): (u32, u128),
    ) -> Option<String> {
        write(self, caller, pages, dialogue)
    }
}

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

/// The turn and the dialogue of a state that was [`read`].
pub(super) fn page(told: &str) -> Option<(u32, u128)> {
    let (turn, dialogue) = told.split_once('.')?;
    let dialogue = u128::from_str_radix(dialogue, 16).ok()?;
    Some((turn.parse().ok()?, dialogue))
}

/// The state in an answer, for a phone that brings it back.
pub(super) fn found(answer: &str) -> Option<String> {
    static STATE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b[0-9]{1,10}\.[0-9a-f]{32}\.[0-9a-f]{24}\b").ok());
    let found = STATE.as_ref()?.find(answer)?;
    Some(found.as_str().to_owned())
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
