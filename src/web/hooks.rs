//! USSD webhooks: a request becomes a call, a turn is taken, its page goes out as the aggregator
//! wants it. The profile knows how both look; nothing here does.

use std::time::Instant;

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use super::{App, Error, body, metrics::Outcome};
use crate::{
    gateway::profile::{self, Go, Heard, Profile, Refused},
    turn::{Gateway, Reply},
};

/// Longer than any aggregator's request.
const LONGEST: usize = 16 * 1024;

/// The gateway's own address, `/ussd/{gateway}`.
pub(super) async fn at_root(
    State(app): State<App>,
    Path(gateway): Path<String>,
    request: Request,
) -> Result<Response, Error> {
    take(&app, &gateway, "/", request).await
}

/// An address below it, `/ussd/{gateway}/{*path}`.
pub(super) async fn below(
    State(app): State<App>,
    Path((gateway, path)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Error> {
    take(&app, &gateway, &format!("/{path}"), request).await
}

async fn take(app: &App, name: &str, path: &str, request: Request) -> Result<Response, Error> {
    let profile = app.catalogue.gateway(name).ok_or(Error::UnknownGateway)?;
    let (parts, body) = request.into_parts();
    let response = match hear(&profile, path, &parts, body).await? {
        Ok(heard) => turn(app, name, &profile, &heard).await,
        Err(refused) => refuse(app, name, &profile, &refused),
    };
    written(response)
}

/// The outer error is the connection's, the inner one the profile's.
async fn hear(
    profile: &Profile,
    path: &str,
    parts: &Parts,
    body: Body,
) -> Result<Result<Heard, Refused>, Error> {
    let body = match body::read(body, LONGEST).await {
        Ok(body) => body,
        Err(Error::TooLong(limit)) => return Ok(Err(Refused::TooLong(limit))),
        Err(error) => return Err(error),
    };
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    Ok(profile.hear(&profile::Request {
        method: parts.method.as_str(),
        path,
        query: parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body: &body,
    }))
}

async fn turn(app: &App, name: &str, profile: &Profile, heard: &Heard) -> profile::Response {
    let began = Instant::now();
    let gateway = Gateway {
        name,
        page: profile.page(),
        deadline: profile.deadline(),
    };
    let reply = app.turns.take(gateway, &heard.call).await;
    let took = began.elapsed();
    let outcome = Outcome::of(&reply);
    app.metrics.turn(name, heard.call.signal, outcome, took);
    let mut response = match reply {
        Reply::Page { text, last: true } => profile.reply(heard, &text, Go::End),
        Reply::Page { text, last: false } => profile.reply(heard, &text, Go::Continue),
        Reply::Silence => profile.ended_reply(heard),
    };
    if app.demo.is_some() {
        // The simulator shows it to the menu's author.
        let timing = format!("turn;dur={:.3}", took.as_secs_f64() * 1000.0);
        response.headers.push(("server-timing", timing));
    }
    response
}

fn refuse(app: &App, name: &str, profile: &Profile, refused: &Refused) -> profile::Response {
    app.metrics.bad_request(name);
    tracing::warn!(gateway = name, why = %refused, "{name} sent a request that was refused: {refused}");
    profile.refuse(refused)
}

/// The profile's response as HTTP. A profile that compiled gives no status or header that HTTP does
/// not have, so this fails only by a fault of ours.
fn written(response: profile::Response) -> Result<Response, Error> {
    let status = StatusCode::from_u16(response.status).map_err(|_| Error::Internal)?;
    let mut written = (status, response.body).into_response();
    for (name, value) in response.headers {
        let value = HeaderValue::from_str(&value).map_err(|_| Error::Internal)?;
        written
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
    Ok(written)
}
