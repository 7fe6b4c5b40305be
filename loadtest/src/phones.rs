//! Which phones are free.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use anyhow::bail;

use crate::scenario;

/// Phones in a row, told apart by their place in it.
#[derive(Debug)]
pub(crate) struct Phones {
    first: u64,
    free: Mutex<VecDeque<u32>>,
}

impl Phones {
    /// All free.
    pub(crate) fn new(phones: &scenario::Phones) -> anyhow::Result<Self> {
        Ok(Self {
            first: first(&phones.first)?,
            free: Mutex::new((0..phones.count).collect()),
        })
    }

    /// The one that rested longest, if not all are in use.
    pub(crate) fn take(&self) -> Option<u32> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop_front()
    }

    /// It is free again.
    pub(crate) fn give_back(&self, phone: u32) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.push_back(phone);
    }

    /// Its number, with its plus.
    pub(crate) fn number(&self, phone: u32) -> String {
        format!("+{}", self.first + u64::from(phone))
    }
}

/// The digits of the first number.
pub(crate) fn first(number: &str) -> anyhow::Result<u64> {
    let digits = number.strip_prefix('+').filter(|digits| digits.len() <= 15);
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(digits) => Ok(digits),
        None => bail!("{number:?} is no phone such as +255710000000"),
    }
}
