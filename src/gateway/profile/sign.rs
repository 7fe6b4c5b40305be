//! The aggregator's side of a proof: the signature that it puts into a header. Vectors need it, because a signature holds
//! the account's key.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Account, Algorithm, Refused, Source,
    answer::of_account,
    digest,
    value::{Datum, Sources},
};

/// What stands for a signature in a header.
pub(super) const SIGNED: &str = "$SIGNED";

impl Account {
    /// These headers, with the signature of a request to `address` where one is to be.
    pub(in crate::gateway) fn signed(
        &self,
        headers: &[(String, String)],
        address: &str,
        body: &str,
    ) -> Vec<(String, String)> {
        let signed = headers.iter().map(|(name, value)| {
            let signature = match value.as_str() {
                SIGNED => self.signature(name, address, body),
                _ => None,
            };
            (name.clone(), signature.unwrap_or_else(|| value.clone()))
        });
        signed.collect()
    }

    fn signature(&self, header: &str, address: &str, body: &str) -> Option<String> {
        let caller = &self.profile.caller;
        let known = Bare {
            account: self,
            body,
        };
        if let Some(key) = &caller.twilio
            && header.eq_ignore_ascii_case("x-twilio-signature")
        {
            return twilio(&key.text(&known).ok()?, address, body);
        }
        let mut fields = caller.fields.iter();
        let is_this = |source: &Source| matches!(source, Source::Header(name) if name.eq_ignore_ascii_case(header));
        let (_, wanted) = fields.find(|(chain, _)| is_this(&chain.source))?;
        wanted.text(&known).ok()
    }
}

/// The address and behind it the fields by name, names and values without anything between them
/// (twilio.com/docs/usage/security).
pub(super) fn twilio(key: &str, address: &str, body: &str) -> Option<String> {
    let mut fields = super::urlencoded::pairs(body.as_bytes(), "body").ok()?;
    fields.sort();
    let fields = fields.into_iter().map(|(name, value)| name + &value);
    let signed = address.to_owned() + &fields.collect::<String>();
    let mac = digest::hmac(Algorithm::Sha1, key.as_bytes(), signed.as_bytes())?;
    Some(STANDARD.encode(mac))
}

/// What a signature is made of: settings and the body.
struct Bare<'a> {
    account: &'a Account,
    body: &'a str,
}

impl Sources for Bare<'_> {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        Ok(if *source == Source::Body {
            Some(Datum::from(self.body))
        } else {
            of_account(self.account, source)
        })
    }

    fn account(&self) -> &Account {
        self.account
    }
}
