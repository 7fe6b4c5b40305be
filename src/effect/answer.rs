use super::{Asked, Effects, codec};
use crate::{
    dialogue::Outcome,
    model::MemberNumber,
    store::{Answer, Intended, StoreError, Transaction},
};

/// After so many wrong digits an answer is not kept any longer: her SMS has told it.
const WRONG_TRIES: u32 = 5;

impl Effects {
    /// Opens the late answer that waits for this phone. It is an effect with a row of its own, so
    /// that a repeat of the turn opens the same one again.
    pub(super) async fn open_answer(
        &self,
        asked: &Asked<'_>,
        typed: Option<&str>,
    ) -> Result<Outcome, StoreError> {
        let now = self.world.clock.now();
        let intent = asked.intent(now, now + self.options.answers_live());
        let mut transaction = self.world.store.write().await?;
        if let Intended::Theirs(stored) = transaction.effects().intend(&intent).await? {
            return Ok(stored
                .outcome
                .as_deref()
                .map_or(Outcome::Failed, codec::outcome));
        }
        let waiting = transaction.effects().waiting(asked.phone, now).await?;
        let outcome = match waiting {
            Some(answer) => {
                self.try_open(&mut *transaction, asked, &answer, typed)
                    .await?
            }
            None => Outcome::Failed,
        };
        let bytes = codec::encode(&outcome);
        transaction.effects().finish(asked.key, &bytes, now).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    async fn try_open(
        &self,
        transaction: &mut dyn Transaction,
        asked: &Asked<'_>,
        answer: &Answer,
        typed: Option<&str>,
    ) -> Result<Outcome, StoreError> {
        let wanted = answer.about.map(MemberNumber::last_four);
        let right = typed.is_none() || typed == wanted.as_deref();
        if !right {
            let tries = transaction.effects().wrong_try(answer.key).await?;
            if tries < WRONG_TRIES {
                return Ok(Outcome::Wrong);
            }
        }
        transaction
            .effects()
            .open(answer.key, self.world.clock.now())
            .await?;
        let state = codec::decode(&answer.state);
        // A state belongs to its edition: after a change of menus her SMS has told her.
        let opened = state.filter(|_| right && answer.edition == asked.edition);
        Ok(opened.map_or(Outcome::Failed, |state| Outcome::Answer(Box::new(state))))
    }
}
