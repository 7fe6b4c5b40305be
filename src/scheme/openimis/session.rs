use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::{
    Failure, documents,
    options::Account,
    wire::{Proof, Question, Wire, given},
};
use crate::http::Answer;

/// How long a token is used that does not say when it ends.
const UNSAID: Duration = Duration::from_hours(1);
/// The most that is believed.
const LONGEST: Duration = Duration::from_hours(24 * 7);

/// The two ways that releases speak, told apart by asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Release {
    /// As 24.10: the login is guarded against forged requests, what follows is not.
    GuardedLogin,
    /// As 26.04: what follows the login is guarded, by a token and a session's cookie.
    GuardedCalls,
}

impl Release {
    /// As an operator knows it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::GuardedLogin => "24.10",
            Self::GuardedCalls => "26.04",
        }
    }
}

/// A login that holds for a while.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) release: Release,
    pub(super) proof: Proof,
    /// From then on it is renewed while it still holds.
    pub(super) renew_at: Instant,
    /// From then on it is not used.
    pub(super) ends_at: Instant,
    pub(super) since: Instant,
    token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoggedIn {
    token_auth: Option<Token>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refreshed {
    refresh_token: Option<Token>,
}

#[derive(Deserialize)]
struct Token {
    token: String,
    #[serde(default)]
    payload: Payload,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Payload {
    exp: Option<u64>,
    nbf: Option<u64>,
    orig_iat: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Guarded {
    get_csrf_token: CsrfToken,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CsrfToken {
    csrf_token: String,
}

impl Session {
    /// Logs in, whichever release it is.
    pub(super) async fn begin(wire: &Wire, account: &Account) -> Result<Self, Failure> {
        let question = Question {
            document: documents::LOGIN,
            variables: json!({"username": account.user, "password": account.password}),
        };
        let mut proof = Proof::default();
        let mut answer = wire.ask(&question, &proof).await?;
        let mut login = logged_in(&answer);
        // 24.10 refuses what comes without a token, and gives the token with the refusal.
        if matches!(&login, Err(Failure::Stale(said)) if said.contains("CSRF")) {
            proof.cookies.keep(&answer);
            proof.csrf = proof.cookies.get("csrftoken").map(str::to_owned);
            answer = wire.ask(&question, &proof).await?;
            login = logged_in(&answer);
        }
        let token = login.map_err(final_at_login)?;
        Self::with_token(wire, token).await
    }

    /// The same login with a new token.
    pub(super) async fn renewed(&self, wire: &Wire) -> Result<Self, Failure> {
        let question = Question {
            document: documents::REFRESH,
            variables: json!({"token": self.token}),
        };
        let answer = wire.ask(&question, &self.proof).await?;
        let refreshed: Refreshed = given(answer.status, &answer.body)?;
        let token = refreshed
            .refresh_token
            .ok_or(Failure::Unreadable("a token"))?;
        Self::with_token(wire, token).await
    }

    async fn with_token(wire: &Wire, token: Token) -> Result<Self, Failure> {
        let since = Instant::now();
        let mut proof = Proof {
            bearer: Some(format!("Bearer {}", token.token)),
            ..Proof::default()
        };
        let question = Question {
            document: documents::CSRF,
            variables: json!({}),
        };
        let answer = wire.ask(&question, &proof).await?;
        let release = match given::<Guarded>(answer.status, &answer.body) {
            Ok(guarded) => {
                proof.cookies.keep(&answer);
                proof.csrf = Some(guarded.get_csrf_token.csrf_token);
                Release::GuardedCalls
            }
            // It has no such question.
            Err(Failure::Refused(_)) if answer.status == 400 => Release::GuardedLogin,
            Err(failure) => return Err(failure),
        };
        let life = [Some(token.life()), proof.cookies.shortest()]
            .into_iter()
            .flatten()
            .min();
        let life = life.unwrap_or(UNSAID);
        Ok(Self {
            release,
            proof,
            renew_at: since + life.mul_f64(0.8),
            ends_at: since + life.mul_f64(0.98),
            since,
            token: token.token,
        })
    }
}

impl Token {
    /// How long it lives, by the server's clock alone.
    fn life(&self) -> Duration {
        let from = self.payload.nbf.or(self.payload.orig_iat);
        let life = self
            .payload
            .exp
            .zip(from)
            .map(|(end, from)| end.saturating_sub(from));
        life.map_or(UNSAID, Duration::from_secs).min(LONGEST)
    }
}

fn logged_in(answer: &Answer) -> Result<Token, Failure> {
    let login: LoggedIn = given(answer.status, &answer.body)?;
    let token = login.token_auth.ok_or(Failure::Unreadable("a token"))?;
    if token.token.bytes().all(|byte| byte.is_ascii_graphic()) && !token.token.is_empty() {
        Ok(token)
    } else {
        Err(Failure::Unreadable("a token"))
    }
}

/// At the login nothing is stale: what it refuses there it refuses.
fn final_at_login(failure: Failure) -> Failure {
    match failure {
        Failure::Stale(said) => Failure::Refused(format!("openIMIS refuses the login: {said}")),
        other @ (Failure::Unreached(_)
        | Failure::Late(_)
        | Failure::Status(_)
        | Failure::NotJson
        | Failure::Unreadable(_)
        | Failure::Failed(_)
        | Failure::Pending
        | Failure::Busy(_)
        | Failure::Refused(_)) => other,
    }
}
