use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::Kept;

/// For how many days rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Turns in the journal, from when they were taken: long enough for a complaint about a page.
    #[schemars(range(min = 1))]
    pub journal: u32,
    /// Effects of dialogues, after they ended or were of no use any more: long enough for a question
    /// about an answer that came by SMS. One that a given-up job is about stays with the job.
    #[schemars(range(min = 2))]
    pub effects: u32,
    /// The texts of messages, from when they were queued, and of SMS that came. That a message was
    /// sent stays.
    #[schemars(range(min = 1))]
    pub texts: u32,
    /// Receipts of messages: long enough for a question to the aggregator. What they did to the
    /// message stays with it.
    #[schemars(range(min = 1))]
    pub receipts: u32,
    /// Messages without their texts: longer than any job that could send one again.
    #[schemars(range(min = 366))]
    pub messages: u32,
    /// SMS that came.
    #[schemars(range(min = 1))]
    pub incoming: u32,
    /// Who asked about how many members: the limit is one of a day.
    #[schemars(range(min = 2))]
    pub enquiries: u32,
    /// Notices that proved nothing: what a stranger sent is nobody's record.
    #[schemars(range(min = 1))]
    pub unproved_notices: u32,
    /// How many such came on a day: so that one year can be compared with the next.
    #[schemars(range(min = 30))]
    pub notice_counts: u32,
    /// Jobs that were given up and that nobody decided about.
    #[schemars(range(min = 1))]
    pub given_up_jobs: u32,
    /// What persons decided about such jobs.
    #[schemars(range(min = 30))]
    pub decisions: u32,
    /// Which days were begun: a day that is long over is not begun again.
    #[schemars(range(min = 30))]
    pub schedules: u32,
    /// What schemes last said of covers, from when they did: shown with its date while a scheme is away.
    #[schemars(range(min = 1))]
    pub known_covers: u32,
    /// What has changed at schemes, so that nobody is told of it twice: longer than any scheme tells it.
    #[schemars(range(min = 30))]
    pub scheme_events: u32,
    /// Complaints, from when they came.
    #[schemars(range(min = 30))]
    pub complaints: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            journal: 90,
            effects: 30,
            texts: 90,
            receipts: 90,
            messages: 730,
            incoming: 90,
            enquiries: 2,
            unproved_notices: 90,
            notice_counts: 400,
            given_up_jobs: 365,
            decisions: 730,
            schedules: 400,
            known_covers: 30,
            scheme_events: 400,
            complaints: 730,
        }
    }
}

impl Options {
    /// For how many days it is kept: never less than what works with it needs.
    pub fn days(&self, kept: Kept) -> u32 {
        let days = match kept {
            Kept::Journal => self.journal,
            Kept::Effects => self.effects,
            Kept::Texts => self.texts,
            Kept::Receipts => self.receipts,
            Kept::Messages => self.messages,
            Kept::Incoming => self.incoming,
            Kept::Enquiries => self.enquiries,
            Kept::UnprovedNotices => self.unproved_notices,
            Kept::NoticeCounts => self.notice_counts,
            Kept::GivenUpJobs => self.given_up_jobs,
            Kept::Decisions => self.decisions,
            Kept::Schedules => self.schedules,
            Kept::KnownCovers => self.known_covers,
            Kept::SchemeEvents => self.scheme_events,
            Kept::Complaints => self.complaints,
        };
        days.max(least(kept))
    }

    /// The same, and this one as `keep` says.
    #[must_use]
    pub fn with(mut self, keep: Keep) -> Self {
        let days = match keep.kept {
            Kept::Journal => &mut self.journal,
            Kept::Effects => &mut self.effects,
            Kept::Texts => &mut self.texts,
            Kept::Receipts => &mut self.receipts,
            Kept::Messages => &mut self.messages,
            Kept::Incoming => &mut self.incoming,
            Kept::Enquiries => &mut self.enquiries,
            Kept::UnprovedNotices => &mut self.unproved_notices,
            Kept::NoticeCounts => &mut self.notice_counts,
            Kept::GivenUpJobs => &mut self.given_up_jobs,
            Kept::Decisions => &mut self.decisions,
            Kept::Schedules => &mut self.schedules,
            Kept::KnownCovers => &mut self.known_covers,
            Kept::SchemeEvents => &mut self.scheme_events,
            Kept::Complaints => &mut self.complaints,
        };
        *days = keep.days;
        self
    }
}

/// The fewest days: a day's limit, an answer that waits, a line that is on an old edition and a period
/// that is begun must outlive whoever still reads them.
fn least(kept: Kept) -> u32 {
    match kept {
        Kept::Journal
        | Kept::Texts
        | Kept::Receipts
        | Kept::UnprovedNotices
        | Kept::GivenUpJobs
        | Kept::KnownCovers => 1,
        Kept::Effects | Kept::Enquiries => 2,
        Kept::NoticeCounts
        | Kept::Decisions
        | Kept::Schedules
        | Kept::SchemeEvents
        | Kept::Complaints => 30,
        // An SMS that came is known by its id, for as long as an aggregator sends it again.
        Kept::Incoming => 7,
        // A message is known by its key, so that none is sent twice.
        Kept::Messages => 366,
    }
}

/// How long one kind of row is kept, as an operator writes it: `journal=30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Which.
    pub kept: Kept,
    /// For how many days.
    pub days: u32,
}

/// What is no [`Keep`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// It has no `=` with a whole number of days behind it.
    #[error("write a name and a whole number of days, such as journal=30")]
    Days,
    /// Nothing of that name is deleted.
    #[error("there is no {found:?} to keep; there are: {names}")]
    Unknown {
        /// What was written.
        found: String,
        /// What there is.
        names: String,
    },
    /// Fewer days than what works with it needs.
    #[error("{name} must be kept for at least {least} days", name = kept.as_str())]
    TooFew {
        /// Which.
        kept: Kept,
        /// How many it must be.
        least: u32,
    },
}

impl FromStr for Keep {
    type Err = KeepError;

    fn from_str(text: &str) -> Result<Self, KeepError> {
        let (name, days) = text.split_once('=').ok_or(KeepError::Days)?;
        let days = days.parse().map_err(|_| KeepError::Days)?;
        let kept = Kept::parse(name).ok_or_else(|| KeepError::Unknown {
            found: name.to_owned(),
            names: Kept::ALL.map(Kept::as_str).join(", "),
        })?;
        let least = least(kept);
        if days < least {
            return Err(KeepError::TooFew { kept, least });
        }
        Ok(Self { kept, days })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_be_kept_for_longer_by_its_name() {
        for kept in Kept::ALL {
            let keep: Keep = format!("{}=900", kept.as_str()).parse().unwrap();
            assert_eq!(Options::default().with(keep).days(kept), 900, "{kept:?}");
        }
    }

    #[test]
    fn what_cannot_be_kept_so_is_refused_with_what_to_write() {
        let refused = |text: &str| text.parse::<Keep>().unwrap_err().to_string();
        for text in ["journal", "journal=", "journal=-1", "journal=90d"] {
            assert!(refused(text).contains("journal=30"), "{text}");
        }
        assert!(refused("ledger=3").starts_with("there is no \"ledger\" to keep; there are: j"));
        assert_eq!(
            refused("enquiries=1"),
            "enquiries must be kept for at least 2 days"
        );
    }

    #[test]
    fn no_default_is_too_few() {
        for kept in Kept::ALL {
            let days = Options::default().days(kept);
            assert!(days >= least(kept));
            let keep = format!("{}={days}", kept.as_str()).parse::<Keep>();
            assert_eq!(Options::default().with(keep.unwrap()), Options::default());
        }
    }
}
