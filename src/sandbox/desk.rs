//! The gateway's desk: takes signed requests and says with a signed code what it makes of them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing,
};

use super::{book::Cancelling, courier::Letter, gateway::Office, misbehaviour::Misbehaviour};
use crate::{
    model::{ControlNumber, Msisdn, local_day},
    payment::{
        gepg::{
            Dialect, Paths, codes,
            envelope::LARGEST,
            message::{
                Acknowledgement, Acknowledges, BillResponse, BillSubmission, Cancellation,
                CancellationResponse, Ids, Purpose, PushRequest, ReconciliationRequest,
                ReconciliationResponse, SubmittedBill,
            },
        },
        told::{Cancelled, Numbered, Reconciled},
    },
    store::StoreError,
};

/// How long a request is kept waiting that is never to be answered.
const NEVER: Duration = Duration::from_mins(5);

/// What a request is answered with.
enum Reply {
    Code(u16),
    Message(String),
    /// Nothing, for longer than anyone waits.
    Silence,
    /// No such address for this message.
    NotHere,
    Broken(StoreError),
}

/// A request that was signed rightly.
struct Request {
    path: String,
    dialect: Dialect,
    command: String,
    text: String,
}

/// The desk's addresses: which message goes to which, the message's name and purpose say.
pub(super) fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/api/{*path}", routing::post(take))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(office)
}

async fn take(
    State(office): State<Arc<Office>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (kind, dialect, id, reply) = match office.read(uri.path(), &headers, &body) {
        Ok(request) => office.work(&request).await,
        Err(code) => {
            let dialect = if uri.path().contains("/20/") {
                Dialect::V5
            } else {
                Dialect::V4
            };
            let kind = Acknowledges::BillSubmission;
            (kind, dialect, String::new(), Reply::Code(code))
        }
    };
    match reply {
        Reply::Code(code) => office.say(acknowledgement(kind, dialect, id, code)).await,
        Reply::Message(text) => office.say(text).await,
        Reply::Silence => {
            tokio::time::sleep(NEVER).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        Reply::NotHere => StatusCode::NOT_FOUND.into_response(),
        Reply::Broken(error) => {
            let cause: &dyn std::error::Error = &error;
            tracing::error!(cause, "the sandbox gateway could not keep what it was sent");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn acknowledgement(of: Acknowledges, dialect: Dialect, answered: String, code: u16) -> String {
    let acknowledgement = Acknowledgement {
        of,
        dialect,
        ids: Ids {
            own: format!("GW{answered}"),
            answered,
        },
        codes: codes::one(code),
    };
    acknowledgement.write()
}

/// What one request comes to: what acknowledges it, in which dialect, its id, and the reply.
type Outcome = (Acknowledges, Dialect, String, Reply);

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl Office {
    /// The request, or the code that refuses it.
    fn read(&self, path: &str, headers: &HeaderMap, body: &[u8]) -> Result<Request, u16> {
        let now = self.clock.now();
        let envelope = self
            .keys
            .open(body, now)
            .map_err(|_| codes::INVALID_SIGNATURE)?;
        let command = header(headers, "Gepg-Com").ok_or(codes::MISSING_HEADER)?;
        let code = header(headers, "Gepg-Code").ok_or(codes::MISSING_HEADER)?;
        if code != self.sp_code {
            return Err(codes::HEADER_MISMATCH);
        }
        if envelope.dialect == Dialect::V5 && header(headers, "Gepg-Alg").is_none() {
            return Err(codes::MISSING_HEADER);
        }
        Ok(Request {
            path: path.to_owned(),
            dialect: envelope.dialect,
            command: command.to_owned(),
            text: envelope.message.to_owned(),
        })
    }

    async fn say(self: Arc<Self>, text: String) -> Response {
        match self.notary.seal(text).await {
            Ok(body) => ([(CONTENT_TYPE, "application/xml")], body).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    async fn work(&self, request: &Request) -> Outcome {
        let Request { dialect, text, .. } = request;
        let submission = Acknowledges::BillSubmission;
        if let Ok(message) = BillSubmission::read(text) {
            let id = message.request.clone();
            return (
                submission,
                *dialect,
                id,
                self.submission(request, message).await,
            );
        }
        if let Ok(message) = Cancellation::read(text) {
            let id = message.request.clone();
            return (
                submission,
                *dialect,
                id,
                self.cancellation(request, &message),
            );
        }
        if let Ok(message) = ReconciliationRequest::read(text) {
            let id = message.request.clone();
            let kind = Acknowledges::ReconciliationRequest;
            return (kind, *dialect, id, self.reconciliation(request, &message));
        }
        if let Ok((id, number)) = PushRequest::read(text) {
            let reply = self.push(request, &number).await;
            return (Acknowledges::Push, *dialect, id, reply);
        }
        let reply = Reply::Code(codes::INVALID_REQUEST);
        (submission, *dialect, String::new(), reply)
    }

    async fn submission(&self, request: &Request, message: BillSubmission) -> Reply {
        let paths = paths(request.dialect);
        let (path, command) = match message.purpose {
            Purpose::New => (paths.submit, "default.sp.in"),
            Purpose::Reuse(_) => (paths.reuse, "reusebill.sp.in"),
            Purpose::Change(_) => (paths.change, "changebill.sp.in"),
        };
        if request.path != path {
            return Reply::NotHere;
        }
        if request.command != command {
            return Reply::Code(codes::MISSING_HEADER);
        }
        if message.party.sp_code != self.sp_code {
            return Reply::Code(codes::UNKNOWN_PROVIDER);
        }
        if let Some(code) = self.refusal() {
            return Reply::Code(code);
        }
        match message.purpose {
            Purpose::Change(_) => self.change(&message),
            Purpose::New | Purpose::Reuse(_) => self.bills(request.dialect, message).await,
        }
    }

    /// The code of an ill mood.
    fn refusal(&self) -> Option<u16> {
        [
            (Misbehaviour::TooMany, codes::TOO_MANY),
            (Misbehaviour::Configuration, codes::UNKNOWN_PROVIDER),
            (Misbehaviour::Refuse, codes::INVALID_REQUEST),
        ]
        .into_iter()
        .find(|(kind, _)| self.mood.has(*kind))
        .map(|(_, code)| code)
    }

    fn change(&self, message: &BillSubmission) -> Reply {
        let known = message
            .bills
            .iter()
            .all(|bill| self.book.extend(&bill.id, bill.expires_at));
        Reply::Code(if known {
            codes::UPDATED
        } else {
            codes::NO_SUCH_BILL
        })
    }

    async fn bills(&self, dialect: Dialect, message: BillSubmission) -> Reply {
        let mut answers = Vec::new();
        for bill in &message.bills {
            match self.take_bill(dialect, bill).await {
                Ok(Some(answer)) => answers.push(answer),
                Ok(None) => return Reply::Code(codes::INVALID_REQUEST),
                Err(error) => return Reply::Broken(error),
            }
        }
        let response = BillResponse {
            ids: Ids {
                own: format!("GW{}", message.request),
                answered: message.request,
            },
            group: message
                .bills
                .first()
                .map(|bill| bill.id.clone())
                .unwrap_or_default(),
            answers,
        };
        let text = response.write(dialect);
        if self.mood.has(Misbehaviour::AtOnce) {
            return Reply::Message(text);
        }
        self.courier.send(Letter {
            of: Acknowledges::BillResponse,
            text,
        });
        if self.mood.has(Misbehaviour::TimeOut) {
            Reply::Silence
        } else {
            Reply::Code(codes::SUCCESS)
        }
    }

    /// Keeps a bill and gives it its number; nothing where it has no amount. One without a phone, as
    /// a pool's is, gets the number of the gateway's own.
    async fn take_bill(
        &self,
        dialect: Dialect,
        bill: &SubmittedBill,
    ) -> Result<Option<Numbered>, StoreError> {
        let phone = Msisdn::parse(&bill.payer.phone).or_else(|_| Msisdn::parse(NO_PHONE));
        let (Some(amount), Ok(phone)) = (bill.amount, phone) else {
            return Ok(None);
        };
        let mut transaction = self.store.write().await?;
        let kept = transaction
            .sandbox()
            .take_bill(&bill.id, amount, &bill.payer.name, &phone)
            .await?;
        transaction.commit().await?;
        self.book.note(&bill.id, dialect, bill.expires_at);
        if let Some(number) = bill.reuse {
            self.book.give_again(number, kept.number);
        }
        let number = bill.reuse.unwrap_or(kept.number);
        Ok(Some(Numbered {
            bill: kept.bill,
            number: Some(number),
            group_number: Some(number),
            succeeded: true,
            codes: codes::one(codes::SUCCESS),
        }))
    }

    fn cancellation(&self, request: &Request, message: &Cancellation) -> Reply {
        if request.path != paths(request.dialect).cancel {
            return Reply::NotHere;
        }
        let answers = message.bills.iter().map(|bill| {
            let code = match self.book.cancel(bill) {
                Cancelling::Done => codes::CANCELLED,
                Cancelling::Paid => codes::SETTLED,
                Cancelling::NoSuchBill => codes::NO_SUCH_BILL,
            };
            Cancelled {
                bill: bill.clone(),
                codes: codes::one(code),
            }
        });
        let response = CancellationResponse {
            ids: Ids {
                own: format!("GW{}", message.request),
                answered: message.request.clone(),
            },
            answers: answers.collect(),
        };
        Reply::Message(response.write(request.dialect))
    }

    fn reconciliation(&self, request: &Request, message: &ReconciliationRequest) -> Reply {
        if request.path != paths(request.dialect).reconcile {
            return Reply::NotHere;
        }
        if self.mood.has(Misbehaviour::NotReady) {
            return Reply::Code(codes::NOT_READY);
        }
        if message.day > local_day(self.clock.now()) {
            return Reply::Code(codes::OUT_OF_RANGE);
        }
        let response = ReconciliationResponse {
            reconciled: Reconciled {
                request: message.request.clone(),
                response: format!("GW{}", message.request),
                sp_code: message.sp_code.clone(),
                codes: codes::one(codes::SUCCESS),
                rows: self.book.paid_on(message.day),
            },
            name: message.system_id.clone(),
        };
        self.courier.send(Letter {
            of: Acknowledges::ReconciliationResponse,
            text: response.write(request.dialect),
        });
        Reply::Code(codes::SUCCESS)
    }

    /// The payer says yes at once.
    async fn push(&self, request: &Request, number: &str) -> Reply {
        if request.path != paths(request.dialect).push {
            return Reply::NotHere;
        }
        let Ok(number) = ControlNumber::parse(number) else {
            return Reply::Code(codes::INVALID_REQUEST);
        };
        match self.pay_pushed(number).await {
            Ok(code) => Reply::Code(code),
            Err(error) => Reply::Broken(error),
        }
    }
}

fn paths(dialect: Dialect) -> Paths {
    match dialect {
        Dialect::V4 => Paths::v4(),
        Dialect::V5 => Paths::v5(),
    }
}

/// Whose phone a bill of a pool has.
const NO_PHONE: &str = "255700000000";
