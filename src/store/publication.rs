use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;

/// How an edition became current.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A node offered its files at its start.
    Offered,
    /// A person published files.
    Published,
    /// A person went back to an edition that was current before.
    RolledBack,
}

/// That an edition, whose files are kept, is made current.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPublication {
    /// The edition's hash.
    pub edition: String,
    /// How.
    pub way: Way,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as the log of publications names them.
    pub who: String,
    /// Why; empty where nobody said.
    pub why: String,
}

/// That an edition was made current.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Its number: a later one is larger.
    pub number: u64,
    /// What, how, when, by whom and why.
    pub made: NewPublication,
}

/// The newest numbers of what nodes follow; 0 where there is none yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Of publications.
    pub publication: u64,
    /// Of switches.
    pub switch: u64,
}

/// The log of publications. The newest is current.
#[async_trait]
pub trait Publications: Send {
    /// Makes an edition current and gives the publication's number. Numbers become visible in their
    /// order, so that whoever follows the newest misses none.
    async fn publish(&mut self, new: &NewPublication) -> Result<u64>;

    /// Makes an edition current unless it was so before; gives whether it did. With `again`, also one
    /// that was, where it is not among those made current since an offer was last taken.
    async fn offer(&mut self, new: &NewPublication, again: bool) -> Result<bool>;

    /// The newest.
    async fn current(&mut self) -> Result<Option<Publication>>;

    /// The newest, newest first, at most `most`.
    async fn newest(&mut self, most: u32) -> Result<Vec<Publication>>;

    /// The one with this number.
    async fn numbered(&mut self, number: u64) -> Result<Option<Publication>>;

    /// The newest numbers of publications and switches: one small read.
    async fn standing(&mut self) -> Result<Standing>;
}

impl Way {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Published => "published",
            Self::RolledBack => "rolled_back",
        }
    }

    /// As it was stored.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Offered, Self::Published, Self::RolledBack]
            .into_iter()
            .find(|way| way.name() == name)
    }
}
