use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    columns::Columns,
    tables::{Statement, Tables, text},
};
use crate::store::{Job, JobKind, Jobs, NewJob, Result};

/// The due jobs of a kind in their order. Each priority by itself, so that the index gives the first
/// ones and no job of tomorrow is looked at. The outer limit reads them one after the other, so it
/// locks no more than it takes; what another claims at the same time is passed over.
const CLAIM: &str = "
    WITH due AS MATERIALIZED (
        SELECT id FROM (
            SELECT * FROM (
                SELECT id FROM jobs
                WHERE given_up_at IS NULL AND kind = $4 AND priority = 0
                    AND due_at <= $1 AND not_after >= $1
                ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS urgent
            UNION ALL
            SELECT * FROM (
                SELECT id FROM jobs
                WHERE given_up_at IS NULL AND kind = $4 AND priority = 1
                    AND due_at <= $1 AND not_after >= $1
                ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS normal
            UNION ALL
            SELECT * FROM (
                SELECT id FROM jobs
                WHERE given_up_at IS NULL AND kind = $4 AND priority = 2
                    AND due_at <= $1 AND not_after >= $1
                ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS low) AS due
        LIMIT $2)
    UPDATE jobs SET attempts = attempts + 1, lease = lease + 1, leased_until = $3
    FROM due WHERE jobs.id = due.id
    RETURNING jobs.id, kind, subject, attempts, not_after, lease, priority, run_at";

#[async_trait]
impl Jobs for Tables<'_> {
    async fn add(&mut self, job: &NewJob) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO jobs (kind, subject, priority, run_at, not_after) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (kind, subject) DO UPDATE SET
                priority = excluded.priority, run_at = excluded.run_at,
                not_after = excluded.not_after, attempts = 0, lease = jobs.lease + 1, leased_until = 'epoch',
                given_up_at = NULL, why = ''
             WHERE jobs.given_up_at IS NOT NULL",
        )
        .bind(job.kind.as_str())
        .bind(job.subject.clone())
        .bind(job.priority as i64)
        .bind(job.run_at)
        .bind(job.not_after);
        self.change("write down a job", statement).await?;
        Ok(())
    }

    async fn claim(
        &mut self,
        kind: JobKind,
        now: DateTime<Utc>,
        limit: u32,
        lease: TimeDelta,
    ) -> Result<Vec<Job>> {
        let statement = sqlx::query(CLAIM)
            .bind(now)
            .bind(i64::from(limit))
            .bind(now + lease)
            .bind(kind.as_str());
        let mut rows = self
            .all("job", statement)
            .await?
            .iter()
            .map(|row| Ok((row.get::<i64>("priority")?, row.time("run_at")?, job(row)?)))
            .collect::<Result<Vec<_>>>()?;
        // Returned rows come in no order.
        rows.sort_by_key(|(priority, run_at, job)| (*priority, *run_at, job.id));
        Ok(rows.into_iter().map(|(_, _, job)| job).collect())
    }

    async fn renew(&mut self, job: &Job, until: DateTime<Utc>) -> Result<()> {
        let statement =
            sqlx::query("UPDATE jobs SET leased_until = $1 WHERE id = $2 AND lease = $3")
                .bind(until)
                .bind(job.id)
                .bind(job.lease);
        self.change("renew a job's lease", statement).await?;
        Ok(())
    }

    async fn done(&mut self, job: &Job) -> Result<()> {
        let statement = sqlx::query("DELETE FROM jobs WHERE id = $1 AND lease = $2")
            .bind(job.id)
            .bind(job.lease);
        self.change("end a job", statement).await?;
        Ok(())
    }

    async fn retry(&mut self, job: &Job, run_at: DateTime<Utc>, why: &str) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE jobs SET run_at = $1, why = $2, lease = lease + 1, leased_until = 'epoch'
             WHERE id = $3 AND lease = $4",
        )
        .bind(run_at)
        .bind(text(why))
        .bind(job.id)
        .bind(job.lease);
        self.change("put off a job", statement).await?;
        Ok(())
    }

    async fn wait(&mut self, job: &Job, run_at: DateTime<Utc>, why: &str) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE jobs SET run_at = $1, why = $2, attempts = attempts - 1, lease = lease + 1,
                leased_until = 'epoch'
             WHERE id = $3 AND lease = $4",
        )
        .bind(run_at)
        .bind(text(why))
        .bind(job.id)
        .bind(job.lease);
        self.change("have a job wait", statement).await?;
        Ok(())
    }

    async fn give_up_overdue(&mut self, now: DateTime<Utc>) -> Result<Vec<(JobKind, String)>> {
        let statement: Statement = sqlx::query(
            "UPDATE jobs SET given_up_at = $1, lease = lease + 1, leased_until = 'epoch',
                why = CASE why WHEN '' THEN 'its time was over'
                      ELSE 'its time was over; before: ' || why END
             WHERE id IN (
                SELECT id FROM jobs
                WHERE given_up_at IS NULL AND not_after < $1 AND leased_until <= $1
                ORDER BY not_after LIMIT 100 FOR UPDATE SKIP LOCKED)
             RETURNING kind, subject",
        )
        .bind(now);
        self.all("job", statement)
            .await?
            .iter()
            .map(|row| Ok((row.parsed("kind", JobKind::parse)?, row.get("subject")?)))
            .collect()
    }

    async fn give_up(&mut self, job: &Job, why: &str, now: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE jobs SET given_up_at = $1, why = $2, lease = lease + 1, leased_until = 'epoch'
             WHERE id = $3 AND lease = $4",
        )
        .bind(now)
        .bind(text(why))
        .bind(job.id)
        .bind(job.lease);
        self.change("give up a job", statement).await?;
        Ok(())
    }

    async fn wake(&mut self, kind: JobKind, subject: &str, now: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE jobs SET run_at = $3
             WHERE kind = $1 AND subject = $2 AND given_up_at IS NULL
                AND leased_until <= $3 AND run_at > $3",
        )
        .bind(kind.as_str())
        .bind(subject.to_owned())
        .bind(now);
        self.change("wake a job", statement).await?;
        Ok(())
    }

    async fn cancel(&mut self, kind: JobKind, subject: &str, now: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "DELETE FROM jobs
             WHERE kind = $1 AND subject = $2 AND given_up_at IS NULL AND leased_until <= $3",
        )
        .bind(kind.as_str())
        .bind(subject.to_owned())
        .bind(now);
        self.change("take back a job", statement).await?;
        Ok(())
    }

    async fn open(&mut self) -> Result<u64> {
        let sql = "SELECT count(*) AS number FROM jobs WHERE given_up_at IS NULL";
        self.number("job", sql).await
    }

    async fn next(&mut self) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT min(run_at) AS run_at FROM jobs WHERE given_up_at IS NULL";
        let row = self.one("job", sqlx::query(sql)).await?;
        row.map_or(Ok(None), |row| row.get("run_at"))
    }

    async fn given_up(&mut self) -> Result<u64> {
        let sql = "SELECT count(*) AS number FROM jobs WHERE given_up_at IS NOT NULL";
        self.number("job", sql).await
    }
}

fn job(row: &Columns<'_>) -> Result<Job> {
    Ok(Job {
        id: row.get("id")?,
        kind: row.parsed("kind", JobKind::parse)?,
        subject: row.get("subject")?,
        attempts: row.count("attempts")?,
        not_after: row.time("not_after")?,
        lease: row.get("lease")?,
    })
}
