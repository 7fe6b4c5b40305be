//! A phone pays a control number through the demo's payment gateway, as with mobile money.

use axum::{
    Extension, Json,
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    model::{ControlNumber, Language, Msisdn},
    sandbox::PayError,
    web::{Demo, Error, body},
};

const LONGEST: usize = 1024;

/// `POST /simulator/pay`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    phone: String,
    control_number: String,
}

#[derive(Serialize)]
struct Taken {
    amount: String,
}

#[derive(Serialize)]
struct Refused {
    error: String,
}

pub(super) async fn pay(Extension(demo): Extension<Demo>, body: Body) -> Response {
    let (number, phone) = match read(body).await {
        Ok(payment) => payment,
        Err(error) => return refuse(error.status(), error.to_string()),
    };
    match demo.gateway.pay(number, &phone).await {
        Ok(amount) => {
            let amount = amount.print(Language::ENGLISH);
            (StatusCode::ACCEPTED, Json(Taken { amount })).into_response()
        }
        Err(error) => refused(&error),
    }
}

async fn read(body: Body) -> Result<(ControlNumber, Msisdn), Error> {
    let raw = body::read(body, LONGEST).await?;
    let payment: Payment = serde_json::from_slice(&raw).map_err(|_| Error::NotAPayment)?;
    let number = ControlNumber::parse(&payment.control_number);
    let phone = Msisdn::parse(&payment.phone);
    Ok((
        number.map_err(|_| Error::NotAControlNumber)?,
        phone.map_err(|_| Error::NotAPhone)?,
    ))
}

fn refused(error: &PayError) -> Response {
    let (status, sentence) = match error {
        PayError::Unknown(_) => (StatusCode::NOT_FOUND, "No bill has this control number."),
        PayError::Paid(_) => (StatusCode::CONFLICT, "This control number is paid already."),
        PayError::Closed(_) => {
            let sentence = "This control number cannot be paid any more.";
            (StatusCode::CONFLICT, sentence)
        }
        PayError::Store(error) => {
            tracing::error!(%error, "a payment of the simulator could not be kept: {error}");
            let sentence = "The payment did not go through. Try again.";
            (StatusCode::SERVICE_UNAVAILABLE, sentence)
        }
    };
    refuse(status, sentence.to_owned())
}

fn refuse(status: StatusCode, error: String) -> Response {
    (status, Json(Refused { error })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reading(body: &str) -> Result<(ControlNumber, Msisdn), Error> {
        read(Body::from(body.to_owned())).await
    }

    #[test]
    fn what_the_gateway_refuses_is_said_by_status_and_sentence() {
        let number = ControlNumber::parse("991000000001").unwrap();
        let unknown = refused(&PayError::Unknown(number));
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        let paid = refused(&PayError::Paid(number));
        assert_eq!(paid.status(), StatusCode::CONFLICT);
    }

    #[tokio::test]
    async fn a_payment_is_read_or_refused_with_a_sentence() {
        let right = r#"{"phone":"+255700000001","control_number":"9910 0000 0001"}"#;
        let (number, phone) = reading(right).await.unwrap();
        assert_eq!(number.to_string(), "991000000001");
        assert_eq!(phone.e164(), "+255700000001");
        for (body, error) in [
            ("", Error::NotAPayment),
            (r#"{"phone":"+255700000001"}"#, Error::NotAPayment),
            (
                r#"{"phone":"+255700000001","control_number":"1"}"#,
                Error::NotAControlNumber,
            ),
            (
                r#"{"phone":"1","control_number":"991000000001"}"#,
                Error::NotAPhone,
            ),
        ] {
            assert_eq!(reading(body).await, Err(error), "{body}");
        }
    }
}
