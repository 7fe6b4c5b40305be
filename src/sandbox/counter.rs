//! The counter: what no real gateway has, so that an integrator can pay and have things go wrong.
//!
//! `POST /sandbox/pay` with `number=…&phone=…`, and `amount=…` for another amount than the bill's;
//! `POST /sandbox/misbehave` with `as=late,twice`, or empty for none.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing,
};
use serde::Deserialize;

use super::{
    gateway::{Office, PayError},
    misbehaviour::Misbehaviour,
};
use crate::model::{Amount, ControlNumber, Currency, Msisdn};

/// What is paid, by whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    number: String,
    phone: String,
    amount: Option<String>,
}

/// What is to go wrong.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(rename = "as")]
    kinds: String,
}

pub(super) fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/sandbox/pay", routing::post(pay))
        .route("/sandbox/misbehave", routing::post(misbehave))
        .with_state(office)
}

fn wrong(sentence: impl Into<String>) -> Response {
    (StatusCode::BAD_REQUEST, sentence.into() + "\n").into_response()
}

async fn pay(State(office): State<Arc<Office>>, Form(payment): Form<Payment>) -> Response {
    let Ok(number) = ControlNumber::parse(&payment.number) else {
        return wrong("number: a control number has twelve digits and begins with 99");
    };
    let Ok(phone) = Msisdn::parse(&payment.phone) else {
        return wrong("phone: a phone is written like 255700000001");
    };
    let paid = match payment.amount {
        None => office.pay(number, &phone).await.map(drop),
        Some(text) => match Amount::parse_decimal(&text, Currency::TZS) {
            Ok(amount) => office.pay_amount(number, &phone, amount).await,
            Err(error) => return wrong(format!("amount: {error}")),
        },
    };
    match paid {
        Ok(()) => (StatusCode::ACCEPTED, "paid\n").into_response(),
        Err(error) => {
            let status = match error {
                PayError::Unknown(_) => StatusCode::NOT_FOUND,
                PayError::Paid(_) | PayError::Closed(_) => StatusCode::CONFLICT,
                PayError::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            };
            (status, format!("{error}\n")).into_response()
        }
    }
}

async fn misbehave(State(office): State<Arc<Office>>, Form(wish): Form<Wish>) -> Response {
    let kinds = wish.kinds.split(',').map(str::trim);
    let kinds: Result<Vec<Misbehaviour>, _> = kinds
        .filter(|kind| !kind.is_empty())
        .map(str::parse)
        .collect();
    match kinds {
        Ok(kinds) => {
            let said = kinds.iter().map(|kind| kind.as_str());
            let said = format!("does wrong: {}\n", said.collect::<Vec<_>>().join(", "));
            office.mood.set(kinds);
            said.into_response()
        }
        Err(error) => wrong(error.to_string()),
    }
}
