use async_trait::async_trait;

use super::{
    columns::Columns,
    tables::{Statement, Tables},
};
use crate::{
    model::Currency,
    store::{Account, Ledger, Posting, Result},
};

#[async_trait]
impl Ledger for Tables<'_> {
    async fn post(&mut self, posting: &Posting) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO ledger (reference, debit, credit, minor, currency, posted_at, bill,
                payment, party)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (reference) DO NOTHING",
        )
        .bind(posting.reference.clone())
        .bind(posting.debit.as_str())
        .bind(posting.credit.as_str())
        .bind(posting.amount.minor)
        .bind(posting.amount.currency.to_string())
        .bind(posting.posted_at)
        .bind(posting.bill.clone())
        .bind(posting.payment.clone())
        .bind(posting.party.clone());
        self.changes("post to the ledger", statement).await
    }

    async fn balance(&mut self, account: Account, currency: Currency) -> Result<i64> {
        let statement = sqlx::query(
            "SELECT coalesce(sum(minor), 0)::BIGINT AS minor FROM ledger_balances
             WHERE account = $1 AND currency = $2",
        )
        .bind(account.as_str())
        .bind(currency.to_string());
        let row = self.one("balance", statement).await?;
        row.map_or(Ok(0), |row| row.get("minor"))
    }

    async fn contributed(&mut self, bill: &str) -> Result<i64> {
        let statement = sqlx::query(
            "SELECT coalesce(sum(CASE 'contributions_due' WHEN credit THEN minor
                WHEN debit THEN -minor ELSE 0 END), 0)::BIGINT AS minor
             FROM ledger WHERE bill = $1",
        )
        .bind(bill.to_owned());
        self.ledger_sum(statement).await
    }

    async fn credit_of(&mut self, party: &str, currency: Currency) -> Result<i64> {
        self.hold("ledger.party", &[party.as_bytes()]).await?;
        let statement = sqlx::query(
            "SELECT coalesce(sum(CASE 'member_credit' WHEN credit THEN minor
                WHEN debit THEN -minor ELSE 0 END), 0)::BIGINT AS minor
             FROM ledger WHERE party = $1 AND currency = $2",
        )
        .bind(party.to_owned())
        .bind(currency.to_string());
        self.ledger_sum(statement).await
    }

    async fn held(&mut self, payment: &str) -> Result<i64> {
        let statement = sqlx::query(
            "SELECT coalesce(sum(CASE 'suspense' WHEN credit THEN minor
                WHEN debit THEN -minor ELSE 0 END), 0)::BIGINT AS minor
             FROM ledger WHERE payment = $1",
        )
        .bind(payment.to_owned());
        self.ledger_sum(statement).await
    }
}

impl Tables<'_> {
    async fn ledger_sum(&mut self, statement: Statement) -> Result<i64> {
        let row = self.one("sum of the ledger", statement).await?;
        row.map_or(Ok(0), |row| row.get("minor"))
    }
}

pub(super) fn posting(row: &Columns<'_>) -> Result<Posting> {
    Ok(Posting {
        reference: row.get("reference")?,
        debit: row.parsed("debit", Account::parse)?,
        credit: row.parsed("credit", Account::parse)?,
        amount: row.amount()?,
        posted_at: row.time("posted_at")?,
        bill: row.get("bill")?,
        payment: row.get("payment")?,
        party: row.get("party")?,
    })
}
