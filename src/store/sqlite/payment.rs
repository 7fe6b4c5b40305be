use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    columns::Columns,
    tables::{Statement, Tables},
};
use crate::{
    model::{ControlNumber, MemberNumber, Msisdn},
    store::{
        Booking, NewPayment, Payment, PaymentOutcome, PaymentSource, PaymentState, Payments,
        Recorded, Result, error::Tried,
    },
};

#[async_trait]
impl Payments for Tables<'_> {
    async fn record(&mut self, payment: &NewPayment) -> Result<Recorded> {
        let payer = self.sealed_payer(payment)?;
        let statement = insert(payment, payer);
        if self.changes("record a payment", statement).await? {
            return Ok(Recorded::New);
        }
        let statement = sqlx::query(
            "SELECT payload_hash FROM payments WHERE provider = ? AND provider_key = ?",
        )
        .bind(payment.provider.clone())
        .bind(payment.provider_key.clone());
        let known = self.one("payment", statement).await?;
        let hash: Option<Vec<u8>> = known.map(|row| row.get("payload_hash")).transpose()?;
        Ok(match hash {
            Some(hash) if hash == payment.payload_hash => Recorded::Again,
            _ => Recorded::Conflict,
        })
    }

    async fn get(&mut self, id: &str) -> Result<Option<Payment>> {
        let statement = sqlx::query("SELECT * FROM payments WHERE id = ?").bind(id.to_owned());
        self.payment(statement).await
    }

    async fn by_reference(&mut self, provider: &str, reference: &str) -> Result<Option<Payment>> {
        let statement = sqlx::query(
            "SELECT * FROM payments WHERE provider = ? AND reference = ? ORDER BY row LIMIT 1",
        )
        .bind(provider.to_owned())
        .bind(reference.to_owned());
        self.payment(statement).await
    }

    async fn last(
        &mut self,
        phone: &Msisdn,
        member: Option<MemberNumber>,
    ) -> Result<Option<Payment>> {
        let statement = sqlx::query(
            "SELECT * FROM payments WHERE bill IN (
                SELECT bill FROM bill_phones WHERE phone_index = ?
                UNION SELECT id FROM bills WHERE member = ?)
             ORDER BY paid_at DESC, row DESC LIMIT 1",
        )
        .bind(self.index(phone))
        .bind(member.map(|member| member.to_string()));
        self.payment(statement).await
    }

    async fn by_key(&mut self, provider: &str, key: &str) -> Result<Option<Payment>> {
        let statement =
            sqlx::query("SELECT * FROM payments WHERE provider = ? AND provider_key = ?")
                .bind(provider.to_owned())
                .bind(key.to_owned());
        self.payment(statement).await
    }

    async fn by_gateway_reference(
        &mut self,
        provider: &str,
        reference: &str,
    ) -> Result<Vec<Payment>> {
        let statement = sqlx::query(
            "SELECT * FROM payments WHERE provider = ? AND gateway_reference = ?
             ORDER BY row LIMIT 20",
        )
        .bind(provider.to_owned())
        .bind(reference.to_owned());
        self.several_payments(statement).await
    }

    async fn by_receipt(&mut self, receipt: &str) -> Result<Vec<Payment>> {
        let statement =
            sqlx::query("SELECT * FROM payments WHERE receipt = ? ORDER BY row LIMIT 20")
                .bind(receipt.to_owned());
        self.several_payments(statement).await
    }

    async fn unmatched(
        &mut self,
        bill: &str,
        number: Option<ControlNumber>,
    ) -> Result<Vec<Payment>> {
        let statement = sqlx::query(
            "SELECT * FROM payments WHERE row IN (
                SELECT row FROM payments WHERE told_bill = ?1 AND state = 'unmatched'
                UNION SELECT row FROM payments WHERE number = ?2 AND state = 'unmatched')
             ORDER BY row LIMIT 20",
        )
        .bind(bill.to_owned())
        .bind(number.map(|number| number.to_string()));
        self.several_payments(statement).await
    }

    async fn advance(
        &mut self,
        id: &str,
        from: &[PaymentState],
        to: PaymentState,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let from: Vec<_> = from.iter().map(|state| state.as_str()).collect();
        let statement = sqlx::query(
            "UPDATE payments SET state = ?, moved_at = ?
             WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(to.as_str())
        .bind(now.timestamp_micros())
        .bind(id.to_owned())
        .bind(serde_json::to_string(&from).tried("name the states of a payment")?);
        self.changes("advance a payment", statement).await
    }

    async fn book(&mut self, id: &str, booking: &Booking) -> Result<()> {
        let statement =
            sqlx::query("UPDATE payments SET bill = ?, outcome = ?, reason = ? WHERE id = ?")
                .bind(booking.bill.clone())
                .bind(booking.outcome.as_str())
                .bind(booking.reason.clone())
                .bind(id.to_owned());
        self.change("book a payment", statement).await.map(drop)
    }

    async fn quarantined(&mut self) -> Result<u64> {
        let sql = "SELECT count(*) AS number FROM payments
             WHERE state IN ('quarantined', 'unmatched')";
        self.number("payment", sql).await
    }
}

impl Tables<'_> {
    async fn payment(&mut self, statement: Statement) -> Result<Option<Payment>> {
        let row = self.one("payment", statement).await?;
        row.map(|row| payment(&row)).transpose()
    }

    async fn several_payments(&mut self, statement: Statement) -> Result<Vec<Payment>> {
        let rows = self.all("payment", statement).await?;
        rows.iter().map(payment).collect()
    }

    fn sealed_payer(&self, payment: &NewPayment) -> Result<Option<Vec<u8>>> {
        let payer = payment.payer.as_ref();
        payer
            .map(|phone| self.seal_phone("payments.payer_phone", phone))
            .transpose()
    }
}

fn insert(payment: &NewPayment, payer: Option<Vec<u8>>) -> Statement {
    sqlx::query(
        "INSERT INTO payments (id, provider, provider_key, payload_hash, reference, sp_code, gateway_reference, operator, receipt,
            channel, told_bill, told_time, source, payer_phone, bill, number, minor, currency, paid_at,
            received_at, recorded_state, state, moved_at, outcome, reason)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?21, ?21, ?20, ?22, ?23)
         ON CONFLICT (provider, provider_key) DO NOTHING",
    )
    .bind(payment.id.clone())
    .bind(payment.provider.clone())
    .bind(payment.provider_key.clone())
    .bind(payment.payload_hash.to_vec())
    .bind(payment.reference.clone())
    .bind(payment.sp_code.clone())
    .bind(payment.gateway_reference.clone())
    .bind(payment.operator.clone())
    .bind(payment.receipt.clone())
    .bind(payment.channel.clone())
    .bind(payment.told_bill.clone())
    .bind(payment.told_time.clone())
    .bind(payment.source.as_str())
    .bind(payer)
    .bind(payment.bill.clone())
    .bind(payment.number.map(|number| number.to_string()))
    .bind(payment.paid.minor)
    .bind(payment.paid.currency.to_string())
    .bind(payment.paid_at.timestamp_micros())
    .bind(payment.received_at.timestamp_micros())
    .bind(payment.state.as_str())
    .bind(payment.outcome.as_str())
    .bind(payment.reason.clone())
}

pub(super) fn payment(row: &Columns<'_>) -> Result<Payment> {
    let hash: Vec<u8> = row.get("payload_hash")?;
    let payer: Option<Vec<u8>> = row.get("payer_phone")?;
    let payer = payer.map(|_| row.opened_phone("payments.payer_phone"));
    let recorded = NewPayment {
        id: row.get("id")?,
        provider: row.get("provider")?,
        provider_key: row.get("provider_key")?,
        payload_hash: hash
            .try_into()
            .map_err(|_| row.unreadable("payload_hash"))?,
        reference: row.get("reference")?,
        sp_code: row.get("sp_code")?,
        gateway_reference: row.get("gateway_reference")?,
        operator: row.get("operator")?,
        receipt: row.get("receipt")?,
        channel: row.get("channel")?,
        told_bill: row.get("told_bill")?,
        told_time: row.get("told_time")?,
        source: row.parsed("source", PaymentSource::parse)?,
        payer: payer.transpose()?,
        bill: row.get("bill")?,
        number: row.parsed_if_there("number", |text| ControlNumber::parse(text).ok())?,
        paid: row.amount()?,
        paid_at: row.time("paid_at")?,
        received_at: row.time("received_at")?,
        state: row.parsed("recorded_state", PaymentState::parse)?,
        outcome: row.parsed("outcome", PaymentOutcome::parse)?,
        reason: row.get("reason")?,
    };
    Ok(Payment {
        recorded,
        state: row.parsed("state", PaymentState::parse)?,
    })
}
