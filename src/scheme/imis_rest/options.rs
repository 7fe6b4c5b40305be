use std::time::Duration;

use crate::{model::Currency, scheme::openimis::Account};

/// How one is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The scheme's name in keys, rows and sentences.
    pub name: String,
    /// Where its interface is, as `https://imis.example.org/rest/api`.
    pub address: String,
    /// The account of ours there; its role needs the right to enquire.
    pub account: Account,
    /// The currency of its amounts.
    pub currency: Currency,
    /// How long one request may take.
    pub timeout: Duration,
}

impl Default for Options {
    /// Shillings and ten seconds; address and account are empty.
    fn default() -> Self {
        Self {
            name: "imis_rest".to_owned(),
            address: String::new(),
            account: Account {
                user: String::new(),
                password: String::new(),
            },
            currency: Currency::TZS,
            timeout: Duration::from_secs(10),
        }
    }
}
