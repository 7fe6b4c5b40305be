//! Gateways that tell a phone only with a session's first request: what that one told stands under an
//! alias of the session, sealed, for as long as a line does.

use serde::{Deserialize, Serialize};

use super::{Turns, take::Taking};
use crate::{
    model::{Call, Known, Msisdn, ServiceCode},
    session::{AliasKey, SessionError},
};

/// What a session's first request told for all.
#[derive(Serialize, Deserialize)]
struct Told {
    phone: Msisdn,
    code: Option<String>,
}

impl Turns {
    /// Keeps what the call tells for its whole session. It stands before the line is committed: a
    /// dialogue that began without it could not go on. A session id that was another caller's is
    /// this one's from now on.
    pub(super) async fn remember(&self, taking: &Taking<'_>) -> Result<(), SessionError> {
        let call = taking.call;
        let Known::ToldForAll(phone) = &call.caller.phone else {
            return Ok(());
        };
        let alias = self.alias(taking.gateway.name, &call.caller.session);
        let told = Told {
            phone: phone.clone(),
            code: call.service_code.as_ref().map(ToString::to_string),
        };
        // Our own structs have no failure here; an empty alias would read as none.
        let clear = postcard::to_stdvec(&told).unwrap_or_default();
        let sealed = self.sealer.seal_bound(&bound(alias), &clear);
        let sealed = sealed.unwrap_or_default();
        self.sessions.remember(alias, sealed, self.usual()).await
    }

    /// The caller's phone; `None` where her session's first request told it and is forgotten. What
    /// that told besides is filled in.
    pub(super) async fn phone_of(
        &self,
        gateway: &str,
        call: &mut Call,
    ) -> Result<Option<Msisdn>, SessionError> {
        if let Some(phone) = call.caller.phone.told() {
            return Ok(Some(phone.clone()));
        }
        let alias = self.alias(gateway, &call.caller.session);
        let sealed = self.sessions.remembered(alias, self.usual()).await?;
        let told = sealed.and_then(|sealed| {
            let clear = self.sealer.open_bound(&bound(alias), &sealed).ok()?;
            postcard::from_bytes::<Told>(&clear).ok()
        });
        Ok(told.map(|told| {
            let code = told.code.and_then(|code| ServiceCode::parse(&code).ok());
            call.service_code = call.service_code.take().or(code);
            told.phone
        }))
    }

    fn alias(&self, gateway: &str, session: &str) -> AliasKey {
        let parts = [gateway.as_bytes(), session.as_bytes()];
        AliasKey(self.sealer.mac("alias", &parts))
    }
}

/// What an alias is sealed for.
fn bound(alias: AliasKey) -> Vec<u8> {
    [b"session.alias ".as_slice(), &alias.0].concat()
}
