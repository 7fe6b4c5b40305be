use async_trait::async_trait;

use super::{columns::Columns, tables::Tables};
use crate::store::{
    Matched, MessageState, Messages, NewReceipt, Receipt, Receipts, Result, TheirId, their_id::word,
};

#[async_trait]
impl Receipts for Tables<'_> {
    async fn keep(&mut self, receipt: &NewReceipt) -> Result<Option<Matched>> {
        let told = &receipt.told;
        let matched = self.told(told).await?;
        let statement = sqlx::query(
            "INSERT INTO receipts (route, message, their_id, state, raw_status, error_code, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(told.route.clone())
        .bind(matched.map(|matched| matched.id))
        .bind(told.their_id.as_ref().map(|id| id.as_str().to_owned()))
        .bind(told.state.as_str())
        .bind(receipt.raw_status.as_deref().map(word))
        .bind(told.error_code.as_deref().map(word))
        .bind(told.at);
        self.change("keep a receipt", statement).await?;
        Ok(matched)
    }

    async fn of(&mut self, message: i64) -> Result<Vec<Receipt>> {
        let statement =
            sqlx::query("SELECT * FROM receipts WHERE message = $1 ORDER BY id LIMIT 50")
                .bind(message);
        let rows = self.all("receipt", statement).await?;
        rows.iter().map(receipt).collect()
    }
}

fn receipt(row: &Columns<'_>) -> Result<Receipt> {
    Ok(Receipt {
        id: row.get("id")?,
        route: row.get("route")?,
        their_id: row.parsed_if_there("their_id", TheirId::parse)?,
        state: row.parsed("state", MessageState::parse)?,
        raw_status: row.get("raw_status")?,
        error_code: row.get("error_code")?,
        received_at: row.time("received_at")?,
    })
}
