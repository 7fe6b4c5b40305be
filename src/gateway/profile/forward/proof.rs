//! The aggregator's proof of itself, as far as a profile asks for it.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Forwarded, fields::Fields};
use crate::gateway::profile::{Account, Value, sign};

impl Fields<'_> {
    /// The request with its proof.
    pub(super) fn proved(mut self) -> Option<Forwarded> {
        let caller = &self.account.profile.caller;
        for (chain, wanted) in &caller.fields {
            let wanted = wanted.text(&self).ok()?;
            self.put(&Value(vec![chain.clone()]), &wanted);
        }
        let basic = caller.basic.as_ref().map(|(user, password)| {
            let (user, password) = (user.text(&self).ok()?, password.text(&self).ok()?);
            let pair = STANDARD.encode(format!("{user}:{password}"));
            Some(("authorization".to_owned(), format!("Basic {pair}")))
        });
        let mut request = self.encoded();
        request.headers.extend(basic.flatten());
        if let Some(key) = &caller.twilio {
            let address = self.account.address(&request);
            let signature = sign::twilio(&key.text(&self).ok()?, &address, &request.body)?;
            request
                .headers
                .push(("x-twilio-signature".to_owned(), signature));
        }
        Some(request)
    }
}

impl Account {
    /// The whole address that a request calls.
    pub(super) fn address(&self, request: &Forwarded) -> String {
        let path = if request.path == "/" {
            ""
        } else {
            &request.path
        };
        let mark = if request.query.is_empty() { "" } else { "?" };
        format!(
            "{}/ussd/{}{path}{mark}{}",
            self.public, self.name, request.query
        )
    }
}
