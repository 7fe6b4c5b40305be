use async_trait::async_trait;

use super::transaction::Tables;
use crate::store::{Edition, Editions, Result};

#[async_trait]
impl Editions for Tables<'_, '_> {
    async fn keep(&mut self, edition: &Edition) -> Result<bool> {
        let editions = &mut self.change("keep an edition").await?.editions;
        if editions.values().any(|known| known.hash == edition.hash) {
            return Ok(false);
        }
        editions.append(|_| edition.clone());
        Ok(true)
    }

    async fn get(&mut self, hash: &str) -> Result<Option<Edition>> {
        let editions = &self.read("read an edition").await?.editions;
        Ok(editions.values().find(|known| known.hash == hash).cloned())
    }

    async fn beginning_with(&mut self, prefix: &str) -> Result<Vec<String>> {
        let editions = &self.read("look for editions").await?.editions;
        let hashes = editions.values().map(|known| known.hash.clone());
        let mut found: Vec<_> = hashes.filter(|hash| hash.starts_with(prefix)).collect();
        found.sort();
        found.truncate(10);
        Ok(found)
    }
}
