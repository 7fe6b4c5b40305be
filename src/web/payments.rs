//! Payment webhooks: raw bytes in, the provider's own acknowledgement out. Bytes, because the
//! signature is over them as they came.

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use super::{App, Error, body};

/// Longer than any notice: GePG sends one bill or one payment at a time.
const LONGEST: usize = 1024 * 1024;

/// What GePG sends, a control number or a payment: the message says which it is.
pub(super) async fn gepg(State(app): State<App>, body: Body) -> Result<Response, Error> {
    let raw = body::read(body, LONGEST).await?;
    let acknowledgement = app.gepg.receive(&raw).await;
    let status = StatusCode::from_u16(acknowledgement.status).map_err(|_| Error::Internal)?;
    app.metrics.notice("gepg", status.is_success());
    let xml = [(CONTENT_TYPE, "application/xml")];
    Ok((status, xml, acknowledgement.body).into_response())
}
