//! A request of an aggregator: to which gateway, from where, with what.

use std::net::IpAddr;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use ipnet::IpNet;

use super::{App, Error, body, serve::Peer};
use crate::{
    catalogue::{Contract, Gateway},
    gateway::profile::{self, Account, Channel, Heard, Masked, Masking, Refusal, Refused, Said},
};

/// Longer than any aggregator's request for a turn.
const TURN: usize = 16 * 1024;
/// Longer than a request that bears many receipts.
const RECEIPTS: usize = 256 * 1024;

/// A request that was read whole.
pub(super) struct Called {
    pub(super) gateway: Gateway,
    channel: Channel,
    parts: Parts,
    /// Below the gateway's own address, without the contract's secret.
    path: String,
    body: Result<Vec<u8>, Refused>,
    peer: Option<IpAddr>,
    /// Whether it knows the contract's secret and comes from where it may.
    ours: bool,
}

impl Called {
    /// Reads a request to `name`, with `path` below that.
    pub(super) async fn read(
        app: &App,
        (channel, name): (Channel, &str),
        path: &str,
        request: Request,
    ) -> Result<Self, Error> {
        let gateway = app.gateways.get(name).ok_or(Error::UnknownGateway)?;
        let (parts, body) = request.into_parts();
        let peer = peer(&parts, &app.proxies);
        let (path, knows) = without_secret(&gateway.contract, path);
        Ok(Self {
            ours: knows && gateway.contract.lets(peer),
            body: whole(body, channel).await?,
            path: path.to_owned(),
            gateway,
            channel,
            parts,
            peer,
        })
    }

    pub(super) fn account(&self) -> &Account {
        &self.gateway.account
    }

    /// Which of the gateway's addresses was called.
    pub(super) fn channel(&self) -> Channel {
        self.channel
    }

    /// What it says.
    pub(super) fn hear(&self) -> Result<Heard, Refusal> {
        if !self.ours {
            return Err(refusal(Refused::NotTheirs));
        }
        let body = self.body.as_ref();
        let body = body.map_err(|why| refusal(why.clone()))?;
        self.with(body, |request| self.account().hear(self.channel, request))
    }

    /// The request without what is a person's or secret. A body that was too long is not there any more.
    pub(super) fn masked(&self, masking: &Masking<'_>) -> Masked {
        let body = self.body.as_deref().unwrap_or_default();
        self.with(body, |request| {
            self.account().masked(self.channel, request, masking)
        })
    }

    fn with<T>(&self, body: &[u8], read: impl FnOnce(&profile::Request<'_>) -> T) -> T {
        let headers = self.parts.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let uri = &self.parts.uri;
        let whole = uri
            .path_and_query()
            .map_or(uri.path(), |whole| whole.as_str());
        read(&profile::Request {
            method: self.parts.method.as_str(),
            path: &self.path,
            query: uri.query().unwrap_or_default(),
            headers: &headers,
            body,
            address: &format!("{}{whole}", self.account().public()),
            peer: self.peer,
        })
    }
}

fn refusal(why: Refused) -> Refusal {
    Refusal {
        why,
        said: Said {
            event: profile::Event::Error,
            reply: None,
            values: Vec::new(),
        },
    }
}

/// The path without the contract's secret, which is its first part; and whether that was right.
fn without_secret<'p>(contract: &Contract, path: &'p str) -> (&'p str, bool) {
    let Some(secret) = &contract.secret else {
        return (path, true);
    };
    let below = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = match below.find('/') {
        Some(slash) => below.split_at(slash),
        None => (below, "/"),
    };
    (rest, secret.is(first))
}

async fn whole(body: Body, channel: Channel) -> Result<Result<Vec<u8>, Refused>, Error> {
    let limit = match channel {
        Channel::Ussd => TURN,
        Channel::Sms => RECEIPTS,
    };
    match body::read(body, limit).await {
        Ok(body) => Ok(Ok(body)),
        Err(Error::TooLong(limit)) => Ok(Err(Refused::TooLong(limit))),
        Err(error) => Err(error),
    }
}

/// Who calls. Behind trusted proxies it is the last address that none of them has: what stands before
/// it anyone can have written.
fn peer(parts: &Parts, proxies: &[IpNet]) -> Option<IpAddr> {
    let Peer(connected) = *parts.extensions.get()?;
    let trusted = |address: &IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    if !trusted(&connected) {
        return Some(connected);
    }
    let told = forwarded(&parts.headers);
    let mut told = told.into_iter().rev();
    told.find(|address| address.is_none_or(|address| !trusted(&address)))
        .unwrap_or(Some(connected))
}

/// The addresses of `X-Forwarded-For`; `None` for what is none.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all("x-forwarded-for").iter();
    let texts = values.map(|value| value.to_str().unwrap_or_default());
    texts
        .flat_map(|text| text.split(','))
        .map(|address| address.trim().parse().ok())
        .collect()
}

/// The profile's response as HTTP. A profile that compiled gives no status or header that HTTP does
/// not have, so this fails only by a fault of ours.
pub(super) fn written(response: profile::Response) -> Result<Response, Error> {
    let status = StatusCode::from_u16(response.status).map_err(|_| Error::Internal)?;
    let mut written = (status, response.bytes().into_owned()).into_response();
    // axum gives every text a type; an answer without one has none.
    written.headers_mut().remove("content-type");
    for (name, value) in response.headers {
        let name = HeaderName::try_from(name).map_err(|_| Error::Internal)?;
        let value = HeaderValue::try_from(value).map_err(|_| Error::Internal)?;
        written.headers_mut().append(name, value);
    }
    Ok(written)
}
