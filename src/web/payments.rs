//! Payment webhooks: raw bytes in, the provider's own acknowledgement out. Bytes, because the
//! signature is over them as they came.

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use super::{App, Error, body};
use crate::payment::gepg::Answer;

/// Longer than any notice: GePG sends few bills or payments at a time.
const LONGEST: usize = 1024 * 1024;

/// What GePG sends, a control number or a payment: the message says which it is.
pub(super) async fn gepg(State(app): State<App>, body: Body) -> Result<Response, Error> {
    let raw = body::read(body, LONGEST).await?;
    let answer = app.gepg.receive(&raw).await;
    acknowledge(&app, answer)
}

/// A day's payments, which may be long.
pub(super) async fn gepg_reconciliation(
    State(app): State<App>,
    body: Body,
) -> Result<Response, Error> {
    let room = app.gepg.room_for_long().await;
    let raw = body::read(body, app.gepg.largest_reconciliation()).await?;
    let answer = app.gepg.receive_long(&raw).await;
    drop(room);
    acknowledge(&app, answer)
}

fn acknowledge(app: &App, answer: Answer) -> Result<Response, Error> {
    let status = StatusCode::from_u16(answer.status).map_err(|_| Error::Internal)?;
    app.metrics.notice("gepg", status.is_success());
    let xml = [(CONTENT_TYPE, "application/xml")];
    Ok((status, xml, answer.body).into_response())
}
