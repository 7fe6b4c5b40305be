use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::tables::{Statement, Tables};
use crate::{
    model::local_day,
    store::{Kept, Result, Retention},
};

#[async_trait]
impl Retention for Tables<'_> {
    async fn count(&mut self, kept: Kept, before: DateTime<Utc>) -> Result<u64> {
        let row = self.one(kept.as_str(), old(count(kept), kept, before));
        row.await?.map_or(Ok(0), |row| row.get("number"))
    }

    async fn delete(&mut self, kept: Kept, before: DateTime<Utc>, limit: u32) -> Result<u64> {
        if kept == Kept::Texts {
            return self.delete_texts(before, limit).await;
        }
        let statement = old(delete(kept), kept, before).bind(limit);
        self.change("delete what is old", statement).await
    }
}

impl Tables<'_> {
    /// Of messages first, and of SMS that came in the room that these leave.
    async fn delete_texts(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64> {
        let statement = old(delete(Kept::Texts), Kept::Texts, before)
            .bind(limit)
            .bind(self.seal("messages.text", &[])?);
        let deleted = self.change("delete old texts", statement).await?;
        let left = i64::from(limit).saturating_sub_unsigned(deleted);
        let statement = old(DELETE_CAME, Kept::Texts, before)
            .bind(left)
            .bind(self.seal("incoming.text", &[])?);
        Ok(deleted + self.change("delete old texts", statement).await?)
    }
}

/// The texts of SMS that came. One that nobody took in all that time is done with: there is nothing
/// to take any more.
const DELETE_CAME: &str = "
    UPDATE incoming SET text = ?3, emptied = 1, state = 'done' WHERE id IN (
        SELECT id FROM incoming WHERE emptied = 0 AND received_at < ?1
        ORDER BY received_at LIMIT ?2)";

/// The statement with the moment, or the day, before which rows are old.
fn old(sql: &'static str, kept: Kept, before: DateTime<Utc>) -> Statement {
    match kept {
        Kept::Enquiries | Kept::NoticeCounts => sqlx::query(sql).bind(local_day(before)),
        Kept::Journal
        | Kept::Effects
        | Kept::Texts
        | Kept::Receipts
        | Kept::Messages
        | Kept::Incoming
        | Kept::UnprovedNotices
        | Kept::GivenUpJobs
        | Kept::Decisions
        | Kept::Schedules
        | Kept::KnownCovers
        | Kept::SchemeEvents
        | Kept::Complaints => sqlx::query(sql).bind(before.timestamp_micros()),
    }
}

fn count(kept: Kept) -> &'static str {
    match kept {
        Kept::Journal => {
            "SELECT count(*) AS number FROM journal
             WHERE id < coalesce((SELECT min(id) FROM journal WHERE at >= ?1),
                (SELECT max(id) + 1 FROM journal))"
        }
        Kept::Effects => {
            "SELECT count(*) AS number FROM effects
             WHERE not_after < ?1 AND (ended_at IS NULL OR ended_at < ?1)
                AND (answer_until IS NULL OR answer_until < ?1)
                AND NOT EXISTS (SELECT 1 FROM jobs
                    WHERE kind = 'finish_effect' AND subject = effects.key)"
        }
        Kept::Texts => {
            "SELECT (SELECT count(*) FROM messages
                WHERE emptied = 0 AND queued_at < ?1 AND not_after < ?1)
             + (SELECT count(*) FROM incoming WHERE emptied = 0 AND received_at < ?1) AS number"
        }
        Kept::Receipts => "SELECT count(*) AS number FROM receipts WHERE received_at < ?1",
        Kept::Incoming => "SELECT count(*) AS number FROM incoming WHERE received_at < ?1",
        Kept::Messages => {
            "SELECT count(*) AS number FROM messages
             WHERE emptied = 1 AND queued_at < ?1
                AND NOT EXISTS (SELECT 1 FROM jobs
                    WHERE kind = 'send_message' AND subject = CAST(messages.id AS TEXT))"
        }
        Kept::Enquiries => "SELECT count(*) AS number FROM enquiries WHERE day < ?1",
        Kept::UnprovedNotices => {
            "SELECT count(*) AS number FROM notices
             WHERE verdict IN ('refused', 'unreadable') AND received_at < ?1"
        }
        Kept::NoticeCounts => "SELECT count(*) AS number FROM unproved_notices WHERE day < ?1",
        Kept::GivenUpJobs => "SELECT count(*) AS number FROM jobs WHERE given_up_at < ?1",
        Kept::Decisions => "SELECT count(*) AS number FROM decisions WHERE decided_at < ?1",
        Kept::Schedules => "SELECT count(*) AS number FROM schedules WHERE begun_at < ?1",
        Kept::KnownCovers => "SELECT count(*) AS number FROM known_covers WHERE seen_at < ?1",
        Kept::SchemeEvents => "SELECT count(*) AS number FROM scheme_events WHERE seen_at < ?1",
        Kept::Complaints => "SELECT count(*) AS number FROM complaints WHERE made_at < ?1",
    }
}

fn delete(kept: Kept) -> &'static str {
    match kept {
        // From the beginning on and up to the first that is young, so that its rows have no gaps.
        Kept::Journal => {
            "DELETE FROM journal
             WHERE id < coalesce(
                (SELECT min(id) FROM journal
                    WHERE id < (SELECT min(id) FROM journal) + ?2 AND at >= ?1),
                (SELECT min(id) FROM journal) + ?2)"
        }
        Kept::Effects => {
            "DELETE FROM effects WHERE id IN (
                SELECT id FROM effects
                WHERE not_after < ?1 AND (ended_at IS NULL OR ended_at < ?1)
                    AND (answer_until IS NULL OR answer_until < ?1)
                    AND NOT EXISTS (SELECT 1 FROM jobs
                        WHERE kind = 'finish_effect' AND subject = effects.key)
                ORDER BY not_after LIMIT ?2)"
        }
        Kept::Texts => {
            "UPDATE messages SET text = ?3, emptied = 1 WHERE id IN (
                SELECT id FROM messages
                WHERE emptied = 0 AND queued_at < ?1 AND not_after < ?1
                ORDER BY queued_at LIMIT ?2)"
        }
        Kept::Receipts => {
            "DELETE FROM receipts WHERE id IN (
                SELECT id FROM receipts WHERE received_at < ?1 ORDER BY received_at LIMIT ?2)"
        }
        Kept::Incoming => {
            "DELETE FROM incoming WHERE id IN (
                SELECT id FROM incoming WHERE received_at < ?1 ORDER BY received_at LIMIT ?2)"
        }
        Kept::Messages => {
            "DELETE FROM messages WHERE id IN (
                SELECT id FROM messages
                WHERE emptied = 1 AND queued_at < ?1
                    AND NOT EXISTS (SELECT 1 FROM jobs
                        WHERE kind = 'send_message' AND subject = CAST(messages.id AS TEXT))
                ORDER BY queued_at LIMIT ?2)"
        }
        Kept::Enquiries => {
            "DELETE FROM enquiries WHERE (phone_index, day, subject) IN (
                SELECT phone_index, day, subject FROM enquiries
                WHERE day < ?1 ORDER BY day LIMIT ?2)"
        }
        Kept::UnprovedNotices => {
            "DELETE FROM notices WHERE id IN (
                SELECT id FROM notices
                WHERE verdict IN ('refused', 'unreadable') AND received_at < ?1
                ORDER BY received_at LIMIT ?2)"
        }
        Kept::NoticeCounts => {
            "DELETE FROM unproved_notices WHERE (provider, day, verdict) IN (
                SELECT provider, day, verdict FROM unproved_notices
                WHERE day < ?1 ORDER BY day LIMIT ?2)"
        }
        Kept::GivenUpJobs => {
            "DELETE FROM jobs WHERE id IN (
                SELECT id FROM jobs WHERE given_up_at < ?1 ORDER BY given_up_at LIMIT ?2)"
        }
        Kept::Decisions => {
            "DELETE FROM decisions WHERE id IN (
                SELECT id FROM decisions WHERE decided_at < ?1 ORDER BY decided_at LIMIT ?2)"
        }
        Kept::KnownCovers => {
            "DELETE FROM known_covers WHERE key IN (
                SELECT key FROM known_covers WHERE seen_at < ?1 ORDER BY seen_at LIMIT ?2)"
        }
        Kept::SchemeEvents => {
            "DELETE FROM scheme_events WHERE (scheme, key) IN (
                SELECT scheme, key FROM scheme_events
                WHERE seen_at < ?1 ORDER BY seen_at LIMIT ?2)"
        }
        Kept::Complaints => {
            "DELETE FROM complaints WHERE id IN (
                SELECT id FROM complaints WHERE made_at < ?1 ORDER BY made_at LIMIT ?2)"
        }
        Kept::Schedules => {
            "DELETE FROM schedules WHERE (job, period) IN (
                SELECT job, period FROM schedules
                WHERE begun_at < ?1 ORDER BY begun_at LIMIT ?2)"
        }
    }
}
