use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{columns::Columns, tables::Tables};
use crate::{
    model::{EffectKey, MemberNumber, MenusName, Msisdn},
    store::{Answer, Effects, Intended, Intent, Promised, Result, StoreError, StoredEffect},
};

/// An effect was to be changed that was never intended.
const NOT_THERE: StoreError = StoreError::Unreadable {
    noun: "effect",
    why: "it is not there",
};

#[async_trait]
impl Effects for Tables<'_> {
    async fn intend(&mut self, intent: &Intent) -> Result<Intended> {
        let statement = self.insert(intent)?;
        if self.changes("write down an effect", statement).await? {
            return Ok(Intended::Ours);
        }
        let stored = Effects::get(self, intent.key).await?.ok_or(NOT_THERE)?;
        Ok(Intended::Theirs(Box::new(stored)))
    }

    async fn get(&mut self, key: EffectKey) -> Result<Option<StoredEffect>> {
        let statement = self.keyed("SELECT * FROM effects WHERE key = $1");
        let statement = statement.bind(key.to_string());
        let row = self.one("effect", statement).await?;
        row.map(|row| stored(&row)).transpose()
    }

    async fn finish(
        &mut self,
        key: EffectKey,
        outcome: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<StoredEffect>> {
        let statement = sqlx::query(
            "UPDATE effects SET outcome = $1, ended_at = $2 WHERE key = $3 AND outcome IS NULL",
        )
        .bind(self.seal("effects.outcome", outcome)?)
        .bind(now)
        .bind(key.to_string());
        self.change("end an effect", statement).await?;
        Effects::get(self, key).await
    }

    async fn promise(&mut self, key: EffectKey, now: DateTime<Utc>) -> Result<Promised> {
        let statement = sqlx::query(
            "UPDATE effects SET promised_at = coalesce(promised_at, $1)
             WHERE key = $2 AND outcome IS NULL",
        )
        .bind(now)
        .bind(key.to_string());
        if self.changes("promise an answer", statement).await? {
            return Ok(Promised::Yes);
        }
        let ended = Effects::get(self, key).await?;
        let outcome = ended.and_then(|effect| effect.outcome);
        outcome.map(Promised::Ended).ok_or(NOT_THERE)
    }

    async fn keep_answer(
        &mut self,
        key: EffectKey,
        state: &[u8],
        until: DateTime<Utc>,
    ) -> Result<()> {
        let statement =
            sqlx::query("UPDATE effects SET answer = $1, answer_until = $2 WHERE key = $3")
                .bind(self.seal("effects.answer", state)?)
                .bind(until)
                .bind(key.to_string());
        let kept = self.changes("keep an answer", statement).await?;
        kept.then_some(()).ok_or(NOT_THERE)
    }

    async fn waiting(
        &mut self,
        phone: &Msisdn,
        set: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>> {
        let statement = self
            .keyed(
                "SELECT key, about, edition, menu_set, answer, wrong_tries FROM effects
             WHERE phone_index = $1 AND menu_set = $2 AND answer_until > $3 AND opened_at IS NULL
             ORDER BY asked_at DESC, id DESC LIMIT 1",
            )
            .bind(self.index(phone))
            .bind(set.to_owned())
            .bind(now);
        let row = self.one("answer", statement).await?;
        row.map(|row| answer(&row)).transpose()
    }

    async fn open(&mut self, key: EffectKey, now: DateTime<Utc>) -> Result<()> {
        let statement =
            sqlx::query("UPDATE effects SET opened_at = coalesce(opened_at, $1) WHERE key = $2")
                .bind(now)
                .bind(key.to_string());
        self.change("open an answer", statement).await?;
        Ok(())
    }

    async fn wrong_try(&mut self, key: EffectKey) -> Result<u32> {
        let statement = sqlx::query(
            "UPDATE effects SET wrong_tries = wrong_tries + 1 WHERE key = $1 RETURNING wrong_tries",
        )
        .bind(key.to_string());
        let row = self.one("effect", statement).await?;
        row.ok_or(NOT_THERE)?.count("wrong_tries")
    }
}

impl Tables<'_> {
    fn insert(&self, intent: &Intent) -> Result<super::tables::Statement> {
        Ok(sqlx::query(
            "INSERT INTO effects (key, phone_index, phone, gateway, edition, menu_set, about, effect,
                state, asked_at, not_after)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (key) DO NOTHING",
        )
        .bind(intent.key.to_string())
        .bind(self.index(&intent.phone))
        .bind(self.seal_phone("effects.phone", &intent.phone)?)
        .bind(intent.gateway.clone())
        .bind(intent.menus.edition.clone())
        .bind(intent.menus.set.clone())
        .bind(intent.about.map(|member| member.to_string()))
        .bind(self.seal("effects.effect", &intent.effect)?)
        .bind(self.seal("effects.state", &intent.state)?)
        .bind(intent.asked_at)
        .bind(intent.not_after))
    }
}

fn stored(row: &Columns<'_>) -> Result<StoredEffect> {
    let promised_at: Option<DateTime<Utc>> = row.get("promised_at")?;
    Ok(StoredEffect {
        intent: Intent {
            key: row.parsed("key", EffectKey::parse)?,
            phone: row.opened_phone("effects.phone")?,
            gateway: row.get("gateway")?,
            menus: menus(row)?,
            about: row.parsed_if_there("about", |text| MemberNumber::parse(text).ok())?,
            effect: row.opened("effects.effect")?,
            state: row.opened("effects.state")?,
            asked_at: row.time("asked_at")?,
            not_after: row.time("not_after")?,
        },
        promised: promised_at.is_some(),
        outcome: row.opened_if_there("effects.outcome")?,
    })
}

fn answer(row: &Columns<'_>) -> Result<Answer> {
    Ok(Answer {
        key: row.parsed("key", EffectKey::parse)?,
        about: row.parsed_if_there("about", |text| MemberNumber::parse(text).ok())?,
        menus: menus(row)?,
        state: row.opened("effects.answer")?,
        wrong_tries: row.count("wrong_tries")?,
    })
}

fn menus(row: &Columns<'_>) -> Result<MenusName> {
    Ok(MenusName {
        edition: row.get("edition")?,
        set: row.get("menu_set")?,
    })
}
