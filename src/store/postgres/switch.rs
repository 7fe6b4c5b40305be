use async_trait::async_trait;

use super::{
    columns::Columns,
    tables::{Tables, text},
};
use crate::{
    model::Language,
    store::{NewSwitch, Result, Switch, SwitchedTo, Switches},
};

#[async_trait]
impl Switches for Tables<'_> {
    async fn switch(&mut self, new: &NewSwitch) -> Result<u64> {
        // One after the other: whoever follows the newest number must not miss one that commits late.
        self.hold("switches", &[]).await?;
        let (is_off, texts, until) = match &new.to {
            SwitchedTo::Off { texts, until } => (true, texts.as_slice(), *until),
            SwitchedTo::On => (false, [].as_slice(), None),
        };
        let statement = sqlx::query(
            "INSERT INTO switches (menu_set, is_off, at, until, who, why)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING number",
        )
        .bind(new.set.clone())
        .bind(is_off)
        .bind(new.at)
        .bind(until)
        .bind(text(&new.who))
        .bind(text(&new.why));
        let row = self.one("switch", statement).await?;
        let number: u64 = row.map_or(Ok(0), |row| row.count("number"))?;
        for (place, (language, text)) in (0_i64..).zip(texts) {
            self.keep_text(number, place, *language, text).await?;
        }
        Ok(number)
    }

    async fn off(&mut self) -> Result<Vec<Switch>> {
        let statement = sqlx::query(
            "SELECT * FROM switches AS s WHERE is_off AND number = (
                SELECT max(number) FROM switches WHERE menu_set = s.menu_set)
             ORDER BY menu_set",
        );
        let rows = self.all("switch", statement).await?;
        let mut off = Vec::with_capacity(rows.len());
        for row in rows {
            off.push(self.read_switch(&row).await?);
        }
        Ok(off)
    }

    async fn numbered(&mut self, number: u64) -> Result<Option<Switch>> {
        let statement = sqlx::query("SELECT * FROM switches WHERE number = $1")
            .bind(i64::try_from(number).unwrap_or(i64::MAX));
        match self.one("switch", statement).await? {
            Some(row) => self.read_switch(&row).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Tables<'_> {
    async fn keep_text(
        &mut self,
        switch: u64,
        place: i64,
        language: Language,
        text: &str,
    ) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO switch_texts (switch, place, language, text) VALUES ($1, $2, $3, $4)",
        )
        .bind(i64::try_from(switch).unwrap_or(i64::MAX))
        .bind(place)
        .bind(language.to_string())
        .bind(text.to_owned());
        self.change("keep a text", statement).await?;
        Ok(())
    }

    async fn read_switch(&mut self, row: &Columns<'_>) -> Result<Switch> {
        let number: u64 = row.count("number")?;
        let to = if row.get("is_off")? {
            SwitchedTo::Off {
                texts: self.texts_of(number).await?,
                until: row.get("until")?,
            }
        } else {
            SwitchedTo::On
        };
        Ok(Switch {
            number,
            made: NewSwitch {
                set: row.get("menu_set")?,
                to,
                at: row.time("at")?,
                who: row.get("who")?,
                why: row.get("why")?,
            },
        })
    }

    async fn texts_of(&mut self, switch: u64) -> Result<Vec<(Language, String)>> {
        let statement =
            sqlx::query("SELECT language, text FROM switch_texts WHERE switch = $1 ORDER BY place")
                .bind(i64::try_from(switch).unwrap_or(i64::MAX));
        let rows = self.all("switch", statement).await?;
        rows.iter()
            .map(|row| {
                let language = row.parsed("language", |tag| Language::parse(tag).ok())?;
                Ok((language, row.get("text")?))
            })
            .collect()
    }
}
