//! The token of a call of its own, which other calls bear.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    Account, Auth, BodyKind, Chain, Outbound, Replied, Source, Token, TokenCall,
    call::Sending,
    sent::Reply,
    value::{Datum, Sources},
};

/// How long a token is good of which its aggregator does not say so.
const UNSAID: Duration = Duration::from_hours(1);
/// It is got again so long before it ends.
const SPARE: Duration = Duration::from_mins(1);

impl Account {
    /// The call that gets a token; `None` where no call of this profile needs one.
    pub fn token_call(&self, now: DateTime<Utc>) -> Option<Outbound> {
        let sources = Sending::none(self, Some(now));
        self.oauth2()?.request.write(&sources, None)
    }

    /// The token in the reply to [`token_call`](Self::token_call), and for how long it is kept: until a minute before it ends.
    pub fn token(&self, replied: &Replied<'_>) -> Option<Token> {
        let call = self.oauth2()?;
        if !(200..300).contains(&replied.status) {
            return None;
        }
        let sources = Sending::none(self, None);
        let reply = Reply::read(&sources, replied, read_as(&call.token));
        let token = read(&call.token, &reply).filter(|token| !token.is_empty())?;
        let expires = read(&call.expires, &reply).and_then(|seconds| seconds.trim().parse().ok());
        let lasts = expires
            .map_or(UNSAID, Duration::from_secs)
            .saturating_sub(SPARE);
        Some(Token { token, lasts })
    }

    /// One for the whole profile: the first that a call of it names.
    fn oauth2(&self) -> Option<&TokenCall> {
        let profile = &self.profile;
        let calls = profile
            .send
            .iter()
            .chain(&profile.poll)
            .chain(&profile.later);
        let mut auths = calls.filter_map(|exchange| exchange.request.auth.as_ref());
        auths.find_map(|auth| match auth {
            Auth::OAuth2(call) => Some(call.as_ref()),
            Auth::Basic(..) | Auth::Bearer(_) => None,
        })
    }
}

fn read(chain: &Chain, reply: &dyn Sources) -> Option<String> {
    chain.get(reply).ok().flatten().and_then(Datum::into_text)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other place is in no body, or in one that is read as a text"
)]
fn read_as(chain: &Chain) -> BodyKind {
    match chain.source {
        Source::Json(_) => BodyKind::Json,
        Source::Xml(_) => BodyKind::Xml,
        Source::Form(_) | Source::Param(_) => BodyKind::Form,
        Source::RpcMethod | Source::Rpc(..) => BodyKind::Rpc,
        _ => BodyKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::profile::{
        Body, Exchange,
        fixture::{account, exchange, json_place, pairs, profile, request},
    };

    fn with_token() -> Account {
        let body = Body::Form(pairs(&[("client_id", "{setting.id}"), ("secret", "s&")]));
        let mut token = request("https://api.mtn.com/v1/oauth/access_token", body);
        token.query = pairs(&[("grant_type", "client_credentials")]);
        let mut send: Exchange = exchange(request("https://api.mtn.com/x", Body::Nothing));
        send.request.auth = Some(Auth::OAuth2(Box::new(TokenCall {
            request: token,
            token: json_place("access_token"),
            expires: json_place("expires_in"),
        })));
        let mut profile = profile();
        profile.send = vec![exchange(request("https://a.example", Body::Nothing)), send];
        account(profile, &[("id", "user1")])
    }

    fn token(status: u16, body: &str) -> Option<(String, u64)> {
        let replied = Replied {
            status,
            headers: &[],
            body: body.as_bytes(),
        };
        let token = with_token().token(&replied)?;
        Some((token.token, token.lasts.as_secs()))
    }

    #[test]
    fn a_token_is_asked_for_by_query_and_form() {
        let call = with_token().token_call(DateTime::UNIX_EPOCH).unwrap();
        let address = "https://api.mtn.com/v1/oauth/access_token?grant_type=client_credentials";
        assert_eq!(call.addresses, [address]);
        assert_eq!(call.body, "client_id=user1&secret=s%26");
        assert!(
            account(profile(), &[])
                .token_call(DateTime::UNIX_EPOCH)
                .is_none()
        );
    }

    #[test]
    fn a_token_is_kept_until_a_minute_before_it_ends() {
        let got = |expires: &str| token(200, &format!(r#"{{"access_token":"ghK"{expires}}}"#));
        let kept = |seconds| Some(("ghK".to_owned(), seconds));
        assert_eq!(got(r#","expires_in":"3600""#), kept(3540));
        assert_eq!(got(r#","expires_in":90"#), kept(30));
        assert_eq!(got(r#","expires_in":30"#), kept(0));
        assert_eq!(got(""), kept(3540));
        assert_eq!(got(r#","expires_in":null"#), kept(3540));
    }

    #[test]
    fn what_is_no_token_is_none() {
        assert_eq!(token(401, r#"{"access_token":"ghK"}"#), None);
        assert_eq!(token(200, r#"{"access_token":""}"#), None);
        assert_eq!(token(200, "{}"), None);
        assert_eq!(token(200, "<html>"), None);
    }
}
