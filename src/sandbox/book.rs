//! What the gateway knows of its bills beyond what the store has of them, for as long as the process
//! lives.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    model::{ControlNumber, local_day},
    payment::{gepg::Dialect, told::PaidEntry},
};

/// The gateway's own notes.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    bills: BTreeMap<String, Noted>,
    /// Numbers that were given again: the number that the store allotted to the newer bill.
    again: BTreeMap<ControlNumber, ControlNumber>,
    paid: Vec<PaidEntry>,
}

/// What is noted of one bill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    /// In which dialect it was submitted, and is told of.
    pub(super) dialect: Dialect,
    /// It cannot be paid after this.
    pub(super) expires_at: DateTime<Utc>,
    pub(super) cancelled: bool,
}

/// What a cancellation comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cancelling {
    Done,
    Paid,
    NoSuchBill,
}

impl Book {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, bill: &str, dialect: Dialect, expires_at: DateTime<Utc>) {
        let mut pages = self.pages();
        pages.bills.entry(bill.to_owned()).or_insert(Noted {
            dialect,
            expires_at,
            cancelled: false,
        });
    }

    /// What is noted of a bill; nothing of one that was submitted to an earlier process.
    pub(super) fn noted(&self, bill: &str) -> Option<Noted> {
        self.pages().bills.get(bill).copied()
    }

    /// The newer bill has this number; the store has it under its own.
    pub(super) fn give_again(&self, number: ControlNumber, allotted: ControlNumber) {
        self.pages().again.insert(number, allotted);
    }

    /// Under which number the store has the bill that this number is.
    pub(super) fn allotted(&self, number: ControlNumber) -> ControlNumber {
        let pages = self.pages();
        pages.again.get(&number).copied().unwrap_or(number)
    }

    /// False where the bill is not there.
    pub(super) fn extend(&self, bill: &str, expires_at: DateTime<Utc>) -> bool {
        let mut pages = self.pages();
        let noted = pages.bills.get_mut(bill);
        noted.map(|noted| noted.expires_at = expires_at).is_some()
    }

    pub(super) fn cancel(&self, bill: &str) -> Cancelling {
        let mut pages = self.pages();
        if pages.paid.iter().any(|paid| paid.bill == bill) {
            return Cancelling::Paid;
        }
        match pages.bills.get_mut(bill) {
            Some(noted) => {
                noted.cancelled = true;
                Cancelling::Done
            }
            None => Cancelling::NoSuchBill,
        }
    }

    /// Notes a payment, once.
    pub(super) fn paid(&self, entry: &PaidEntry) {
        let mut pages = self.pages();
        let known = |paid: &PaidEntry| paid.trx_id == entry.trx_id;
        if !pages.paid.iter().any(known) {
            pages.paid.push(entry.clone());
        }
    }

    /// How many payments a bill has had.
    pub(super) fn payments_of(&self, bill: &str) -> usize {
        let pages = self.pages();
        pages.paid.iter().filter(|paid| paid.bill == bill).count()
    }

    /// The payments of a day.
    pub(super) fn paid_on(&self, day: NaiveDate) -> Vec<PaidEntry> {
        let pages = self.pages();
        let on_day = |paid: &&PaidEntry| paid.paid_at.map(local_day) == Some(day);
        pages.paid.iter().filter(on_day).cloned().collect()
    }
}
