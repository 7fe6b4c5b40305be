use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::Result;
use crate::model::{Amount, ControlNumber, MemberNumber, Msisdn};

/// Cover that was bought in the demo. What a demo member has without buying is in `scheme::sandbox`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxPolicy {
    /// Whose.
    pub member: MemberNumber,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What was paid.
    pub paid: Amount,
    /// The payment's reference; a second premium with it is the same one.
    pub receipt: String,
}

/// A bill as the sandbox payment gateway holds it.
#[derive(Clone, Debug)]
pub struct SandboxBill {
    /// The service provider's bill id.
    pub bill: String,
    /// The control number that the gateway allotted.
    pub number: ControlNumber,
    /// How much.
    pub amount: Amount,
    /// Whose phone the bill names.
    pub phone: Msisdn,
    /// The payer's name.
    pub payer: String,
    /// When it was paid; `None` while it is open.
    pub paid_at: Option<DateTime<Utc>>,
}

/// The demo's world: what is not ours but the scheme's and the gateway's.
#[async_trait]
pub trait Sandbox: Send {
    /// Writes cover; false where its receipt is there.
    async fn add_policy(&mut self, policy: &SandboxPolicy) -> Result<bool>;

    /// The member's bought cover that ends last.
    async fn last_policy(&mut self, member: MemberNumber) -> Result<Option<SandboxPolicy>>;

    /// Takes a bill and allots it the next control number; gives the one it has where its id is
    /// there.
    async fn take_bill(
        &mut self,
        bill: &str,
        amount: Amount,
        payer: &str,
        phone: &Msisdn,
    ) -> Result<SandboxBill>;

    /// The bill with this control number.
    async fn bill(&mut self, number: ControlNumber) -> Result<Option<SandboxBill>>;

    /// Marks it paid; false where it was.
    async fn pay_bill(&mut self, number: ControlNumber, now: DateTime<Utc>) -> Result<bool>;
}
