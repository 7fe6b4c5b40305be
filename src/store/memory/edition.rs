use async_trait::async_trait;

use super::transaction::Tables;
use crate::store::{Edition, Editions, Result};

#[async_trait]
impl Editions for Tables<'_, '_> {
    async fn publish(&mut self, edition: &Edition) -> Result<bool> {
        let editions = &mut self.change("publish an edition").await?.editions;
        if editions.values().any(|known| known.hash == edition.hash) {
            return Ok(false);
        }
        editions.append(|_| edition.clone());
        Ok(true)
    }

    async fn current(&mut self) -> Result<Option<String>> {
        let editions = &self.read("read the current edition").await?.editions;
        Ok(editions.values().next_back().map(|last| last.hash.clone()))
    }

    async fn get(&mut self, hash: &str) -> Result<Option<Edition>> {
        let editions = &self.read("read an edition").await?.editions;
        Ok(editions.values().find(|known| known.hash == hash).cloned())
    }
}
