use async_trait::async_trait;
use chrono::NaiveDate;

use super::Result;
use crate::model::Msisdn;

/// How many different numbers a phone asked for on a day.
#[async_trait]
pub trait Enquiries: Send {
    /// Notes that the phone asks about `subject` (stored as a MAC) and says whether it may: true
    /// while it has asked about at most `limit` different ones that day. One it asked about before
    /// on that day is free. A refusal notes nothing.
    async fn ask(
        &mut self,
        phone: &Msisdn,
        day: NaiveDate,
        subject: &str,
        limit: u32,
    ) -> Result<bool>;
}
