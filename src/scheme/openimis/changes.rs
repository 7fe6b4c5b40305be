use std::fmt;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{
    Failure, OpenImis, documents, phones,
    read::{ChangePage, Held, PolicyRow, Status},
};
use crate::scheme::{Change, ChangeKind, Changes, Cursor};

/// How many days back are read again: policies are entered late, and a key that is known is no event.
const OVERLAP: Days = Days::new(7);
/// How many policies are a page.
const PAGE: usize = 100;
/// How many where the families are looked at besides.
const SMALL_PAGE: usize = 20;

/// How far a sweep has come: `BORN LOW HIGH STEP AFTER`. Nothing before the day it was born is an event, so
/// that the first sweep of an old scheme writes to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    born: NaiveDate,
    low: NaiveDate,
    high: NaiveDate,
    step: Step,
    after: Option<String>,
}

/// What a sweep looks for, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Enrolled,
    Begun,
    Expiring,
    Expired,
    /// The sweep is over.
    Done,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::Enrolled,
        Self::Begun,
        Self::Expiring,
        Self::Expired,
        Self::Done,
    ];

    fn next(self) -> Self {
        match self {
            Self::Enrolled => Self::Begun,
            Self::Begun => Self::Expiring,
            Self::Expiring => Self::Expired,
            Self::Expired | Self::Done => Self::Done,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Begun => "begun",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Done => "done",
        }
    }

    /// Whether one whose family has paid for longer is none of it.
    fn is_of_ends(self) -> bool {
        match self {
            Self::Expiring | Self::Expired => true,
            Self::Enrolled | Self::Begun | Self::Done => false,
        }
    }

    /// What a policy that it found is an event of.
    fn kind(self, row: &PolicyRow) -> Option<ChangeKind> {
        let covers = matches!(row.status, Status::Active | Status::Ready);
        match self {
            Self::Enrolled => {
                (row.status == Status::Idle && !row.renewal).then_some(ChangeKind::Enrolled)
            }
            Self::Begun if !covers => None,
            Self::Begun if row.renewal => Some(ChangeKind::Renewed),
            Self::Begun => Some(ChangeKind::Activated),
            Self::Expiring => covers.then_some(ChangeKind::Expiring),
            Self::Expired => {
                (covers || row.status == Status::Expired).then_some(ChangeKind::Expired)
            }
            Self::Done => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = self.after.as_deref().unwrap_or("-");
        write!(
            f,
            "{} {} {} {} {after}",
            self.born,
            self.low,
            self.high,
            self.step.word()
        )
    }
}

impl Place {
    /// Where to go on. A cursor that cannot be read begins anew, with events of today only.
    fn from(cursor: Option<&Cursor>, today: NaiveDate) -> Self {
        let fresh = Self {
            born: today,
            low: today,
            high: today,
            step: Step::Enrolled,
            after: None,
        };
        let place = cursor
            .and_then(|cursor| Self::read(&cursor.0))
            .unwrap_or(fresh);
        match place.step {
            Step::Done => Self {
                low: place
                    .high
                    .checked_sub_days(OVERLAP)
                    .unwrap_or(place.born)
                    .max(place.born),
                high: today.max(place.high),
                step: Step::Enrolled,
                after: None,
                born: place.born,
            },
            Step::Enrolled | Step::Begun | Step::Expiring | Step::Expired => place,
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let mut day = || parts.next()?.parse().ok();
        let (born, low, high) = (day()?, day()?, day()?);
        let word = parts.next()?;
        let step = Step::ALL.into_iter().find(|step| step.word() == word)?;
        let after = parts
            .next()
            .filter(|after| *after != "-")
            .map(str::to_owned);
        Some(Self {
            born,
            low,
            high,
            step,
            after,
        })
    }

    fn onward(self, after: Option<String>) -> Self {
        let step = if after.is_some() {
            self.step
        } else {
            self.step.next()
        };
        Self {
            step,
            after,
            ..self
        }
    }

    /// The question for a page. Its days are ours and its cursor is plain, so they stand in it as they are.
    fn document(&self, expiring_days: u32) -> String {
        let soon = self
            .high
            .checked_add_days(Days::new(expiring_days.into()))
            .unwrap_or(NaiveDate::MAX);
        let yesterday = self.high.pred_opt().unwrap_or(NaiveDate::MIN);
        let (low, high) = (self.low, self.high);
        let filter = match self.step {
            Step::Enrolled => {
                format!("stage:\"N\",status:1,enrollDate_Gte:\"{low}\",enrollDate_Lte:\"{high}\"")
            }
            Step::Begun => {
                format!("status:2,effectiveDate_Gte:\"{low}\",effectiveDate_Lte:\"{high}\"")
            }
            Step::Expiring => {
                format!("status:2,expiryDate_Gte:\"{high}\",expiryDate_Lte:\"{soon}\"")
            }
            Step::Expired | Step::Done => {
                format!("status_Gte:2,expiryDate_Gte:\"{low}\",expiryDate_Lte:\"{yesterday}\"")
            }
        };
        let size = if self.step.is_of_ends() {
            SMALL_PAGE
        } else {
            PAGE
        };
        let after = self
            .after
            .as_ref()
            .map(|after| format!(",after:\"{after}\""))
            .unwrap_or_default();
        format!(
            "{{policies({filter},orderBy:[\"id\"],first:{size}{after}){{pageInfo{{hasNextPage endCursor}} \
             edges{{node{{uuid stage status startDate effectiveDate expiryDate product{{code}} \
             family{{uuid headInsuree{{chfId phone}}}}}}}}}}}}"
        )
    }
}

impl OpenImis {
    /// One page of what has changed.
    pub(super) async fn changes(
        &self,
        cursor: Option<&Cursor>,
        today: NaiveDate,
    ) -> Result<Changes, Failure> {
        self.pages.try_take().map_err(Failure::Busy)?;
        let place = Place::from(cursor, today);
        let document = place.document(self.options().expiring_days);
        let page: ChangePage = self.asking().ask(&document, json!({})).await?;
        let (rows, after) = page.read()?;
        let mut found: Vec<(ChangeKind, PolicyRow)> = Vec::new();
        for row in rows {
            if let Some(kind) = place.step.kind(&row) {
                found.push((kind, row));
            }
        }
        if place.step.is_of_ends() && !found.is_empty() {
            found = self.without_renewed(found).await?;
        }
        let next = place.onward(after);
        Ok(Changes {
            events: found
                .into_iter()
                .map(|(kind, row)| self.change(kind, row))
                .collect(),
            more: next.step != Step::Done,
            next: Some(Cursor(next.to_string())),
        })
    }

    /// Those whose family has not paid for longer: who has renewed is not told that her cover ends. All
    /// families of the page are one question.
    async fn without_renewed(
        &self,
        found: Vec<(ChangeKind, PolicyRow)>,
    ) -> Result<Vec<(ChangeKind, PolicyRow)>, Failure> {
        let families = found.iter().map(|(_, row)| row.family.as_str());
        let (document, variables) = documents::for_each(documents::HELD, families);
        let held: Held = self.asking().ask(&document, variables).await?;
        let rows = found.into_iter().enumerate();
        let left = rows.filter(|(number, (_, row))| {
            held.covered_until(&format!("v{number}"))
                .is_none_or(|until| until <= row.to)
        });
        Ok(left.map(|(_, found)| found).collect())
    }

    fn change(&self, kind: ChangeKind, row: PolicyRow) -> Change {
        let phone = row.phone.as_deref();
        Change {
            key: format!("{}:{}", row.uuid, kind.word()),
            kind,
            member: row.head,
            phone: phone.and_then(|phone| phones::read(phone, &self.options().calling_code)),
            product: row.product,
            from: row.from,
            to: row.to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_place_is_written_and_read() {
        let begun = Place::from(None, day("2026-11-21"));
        assert_eq!(
            begun.to_string(),
            "2026-11-21 2026-11-21 2026-11-21 enrolled -"
        );
        let later = begun.onward(Some("YXJyYXk6OTk=".to_owned()));
        let cursor = Cursor(later.to_string());
        assert_eq!(Place::from(Some(&cursor), day("2026-11-22")), later);
    }

    #[test]
    fn a_new_sweep_reads_some_days_again_but_none_before_the_first() {
        let done = |high: &str| Cursor(format!("2026-11-21 2026-11-21 {high} done -"));
        let soon = Place::from(Some(&done("2026-11-22")), day("2026-11-23"));
        assert_eq!(
            (soon.low, soon.high),
            (day("2026-11-21"), day("2026-11-23"))
        );
        let late = Place::from(Some(&done("2026-12-22")), day("2026-12-23"));
        assert_eq!(
            (late.low, late.high),
            (day("2026-12-15"), day("2026-12-23"))
        );
        let odd = Place::from(Some(&Cursor("?".to_owned())), day("2026-12-23"));
        assert_eq!(odd, Place::from(None, day("2026-12-23")));
    }
}
