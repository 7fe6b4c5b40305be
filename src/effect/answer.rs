use serde::{Deserialize, Serialize};

use super::{Asked, Effects, codec};
use crate::{
    dialogue::{Outcome, Waiting},
    model::EffectKey,
    store::{Answer, Intended, StoreError, Transaction},
};

/// After so many wrong digits an answer is not kept any longer: her SMS has told it.
const WRONG_TRIES: u32 = 5;

/// What came of an ask to open a late answer, as its row keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct Opened {
    /// The answer that was shown.
    answer: Option<EffectKey>,
    outcome: Outcome,
}

/// What came of an ask to open a late answer, of its row.
#[cfg(test)]
pub(super) fn opened_outcome(bytes: &[u8]) -> Option<Outcome> {
    codec::decode::<Opened>(bytes).map(|opened| opened.outcome)
}

impl Opened {
    fn nothing(outcome: Outcome) -> Self {
        Self {
            answer: None,
            outcome,
        }
    }
}

impl Effects {
    /// Shows the late answer that waits for this phone. It is an effect with a row of its own, so
    /// that a repeat of the turn shows the same one again. The answer waits on until she goes on
    /// from it: a dropped network must not swallow it.
    pub(super) async fn open_answer(
        &self,
        asked: &Asked<'_>,
        typed: Option<&str>,
    ) -> Result<Outcome, StoreError> {
        // Asked before the transaction: none spans a wait for the network.
        let at_once = self.opens_at_once(asked).await?;
        let now = self.world.clock.now();
        let intent = asked.intent(now, now + self.options.answers_live());
        let mut transaction = self.world.store.write().await?;
        if let Intended::Theirs(stored) = transaction.effects().intend(&intent).await? {
            let opened = stored.outcome.as_deref().and_then(codec::decode::<Opened>);
            return Ok(opened.map_or(Outcome::Failed, |opened| opened.outcome));
        }
        let waiting = transaction
            .effects()
            .waiting(asked.phone, &asked.menus.set, now)
            .await?;
        let opened = match waiting {
            Some(answer) if typed.is_some() || at_once == Some(answer.key) => {
                self.try_open(&mut *transaction, asked, &answer, typed)
                    .await?
            }
            Some(_) | None => Opened::nothing(Outcome::Failed),
        };
        let bytes = codec::encode(&opened);
        transaction.effects().finish(asked.key, &bytes, now).await?;
        transaction.commit().await?;
        Ok(opened.outcome)
    }

    /// The waiting answer that this phone may see without digits.
    async fn opens_at_once(&self, asked: &Asked<'_>) -> Result<Option<EffectKey>, StoreError> {
        let now = self.world.clock.now();
        let mut transaction = self.world.store.read().await?;
        let waiting = transaction
            .effects()
            .waiting(asked.phone, &asked.menus.set, now)
            .await?;
        drop(transaction);
        let Some(answer) = waiting else {
            return Ok(None);
        };
        let how = self
            .how_to_open((asked.phone, &asked.menus.set), answer.about)
            .await;
        Ok((how == Waiting::AtOnce).then_some(answer.key))
    }

    async fn try_open(
        &self,
        transaction: &mut dyn Transaction,
        asked: &Asked<'_>,
        answer: &Answer,
        typed: Option<&str>,
    ) -> Result<Opened, StoreError> {
        let digits = answer.about.map(crate::model::MemberNumber::last_four);
        let right = typed.is_none() || typed == digits.as_deref();
        if !right && transaction.effects().wrong_try(answer.key).await? < WRONG_TRIES {
            return Ok(Opened::nothing(Outcome::Wrong));
        }
        let state = codec::decode(&answer.state);
        // A state belongs to its edition: after a change of menus her SMS has told her.
        if let Some(state) = state.filter(|_| right && answer.menus == *asked.menus) {
            return Ok(Opened {
                answer: Some(answer.key),
                outcome: Outcome::Answer(Box::new(state)),
            });
        }
        let now = self.world.clock.now();
        transaction.effects().open(answer.key, now).await?;
        Ok(Opened::nothing(Outcome::Failed))
    }

    /// The caller went on from the late answer that this ask opened: it waits no more.
    pub async fn answer_read(&self, key: EffectKey) {
        if let Err(error) = self.mark_read(key).await {
            tracing::warn!(%key, %error, "an answer that was read will be offered again");
        }
    }

    async fn mark_read(&self, key: EffectKey) -> Result<(), StoreError> {
        let mut transaction = self.world.store.write().await?;
        let stored = transaction.effects().get(key).await?;
        let opened = stored.and_then(|stored| codec::decode::<Opened>(&stored.outcome?));
        if let Some(answer) = opened.and_then(|opened| opened.answer) {
            let now = self.world.clock.now();
            transaction.effects().open(answer, now).await?;
        }
        transaction.commit().await
    }
}
