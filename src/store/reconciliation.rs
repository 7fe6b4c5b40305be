use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::Result;

/// A request for the payments of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReconciliation {
    /// The provider: `gepg`.
    pub provider: String,
    /// Whose payments.
    pub sp_code: String,
    /// Which day, as the gateway counts days.
    pub day: NaiveDate,
    /// The request's id.
    pub request: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
}

/// A request, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Its row.
    pub id: i64,
    /// As it was asked.
    pub asked: NewReconciliation,
    /// When it was answered with the day's payments; none while it was not.
    pub answered_at: Option<DateTime<Utc>>,
    /// The codes of the last answer.
    pub codes: String,
}

/// What a row of the gateway's list was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Finding {
    /// We know it, as it is told.
    Known,
    /// No notice of it came: it was made from the row.
    Rebuilt,
    /// We know it otherwise.
    Differs,
}

impl Finding {
    /// Every finding.
    pub const ALL: [Self; 3] = [Self::Known, Self::Rebuilt, Self::Differs];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Rebuilt => "rebuilt",
            Self::Differs => "differs",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// Reconciliations.
#[async_trait]
pub trait Reconciliations: Send {
    /// Writes a request down before it is sent; false where its id is there already.
    async fn ask(&mut self, request: &NewReconciliation) -> Result<bool>;

    /// The request with this id.
    async fn by_request(&mut self, request: &str) -> Result<Option<Reconciliation>>;

    /// The newest request about a day.
    async fn newest(
        &mut self,
        provider: &str,
        sp_code: &str,
        day: NaiveDate,
    ) -> Result<Option<Reconciliation>>;

    /// Notes the codes of an answer; where it holds the day's payments also when it came.
    async fn answer(
        &mut self,
        id: i64,
        codes: &str,
        answered_at: Option<DateTime<Utc>>,
    ) -> Result<()>;

    /// Notes what a row of the answer was found to be, once for its place.
    async fn find(&mut self, id: i64, place: u32, payment: &str, finding: Finding) -> Result<()>;

    /// The rows of an answer in their order: our payment and what was found.
    async fn rows(&mut self, id: i64) -> Result<Vec<(String, Finding)>>;
}
