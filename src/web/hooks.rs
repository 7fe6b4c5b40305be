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
    model::{Call, Msisdn},
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
    if let Err(over) = app.limits.admit(name, caller(&heard.call)) {
        app.metrics.over_limit(name, over);
        let reply = app.turns.too_many(&heard.call);
        return written_as(profile, heard, &reply.reply);
    }
    let reply = app.turns.take(gateway, &heard.call).await;
    let took = began.elapsed();
    let outcome = Outcome::of(&reply.reply);
    app.metrics.turn(name, heard.call.signal, outcome, took);
    let mut response = written_as(profile, heard, &reply.reply);
    if app.demo.is_some() {
        // The simulator shows it to the menu's author.
        let timing = format!("turn;dur={:.3}", took.as_secs_f64() * 1000.0);
        response.headers.push(("server-timing", timing));
    }
    response
}

/// Whose turns are counted together: a phone's, or a session's where a request tells no phone.
fn caller(call: &Call) -> &str {
    let phone = call.caller.phone.told();
    phone.map_or(&call.caller.session, Msisdn::digits)
}

fn written_as(profile: &Profile, heard: &Heard, reply: &Reply) -> profile::Response {
    match reply {
        Reply::Page { text, last: true } => profile.reply(heard, text, Go::End),
        Reply::Page { text, last: false } => profile.reply(heard, text, Go::Continue),
        Reply::Silence | Reply::Unknown => profile.ended_reply(heard),
    }
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

#[cfg(test)]
mod tests {
    use axum::http::{Method, header::CONTENT_TYPE};

    use super::*;
    use crate::model::{Signal, source::Source};

    fn africastalking() -> Profile {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
        let names = ["africastalking.yaml", "presets/con_end.yaml"];
        let sources = names.map(|name| Source {
            name: name.to_owned(),
            text: std::fs::read_to_string(root.join(name)).unwrap(),
        });
        let compiled = Profile::compile(&sources);
        assert!(compiled.reports.is_empty(), "{:?}", compiled.reports);
        compiled.profiles.into_iter().next().unwrap()
    }

    async fn heard(path: &str, form: &str) -> Result<Heard, Refused> {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/ussd/africastalking")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let (parts, body) = request.into_parts();
        hear(&africastalking(), path, &parts, body).await.unwrap()
    }

    const FORM: &str = "sessionId=s1&phoneNumber=%2B255700000001&serviceCode=*152*00%23&text=";

    #[tokio::test]
    async fn what_the_simulators_phones_post_is_heard() {
        let dialled = heard("/", FORM).await.unwrap();
        assert_eq!(dialled.call.signal, Signal::Begin);
        let answered = heard("/", &format!("{FORM}2*1")).await.unwrap();
        assert_eq!(answered.call.signal, Signal::Input);
        let hung_up = heard("/events", &format!("{FORM}&status=Incomplete")).await;
        assert_eq!(hung_up.unwrap().call.signal, Signal::Ended);
    }

    #[tokio::test]
    async fn a_bad_request_is_answered_with_the_profiles_sentence() {
        let refused = heard("/", "sessionId=s1").await.unwrap_err();
        let response = written(africastalking().refuse(&refused)).unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let body = body::read(response.into_body(), LONGEST).await.unwrap();
        assert_eq!(body, b"form.phoneNumber is missing");
    }

    #[tokio::test]
    async fn a_request_without_end_is_refused_by_the_profile_too() {
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(heard("/", &long).await, Err(Refused::TooLong(LONGEST)));
    }
}
