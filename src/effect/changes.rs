//! What has changed at schemes: read from where the last reading ended, each change taken once.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};

use super::{Effects, Failed, Ran};
use crate::{
    model::{Language, print_date},
    scheme::{Change, ChangeKind, Changes, Cursor, Served, route_to},
    sms::Outgoing,
    store::{JobKind, NewJob, Priority, StoreError, Transaction},
};

/// How long a scheme is left alone before it is asked again what has changed.
const EVERY: Duration = Duration::from_mins(5);
/// How many pages are read one after another.
const PAGES: usize = 10;
/// The longest key of a change.
const LONGEST_KEY: usize = 100;
/// How long the news of a change is worth sending.
const USEFUL: TimeDelta = TimeDelta::days(2);
/// The job that follows a scheme is never over.
const FOR_EVER: TimeDelta = TimeDelta::days(3650);

impl Effects {
    /// Has the schemes followed whose members are told of changes. There is one job for each,
    /// however many nodes begin it.
    pub async fn follow_schemes(&self) -> Result<(), StoreError> {
        let now = self.world.clock.now();
        let followed = self.world.schemes.all().filter(|served| served.notices);
        let mut transaction = self.world.store.write().await?;
        for served in followed {
            let name = served.scheme.name();
            let job = NewJob {
                kind: JobKind::FollowScheme,
                subject: name.to_owned(),
                route: route_to(name),
                run_at: now,
                not_after: now + FOR_EVER,
                priority: Priority::Low,
            };
            transaction.jobs().add(&job).await?;
        }
        transaction.commit().await
    }

    /// Reads what has changed at a scheme since the last reading, and looks again after a while.
    pub(super) async fn follow(&self, scheme: &str) -> Result<Ran, Failed> {
        let mut all = self.world.schemes.all();
        let served = all.find(|served| served.notices && served.scheme.name() == scheme);
        let Some(served) = served else {
            // The settings have it followed no more.
            return Ok(Ran::Done);
        };
        for _ in 0..PAGES {
            if !self.follow_page(served).await? {
                break;
            }
        }
        Ok(Ran::Later {
            why: "it waits for what changes next".to_owned(),
            after: EVERY,
        })
    }

    /// One page; whether there is more. What it causes and where it ends are kept together.
    async fn follow_page(&self, served: &Served) -> Result<bool, Failed> {
        let scheme = served.scheme.name();
        let cursor = {
            let mut transaction = self.world.store.read().await?;
            transaction.said().cursor(scheme).await?.map(Cursor)
        };
        let changes = served.scheme.changes_since(cursor.as_ref(), self.today());
        let Changes { events, next, more } = changes.await?;
        let now = self.world.clock.now();
        let mut transaction = self.world.store.write().await?;
        for change in &events {
            if change.key.len() > LONGEST_KEY || change.key.is_empty() {
                tracing::error!(
                    scheme,
                    "a change has no key that can be kept: it is left out"
                );
            } else if transaction
                .said()
                .note_event(scheme, &change.key, now)
                .await?
            {
                self.tell_change(&mut *transaction, served, change).await?;
            }
        }
        let moved = next.is_some() && next != cursor;
        if let Some(next) = &next {
            transaction.said().read_to(scheme, &next.0, now).await?;
        }
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        // One that promises more and does not move would be asked for ever.
        Ok(more && moved)
    }

    /// One SMS to whom the scheme knows a phone of, unless we have told her already.
    async fn tell_change(
        &self,
        transaction: &mut dyn Transaction,
        served: &Served,
        change: &Change,
    ) -> Result<(), StoreError> {
        let Some(phone) = &change.phone else {
            return Ok(());
        };
        if was_told(transaction, change).await? {
            return Ok(());
        }
        let known = transaction.callers().language(phone).await?;
        let usual = served.languages.first().copied();
        let language = known.or(usual).unwrap_or(Language::ENGLISH);
        let outgoing = Outgoing {
            key: format!("scheme {} {}", served.scheme.name(), change.key),
            to: phone.clone(),
            text: text(change, language),
            useful: USEFUL,
        };
        self.world.sms.queue(transaction, &outgoing).await
    }
}

/// Whether it comes of a payment that went through us: then the news of her cover has told her.
async fn was_told(transaction: &mut dyn Transaction, change: &Change) -> Result<bool, StoreError> {
    let (Some(phone), ChangeKind::Activated | ChangeKind::Renewed) = (&change.phone, change.kind)
    else {
        return Ok(false);
    };
    let last = transaction
        .payments()
        .last(phone, Some(change.member))
        .await?;
    let Some(bill) = last.and_then(|payment| payment.recorded.bill) else {
        return Ok(false);
    };
    let bill = transaction.bills().get(&bill).await?;
    Ok(bill.is_some_and(|bill| {
        let days = (bill.made.from, bill.made.to);
        bill.made.member == change.member
            && bill.made.key.product == change.product
            && overlap(days, (change.from, change.to))
    }))
}

/// Whether two covers are the same one, though the scheme may have begun it on another day: last year's
/// payment is no news of this year's.
fn overlap(one: (NaiveDate, NaiveDate), other: (NaiveDate, NaiveDate)) -> bool {
    one.0 <= other.1 && other.0 <= one.1
}

/// It names nobody: phones are shared.
fn text(change: &Change, language: Language) -> String {
    let product: String = change.product.chars().take(12).collect();
    let day = |day| print_date(day, language);
    let (from, to) = (day(change.from), day(change.to));
    let words = match (change.kind, language) {
        (ChangeKind::Enrolled, Language::SWAHILI) => {
            "uandikishaji umepokelewa. Bima huanza baada ya malipo.".to_owned()
        }
        (ChangeKind::Activated, Language::SWAHILI) => format!("bima yako ni HAI {from} hadi {to}."),
        (ChangeKind::Renewed, Language::SWAHILI) => {
            format!("bima yako imehuishwa {from} hadi {to}.")
        }
        (ChangeKind::Expiring, Language::SWAHILI) => {
            format!("bima yako inaisha {to}. Ihuishe kabla ya hapo.")
        }
        (ChangeKind::Expired, Language::SWAHILI) => {
            format!("bima yako iliisha {to}. Hakuna bima hadi uhuishe.")
        }
        (ChangeKind::Enrolled, Language::FRENCH) => {
            "inscription reçue. La couverture commence après le paiement.".to_owned()
        }
        (ChangeKind::Activated, Language::FRENCH) => {
            format!("couverture ACTIVE du {from} au {to}.")
        }
        (ChangeKind::Renewed, Language::FRENCH) => {
            format!("couverture renouvelée du {from} au {to}.")
        }
        (ChangeKind::Expiring, Language::FRENCH) => {
            format!("la couverture se termine le {to}. Renouvelez avant.")
        }
        (ChangeKind::Expired, Language::FRENCH) => {
            format!("la couverture est TERMINÉE depuis le {to}.")
        }
        (ChangeKind::Enrolled, _) => "enrolment received. Cover begins after payment.".to_owned(),
        (ChangeKind::Activated, _) => format!("your cover is ACTIVE {from} to {to}."),
        (ChangeKind::Renewed, _) => format!("your cover is renewed {from} to {to}."),
        (ChangeKind::Expiring, _) => format!("your cover ends on {to}. Renew before that."),
        (ChangeKind::Expired, _) => format!("your cover ended on {to}. No cover until you renew."),
    };
    format!("{product}: {words}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        effect::tests::effects_of,
        model::{MemberNumber, Msisdn},
        scheme::{Schemes, fake::Fake},
    };

    fn change(key: &str, phone: u8) -> Change {
        Change {
            key: key.to_owned(),
            kind: ChangeKind::Renewed,
            member: MemberNumber::parse("070707081").unwrap(),
            phone: Msisdn::parse(&format!("+25570000000{phone}")).ok(),
            product: "CHF".to_owned(),
            from: "2026-03-02".parse().unwrap(),
            to: "2027-03-01".parse().unwrap(),
        }
    }

    fn page(events: &[Change], next: &str, more: bool) -> Changes {
        Changes {
            events: events.to_vec(),
            next: Some(Cursor(next.to_owned())),
            more,
        }
    }

    #[test]
    fn last_years_cover_is_another_one() {
        let days = |from: &str, to: &str| (from.parse().unwrap(), to.parse().unwrap());
        let this = days("2026-03-02", "2027-03-01");
        assert!(overlap(days("2026-02-20", "2027-02-19"), this));
        assert!(!overlap(days("2025-03-02", "2026-03-01"), this));
    }

    #[tokio::test]
    async fn each_change_is_told_once_however_often_it_is_read() {
        let fake = Arc::new(Fake::named("dodoma"));
        let served = Served {
            notices: true,
            languages: vec![Language::SWAHILI],
            ..Served::all(Arc::clone(&fake) as _)
        };
        let (effects, ..) = effects_of(Schemes::new(vec![served]));
        *fake.pages.lock().unwrap() = vec![
            page(&[change("a", 1), change("b", 2)], "1", true),
            page(
                &[change("b", 2), change("c", 3), change("c", 3)],
                "2",
                false,
            ),
        ];
        for _ in 0..2 {
            let ran = effects.follow("dodoma").await.unwrap();
            assert!(matches!(ran, Ran::Later { .. }), "{ran:?}");
        }
        // Two pages and, since the cursor stands behind them, nothing the second time.
        assert_eq!(fake.asked(), 3);
        let mut transaction = effects.world.store.read().await.unwrap();
        assert_eq!(transaction.jobs().open().await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_scheme_is_followed_by_one_job_where_its_members_are_told() {
        let served = |name: &str, notices| Served {
            notices,
            ..Served::all(Arc::new(Fake::named(name)))
        };
        let schemes = Schemes::new(vec![served("dodoma", true), served("moshi", false)]);
        let (effects, ..) = effects_of(schemes);
        for _ in 0..2 {
            effects.follow_schemes().await.unwrap();
        }
        let mut transaction = effects.world.store.read().await.unwrap();
        let open = transaction.jobs().open_by_route().await.unwrap();
        assert_eq!(open, [("scheme:dodoma".to_owned(), 1)]);
        assert_eq!(effects.follow("moshi").await.unwrap(), Ran::Done);
    }
}
