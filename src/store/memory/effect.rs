use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{rows::EffectRow, transaction::Tables};
use crate::{
    model::{EffectKey, Msisdn},
    store::{Answer, Effects, Intended, Intent, Promised, Result, StoreError, StoredEffect},
};

const NOT_THERE: StoreError = StoreError::Unreadable {
    noun: "effect",
    why: "it is not there",
};

#[async_trait]
impl Effects for Tables<'_, '_> {
    async fn intend(&mut self, intent: &Intent) -> Result<Intended> {
        let effects = &mut self.change("write down an effect").await?.effects;
        if let Some(known) = effects.get(&intent.key) {
            return Ok(Intended::Theirs(Box::new(known.stored())));
        }
        let row = EffectRow {
            intent: intent.clone(),
            row: effects.len(),
            promised: false,
            outcome: None,
            answer: None,
            opened: false,
            wrong_tries: 0,
        };
        effects.insert(intent.key, row);
        Ok(Intended::Ours)
    }

    async fn get(&mut self, key: EffectKey) -> Result<Option<StoredEffect>> {
        let effects = &self.read("read an effect").await?.effects;
        Ok(effects.get(&key).map(EffectRow::stored))
    }

    async fn finish(
        &mut self,
        key: EffectKey,
        outcome: &[u8],
        _: DateTime<Utc>,
    ) -> Result<Option<StoredEffect>> {
        let effects = &mut self.change("end an effect").await?.effects;
        Ok(effects.change(&key).map(|row| {
            row.outcome.get_or_insert_with(|| outcome.to_vec());
            row.stored()
        }))
    }

    async fn promise(&mut self, key: EffectKey, _: DateTime<Utc>) -> Result<Promised> {
        let effects = &mut self.change("promise an answer").await?.effects;
        let row = effects.change(&key).ok_or(NOT_THERE)?;
        if let Some(outcome) = &row.outcome {
            return Ok(Promised::Ended(outcome.clone()));
        }
        row.promised = true;
        Ok(Promised::Yes)
    }

    async fn keep_answer(
        &mut self,
        key: EffectKey,
        state: &[u8],
        until: DateTime<Utc>,
    ) -> Result<()> {
        let effects = &mut self.change("keep an answer").await?.effects;
        effects.change(&key).ok_or(NOT_THERE)?.answer = Some((state.to_vec(), until));
        Ok(())
    }

    async fn waiting(
        &mut self,
        phone: &Msisdn,
        set: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>> {
        let effects = &self.read("read a waiting answer").await?.effects;
        let theirs = effects
            .values()
            .filter(|row| row.intent.phone == *phone && row.intent.menus.set == set);
        let waiting = theirs.filter(|row| row.waits(now));
        let newest = waiting.max_by_key(|row| (row.intent.asked_at, row.row));
        Ok(newest.and_then(EffectRow::as_answer))
    }

    async fn open(&mut self, key: EffectKey, _: DateTime<Utc>) -> Result<()> {
        let effects = &mut self.change("open an answer").await?.effects;
        if let Some(row) = effects.change(&key) {
            row.opened = true;
        }
        Ok(())
    }

    async fn wrong_try(&mut self, key: EffectKey) -> Result<u32> {
        let effects = &mut self.change("count a wrong try").await?.effects;
        let row = effects.change(&key).ok_or(NOT_THERE)?;
        row.wrong_tries += 1;
        Ok(row.wrong_tries)
    }
}

impl EffectRow {
    fn stored(&self) -> StoredEffect {
        StoredEffect {
            intent: self.intent.clone(),
            promised: self.promised,
            outcome: self.outcome.clone(),
        }
    }

    fn waits(&self, now: DateTime<Utc>) -> bool {
        !self.opened && self.answer.as_ref().is_some_and(|(_, until)| *until > now)
    }

    fn as_answer(&self) -> Option<Answer> {
        let (state, _) = self.answer.clone()?;
        Some(Answer {
            key: self.intent.key,
            about: self.intent.about,
            menus: self.intent.menus.clone(),
            state,
            wrong_tries: self.wrong_tries,
        })
    }
}
