use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    columns::Columns,
    tables::{Statement, Tables},
};
use crate::{
    model::{ControlNumber, Language, MemberNumber, Msisdn},
    store::{
        Agreed, Bill, BillKey, BillState, Bills, NewBill, Result, Share, StoreError, error::Tried,
    },
};

#[async_trait]
impl Bills for Tables<'_> {
    async fn make(&mut self, bill: &NewBill) -> Result<Bill> {
        let statement = self.insert_bill(bill)?;
        if self.changes("make a bill", statement).await? {
            self.share(&bill.id, &bill.first_share()).await?;
        }
        let key = &bill.key;
        let statement = sqlx::query(
            "SELECT * FROM bills
             WHERE scheme = ? AND family = ? AND product = ? AND period = ? AND generation = ?",
        )
        .bind(key.scheme.clone())
        .bind(key.family.clone())
        .bind(key.product.clone())
        .bind(key.period.clone())
        .bind(key.generation);
        self.bill(statement).await?.ok_or(StoreError::Unreadable {
            noun: "bill",
            why: "it was made and is not there",
        })
    }

    async fn share(&mut self, id: &str, share: &Share) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO bill_phones (bill, phone_index, phone, language, menu_set, from_day, to_day,
                member)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (bill, member, phone_index, from_day, to_day)
                DO UPDATE SET language = excluded.language, menu_set = excluded.menu_set",
        )
        .bind(id.to_owned())
        .bind(self.index(&share.phone))
        .bind(self.seal_phone("bill_phones.phone", &share.phone)?)
        .bind(share.language.to_string())
        .bind(share.set.clone())
        .bind(share.from)
        .bind(share.to)
        .bind(share.member.to_string());
        self.change("share a bill", statement).await.map(drop)
    }

    async fn shares(&mut self, id: &str) -> Result<Vec<Share>> {
        let statement = sqlx::query(
            "SELECT * FROM bill_phones WHERE id IN (
                SELECT max(id) FROM bill_phones WHERE bill = ? GROUP BY phone_index)
             ORDER BY id",
        )
        .bind(id.to_owned());
        let rows = self.all("phone of a bill", statement).await?;
        rows.iter().map(share).collect()
    }

    async fn given(&mut self, phone: &Msisdn, agreed: &Agreed) -> Result<Option<Bill>> {
        let statement = sqlx::query(
            "SELECT bills.* FROM bill_phones JOIN bills ON bills.id = bill_phones.bill
             WHERE bill_phones.phone_index = ? AND bill_phones.from_day = ?
                AND bill_phones.to_day = ? AND bill_phones.member = ? AND bills.persons = ?
                AND bills.minor + bills.credit_minor = ? AND bills.currency = ?
             ORDER BY bills.row DESC LIMIT 1",
        )
        .bind(self.index(phone))
        .bind(agreed.from)
        .bind(agreed.to)
        .bind(agreed.member.to_string())
        .bind(agreed.persons)
        .bind(agreed.amount.minor)
        .bind(agreed.amount.currency.to_string());
        self.bill(statement).await
    }

    async fn newest(&mut self, key: &BillKey) -> Result<Option<Bill>> {
        let statement = sqlx::query(
            "SELECT * FROM bills WHERE scheme = ? AND family = ? AND product = ? AND period = ?
             ORDER BY generation DESC LIMIT 1",
        )
        .bind(key.scheme.clone())
        .bind(key.family.clone())
        .bind(key.product.clone())
        .bind(key.period.clone());
        self.bill(statement).await
    }

    async fn get(&mut self, id: &str) -> Result<Option<Bill>> {
        let statement = sqlx::query("SELECT * FROM bills WHERE id = ?").bind(id.to_owned());
        self.bill(statement).await
    }

    async fn by_number(&mut self, number: ControlNumber) -> Result<Option<Bill>> {
        let statement = sqlx::query(
            "SELECT * FROM bills WHERE row IN (
                SELECT row FROM bills WHERE number = ?1
                UNION SELECT row FROM bill_aliases JOIN bills ON bills.id = bill_aliases.bill
                    WHERE bill_aliases.number = ?1)",
        )
        .bind(number.to_string());
        self.bill(statement).await
    }

    async fn payable(&mut self, phone: &Msisdn, member: Option<MemberNumber>) -> Result<Vec<Bill>> {
        let statement = sqlx::query(
            "SELECT * FROM bills WHERE row IN (
                SELECT bills.row FROM bill_phones JOIN bills ON bills.id = bill_phones.bill
                WHERE bill_phones.phone_index = ? AND bills.state IN ('payable', 'part_paid')
                UNION SELECT row FROM bills WHERE member = ? AND state IN ('payable', 'part_paid'))
             ORDER BY made_at DESC, row DESC LIMIT 20",
        )
        .bind(self.index(phone))
        .bind(member.map(|member| member.to_string()));
        let rows = self.all("bill", statement).await?;
        rows.iter().map(bill).collect()
    }

    async fn advance(
        &mut self,
        id: &str,
        from: &[BillState],
        to: BillState,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let from: Vec<_> = from.iter().map(|state| state.as_str()).collect();
        let statement = sqlx::query(
            "UPDATE bills SET state = ?, moved_at = ?
             WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(to.as_str())
        .bind(now.timestamp_micros())
        .bind(id.to_owned())
        .bind(serde_json::to_string(&from).tried("name the states of a bill")?);
        self.changes("advance a bill", statement).await
    }

    async fn assign_number(&mut self, id: &str, number: ControlNumber) -> Result<bool> {
        let statement = sqlx::query(
            "UPDATE bills SET number = ?2
             WHERE id = ?1 AND (number IS NULL OR number = ?2)
                AND NOT EXISTS (SELECT 1 FROM bills WHERE number = ?2 AND id <> ?1)
                AND NOT EXISTS (SELECT 1 FROM bill_aliases WHERE number = ?2)",
        )
        .bind(id.to_owned())
        .bind(number.to_string());
        self.changes("give a bill its control number", statement)
            .await
    }

    async fn keep_alias(
        &mut self,
        id: &str,
        number: ControlNumber,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let statement = sqlx::query(
            "INSERT INTO bill_aliases (number, bill, came_at)
             SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM bills WHERE number = ?1)
             ON CONFLICT (number) DO NOTHING",
        )
        .bind(number.to_string())
        .bind(id.to_owned())
        .bind(now.timestamp_micros());
        self.changes("keep another control number of a bill", statement)
            .await
    }

    async fn flag(&mut self, id: &str, why: &str) -> Result<()> {
        let statement = sqlx::query("UPDATE bills SET flag = ? WHERE id = ?")
            .bind(why.to_owned())
            .bind(id.to_owned());
        self.change("flag a bill", statement).await.map(drop)
    }
}

impl Tables<'_> {
    async fn bill(&mut self, statement: Statement) -> Result<Option<Bill>> {
        let row = self.one("bill", statement).await?;
        row.map(|row| bill(&row)).transpose()
    }

    fn insert_bill(&self, bill: &NewBill) -> Result<Statement> {
        Ok(sqlx::query(
            "INSERT INTO bills (id, scheme, member, product, period, generation, phone_index, phone,
                language, menu_set, payer, persons, minor, currency, from_day, to_day, pay_by, made_at,
                moved_at, state, family, credit_minor)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?18, ?18, 'queued', ?19, ?20)
             ON CONFLICT (scheme, family, product, period, generation) DO NOTHING",
        )
        .bind(bill.id.clone())
        .bind(bill.key.scheme.clone())
        .bind(bill.member.to_string())
        .bind(bill.key.product.clone())
        .bind(bill.key.period.clone())
        .bind(bill.key.generation)
        .bind(self.index(&bill.phone))
        .bind(self.seal_phone("bills.phone", &bill.phone)?)
        .bind(bill.language.to_string())
        .bind(bill.set.clone())
        .bind(self.seal("bills.payer", bill.payer.as_bytes())?)
        .bind(bill.persons)
        .bind(bill.amount.minor)
        .bind(bill.amount.currency.to_string())
        .bind(bill.from)
        .bind(bill.to)
        .bind(bill.pay_by)
        .bind(bill.made_at.timestamp_micros())
        .bind(bill.key.family.clone())
        .bind(bill.credit))
    }
}

fn share(row: &Columns<'_>) -> Result<Share> {
    Ok(Share {
        phone: row.opened_phone("bill_phones.phone")?,
        member: row.parsed("member", |text| MemberNumber::parse(text).ok())?,
        language: row.parsed("language", |tag| Language::parse(tag).ok())?,
        set: row.get("menu_set")?,
        from: row.day("from_day")?,
        to: row.day("to_day")?,
    })
}

pub(super) fn bill(row: &Columns<'_>) -> Result<Bill> {
    Ok(Bill {
        made: made(row)?,
        state: row.parsed("state", BillState::parse)?,
        number: row.parsed_if_there("number", |text| ControlNumber::parse(text).ok())?,
        flag: row.get("flag")?,
    })
}

fn made(row: &Columns<'_>) -> Result<NewBill> {
    Ok(NewBill {
        id: row.get("id")?,
        key: BillKey {
            scheme: row.get("scheme")?,
            family: row.get("family")?,
            product: row.get("product")?,
            period: row.get("period")?,
            generation: row.get("generation")?,
        },
        member: row.parsed("member", |text| MemberNumber::parse(text).ok())?,
        phone: row.opened_phone("bills.phone")?,
        language: row.parsed("language", |tag| Language::parse(tag).ok())?,
        set: row.get("menu_set")?,
        payer: row.opened_text("bills.payer")?,
        persons: row.get("persons")?,
        amount: row.amount()?,
        credit: row.get("credit_minor")?,
        from: row.day("from_day")?,
        to: row.day("to_day")?,
        pay_by: row.day("pay_by")?,
        made_at: row.time("made_at")?,
    })
}
