use std::time::Duration;

use tokio::time::timeout;

use super::{Asker, Effects, Failed, Pending, Ran, Stepped, bare, codec};
use crate::{
    catalogue::Missing,
    dialogue::{self, Effect, Input, LateStep, Outcome, Scene, State},
    menu::OutcomeName,
    model::{EffectKey, PageSize},
    sms::Outgoing,
    store::StoredEffect,
};

/// How many failures of the world the outbox bears before it tells the caller that it failed.
const ATTEMPTS: u32 = 10;
/// How long what is awaited is left alone: its SMS should not come long after it.
const SOON: Duration = Duration::from_secs(2);

impl Effects {
    /// Ends an effect whose outcome nobody has told the caller, and tells her: by SMS, and by what a
    /// redial opens.
    pub(super) async fn finish_late(&self, key: EffectKey, attempts: u32) -> Result<Ran, Failed> {
        let Some(stored) = self.stored(key).await? else {
            return Ok(Ran::Done);
        };
        let state: Option<State> = codec::decode(&stored.intent.state);
        let effect: Option<Effect> = codec::decode(&stored.intent.effect);
        let (Some(state), Some(effect)) = (state, effect) else {
            return Err(Failed::for_good("its effect was stored by another version"));
        };
        let outcome = match &stored.outcome {
            Some(bytes) => codec::outcome(bytes),
            None => match self.call_late(&stored, &state, &effect).await {
                Ok(outcome) => outcome,
                Err(pending) if self.is_over(&stored, &pending, attempts) => {
                    tracing::error!(%key, why = %pending, "a promised answer failed for good; the caller is told so");
                    bare(OutcomeName::Down)
                }
                Err(Pending::Failed(why)) => return Err(Failed::for_now(why)),
                Err(Pending::Awaited(what)) => {
                    let why = what.to_owned();
                    return Ok(Ran::Later { why, after: SOON });
                }
            },
        };
        self.tell(&stored, state, outcome).await
    }

    /// Whether trying again is of no use any more.
    fn is_over(&self, stored: &StoredEffect, pending: &Pending, attempts: u32) -> bool {
        let tried_enough = match pending {
            Pending::Failed(_) => attempts >= ATTEMPTS,
            Pending::Awaited(_) => false,
        };
        tried_enough || self.world.clock.now() >= stored.intent.not_after
    }

    async fn call_late(
        &self,
        stored: &StoredEffect,
        state: &State,
        effect: &Effect,
    ) -> Result<Outcome, Pending> {
        let Effect::Call {
            operation,
            arguments,
            ..
        } = effect
        else {
            return Err(Pending::Failed("it is no call".to_owned()));
        };
        let asker = Asker {
            phone: &stored.intent.phone,
            language: state.language(),
            set: &stored.intent.menus.set,
            edition: &stored.intent.menus.edition,
            key: stored.intent.key,
            on_line: false,
        };
        let patience = Duration::from_secs(self.options.patience_seconds);
        let called = timeout(patience, self.call(asker, *operation, arguments)).await;
        called.unwrap_or_else(|_| {
            let why = format!("no answer in {} s", patience.as_secs());
            Err(Pending::Failed(why))
        })
    }

    /// In one transaction: the outcome, the state that a redial opens, and the SMS.
    async fn tell(
        &self,
        stored: &StoredEffect,
        state: State,
        outcome: Outcome,
    ) -> Result<Ran, Failed> {
        let key = stored.intent.key;
        let now = self.world.clock.now();
        let until = now + self.options.answers_live();
        let step = self.late_step(stored, state, outcome.clone()).await?;
        let mut transaction = self.world.store.write().await?;
        transaction
            .effects()
            .finish(key, &codec::encode(&outcome), now)
            .await?;
        if let Some(LateStep { state, sms }) = step {
            if gives(&outcome) {
                let kept = codec::encode(&state);
                transaction.effects().keep_answer(key, &kept, until).await?;
            }
            if let Some(text) = sms {
                let outgoing = Outgoing {
                    key: format!("late {key}"),
                    to: stored.intent.phone.clone(),
                    text,
                    useful: self.options.answers_live(),
                };
                self.world.sms.queue(&mut *transaction, &outgoing).await?;
            }
        }
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(Ran::Done)
    }

    async fn late_step(
        &self,
        stored: &StoredEffect,
        state: State,
        outcome: Outcome,
    ) -> Result<Option<LateStep>, Failed> {
        let menus = match self.world.catalogue.menus(&stored.intent.menus).await {
            Ok(menus) => menus,
            Err(missing @ Missing::Away) => return Err(Failed::for_now(missing.to_string())),
            Err(Missing::Gone) => {
                tracing::error!(key = %stored.intent.key, "a late answer has no menu any more; the caller is not told");
                return Ok(None);
            }
        };
        let scene = Scene {
            now: self.world.clock.now(),
            page: PageSize::default(),
            banner: "",
        };
        if let Some(prompter) = self.prompter() {
            let step = Stepped {
                before: Some((&state, &Input::Outcome(outcome.clone()))),
                after: None,
                scene: &scene,
            };
            prompter.stepped(&menus, &step);
        }
        let step = dialogue::late(&menus, state, outcome, &scene);
        if step.sms.is_none() {
            tracing::warn!(key = %stored.intent.key, "the menu has no SMS for a late answer; a redial shows it");
        }
        Ok(Some(step))
    }
}

/// Whether there is more to see than what the SMS says.
fn gives(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Call { value: Some(_), .. })
}
