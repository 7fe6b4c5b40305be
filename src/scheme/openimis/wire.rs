use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hyper::Uri;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{json, value::RawValue};
use tokio::time::{Instant, timeout};

use super::{Budget, Failure, Options, cookies::Cookies};
use crate::http::{Answer, Call, Client, Reach};

/// The most that is read of an answer: a hundred policies take a tenth of it.
const LARGEST: usize = 1 << 20;
/// How long openIMIS is left alone after it said that it is asked too often, where it says no time.
const REST: Duration = Duration::from_secs(20);
/// And how long at most, whatever it says.
const LONGEST_REST: Duration = Duration::from_mins(5);
/// How many of its errors are repeated.
const ERRORS: usize = 3;

/// One question.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// The GraphQL document.
    pub(super) document: &'a str,
    /// Its variables: an object.
    pub(super) variables: serde_json::Value,
}

/// What proves who asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Proof {
    /// The token's header.
    pub(super) bearer: Option<String>,
    /// The header against forged requests.
    pub(super) csrf: Option<String>,
    /// The session's cookies.
    pub(super) cookies: Cookies,
}

/// Sends questions, as many as the budget has.
#[derive(Debug)]
pub(super) struct Wire {
    client: Client,
    address: Uri,
    referer: String,
    timeout: Duration,
    budget: Arc<dyn Budget>,
    rests_until: Mutex<Option<Instant>>,
    sent: AtomicU64,
}

/// The address is none that can be called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address of an openIMIS: write it as https://imis.example.org/api")]
pub struct AddressError(pub String);

impl Wire {
    pub(super) fn new(options: &Options, budget: Arc<dyn Budget>) -> Result<Self, AddressError> {
        let wrong = || AddressError(options.address.clone());
        let base = options.address.trim_end_matches('/');
        let address: Uri = format!("{base}/graphql").parse().map_err(|_| wrong())?;
        let scheme = address.scheme_str().ok_or_else(wrong)?;
        if address.host().is_none() || !["http", "https"].contains(&scheme) {
            return Err(wrong());
        }
        Ok(Self {
            client: Client::new(Reach::Everything, scheme == "https").reading(LARGEST),
            referer: base.to_owned(),
            address,
            timeout: options.timeout,
            budget,
            rests_until: Mutex::new(None),
            sent: AtomicU64::new(0),
        })
    }

    /// Asks once.
    pub(super) async fn ask(
        &self,
        question: &Question<'_>,
        proof: &Proof,
    ) -> Result<Answer, Failure> {
        self.may_ask().await?;
        let body = json!({"query": question.document, "variables": question.variables}).to_string();
        let cookie = proof.cookies.header();
        let headers = [
            ("content-type", Some("application/json")),
            ("accept", Some("application/json")),
            // Django behind https wants to know where a mutation comes from.
            ("referer", Some(self.referer.as_str())),
            ("authorization", proof.bearer.as_deref()),
            ("x-csrftoken", proof.csrf.as_deref()),
            (
                "cookie",
                Some(cookie.as_str()).filter(|cookie| !cookie.is_empty()),
            ),
        ];
        let headers: Vec<(&str, &str)> = headers
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        let call = Call {
            method: "POST",
            address: &self.address,
            headers: &headers,
            body: body.as_bytes(),
        };
        self.sent.fetch_add(1, Ordering::Relaxed);
        let answer = timeout(self.timeout, self.client.send(&call)).await;
        let answer = answer
            .map_err(|_| Failure::Late(self.timeout))?
            .map_err(Failure::Unreached)?;
        if answer.status == 429 {
            return Err(self.rest(&answer));
        }
        Ok(answer)
    }

    /// How many requests went out.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    async fn may_ask(&self) -> Result<(), Failure> {
        let until = *self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let rest = until.map(|until| until.saturating_duration_since(Instant::now()));
        if let Some(rest) = rest.filter(|rest| !rest.is_zero()) {
            return Err(Failure::Busy(rest));
        }
        self.budget.take().await.map_err(Failure::Busy)
    }

    /// It said that it is asked too often: nobody asks for as long as it says.
    fn rest(&self, answer: &Answer) -> Failure {
        let said = header(answer, "retry-after").and_then(|text| text.parse().ok());
        let after = said.map_or(REST, Duration::from_secs).min(LONGEST_REST);
        let mut until = self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *until = Some(Instant::now() + after);
        Failure::Busy(after)
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Option<Vec<Said>>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    message: String,
}

/// What an answer gives, if it is no failure: one with `errors` always is, whatever its status.
pub(super) fn given<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, Failure> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|_| match status {
        200 => Failure::NotJson,
        401 => Failure::Stale("status 401".to_owned()),
        other => Failure::Status(other),
    })?;
    let errors = envelope.errors.unwrap_or_default();
    if !errors.is_empty() {
        let said: Vec<&str> = errors
            .iter()
            .take(ERRORS)
            .map(|error| error.message.as_str())
            .collect();
        return Err(Failure::of_errors(status, &said.join("; ")));
    }
    if status != 200 {
        return Err(Failure::Status(status));
    }
    let data = envelope.data.ok_or(Failure::Unreadable("anything"))?;
    serde_json::from_str(data.get()).map_err(|_| Failure::Unreadable("the parts"))
}

/// A header's text.
pub(super) fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let found = answer.headers.iter().find(|(held, _)| held == name);
    found.and_then(|(_, value)| std::str::from_utf8(value).ok())
}
