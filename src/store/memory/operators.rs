//! What operators and aggregators need of a store, and no dialogue: a simulation has none of it.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::transaction::{Tables, refused};
use crate::store::{
    Audit, Bill, BillPosted, BillsWanted, Complaint, ComplaintState, Complaints, Copies, Decided,
    Decision, Decisions, Done, Entry, Finding, Incoming, IncomingMessage, JobFilter, JobRow, Kept,
    Marks, Matched, MoneyDeed, NewComplaint, NewIncoming, NewPublication, NewReceipt,
    NewReconciliation, NewSwitch, Payment, PaymentPosted, PaymentsWanted, Publication,
    Publications, Receipt, Receipts, Reconciliation, Reconciliations, Refund, Result, Retention,
    Row, RowKey, Sealed, SealedColumn, SealedValue, Standing, StoreError, Sum, Switch, Switches,
    Table,
};

fn none() -> StoreError {
    refused("do what an operator asks", "this one is for simulations")
}

#[async_trait]
impl Decisions for Tables<'_, '_> {
    async fn jobs(&mut self, _: JobFilter) -> Result<Vec<JobRow>> {
        Err(none())
    }

    async fn decide(&mut self, _: i64, _: &Decision) -> Result<Option<JobRow>> {
        Err(none())
    }

    async fn newest(&mut self, _: u32) -> Result<Vec<Decided>> {
        Err(none())
    }
}

#[async_trait]
impl Receipts for Tables<'_, '_> {
    async fn keep(&mut self, _: &NewReceipt) -> Result<Option<Matched>> {
        Err(none())
    }

    async fn of(&mut self, _: i64) -> Result<Vec<Receipt>> {
        Err(none())
    }
}

#[async_trait]
impl Incoming for Tables<'_, '_> {
    async fn keep(&mut self, _: &NewIncoming) -> Result<Option<i64>> {
        Err(none())
    }

    async fn next(&mut self, _: u32) -> Result<Vec<IncomingMessage>> {
        Err(none())
    }

    async fn done(&mut self, _: i64) -> Result<bool> {
        Err(none())
    }
}

#[async_trait]
impl Retention for Tables<'_, '_> {
    async fn count(&mut self, _: Kept, _: DateTime<Utc>) -> Result<u64> {
        Ok(0)
    }

    async fn delete(&mut self, _: Kept, _: DateTime<Utc>, _: u32) -> Result<u64> {
        Ok(0)
    }
}

#[async_trait]
impl Publications for Tables<'_, '_> {
    async fn publish(&mut self, _: &NewPublication) -> Result<u64> {
        Err(none())
    }

    async fn offer(&mut self, _: &NewPublication, _: bool) -> Result<bool> {
        Err(none())
    }

    async fn current(&mut self) -> Result<Option<Publication>> {
        Err(none())
    }

    async fn newest(&mut self, _: u32) -> Result<Vec<Publication>> {
        Err(none())
    }

    async fn numbered(&mut self, _: u64) -> Result<Option<Publication>> {
        Err(none())
    }

    async fn standing(&mut self) -> Result<Standing> {
        Err(none())
    }
}

#[async_trait]
impl Switches for Tables<'_, '_> {
    async fn switch(&mut self, _: &NewSwitch) -> Result<u64> {
        Err(none())
    }

    async fn off(&mut self) -> Result<Vec<Switch>> {
        Err(none())
    }

    async fn numbered(&mut self, _: u64) -> Result<Option<Switch>> {
        Err(none())
    }
}

#[async_trait]
impl Sealed for Tables<'_, '_> {
    async fn values(
        &mut self,
        _: SealedColumn,
        _: Option<&RowKey>,
        _: u32,
    ) -> Result<Vec<SealedValue>> {
        Err(none())
    }

    async fn first_bytes(
        &mut self,
        _: SealedColumn,
        _: Option<&RowKey>,
        _: u32,
    ) -> Result<Vec<SealedValue>> {
        Err(none())
    }

    async fn replace(&mut self, _: SealedColumn, _: &SealedValue, _: &[u8]) -> Result<bool> {
        Err(none())
    }
}

#[async_trait]
impl Copies for Tables<'_, '_> {
    async fn schema(&mut self) -> Result<i64> {
        Err(none())
    }

    async fn tables(&mut self) -> Result<Vec<Table>> {
        Err(none())
    }

    async fn rows(&mut self, _: &Table, _: Option<&Row>, _: u32) -> Result<Vec<Row>> {
        Err(none())
    }

    async fn add(&mut self, _: &Table, _: &[Row]) -> Result<()> {
        Err(none())
    }

    async fn go_on_after(&mut self, _: &Table, _: i64) -> Result<()> {
        Err(none())
    }
}

#[async_trait]
impl Complaints for Tables<'_, '_> {
    async fn make(&mut self, _: &NewComplaint) -> Result<i64> {
        Err(none())
    }

    async fn get(&mut self, _: i64) -> Result<Option<Complaint>> {
        Err(none())
    }

    async fn settle(&mut self, _: i64, _: &ComplaintState) -> Result<()> {
        Err(none())
    }

    async fn newest(&mut self, _: u32) -> Result<Vec<Complaint>> {
        Err(none())
    }
}

#[async_trait]
impl Audit for Tables<'_, '_> {
    async fn bills(&mut self, _: &BillsWanted, _: u32) -> Result<Vec<Bill>> {
        Err(none())
    }

    async fn payments(&mut self, _: &PaymentsWanted, _: u32) -> Result<Vec<Payment>> {
        Err(none())
    }

    async fn sums(&mut self) -> Result<Vec<Sum>> {
        Err(none())
    }

    async fn payments_posted(&mut self, _: i64, _: u32) -> Result<Vec<(i64, PaymentPosted)>> {
        Err(none())
    }

    async fn bills_posted(&mut self, _: i64, _: u32) -> Result<Vec<(i64, BillPosted)>> {
        Err(none())
    }

    async fn entries(
        &mut self,
        _: (DateTime<Utc>, DateTime<Utc>),
        _: i64,
        _: u32,
    ) -> Result<Vec<Entry>> {
        Err(none())
    }

    async fn entries_about(&mut self, _: &str) -> Result<Vec<Entry>> {
        Err(none())
    }

    async fn note(&mut self, _: &MoneyDeed) -> Result<()> {
        Err(none())
    }

    async fn deeds(&mut self, _: &str) -> Result<Vec<MoneyDeed>> {
        Err(none())
    }

    async fn ask_refund(&mut self, _: &Refund) -> Result<bool> {
        Err(none())
    }

    async fn refund(&mut self, _: &str) -> Result<Option<Refund>> {
        Err(none())
    }

    async fn approve_refund(&mut self, _: &str, _: &str, _: DateTime<Utc>) -> Result<bool> {
        Err(none())
    }
}

#[async_trait]
impl Marks for Tables<'_, '_> {
    async fn mark(&mut self, _: Done, _: DateTime<Utc>) -> Result<()> {
        Err(none())
    }

    async fn last(&mut self, _: Done) -> Result<Option<DateTime<Utc>>> {
        Err(none())
    }
}

#[async_trait]
impl Reconciliations for Tables<'_, '_> {
    async fn ask(&mut self, _: &NewReconciliation) -> Result<bool> {
        Err(none())
    }

    async fn by_request(&mut self, _: &str) -> Result<Option<Reconciliation>> {
        Err(none())
    }

    async fn newest(&mut self, _: &str, _: &str, _: NaiveDate) -> Result<Option<Reconciliation>> {
        Err(none())
    }

    async fn answer(&mut self, _: i64, _: &str, _: Option<DateTime<Utc>>) -> Result<()> {
        Err(none())
    }

    async fn find(&mut self, _: i64, _: u32, _: &str, _: Finding) -> Result<()> {
        Err(none())
    }

    async fn rows(&mut self, _: i64) -> Result<Vec<(String, Finding)>> {
        Err(none())
    }
}
