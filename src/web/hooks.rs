//! USSD webhooks: a request becomes a call, a turn is taken, its page goes out as the aggregator
//! wants it. The profile knows how both look; nothing here does.

use std::time::Instant;

use axum::{
    extract::{Path, Request, State},
    response::Response,
};

use super::{
    App, Error, Requests,
    called::{Called, written},
    metrics::Outcome,
    requests::{self, Turned},
};
use crate::{
    gateway::profile::{self, Channel, Go, Heard, Refusal, Said, Screen},
    model::{Call, Msisdn},
    turn::{Answered, Gateway, Reply},
};

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
    let called = Called::read(app, (Channel::Ussd, name), path, request).await?;
    let began = Instant::now();
    let heard = called.hear();
    let (response, turned) = match &heard {
        Ok(Heard::Call(call, said)) => {
            let (response, answered) = turn(app, &called, call, said).await;
            (response, Some(turned(answered)))
        }
        // What tells of SMS has no rule at these addresses.
        Ok(Heard::Ignored(said) | Heard::Receipts(_, said) | Heard::Messages(_, said)) => {
            (called.account().acknowledge(said, false, &[]), None)
        }
        Err(refusal) => (refuse(app, &called, refusal), None),
    };
    let answered = requests::Answered {
        heard: &heard,
        turned,
        status: response.status,
        took: began.elapsed(),
    };
    Requests::keep(app, &called, answered);
    written(response)
}

/// What a turn showed, without its text.
fn turned(answered: Answered) -> Turned {
    Turned {
        known: answered.known,
        go: match answered.reply {
            Reply::Page { last: true, .. } => Some(Go::End),
            Reply::Page { last: false, .. } => Some(Go::Continue),
            Reply::Silence | Reply::Unknown => None,
        },
        pages: answered.pages,
        kept: answered.kept,
    }
}

async fn turn(
    app: &App,
    called: &Called,
    call: &Call,
    said: &Said,
) -> (profile::Response, Answered) {
    let began = Instant::now();
    let account = called.account();
    let name = account.name();
    let gateway = Gateway {
        name,
        page: account.page(),
        deadline: account.deadline(),
    };
    if let Err(over) = app.limits.admit(name, caller(call)) {
        app.metrics.over_limit(name, over);
        let answered = app.turns.too_many(call);
        return (shown(app, called, said, &answered), answered);
    }
    let answered = app.turns.take(gateway, call).await;
    let took = began.elapsed();
    let outcome = Outcome::of(&answered.reply);
    app.metrics.turn(name, call.signal, outcome, took);
    let mut response = shown(app, called, said, &answered);
    if app.demo.is_some() {
        // The simulator shows it to the menu's author.
        let timing = format!("turn;dur={:.3}", took.as_secs_f64() * 1000.0);
        response.headers.push(("server-timing".to_owned(), timing));
    }
    (response, answered)
}

/// Whose turns are counted together: a phone's, or a session's where a request tells no phone.
fn caller(call: &Call) -> &str {
    let phone = call.caller.phone.told();
    phone.map_or(&call.caller.session, Msisdn::digits)
}

fn shown(app: &App, called: &Called, said: &Said, answered: &Answered) -> profile::Response {
    let account = called.account();
    let Answered { known, kept, .. } = answered;
    match &answered.reply {
        Reply::Page { text, last } => {
            let screen = Screen {
                text,
                go: if *last { Go::End } else { Go::Continue },
                turn: answered.pages,
                dialogue: answered.dialogue.0,
                known: *known,
                kept,
            };
            if account.later() {
                app.deliveries.begin(&called.gateway, said, &screen);
            }
            account.reply(said, &screen)
        }
        // An input of which nothing is known, told as the profile says.
        Reply::Silence | Reply::Unknown => account.acknowledge(said, *known, kept),
    }
}

/// The answer to a refused request, which is counted and logged once.
pub(super) fn refuse(app: &App, called: &Called, refusal: &Refusal) -> profile::Response {
    let name = called.account().name();
    let why = &refusal.why;
    app.metrics.bad_request(name);
    tracing::warn!(gateway = name, %why, "{name} sent a request that was refused: {why}");
    called.account().refuse(refusal)
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use axum::http::StatusCode;

    use super::*;
    use crate::{
        gateway::profile::{Account, Given, Profile, Request},
        model::{Signal, source::Source},
    };

    fn africastalking() -> Account {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
        let names = ["africastalking.yaml", "presets/con_end.yaml"];
        let sources = names.map(|name| Source {
            name: name.to_owned(),
            text: std::fs::read_to_string(root.join(name)).unwrap(),
        });
        let compiled = Profile::compile(&sources);
        assert!(compiled.reports.is_empty(), "{:?}", compiled.reports);
        let profile = compiled.profiles.into_iter().next().unwrap();
        let given = Given {
            name: "africastalking".into(),
            ..Given::default()
        };
        Account::new(Arc::new(profile), given).unwrap()
    }

    fn heard(path: &str, form: &str) -> Result<Heard, Refusal> {
        africastalking().hear(
            Channel::Ussd,
            &Request {
                method: "POST",
                path,
                query: "",
                headers: &[("content-type", b"application/x-www-form-urlencoded")],
                body: form.as_bytes(),
                address: "http://127.0.0.1/ussd/africastalking",
                peer: None,
            },
        )
    }

    const FORM: &str = "sessionId=s1&phoneNumber=%2B255700000001&serviceCode=*152*00%23&text=";

    fn signal(heard: Result<Heard, Refusal>) -> Signal {
        match heard {
            Ok(Heard::Call(call, _)) => call.signal,
            other => panic!("no call: {other:?}"),
        }
    }

    #[test]
    fn what_the_simulators_phones_post_is_heard() {
        assert_eq!(signal(heard("/", FORM)), Signal::Begin);
        assert_eq!(signal(heard("/", &format!("{FORM}2*1"))), Signal::Input);
        let hung_up = heard("/events", &format!("{FORM}&status=Incomplete"));
        assert_eq!(signal(hung_up), Signal::Ended);
    }

    #[tokio::test]
    async fn a_bad_request_is_answered_with_the_profiles_sentence() {
        let refusal = heard("/", "sessionId=s1").unwrap_err();
        let response = written(africastalking().refuse(&refusal)).unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let body = super::super::body::read(response.into_body(), 1000).await;
        let body = String::from_utf8(body.unwrap()).unwrap();
        assert!(body.contains("form.phoneNumber"), "{body}");
    }
}
