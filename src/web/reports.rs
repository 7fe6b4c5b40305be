//! SMS webhooks: receipts and SMS that come. Each is on disk before it is acknowledged.

use std::time::Instant;

use axum::{
    extract::{Path, Request, State},
    response::Response,
};

use super::{
    App, Error, Requests,
    called::{Called, written},
    hooks::refuse,
    requests,
};
use crate::{
    gateway::profile::{self, Channel, Heard, Refusal},
    store::StoreError,
};

/// The gateway's own address, `/sms/{gateway}`.
pub(super) async fn at_root(
    State(app): State<App>,
    Path(gateway): Path<String>,
    request: Request,
) -> Result<Response, Error> {
    take(&app, &gateway, "/", request).await
}

/// An address below it, `/sms/{gateway}/{*path}`.
pub(super) async fn below(
    State(app): State<App>,
    Path((gateway, path)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Error> {
    take(&app, &gateway, &format!("/{path}"), request).await
}

async fn take(app: &App, name: &str, path: &str, request: Request) -> Result<Response, Error> {
    let called = Called::read(app, (Channel::Sms, name), path, request).await?;
    let began = Instant::now();
    let heard = called.hear();
    let response = answer(app, &called, &heard).await;
    let answered = requests::Answered {
        heard: &heard,
        turned: None,
        status: match &response {
            Ok(response) => response.status,
            Err(error) => error.status().as_u16(),
        },
        took: began.elapsed(),
    };
    Requests::keep(app, &called, answered);
    written(response?)
}

async fn answer(
    app: &App,
    called: &Called,
    heard: &Result<Heard, Refusal>,
) -> Result<profile::Response, Error> {
    let account = called.account();
    let name = account.name();
    let said = match heard {
        Ok(Heard::Receipts(receipts, said)) => {
            let receipts: Vec<_> = receipts.iter().flatten().cloned().collect();
            kept(name, app.inbox.receipts(name, &receipts).await)?;
            said
        }
        Ok(Heard::Messages(messages, said)) => {
            kept(name, app.inbox.messages(name, messages).await)?;
            said
        }
        // What tells of dialogues has no rule at these addresses.
        Ok(Heard::Ignored(said) | Heard::Call(_, said)) => said,
        Err(refusal) => return Ok(refuse(app, called, refusal)),
    };
    Ok(account.acknowledge(said, true, &[]))
}

/// Where it could not be kept the aggregator is to send it again.
fn kept(name: &str, kept: Result<(), StoreError>) -> Result<(), Error> {
    kept.map_err(|error| {
        tracing::error!(gateway = name, %error, "what {name} sent could not be kept, and it is told to send it again: {error}");
        Error::Away
    })
}
