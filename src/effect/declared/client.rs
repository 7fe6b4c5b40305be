//! Sends what menus declare, and reads its answer as JSON.

use std::{collections::BTreeSet, net::SocketAddr};

use hyper::Uri;
use serde_json::Value as Answer;

use super::Failure;
use crate::{
    http::{self, Call, Reach},
    menu::declared::{Address, FilledRequest, Request},
    model::EffectKey,
};

/// Sends requests.
#[derive(Debug)]
pub(super) struct Client(http::Client);

/// An answer that came whole.
pub(super) struct Answered {
    pub(super) status: u16,
    /// `None` where it is no JSON; nothing at all reads as `null`.
    pub(super) body: Option<Answer>,
}

impl Answered {
    /// Whether it can be believed: a success that is no JSON comes from somebody in between.
    pub(super) fn is_sense(&self) -> bool {
        self.body.is_some() || !self.is_success()
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Client {
    /// One that may reach the private addresses of these hosts; with `proved` the system's trusted
    /// certificates are read, without them no `https` is answered.
    pub(super) fn new(private: BTreeSet<String>, proved: bool) -> Self {
        Self(http::Client::new(Reach::Public(private), proved))
    }

    /// Sends a request and reads its answer, to `elsewhere` where that is given.
    pub(super) async fn send(
        &self,
        request: &Request,
        filled: &FilledRequest,
        key: Option<EffectKey>,
        elsewhere: Option<SocketAddr>,
    ) -> Result<Answered, Failure> {
        if elsewhere.is_none() && !self.0.lets(&request.address.host) {
            return Err(Failure::Private);
        }
        let host = authority(&request.address);
        let key = key.map(|key| key.to_string());
        let json = filled.json.as_ref().map(ToString::to_string);
        let mut headers = vec![("host", host.as_str()), ("accept", "application/json")];
        headers.extend(
            filled
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        headers.extend(key.as_deref().map(|key| ("idempotency-key", key)));
        headers.extend(json.as_ref().map(|_| ("content-type", "application/json")));
        let call = Call {
            method: request.method.as_str(),
            address: &uri(&request.address, &filled.target, elsewhere)?,
            headers: &headers,
            body: json.as_deref().unwrap_or_default().as_bytes(),
        };
        let answer = self.0.send(&call).await?;
        let body = if answer.body.is_empty() {
            Some(Answer::Null)
        } else {
            serde_json::from_slice(&answer.body).ok()
        };
        Ok(Answered {
            status: answer.status,
            body,
        })
    }
}

fn uri(address: &Address, target: &str, elsewhere: Option<SocketAddr>) -> Result<Uri, Failure> {
    let (scheme, authority) = match elsewhere {
        Some(address) => ("http", address.to_string()),
        None if address.secure => ("https", authority(address)),
        None => ("http", authority(address)),
    };
    let uri = Uri::builder().scheme(scheme).authority(authority);
    uri.path_and_query(target)
        .build()
        .map_err(|_| Failure::Unwritable)
}

fn authority(address: &Address) -> String {
    let host = &address.host;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.clone()
    };
    match address.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}
