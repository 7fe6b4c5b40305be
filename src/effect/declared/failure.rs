use crate::{http, menu::declared::Unfit};

/// Why a call has no answer. For the operator: it names nothing that was sent or answered.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration does not list the host.
    #[error("the host is not in NYOTA_CALL_HOSTS")]
    NotListed,
    /// The host's address is not one that anyone may reach.
    #[error("the host leads to a private address, and is not in NYOTA_CALL_PRIVATE_HOSTS")]
    Private,
    /// It could not be filled in.
    #[error("the request cannot be made: {0}")]
    Unfit(#[from] Unfit),
    /// Header or address are none that HTTP knows.
    #[error("the request cannot be written")]
    Unwritable,
    /// Too many wait for this host.
    #[error("too many calls wait for this host")]
    Crowded,
    /// It failed often, and is left alone for a while.
    #[error("this host failed several times in a row and is left alone for some seconds")]
    Resting,
    /// Nobody there, or not in time.
    #[error("no answer in time")]
    NoAnswer,
    /// The connection could not be made, or broke.
    #[error("the connection failed")]
    Broken,
    /// An error of the other side that no outcome names.
    #[error("it answered with status {0}")]
    Status(u16),
    /// More than is read.
    #[error("the answer is longer than 64 KiB")]
    TooLarge,
}

impl Failure {
    /// Whether another try may go better.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::NoAnswer | Self::Broken | Self::Status(_) => true,
            Self::NotListed
            | Self::Private
            | Self::Unfit(_)
            | Self::Unwritable
            | Self::Crowded
            | Self::Resting
            | Self::TooLarge => false,
        }
    }
}

impl From<http::Failure> for Failure {
    fn from(failure: http::Failure) -> Self {
        match failure {
            http::Failure::Private => Self::Private,
            http::Failure::Unwritable => Self::Unwritable,
            http::Failure::Unreached | http::Failure::Broken => Self::Broken,
            http::Failure::TooLarge => Self::TooLarge,
        }
    }
}
