use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Effects, codec};
use crate::{
    model::{MemberNumber, local_day},
    scheme::{Cover, CoverStatus},
    store::{KnownCover, StoreError},
};

/// What is known is written again after this, also where it is the same: its date is shown.
const FRESH: TimeDelta = TimeDelta::hours(20);

/// A cover as its scheme said it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// As it stands today by its days.
    pub(super) cover: Cover,
    /// The day on which the scheme said so.
    pub(super) as_of: NaiveDate,
}

impl Effects {
    /// Keeps what a scheme says of a cover, for when it cannot be asked. What cannot be kept is not
    /// missed by who is told now.
    pub(super) async fn keep_cover(&self, scheme: &str, cover: &Cover) {
        if let Err(error) = self.try_to_keep(scheme, cover).await {
            tracing::warn!(%error, scheme, "what the scheme said of a cover was not kept");
        }
    }

    async fn try_to_keep(&self, scheme: &str, cover: &Cover) -> Result<(), StoreError> {
        let now = self.world.clock.now();
        let said = KnownCover {
            cover: codec::encode(cover),
            seen_at: now,
        };
        let known = {
            let mut transaction = self.world.store.read().await?;
            transaction.said().known_cover(scheme, cover.member).await?
        };
        let is_known = |known: &KnownCover| known.cover == said.cover && is_fresh(known, now);
        if known.is_some_and(|known| is_known(&known)) {
            return Ok(());
        }
        let mut transaction = self.world.store.write().await?;
        transaction
            .said()
            .know_cover(scheme, cover.member, &said)
            .await?;
        transaction.commit().await
    }

    /// What the scheme last said of a member, where its days still say how she stands: who had not
    /// paid or was suspended may have mended that since.
    pub(super) async fn known_cover(
        &self,
        scheme: &str,
        member: MemberNumber,
    ) -> Result<Option<Known>, StoreError> {
        let mut transaction = self.world.store.read().await?;
        let said = transaction.said().known_cover(scheme, member).await?;
        Ok(said.and_then(|said| {
            let cover: Cover = codec::decode(&said.cover)?;
            let cover = cover.on(self.today());
            let by_its_days = match cover.status {
                CoverStatus::Active | CoverStatus::Expired => true,
                CoverStatus::Unpaid | CoverStatus::Suspended => false,
            };
            by_its_days.then(|| Known {
                cover,
                as_of: local_day(said.seen_at),
            })
        }))
    }
}

fn is_fresh(known: &KnownCover, now: DateTime<Utc>) -> bool {
    now - known.seen_at < FRESH
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        dialogue::Outcome,
        effect::{Asker, tests::effects_of},
        menu::{OutcomeName, Value},
        model::{DialogueId, EffectKey, Language, Msisdn},
        scheme::{
            Schemes,
            fake::{Fake, Mood},
        },
    };

    fn asker(phone: &Msisdn, on_line: bool) -> Asker<'_> {
        Asker {
            phone,
            language: Language::SWAHILI,
            set: "chf",
            edition: "",
            key: EffectKey {
                dialogue: DialogueId(1),
                turn: 0,
                ask: 0,
            },
            on_line,
        }
    }

    fn told(outcome: Outcome) -> (OutcomeName, Option<Value>) {
        match outcome {
            Outcome::Call { name, value } => {
                (name, value.and_then(|value| value.field(5).cloned()))
            }
            Outcome::Done | Outcome::Failed | Outcome::Wrong | Outcome::Answer(_) => {
                panic!("a call was asked")
            }
        }
    }

    #[tokio::test]
    async fn a_scheme_that_is_away_is_answered_for_by_what_it_said_last() {
        let fake = Arc::new(Fake::named("dodoma"));
        let (effects, _, clock) = effects_of(Schemes::one(Arc::clone(&fake) as _));
        let phone = Msisdn::parse("+255700000001").unwrap();
        let member = MemberNumber::parse("070707081").unwrap();
        let other = MemberNumber::parse("400000042").unwrap();
        let day = |text: &str| Some(Value::Date(text.parse().unwrap()));
        let ask = async |member, on_line| {
            let asked = effects.cover(asker(&phone, on_line), member).await;
            asked.map(told)
        };
        let now = ask(member, true).await.unwrap();
        assert_eq!(now, (OutcomeName::Active, day("2026-03-02")));
        clock.advance(TimeDelta::days(7));
        fake.is(Mood::Fails);
        let known = ask(member, true).await.unwrap();
        assert_eq!(known, (OutcomeName::Known, day("2026-03-02")));
        // Who was promised an answer waits for the true one; of whom nothing is known nothing is said.
        assert!(ask(member, false).await.is_err());
        assert!(ask(other, true).await.is_err());
        fake.is(Mood::Answers);
        let again = ask(member, true).await.unwrap();
        assert_eq!(again, (OutcomeName::Active, day("2026-03-09")));
        fake.is(Mood::Fails);
        let known = ask(member, true).await.unwrap();
        assert_eq!(known, (OutcomeName::Known, day("2026-03-09")));
    }
}
