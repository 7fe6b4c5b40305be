//! What persons ask of the books. The checks walk through all of them: by hand, and by a schedule.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    bill::bill,
    columns::Columns,
    ledger::posting,
    payment::payment,
    tables::{Statement, Tables, text},
};
use crate::{
    model::{Amount, Currency},
    store::{
        Audit, Bill, BillPosted, BillState, BillsWanted, Entry, MoneyDeed, Payment, PaymentPosted,
        PaymentState, PaymentsWanted, Refund, Result, Sum,
    },
};

#[async_trait]
impl Audit for Tables<'_> {
    async fn bills(&mut self, wanted: &BillsWanted, limit: u32) -> Result<Vec<Bill>> {
        let statement = match wanted {
            BillsWanted::InState(state) => {
                sqlx::query("SELECT * FROM bills WHERE state = $2 ORDER BY row DESC LIMIT $1")
                    .bind(i64::from(limit))
                    .bind(state.as_str())
            }
            BillsWanted::Flagged => {
                sqlx::query("SELECT * FROM bills WHERE flag <> '' ORDER BY row DESC LIMIT $1")
                    .bind(i64::from(limit))
            }
            BillsWanted::Newest => {
                sqlx::query("SELECT * FROM bills ORDER BY row DESC LIMIT $1").bind(i64::from(limit))
            }
            BillsWanted::Of(member) => {
                sqlx::query("SELECT * FROM bills WHERE member = $2 ORDER BY row DESC LIMIT $1")
                    .bind(i64::from(limit))
                    .bind(member.to_string())
            }
            BillsWanted::Numbered(number) => sqlx::query(
                "SELECT * FROM bills WHERE number = $2
                    OR id = (SELECT bill FROM bill_aliases WHERE number = $2) LIMIT $1",
            )
            .bind(i64::from(limit))
            .bind(number.to_string()),
        };
        let rows = self.all("bill", statement).await?;
        rows.iter().map(bill).collect()
    }

    async fn payments(&mut self, wanted: &PaymentsWanted, limit: u32) -> Result<Vec<Payment>> {
        let statement = match wanted {
            PaymentsWanted::Waiting => sqlx::query(
                "SELECT * FROM payments WHERE state IN ('quarantined', 'unmatched')
                 ORDER BY received_at, row LIMIT $1",
            )
            .bind(i64::from(limit)),
            PaymentsWanted::Newest => {
                sqlx::query("SELECT * FROM payments ORDER BY row DESC LIMIT $1")
                    .bind(i64::from(limit))
            }
            PaymentsWanted::OfBill(id) => {
                sqlx::query("SELECT * FROM payments WHERE bill = $2 ORDER BY row LIMIT $1")
                    .bind(i64::from(limit))
                    .bind(id.clone())
            }
            PaymentsWanted::PaidBetween { sp_code, from, to } => sqlx::query(
                "SELECT * FROM payments WHERE sp_code = $2 AND paid_at >= $3 AND paid_at < $4
                 ORDER BY paid_at, row LIMIT $1",
            )
            .bind(i64::from(limit))
            .bind(sp_code.clone())
            .bind(*from)
            .bind(*to),
        };
        let rows = self.all("payment", statement).await?;
        rows.iter().map(payment).collect()
    }

    async fn sums(&mut self) -> Result<Vec<Sum>> {
        let statement = sqlx::query(
            "SELECT account, currency, sum(moved)::BIGINT AS counted, sum(kept)::BIGINT AS kept FROM (
                SELECT debit AS account, currency, minor AS moved, 0 AS kept FROM ledger
                UNION ALL SELECT credit, currency, -minor, 0 FROM ledger
                UNION ALL SELECT account, currency, 0, minor FROM ledger_balances) AS line
             GROUP BY account, currency ORDER BY account, currency",
        );
        let rows = self.all("sum of the ledger", statement).await?;
        rows.iter().map(sum).collect()
    }

    async fn payments_posted(
        &mut self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, PaymentPosted)>> {
        let statement = sqlx::query(
            "SELECT row, id, state, minor, currency,
                (SELECT coalesce(sum(CASE 'gateway_clearing' WHEN debit THEN ledger.minor
                    WHEN credit THEN -ledger.minor ELSE 0 END), 0)::BIGINT
                 FROM ledger WHERE ledger.payment = payments.id) AS cleared,
                (SELECT coalesce(sum(CASE 'suspense' WHEN credit THEN ledger.minor
                    WHEN debit THEN -ledger.minor ELSE 0 END), 0)::BIGINT
                 FROM ledger WHERE ledger.payment = payments.id) AS held,
                (SELECT coalesce(sum(refunds.minor), 0)::BIGINT FROM refunds
                 WHERE refunds.payment = payments.id AND approved_by IS NOT NULL) AS refunded
             FROM payments WHERE row > $1 ORDER BY row LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(limit));
        let rows = self.all("payment", statement).await?;
        rows.iter()
            .map(|row| {
                let posted = PaymentPosted {
                    id: row.get("id")?,
                    state: row.parsed("state", PaymentState::parse)?,
                    paid: row.amount()?,
                    cleared: row.get("cleared")?,
                    held: row.get("held")?,
                    refunded: row.get("refunded")?,
                };
                Ok((row.get("row")?, posted))
            })
            .collect()
    }

    async fn bills_posted(&mut self, after: i64, limit: u32) -> Result<Vec<(i64, BillPosted)>> {
        let statement = sqlx::query(
            "SELECT row, id, state, minor + credit_minor AS total, credit_minor,
                (SELECT coalesce(sum(CASE 'contributions_due' WHEN credit THEN ledger.minor
                    WHEN debit THEN -ledger.minor ELSE 0 END), 0)::BIGINT
                 FROM ledger WHERE ledger.bill = bills.id) AS contributed
             FROM bills WHERE row > $1 ORDER BY row LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(limit));
        let rows = self.all("bill", statement).await?;
        rows.iter()
            .map(|row| {
                let posted = BillPosted {
                    id: row.get("id")?,
                    state: row.parsed("state", BillState::parse)?,
                    total: row.get("total")?,
                    credit: row.get("credit_minor")?,
                    contributed: row.get("contributed")?,
                };
                Ok((row.get("row")?, posted))
            })
            .collect()
    }

    async fn entries(
        &mut self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        after: i64,
        limit: u32,
    ) -> Result<Vec<Entry>> {
        let statement = sqlx::query(
            "SELECT * FROM ledger WHERE posted_at >= $1 AND posted_at < $2 AND id > $3
             ORDER BY id LIMIT $4",
        )
        .bind(from)
        .bind(to)
        .bind(after)
        .bind(i64::from(limit));
        self.several_entries(statement).await
    }

    async fn entries_about(&mut self, subject: &str) -> Result<Vec<Entry>> {
        let statement = sqlx::query(
            "SELECT * FROM ledger WHERE id IN (
                SELECT id FROM ledger WHERE payment = $1 UNION SELECT id FROM ledger WHERE bill = $1)
             ORDER BY id",
        )
        .bind(subject.to_owned());
        self.several_entries(statement).await
    }

    async fn note(&mut self, deed: &MoneyDeed) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO money_log (subject, deed, who, why, at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(deed.subject.clone())
        .bind(text(&deed.deed))
        .bind(text(&deed.who))
        .bind(text(&deed.why))
        .bind(deed.at);
        self.change("note what was done", statement).await.map(drop)
    }

    async fn deeds(&mut self, subject: &str) -> Result<Vec<MoneyDeed>> {
        let statement = sqlx::query("SELECT * FROM money_log WHERE subject = $1 ORDER BY id")
            .bind(subject.to_owned());
        let rows = self.all("what was done", statement).await?;
        rows.iter().map(deed).collect()
    }

    async fn ask_refund(&mut self, refund: &Refund) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO refunds (payment, minor, currency, why, asked_by, asked_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (payment) DO NOTHING",
        )
        .bind(refund.payment.clone())
        .bind(refund.amount.minor)
        .bind(refund.amount.currency.to_string())
        .bind(text(&refund.why))
        .bind(text(&refund.asked_by))
        .bind(refund.asked_at);
        self.changes("ask for a refund", statement).await
    }

    async fn refund(&mut self, payment: &str) -> Result<Option<Refund>> {
        let statement = self.keyed("SELECT * FROM refunds WHERE payment = $1");
        let row = self
            .one("refund", statement.bind(payment.to_owned()))
            .await?;
        row.map(|row| refund(&row)).transpose()
    }

    async fn approve_refund(
        &mut self,
        payment: &str,
        who: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let statement = sqlx::query(
            "UPDATE refunds SET approved_by = $2, approved_at = $3
             WHERE payment = $1 AND approved_by IS NULL AND asked_by <> $2",
        )
        .bind(payment.to_owned())
        .bind(text(who))
        .bind(now);
        self.changes("approve a refund", statement).await
    }
}

impl Tables<'_> {
    async fn several_entries(&mut self, statement: Statement) -> Result<Vec<Entry>> {
        let rows = self.all("entry of the ledger", statement).await?;
        rows.iter()
            .map(|row| {
                Ok(Entry {
                    id: row.get("id")?,
                    posting: posting(row)?,
                })
            })
            .collect()
    }
}

fn sum(row: &Columns<'_>) -> Result<Sum> {
    Ok(Sum {
        account: row.get("account")?,
        currency: row.parsed("currency", Currency::parse)?,
        rows: row.get("counted")?,
        kept: row.get("kept")?,
    })
}

fn deed(row: &Columns<'_>) -> Result<MoneyDeed> {
    Ok(MoneyDeed {
        subject: row.get("subject")?,
        deed: row.get("deed")?,
        who: row.get("who")?,
        why: row.get("why")?,
        at: row.time("at")?,
    })
}

fn refund(row: &Columns<'_>) -> Result<Refund> {
    let amount: Amount = row.amount()?;
    Ok(Refund {
        payment: row.get("payment")?,
        amount,
        why: row.get("why")?,
        asked_by: row.get("asked_by")?,
        asked_at: row.time("asked_at")?,
        approved_by: row.get("approved_by")?,
    })
}
