//! The gateway's desk: takes bills and says with a signed code what it makes of them.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing,
};

use super::courier::{Courier, Letter};
use crate::{
    model::Msisdn,
    payment::gepg::{
        Keys, SUBMIT_PATH,
        codes::{self, Codes},
        envelope::LARGEST,
        message::{Acknowledges, BillAnswer, BillResponse, BillSubmission, SubmittedBill},
    },
    store::{SandboxBill, Store, StoreError},
};

/// What the desk works with.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) store: Arc<dyn Store>,
    pub(super) keys: Arc<Keys>,
    pub(super) courier: Courier,
    pub(super) sp_code: String,
}

/// A bill, and its payer's phone.
type Submitted = (Msisdn, SubmittedBill);

/// The desk's one address.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route(SUBMIT_PATH, routing::post(submit))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(desk)
}

async fn submit(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    let code = match desk.read(&headers, &body) {
        Ok(submitted) => match desk.take(&submitted).await {
            Ok(()) => codes::SUCCESS,
            Err(error) => return unavailable(&error),
        },
        Err(code) => code,
    };
    desk.acknowledge(code).await
}

fn unavailable(error: &StoreError) -> Response {
    let cause: &dyn std::error::Error = error;
    tracing::error!(cause, "the sandbox gateway could not keep a bill");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

impl Desk {
    /// The bills with their payers' phones, or the code that refuses them.
    fn read(&self, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Submitted>, u16> {
        let envelope = self.keys.open(body).map_err(|_| codes::INVALID_SIGNATURE)?;
        let submission =
            BillSubmission::read(envelope.message).map_err(|_| codes::INVALID_REQUEST)?;
        if submission.sp_code != self.sp_code {
            return Err(codes::UNKNOWN_PROVIDER);
        }
        let header = headers.get("Gepg-Code").and_then(|code| code.to_str().ok());
        if header != Some(&self.sp_code) {
            return Err(codes::HEADER_MISMATCH);
        }
        submission
            .bills
            .into_iter()
            .map(|bill| Some((Msisdn::parse(&bill.payer.phone).ok()?, bill)))
            .collect::<Option<_>>()
            .ok_or(codes::INVALID_REQUEST)
    }

    /// Keeps the bills, gives each its number and has the numbers brought.
    async fn take(&self, submitted: &[Submitted]) -> Result<(), StoreError> {
        let mut transaction = self.store.write().await?;
        let mut taken = Vec::new();
        for (phone, bill) in submitted {
            let mut bills = transaction.sandbox();
            let bill = bills
                .take_bill(&bill.id, bill.amount, &bill.payer.name, phone)
                .await?;
            taken.push(answer(bill));
        }
        transaction.commit().await?;
        let response = BillResponse { answers: taken };
        self.courier.send(Letter::Bill(response));
        Ok(())
    }

    async fn acknowledge(self: Arc<Self>, code: u16) -> Response {
        let ack = Acknowledges::BillSubmission.write(&Codes::one(code));
        let sealed = tokio::task::spawn_blocking(move || self.keys.seal(&ack)).await;
        match sealed {
            Ok(Ok(body)) => ([(CONTENT_TYPE, "application/xml")], body).into_response(),
            Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

fn answer(bill: SandboxBill) -> BillAnswer {
    BillAnswer {
        bill: bill.bill,
        number: bill.number.to_string(),
        succeeded: true,
        codes: Codes::one(codes::SUCCESS),
    }
}
