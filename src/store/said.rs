use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::MemberNumber;

/// What a scheme last said of a member's cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCover {
    /// The cover, as whoever keeps it wrote it; sealed at rest.
    pub cover: Vec<u8>,
    /// When the scheme said so.
    pub seen_at: DateTime<Utc>,
}

/// What schemes said.
#[async_trait]
pub trait Said: Send {
    /// What is known of a member's cover.
    async fn known_cover(
        &mut self,
        scheme: &str,
        member: MemberNumber,
    ) -> Result<Option<KnownCover>>;

    /// Keeps what a scheme said of a member's cover, in the place of what it said before.
    async fn know_cover(
        &mut self,
        scheme: &str,
        member: MemberNumber,
        known: &KnownCover,
    ) -> Result<()>;

    /// How far the scheme's changes were read.
    async fn cursor(&mut self, scheme: &str) -> Result<Option<String>>;

    /// Notes how far they were read; at most 1000 characters.
    async fn read_to(&mut self, scheme: &str, position: &str, now: DateTime<Utc>) -> Result<()>;

    /// Notes something that has changed there; false where it was noted before.
    async fn note_event(&mut self, scheme: &str, key: &str, now: DateTime<Utc>) -> Result<bool>;
}
