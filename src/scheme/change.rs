use chrono::NaiveDate;

use crate::model::{MemberNumber, Msisdn};

/// How far a scheme's changes were read. Only the scheme that wrote it reads it; text of at most a
/// thousand characters that names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub String);

/// One page of what has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// What has changed, oldest first. The same may come again under the same key.
    pub events: Vec<Change>,
    /// From where to go on; `None` as long as nothing was read.
    pub next: Option<Cursor>,
    /// Whether there is more to read at once.
    pub more: bool,
}

/// One event in the life of a cover, whoever caused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Stable and unique in its scheme, however often it is read: `POLICY-UUID:renewed`. At most 100
    /// characters.
    pub key: String,
    /// What has happened.
    pub kind: ChangeKind,
    /// Whose cover: the family's head.
    pub member: MemberNumber,
    /// Where she can be reached, if the scheme knows.
    pub phone: Option<Msisdn>,
    /// The product's code.
    pub product: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// What has happened to a cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It was written, and waits for its premium.
    Enrolled,
    /// Its first premium was paid: it begins.
    Activated,
    /// It goes on for another period.
    Renewed,
    /// It ends in some days.
    Expiring,
    /// It has ended.
    Expired,
}

impl Changes {
    /// Nothing new.
    pub fn none_after(cursor: Option<&Cursor>) -> Self {
        Self {
            events: Vec::new(),
            next: cursor.cloned(),
            more: false,
        }
    }
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Enrolled,
        Self::Activated,
        Self::Renewed,
        Self::Expiring,
        Self::Expired,
    ];

    /// Its word in keys and rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Activated => "activated",
            Self::Renewed => "renewed",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
        }
    }
}
