use std::{sync::Arc, time::Duration};

use hyper::Uri;
use serde::Deserialize;
use serde_json::json;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::Options;
use crate::{
    http::{self, Answer, Call, Client, Reach},
    scheme::{
        SchemeError,
        openimis::{AddressError, Budget},
    },
};

/// How long nobody logs in after the account was refused.
const LOCKED: Duration = Duration::from_mins(5);
/// For how long it is left alone when it is asked too often.
const REST: Duration = Duration::from_secs(20);

/// Asks with a login that is made when one is needed.
#[derive(Debug)]
pub(super) struct Link {
    client: Client,
    options: Options,
    budget: Arc<dyn Budget>,
    login: Mutex<Login>,
}

#[derive(Clone, Debug)]
enum Login {
    None,
    Token(String),
    /// Refused; not tried again before then.
    Refused(Instant),
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Silence {
    #[error("it cannot be reached: {0}")]
    Unreached(http::Failure),
    #[error("it gave no answer within {} s", .0.as_secs())]
    Late(Duration),
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("it answered the login with something that is no token")]
    NoToken,
}

impl Link {
    pub(super) fn new(options: Options, budget: Arc<dyn Budget>) -> Result<Self, AddressError> {
        let wrong = || AddressError(options.address.clone());
        let address: Uri = options.address.parse().map_err(|_| wrong())?;
        let scheme = address.scheme_str().ok_or_else(wrong)?;
        if !["http", "https"].contains(&scheme) {
            return Err(wrong());
        }
        Ok(Self {
            client: Client::new(Reach::Everything, scheme == "https"),
            options,
            budget,
            login: Mutex::new(Login::None),
        })
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// What is at a path: a body, or nothing where it knows no such thing.
    pub(super) async fn get(
        &self,
        path: &str,
        asked: &'static str,
    ) -> Result<Option<Answer>, SchemeError> {
        let token = self.token(None, asked).await?;
        let mut answer = self.send("GET", path, &token, b"", asked).await?;
        if answer.status == 401 {
            let anew = self.token(Some(&token), asked).await?;
            answer = self.send("GET", path, &anew, b"", asked).await?;
        }
        match answer.status {
            200 => Ok(Some(answer)),
            404 => Ok(None),
            400 => Err(SchemeError::refused(
                asked,
                "it holds this number for none of its own",
            )),
            401 | 403 => Err(SchemeError::refused(
                asked,
                "it does not let this user do that: give its role the right to enquire",
            )),
            status => Err(SchemeError::unavailable(asked, Silence::Status(status))),
        }
    }

    /// The token that holds; another than `stale`. Whoever comes while one logs in waits for that.
    pub(super) async fn token(
        &self,
        stale: Option<&str>,
        asked: &'static str,
    ) -> Result<String, SchemeError> {
        let mut login = self.login.lock().await;
        match &*login {
            Login::Token(token) if stale != Some(token) => return Ok(token.clone()),
            Login::Refused(until) if Instant::now() < *until => return Err(refused(asked)),
            Login::Token(_) | Login::Refused(_) | Login::None => {}
        }
        let account = &self.options.account;
        let body = json!({"UserName": account.user, "Password": account.password}).to_string();
        let answer = self
            .send("POST", "/login", "", body.as_bytes(), asked)
            .await?;
        match answer.status {
            200 => {}
            400 | 401 | 403 => {
                *login = Login::Refused(Instant::now() + LOCKED);
                return Err(refused(asked));
            }
            status => return Err(SchemeError::unavailable(asked, Silence::Status(status))),
        }
        let given: Result<Given, _> = serde_json::from_slice(&answer.body);
        let token = given.ok().map(|given| given.access_token);
        let plain =
            |token: &String| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let token = token
            .filter(plain)
            .ok_or_else(|| SchemeError::unavailable(asked, Silence::NoToken))?;
        *login = Login::Token(token.clone());
        Ok(token)
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &[u8],
        asked: &'static str,
    ) -> Result<Answer, SchemeError> {
        let busy = |after| SchemeError::Busy { asked, after };
        self.budget.take().await.map_err(busy)?;
        let base = self.options.address.trim_end_matches('/');
        let address: Result<Uri, _> = format!("{base}{path}").parse();
        let address =
            address.map_err(|_| SchemeError::refused(asked, "its address cannot be called"))?;
        let bearer = format!("Bearer {token}");
        let headers = [
            ("content-type", "application/json"),
            ("accept", "application/json"),
            ("api-version", "3"),
            ("authorization", bearer.as_str()),
        ];
        let call = Call {
            method,
            address: &address,
            headers: if token.is_empty() {
                &headers[..3]
            } else {
                &headers
            },
            body,
        };
        let wait = self.options.timeout;
        let answer = timeout(wait, self.client.send(&call)).await;
        let answer = answer.map_err(|_| SchemeError::unavailable(asked, Silence::Late(wait)))?;
        let answer = answer
            .map_err(|failure| SchemeError::unavailable(asked, Silence::Unreached(failure)))?;
        if answer.status == 429 {
            return Err(busy(REST));
        }
        Ok(answer)
    }
}

fn refused(asked: &'static str) -> SchemeError {
    SchemeError::refused(asked, "it does not know this user and password")
}
