use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::transaction::Tables;
use crate::{
    model::DialogueId,
    store::{Journal, JournalEntry, JournaledTurn, LiveLines, Result},
};

#[async_trait]
impl Journal for Tables<'_, '_> {
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<()> {
        let journal = &mut self.change("write the journal").await?.journal;
        for entry in entries {
            journal.append(|_| entry.clone());
        }
        Ok(())
    }

    async fn dialogue(&mut self, dialogue: DialogueId) -> Result<Vec<JournaledTurn>> {
        let journal = &self.read("read the journal").await?.journal;
        let turns = journal.values().filter(|entry| entry.dialogue == dialogue);
        Ok(turns.map(turn).collect())
    }

    async fn newest(&mut self) -> Result<Option<DialogueId>> {
        let journal = &self.read("read the journal").await?.journal;
        Ok(journal.values().next_back().map(|entry| entry.dialogue))
    }

    async fn live(&mut self, since: DateTime<Utc>) -> Result<Vec<LiveLines>> {
        let journal = &self.read("read the journal").await?.journal;
        let mut last = BTreeMap::new();
        let recent = journal
            .values()
            .filter(|entry| entry.at >= since && entry.screen != "busy");
        for entry in recent {
            last.insert((&entry.gateway, entry.phone.digits()), entry);
        }
        let mut lines: BTreeMap<_, u64> = BTreeMap::new();
        for entry in last.into_values().filter(|entry| !entry.last) {
            *lines
                .entry((entry.set.clone(), entry.screen.clone()))
                .or_default() += 1;
        }
        let live = |((set, screen), lines)| LiveLines { set, screen, lines };
        Ok(lines.into_iter().map(live).collect())
    }

    async fn last_heard(&mut self) -> Result<Vec<(String, DateTime<Utc>)>> {
        Ok(Vec::new())
    }

    async fn turns(&mut self) -> Result<u64> {
        let journal = &self.read("count the journal").await?.journal;
        Ok(journal.len() as u64)
    }
}

fn turn(entry: &JournalEntry) -> JournaledTurn {
    JournaledTurn {
        at: entry.at,
        gateway: entry.gateway.clone(),
        phone_index: entry.phone.digits().as_bytes().to_vec(),
        event: entry.event.to_owned(),
        input: entry.input.clone(),
        screen: entry.screen.clone(),
        language: entry.language,
        last: entry.last,
    }
}
