use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::{
    model::EAST_AFRICA,
    store::{Finding, Payment, PaymentsWanted, Reconciliation, Store, StoreError},
};

/// After how many days a payment that stands in no list of the gateway's is flagged.
const FLAGGED_AFTER: i64 = 2;
/// The most payments of a day that are read.
const MOST: u32 = 1_000_000;

/// A day of one service provider: what came, beside what the gateway says came.
#[derive(Debug)]
pub struct Day {
    /// Whose.
    pub sp_code: String,
    /// Which, in East Africa.
    pub day: NaiveDate,
    /// What the gateway was asked last; none where it never was.
    pub asked: Option<Reconciliation>,
    /// The payments, ours and theirs.
    pub rows: Vec<DayRow>,
}

/// A payment of a day.
#[derive(Debug)]
pub struct DayRow {
    /// The payment.
    pub payment: Payment,
    /// How it stands to the gateway's list.
    pub stands: Stands,
}

/// How a payment of ours stands to the gateway's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stands {
    /// It is in the list as we know it.
    Agrees,
    /// It was made from the list: no notice came.
    Rebuilt,
    /// The list has it otherwise.
    Differs,
    /// There is no list of the day yet.
    NotAsked,
    /// It is not in the list, which may still be without the newest.
    NotYetListed,
    /// It is not in the list: a person must ask the gateway. It is never undone by itself.
    NotListed,
}

impl Stands {
    /// In few words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Rebuilt => "made from the list",
            Self::Differs => "differs from the list",
            Self::NotAsked => "no list yet",
            Self::NotYetListed => "not listed yet",
            Self::NotListed => "NOT IN THE LIST",
        }
    }

    /// Whether a person must look.
    pub fn is_wrong(self) -> bool {
        match self {
            Self::Differs | Self::NotListed => true,
            Self::Agrees | Self::Rebuilt | Self::NotAsked | Self::NotYetListed => false,
        }
    }
}

impl Day {
    /// Reads the day, as of `now`.
    pub async fn read(
        store: &dyn Store,
        (provider, sp_code): (&str, &str),
        day: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut transaction = store.read().await?;
        let mut days = transaction.reconciliations();
        let asked = days.newest(provider, sp_code, day).await?;
        let listed = match &asked {
            Some(asked) => days.rows(asked.id).await?,
            None => Vec::new(),
        };
        drop(days);
        let begin = day.and_time(NaiveTime::MIN).and_utc() - EAST_AFRICA;
        let wanted = PaymentsWanted::PaidBetween {
            sp_code: sp_code.to_owned(),
            from: begin,
            to: begin + TimeDelta::days(1),
        };
        let ours = transaction.audit().payments(&wanted, MOST).await?;
        let answered = asked.as_ref().is_some_and(|it| it.answered_at.is_some());
        let old = now - begin >= TimeDelta::days(1 + FLAGGED_AFTER);
        let stands = |payment: &Payment| {
            let row = listed.iter().find(|(id, _)| *id == payment.recorded.id);
            match (row, answered, old) {
                (Some((_, Finding::Known)), ..) => Stands::Agrees,
                (Some((_, Finding::Rebuilt)), ..) => Stands::Rebuilt,
                (Some((_, Finding::Differs)), ..) => Stands::Differs,
                (None, false, _) => Stands::NotAsked,
                (None, true, false) => Stands::NotYetListed,
                (None, true, true) => Stands::NotListed,
            }
        };
        let rows = ours.into_iter().map(|payment| DayRow {
            stands: stands(&payment),
            payment,
        });
        Ok(Self {
            sp_code: sp_code.to_owned(),
            day,
            rows: rows.collect(),
            asked,
        })
    }

    /// Whether a person must look at something.
    pub fn is_wrong(&self) -> bool {
        self.rows.iter().any(|row| row.stands.is_wrong())
    }
}
