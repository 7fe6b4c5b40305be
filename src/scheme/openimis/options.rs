use std::{fmt, time::Duration};

use crate::model::Currency;

/// How one openIMIS is asked, and what of it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The scheme's name in keys, rows and sentences: `dodoma`.
    pub name: String,
    /// Where its interfaces are, as `https://imis.example.org/api`: GraphQL is at `/graphql` below it.
    pub address: String,
    /// The account of ours there.
    pub account: Account,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The calling code without `+` of phones that it holds in their national form.
    pub calling_code: String,
    /// The codes of the products that are renewed by phone, the one that is enrolled without asking first;
    /// none means all, and no enrolment without asking.
    pub products: Vec<String>,
    /// The code of the enrolment officer for a family that has had no policy; the others keep theirs.
    pub officer: Option<String>,
    /// How many days before its end a cover can be renewed.
    pub renewable_days: u32,
    /// How many days before its end a cover is reported as expiring.
    pub expiring_days: u32,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long what a mutation came to is waited for.
    pub patience: Duration,
    /// How many pages of changes are read a minute at most.
    pub pages_a_minute: u32,
    /// The category of tickets; the grievance module wants one that it is configured with.
    pub ticket_category: String,
    /// The channel of tickets, where one is wanted.
    pub ticket_channel: Option<String>,
}

/// Who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's name.
    pub user: String,
    /// Her password.
    pub password: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with password ***", self.user)
    }
}

impl Default for Options {
    /// What suits Tanzania; address and account are empty.
    fn default() -> Self {
        Self {
            name: "openimis".to_owned(),
            address: String::new(),
            account: Account {
                user: String::new(),
                password: String::new(),
            },
            currency: Currency::TZS,
            calling_code: "255".to_owned(),
            products: Vec::new(),
            officer: None,
            renewable_days: 30,
            expiring_days: 14,
            timeout: Duration::from_secs(10),
            patience: Duration::from_secs(20),
            pages_a_minute: 20,
            ticket_category: "default".to_owned(),
            ticket_channel: None,
        }
    }
}

impl Options {
    /// Whether policies of a product are ours to renew.
    pub(super) fn sells(&self, product: &str) -> bool {
        self.products.is_empty() || self.products.iter().any(|code| code == product)
    }
}
