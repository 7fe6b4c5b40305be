//! SMS webhooks: receipts and SMS that come. Each is on disk before it is acknowledged.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};

use super::{
    App, Error,
    called::{Called, written},
    hooks::refuse,
};
use crate::{
    gateway::profile::{Channel, Heard},
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
    let account = called.account();
    let said = match called.hear() {
        Ok(Heard::Receipts(receipts, said)) => {
            let receipts: Vec<_> = receipts.into_iter().flatten().collect();
            kept(name, app.inbox.receipts(name, &receipts).await)?;
            said
        }
        Ok(Heard::Messages(messages, said)) => {
            kept(name, app.inbox.messages(name, &messages).await)?;
            said
        }
        // What tells of dialogues has no rule at these addresses.
        Ok(Heard::Ignored(said) | Heard::Call(_, said)) => said,
        Err(refusal) => return written(refuse(app, &called, &refusal)),
    };
    written(account.acknowledge(&said, true, &[]))
}

/// Where it could not be kept the aggregator is to send it again.
fn kept(name: &str, kept: Result<(), StoreError>) -> Result<(), Error> {
    kept.map_err(|error| {
        tracing::error!(gateway = name, %error, "what {name} sent could not be kept, and it is told to send it again: {error}");
        Error::Away
    })
}
