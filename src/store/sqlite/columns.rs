use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Decode, Row, Sqlite, Type, sqlite::SqliteRow};

use crate::{
    model::{Amount, Currency, Msisdn},
    store::{Result, Sealer, StoreError},
};

/// A row, read column by column into nouns.
pub(super) struct Columns<'t> {
    pub(super) noun: &'static str,
    pub(super) row: SqliteRow,
    pub(super) sealer: &'t Sealer,
}

impl Columns<'_> {
    /// The column as it is.
    pub(super) fn get<T>(&self, column: &'static str) -> Result<T>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
    {
        self.row
            .try_get(column)
            .map_err(|_| self.unreadable(column))
    }

    /// The value in the column at this place, from 0, or nothing.
    pub(super) fn at<T>(&self, place: usize) -> Result<Option<T>>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
    {
        self.row
            .try_get(place)
            .map_err(|_| self.unreadable("a column"))
    }

    /// The column's text, read by `parse`.
    pub(super) fn parsed<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let text: String = self.get(column)?;
        parse(&text).ok_or_else(|| self.unreadable(column))
    }

    /// The column's text, read by `parse`, or nothing.
    pub(super) fn parsed_if_there<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        self.get::<Option<String>>(column)?
            .map(|text| parse(&text).ok_or_else(|| self.unreadable(column)))
            .transpose()
    }

    /// A time.
    pub(super) fn time(&self, column: &'static str) -> Result<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.get(column)?).ok_or_else(|| self.unreadable(column))
    }

    /// A time, or nothing.
    pub(super) fn time_if_there(&self, column: &'static str) -> Result<Option<DateTime<Utc>>> {
        self.get::<Option<i64>>(column)?
            .map(|micros| {
                DateTime::from_timestamp_micros(micros).ok_or_else(|| self.unreadable(column))
            })
            .transpose()
    }

    /// A day.
    pub(super) fn day(&self, column: &'static str) -> Result<NaiveDate> {
        self.get(column)
    }

    /// The row's money, in the columns `minor` and `currency`.
    pub(super) fn amount(&self) -> Result<Amount> {
        Ok(Amount {
            minor: self.get("minor")?,
            currency: self.parsed("currency", Currency::parse)?,
        })
    }

    /// A sealed value; `domain` is its table and column: `bills.payer`.
    pub(super) fn opened(&self, domain: &'static str) -> Result<Vec<u8>> {
        let sealed: Vec<u8> = self.get(column_of(domain))?;
        self.open(domain, &sealed)
    }

    /// A sealed value, or nothing.
    pub(super) fn opened_if_there(&self, domain: &'static str) -> Result<Option<Vec<u8>>> {
        self.get::<Option<Vec<u8>>>(column_of(domain))?
            .map(|sealed| self.open(domain, &sealed))
            .transpose()
    }

    /// A sealed text.
    pub(super) fn opened_text(&self, domain: &'static str) -> Result<String> {
        String::from_utf8(self.opened(domain)?).map_err(|_| self.unreadable("sealed text"))
    }

    /// A sealed phone.
    pub(super) fn opened_phone(&self, domain: &'static str) -> Result<Msisdn> {
        Msisdn::try_from(self.opened_text(domain)?).map_err(|_| self.unreadable("phone"))
    }

    /// That `why`, a column or what is wrong, makes the row unreadable.
    pub(super) fn unreadable(&self, why: &'static str) -> StoreError {
        StoreError::Unreadable {
            noun: self.noun,
            why,
        }
    }

    fn open(&self, domain: &'static str, sealed: &[u8]) -> Result<Vec<u8>> {
        self.sealer
            .open(domain, sealed)
            .map_err(|error| self.unreadable(error.why()))
    }
}

fn column_of(domain: &'static str) -> &'static str {
    domain.split_once('.').map_or(domain, |(_, column)| column)
}
