use async_trait::async_trait;

use super::tables::Tables;
use crate::{
    model::Currency,
    store::{Account, Ledger, Posting, Result},
};

#[async_trait]
impl Ledger for Tables<'_> {
    async fn post(&mut self, posting: &Posting) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO ledger (reference, debit, credit, minor, currency, posted_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (reference) DO NOTHING",
        )
        .bind(posting.reference.clone())
        .bind(posting.debit.as_str())
        .bind(posting.credit.as_str())
        .bind(posting.amount.minor)
        .bind(posting.amount.currency.to_string())
        .bind(posting.posted_at);
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
}
