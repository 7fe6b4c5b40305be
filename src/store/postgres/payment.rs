use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    columns::Columns,
    tables::{Statement, Tables, text},
};
use crate::{
    model::{ControlNumber, MemberNumber, Msisdn},
    store::{NewPayment, Payment, PaymentState, Payments, Recorded, Result},
};

#[async_trait]
impl Payments for Tables<'_> {
    async fn record(&mut self, payment: &NewPayment) -> Result<Recorded> {
        let statement = insert(payment);
        if self.changes("record a payment", statement).await? {
            return Ok(Recorded::New);
        }
        let statement = self
            .keyed("SELECT payload_hash FROM payments WHERE provider = $1 AND provider_key = $2")
            .bind(payment.provider.clone())
            .bind(text(&payment.provider_key));
        let known = self.one("payment", statement).await?;
        let hash: Option<Vec<u8>> = known.map(|row| row.get("payload_hash")).transpose()?;
        Ok(match hash {
            Some(hash) if hash == payment.payload_hash => Recorded::Again,
            _ => Recorded::Conflict,
        })
    }

    async fn get(&mut self, id: &str) -> Result<Option<Payment>> {
        let statement = self.keyed("SELECT * FROM payments WHERE id = $1");
        let statement = statement.bind(id.to_owned());
        self.payment(statement).await
    }

    async fn by_reference(&mut self, provider: &str, reference: &str) -> Result<Option<Payment>> {
        // Looked for before a payment is recorded: those with one reference go one after the other.
        let name = [provider.as_bytes(), reference.as_bytes()];
        self.hold("payments.reference", &name).await?;
        let statement = self.keyed(
            "SELECT * FROM payments WHERE provider = $1 AND reference = $2 ORDER BY row LIMIT 1",
        )
        .bind(provider.to_owned())
        .bind(text(reference));
        self.payment(statement).await
    }

    async fn last(
        &mut self,
        phone: &Msisdn,
        member: Option<MemberNumber>,
    ) -> Result<Option<Payment>> {
        let statement = sqlx::query(
            "SELECT * FROM payments WHERE bill IN (
                SELECT bill FROM bill_phones WHERE phone_index = $1
                UNION SELECT id FROM bills WHERE member = $2)
             ORDER BY paid_at DESC, row DESC LIMIT 1",
        )
        .bind(self.index(phone))
        .bind(member.map(|member| member.to_string()));
        self.payment(statement).await
    }

    async fn activate(&mut self, id: &str, now: DateTime<Utc>) -> Result<bool> {
        let statement = sqlx::query(
            "UPDATE payments SET state = 'activated', activated_at = $1
             WHERE id = $2 AND state = 'posted'",
        )
        .bind(now)
        .bind(id.to_owned());
        self.changes("activate a payment", statement).await
    }

    async fn quarantined(&mut self) -> Result<u64> {
        let sql = "SELECT count(*) AS number FROM payments WHERE state = 'quarantined'";
        self.number("payment", sql).await
    }
}

impl Tables<'_> {
    async fn payment(&mut self, statement: Statement) -> Result<Option<Payment>> {
        let row = self.one("payment", statement).await?;
        row.map(|row| payment(&row)).transpose()
    }
}

fn insert(payment: &NewPayment) -> Statement {
    sqlx::query(
        "INSERT INTO payments (id, provider, provider_key, payload_hash, reference, receipt, bill,
            number, minor, currency, paid_at, received_at, recorded_state, state, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)
         ON CONFLICT (provider, provider_key) DO NOTHING",
    )
    .bind(payment.id.clone())
    .bind(payment.provider.clone())
    .bind(text(&payment.provider_key))
    .bind(payment.payload_hash.to_vec())
    .bind(text(&payment.reference))
    .bind(text(&payment.receipt))
    .bind(payment.bill.clone())
    .bind(payment.number.map(|number| number.to_string()))
    .bind(payment.paid.minor)
    .bind(payment.paid.currency.to_string())
    .bind(payment.paid_at)
    .bind(payment.received_at)
    .bind(payment.state.as_str())
    .bind(text(&payment.reason))
}

fn payment(row: &Columns<'_>) -> Result<Payment> {
    let hash: Vec<u8> = row.get("payload_hash")?;
    let recorded = NewPayment {
        id: row.get("id")?,
        provider: row.get("provider")?,
        provider_key: row.get("provider_key")?,
        payload_hash: hash
            .try_into()
            .map_err(|_| row.unreadable("payload_hash"))?,
        reference: row.get("reference")?,
        receipt: row.get("receipt")?,
        bill: row.get("bill")?,
        number: row.parsed_if_there("number", |text| ControlNumber::parse(text).ok())?,
        paid: row.amount()?,
        paid_at: row.time("paid_at")?,
        received_at: row.time("received_at")?,
        state: row.parsed("recorded_state", PaymentState::parse)?,
        reason: row.get("reason")?,
    };
    Ok(Payment {
        recorded,
        state: row.parsed("state", PaymentState::parse)?,
    })
}
