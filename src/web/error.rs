use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

/// Why a request is not served: one sentence for whoever made it. Never what was in the request,
/// never a library's message.
///
/// What the profile of an aggregator refuses is answered in that aggregator's own form, not by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No such address.
    #[error("There is nothing at this address.")]
    NotFound,
    /// The address takes other methods.
    #[error("This address does not take requests of this method.")]
    Method,
    /// No profile has the name in the address.
    #[error("No gateway has this name. The names are those of the files in gateways/.")]
    UnknownGateway,
    /// The body is too long.
    #[error("The body is longer than {0} bytes.")]
    TooLong(usize),
    /// The body did not come in time.
    #[error("The body did not come within {0} seconds.")]
    TooSlow(u64),
    /// The body stopped coming.
    #[error("The body could not be read to its end.")]
    BrokenBody,
    /// The demo is for one machine only.
    #[error(
        "This is the demo: it serves this machine only and refuses requests that were forwarded."
    )]
    Forwarded,
    /// The Host header names another machine.
    #[error("This is the demo: open it as http://127.0.0.1 or http://localhost.")]
    ForeignHost,
    /// Another site's page sent it.
    #[error("This request came from a page of another site.")]
    ForeignPage,
    /// The simulator asked with something that is no phone number.
    #[error("A phone number is written as + and 7 to 15 digits.")]
    NotAPhone,
    /// It is not among the last ones.
    #[error("This gateway has no such request among its last ones.")]
    NoRequest,
    /// A phone that has not called.
    #[error("This phone has no dialogue.")]
    NoDialogue,
    /// The simulator's payment could not be read.
    #[error("A payment is written as {{\"phone\": …, \"control_number\": …}}.")]
    NotAPayment,
    /// Not a control number.
    #[error("A control number has twelve digits and begins with 99.")]
    NotAControlNumber,
    /// The process goes.
    #[error("This node is ending. Calls go to another.")]
    Leaving,
    /// What must last cannot be kept just now.
    #[error("This cannot be kept just now. Send it again.")]
    Away,
    /// A fault of ours; it is logged where it happened.
    #[error("Something failed here. It has been logged.")]
    Internal,
}

impl Error {
    /// The status that says so.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownGateway | Self::NoRequest | Self::NoDialogue => {
                StatusCode::NOT_FOUND
            }
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::BrokenBody | Self::NotAPhone | Self::NotAPayment | Self::NotAControlNumber => {
                StatusCode::BAD_REQUEST
            }
            Self::Forwarded | Self::ForeignPage => StatusCode::FORBIDDEN,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Leaving | Self::Away => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let plain = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
        (self.status(), plain, format!("{self}\n")).into_response()
    }
}
