use async_trait::async_trait;
use chrono::NaiveDate;

use super::tables::{Statement, Tables};
use crate::{
    model::Msisdn,
    store::{Enquiries, Result},
};

#[async_trait]
impl Enquiries for Tables<'_> {
    async fn ask(
        &mut self,
        phone: &Msisdn,
        day: NaiveDate,
        subject: &str,
        limit: u32,
    ) -> Result<bool> {
        let asked = AskedOn {
            phone_index: self.index(phone),
            day,
            // The phone is part of it, so that the file does not say who asked about the same.
            subject: self
                .sealer
                .mac(
                    "enquiries.subject",
                    &[phone.digits().as_bytes(), subject.as_bytes()],
                )
                .to_vec(),
        };
        // Counted before it is noted: those of one phone go one after the other.
        self.hold("enquiries", &[&asked.phone_index]).await?;
        let row = self.one("enquiry", asked.count()).await?;
        let (others, before): (u32, u32) = match row {
            Some(row) => (row.count("others")?, row.count("before")?),
            None => (0, 0),
        };
        if before > 0 {
            return Ok(true);
        }
        if others >= limit {
            return Ok(false);
        }
        self.change("forget the enquiries of other days", asked.forget_earlier())
            .await?;
        self.change("note an enquiry", asked.note()).await?;
        Ok(true)
    }
}

struct AskedOn {
    phone_index: Vec<u8>,
    day: NaiveDate,
    subject: Vec<u8>,
}

impl AskedOn {
    fn count(&self) -> Statement {
        sqlx::query(
            "SELECT count(*) FILTER (WHERE subject <> $3) AS others,
                    count(*) FILTER (WHERE subject = $3) AS before
             FROM enquiries WHERE phone_index = $1 AND day = $2",
        )
        .bind(self.phone_index.clone())
        .bind(self.day)
        .bind(self.subject.clone())
    }

    fn forget_earlier(&self) -> Statement {
        sqlx::query("DELETE FROM enquiries WHERE phone_index = $1 AND day < $2")
            .bind(self.phone_index.clone())
            .bind(self.day)
    }

    fn note(&self) -> Statement {
        sqlx::query("INSERT INTO enquiries (phone_index, day, subject) VALUES ($1, $2, $3)")
            .bind(self.phone_index.clone())
            .bind(self.day)
            .bind(self.subject.clone())
    }
}
