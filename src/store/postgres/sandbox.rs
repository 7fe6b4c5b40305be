use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{columns::Columns, tables::Tables};
use crate::{
    model::{Amount, ControlNumber, MemberNumber, Msisdn},
    store::{Result, Sandbox, SandboxBill, SandboxPolicy, StoreError},
};

/// What the sandbox gateway's control numbers begin with; the bill's row is the rest.
const PREFIX: &str = "991";

#[async_trait]
impl Sandbox for Tables<'_> {
    async fn add_policy(&mut self, policy: &SandboxPolicy) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO sandbox_policies (member, from_day, to_day, minor, currency, receipt)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (receipt) DO NOTHING",
        )
        .bind(policy.member.to_string())
        .bind(policy.from)
        .bind(policy.to)
        .bind(policy.paid.minor)
        .bind(policy.paid.currency.to_string())
        .bind(policy.receipt.clone());
        self.changes("write cover", statement).await
    }

    async fn last_policy(&mut self, member: MemberNumber) -> Result<Option<SandboxPolicy>> {
        let statement = sqlx::query(
            "SELECT * FROM sandbox_policies WHERE member = $1 ORDER BY to_day DESC LIMIT 1",
        )
        .bind(member.to_string());
        let row = self.one("policy", statement).await?;
        row.map(|row| policy(&row)).transpose()
    }

    async fn take_bill(
        &mut self,
        bill: &str,
        amount: Amount,
        payer: &str,
        phone: &Msisdn,
    ) -> Result<SandboxBill> {
        // Control numbers come in sequence, without those that were undone.
        self.hold("sandbox_bills", &[]).await?;
        let statement = sqlx::query(
            "INSERT INTO sandbox_bills (id, bill, minor, currency, phone, payer)
             SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5 FROM sandbox_bills
             ON CONFLICT (bill) DO NOTHING",
        )
        .bind(bill.to_owned())
        .bind(amount.minor)
        .bind(amount.currency.to_string())
        .bind(self.seal_phone("sandbox_bills.phone", phone)?)
        .bind(self.seal("sandbox_bills.payer", payer.as_bytes())?);
        self.change("take a bill", statement).await?;
        let statement =
            sqlx::query("SELECT * FROM sandbox_bills WHERE bill = $1").bind(bill.to_owned());
        let row = self.one("bill of the sandbox", statement).await?;
        let row = row.ok_or(StoreError::Unreadable {
            noun: "bill of the sandbox",
            why: "it was taken and is not there",
        })?;
        sandbox_bill(&row)
    }

    async fn bill(&mut self, number: ControlNumber) -> Result<Option<SandboxBill>> {
        let statement = self
            .keyed("SELECT * FROM sandbox_bills WHERE id = $1")
            .bind(row_of(number));
        let row = self.one("bill of the sandbox", statement).await?;
        row.map(|row| sandbox_bill(&row)).transpose()
    }

    async fn pay_bill(&mut self, number: ControlNumber, now: DateTime<Utc>) -> Result<bool> {
        let statement =
            sqlx::query("UPDATE sandbox_bills SET paid_at = $1 WHERE id = $2 AND paid_at IS NULL")
                .bind(now)
                .bind(row_of(number));
        self.changes("pay a bill", statement).await
    }
}

fn number_of(row: i64) -> Option<ControlNumber> {
    ControlNumber::parse(&format!("{PREFIX}{row:09}")).ok()
}

/// The row of a number; `None`, which no row has, where the sandbox did not allot it.
fn row_of(number: ControlNumber) -> Option<i64> {
    number.to_string().strip_prefix(PREFIX)?.parse().ok()
}

fn policy(row: &Columns<'_>) -> Result<SandboxPolicy> {
    Ok(SandboxPolicy {
        member: row.parsed("member", |text| MemberNumber::parse(text).ok())?,
        from: row.day("from_day")?,
        to: row.day("to_day")?,
        paid: row.amount()?,
        receipt: row.get("receipt")?,
    })
}

fn sandbox_bill(row: &Columns<'_>) -> Result<SandboxBill> {
    Ok(SandboxBill {
        bill: row.get("bill")?,
        number: number_of(row.get("id")?).ok_or_else(|| row.unreadable("id"))?,
        amount: row.amount()?,
        phone: row.opened_phone("sandbox_bills.phone")?,
        payer: row.opened_text("sandbox_bills.payer")?,
        paid_at: row.get("paid_at")?,
    })
}
