//! The route of an aggregator: its profile says what is sent and what the reply means.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use hyper::Uri;

use super::{Handed, OwnIds, Route, SendError};
use crate::{
    catalogue::{Gateway, Gateways},
    gateway::profile::{Outbound, Outcome, Outgoing, Replied, Sent},
    http::{Answer, Call, Client, Failure},
    model::Clock,
    store::{Message, MessageState, TheirId},
};

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes the calls that profiles write, with the tokens that they need.
#[derive(Debug)]
pub struct Caller {
    client: Client,
    /// By gateway, until when it is good.
    tokens: Mutex<HashMap<String, (String, DateTime<Utc>)>>,
}

/// What came of a call that a profile wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Uncalled {
    /// The profile has no such call, or lacks a setting for it.
    #[error("its profile has no such call, or its account lacks a setting for it")]
    NoCall,
    /// The call before it, which gets a token, failed.
    #[error("no token was given")]
    NoToken,
    /// It could not be sent, or broke.
    #[error(transparent)]
    Http(#[from] Failure),
    /// There was no answer in time: it may have arrived.
    #[error("no answer came in {} s", PATIENCE.as_secs())]
    NoAnswer,
}

impl Uncalled {
    /// Whether nothing of the call can have arrived.
    pub fn is_unsent(self) -> bool {
        match self {
            Self::NoCall | Self::NoToken => true,
            Self::Http(failure) => failure.is_unsent(),
            Self::NoAnswer => false,
        }
    }
}

impl Caller {
    /// Calls through this client.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            tokens: Mutex::default(),
        }
    }

    /// Makes the call that `write` writes with the gateway's token, and gives the reply. After a 401 the
    /// token is got again, once.
    pub async fn call(
        &self,
        gateway: &Gateway,
        now: DateTime<Utc>,
        write: &(dyn Fn(Option<&str>) -> Option<Outbound> + Sync),
    ) -> Result<Answer, Uncalled> {
        let token = self.token(gateway, now).await?;
        let answer = self
            .send(&write(token.as_deref()).ok_or(Uncalled::NoCall)?)
            .await?;
        if answer.status != 401 || token.is_none() {
            return Ok(answer);
        }
        self.locked().remove(gateway.account.name());
        let token = self.token(gateway, now).await?;
        self.send(&write(token.as_deref()).ok_or(Uncalled::NoCall)?)
            .await
    }

    /// The gateway's token, where its profile wants one.
    async fn token(
        &self,
        gateway: &Gateway,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, Uncalled> {
        let account = &gateway.account;
        let Some(call) = account.token_call(now) else {
            return Ok(None);
        };
        let kept = self.locked().get(account.name()).cloned();
        if let Some((token, _)) = kept.filter(|(_, until)| now < *until) {
            return Ok(Some(token));
        }
        // Whatever became of this call, nothing of the one that needs the token has left.
        let answer = self.send(&call).await.map_err(|_| Uncalled::NoToken)?;
        let headers = headers(&answer);
        let token = account.token(&replied(&answer, &headers));
        let token = token.ok_or(Uncalled::NoToken)?;
        let lasts = TimeDelta::from_std(token.lasts).unwrap_or_default();
        let kept = (token.token.clone(), now + lasts);
        self.locked().insert(account.name().to_owned(), kept);
        Ok(Some(token.token))
    }

    /// Tries the call's hosts in their order: the next one only where nothing can have arrived.
    async fn send(&self, outbound: &Outbound) -> Result<Answer, Uncalled> {
        let mut last = Uncalled::NoCall;
        for address in &outbound.addresses {
            match tokio::time::timeout(PATIENCE, self.send_to(address, outbound)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(failure)) => last = Uncalled::Http(failure),
                Err(_) => last = Uncalled::NoAnswer,
            }
            if !last.is_unsent() {
                break;
            }
        }
        Err(last)
    }

    async fn send_to(&self, address: &str, outbound: &Outbound) -> Result<Answer, Failure> {
        let address: Uri = address.parse().map_err(|_| Failure::Unwritable)?;
        let headers = outbound.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let call = Call {
            method: &outbound.method,
            address: &address,
            headers: &headers,
            body: &outbound.bytes(),
        };
        self.client.send(&call).await
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<String, (String, DateTime<Utc>)>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names and values of an answer's headers.
pub fn headers(answer: &Answer) -> Vec<(&str, &[u8])> {
    let headers = answer.headers.iter();
    headers
        .map(|(name, value)| (name.as_str(), value.as_slice()))
        .collect()
}

/// An answer as profiles read it.
pub fn replied<'a>(answer: &'a Answer, headers: &'a [(&'a str, &'a [u8])]) -> Replied<'a> {
    Replied {
        status: answer.status,
        headers,
        body: &answer.body,
    }
}

/// Sends SMS through one gateway.
#[derive(Debug)]
pub struct AggregatorRoute {
    gateway: String,
    gateways: Arc<Gateways>,
    caller: Arc<Caller>,
    clock: Arc<dyn Clock>,
    own_ids: OwnIds,
}

impl AggregatorRoute {
    /// A route through the gateway of this name.
    pub fn new(
        gateway: &str,
        gateways: Arc<Gateways>,
        caller: Arc<Caller>,
        (clock, own_ids): (Arc<dyn Clock>, OwnIds),
    ) -> Self {
        Self {
            gateway: gateway.to_owned(),
            gateways,
            caller,
            clock,
            own_ids,
        }
    }
}

#[async_trait]
impl Route for AggregatorRoute {
    fn name(&self) -> &str {
        &self.gateway
    }

    async fn send(&self, message: &Message) -> Result<Handed, SendError> {
        let failed = |why: String, retry| SendError {
            id: message.id,
            why,
            retry,
            code: None,
            wait: None,
        };
        let gateway = self.gateways.get(&self.gateway);
        let gateway =
            gateway.ok_or_else(|| failed(format!("there is no gateway {}", self.gateway), true))?;
        let own_id = self.own_ids.write(message.id);
        let outgoing = Outgoing {
            to: &message.to,
            from: gateway.contract.sender.as_deref(),
            text: &message.text,
            own_id: &own_id,
            message_id: None,
            now: self.clock.now(),
        };
        let account = &gateway.account;
        let write = |token: Option<&str>| account.send(&outgoing, token);
        match self.caller.call(&gateway, outgoing.now, &write).await {
            Ok(answer) => {
                let headers = headers(&answer);
                let sent = account.sent(&outgoing, &replied(&answer, &headers));
                handed(message.id, &self.gateway, sent)
            }
            Err(why) if why.is_unsent() => Err(failed(format!("{}: {why}", self.gateway), true)),
            Err(why) if account.knows_our_id(&outgoing) => Err(failed(
                format!("{}: {why}; it knows our id", self.gateway),
                true,
            )),
            Err(why) => Err(failed(
                format!("{}: {why}; whether it was taken is unknown", self.gateway),
                false,
            )),
        }
    }
}

fn handed(id: i64, gateway: &str, sent: Sent) -> Result<Handed, SendError> {
    let retry = match sent.outcome {
        Outcome::Accepted => {
            return Ok(Handed {
                state: MessageState::Sent,
                their_id: sent.message_id.as_deref().and_then(TheirId::parse),
            });
        }
        Outcome::Retry | Outcome::SlowDown | Outcome::BadCredentials | Outcome::NoCredit => true,
        Outcome::Rejected | Outcome::OptedOut | Outcome::Unknown | Outcome::ByStatus => false,
    };
    if matches!(sent.outcome, Outcome::BadCredentials | Outcome::NoCredit) {
        let why = word(sent.outcome);
        tracing::error!(
            gateway,
            why,
            "{gateway} takes no SMS, {why}: someone must look"
        );
    }
    let code = sent.error_code.as_deref();
    let code = code.map_or_else(String::new, |code| format!(", code {code}"));
    Err(SendError {
        id,
        why: format!("{gateway}: {}{code}", word(sent.outcome)),
        retry,
        code: sent.error_code,
        wait: sent.wait,
    })
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "it was accepted",
        Outcome::Rejected | Outcome::ByStatus => "it was rejected",
        Outcome::Retry => "it is to be sent later",
        Outcome::Unknown => "whether it was taken is unknown",
        Outcome::OptedOut => "the member wants none",
        Outcome::BadCredentials => "our credentials are wrong",
        Outcome::NoCredit => "the account has no credit",
        Outcome::SlowDown => "it is to be sent more slowly",
    }
}
