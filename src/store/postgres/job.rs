use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    columns::Columns,
    tables::{Statement, Tables, text},
};
use crate::store::{Claim, Job, JobKind, Jobs, NewJob, OVERDUE_AT_ONCE, OpenRoute, Result};

/// The due jobs of a route in their order. Each priority by itself, so that the index gives the first
/// ones: no job of tomorrow is looked at, and none that others go before. The outer limits read them
/// one after the other, so no more are locked than are taken; what another claims at the same time
/// is passed over.
const CLAIM: &str = "
    WITH due AS MATERIALIZED (
        SELECT id FROM (
            SELECT * FROM (
                SELECT id FROM jobs
                WHERE given_up_at IS NULL AND route = $4 AND priority = 0
                    AND due_at <= $1 AND not_after >= $1
                ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS urgent
            UNION ALL
            SELECT * FROM (
                SELECT id FROM (
                    SELECT * FROM (
                        SELECT id FROM jobs
                        WHERE given_up_at IS NULL AND route = $4 AND priority = 1
                            AND due_at <= $1 AND not_after >= $1
                        ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED) AS normal
                    UNION ALL
                    SELECT * FROM (
                        SELECT id FROM jobs
                        WHERE given_up_at IS NULL AND route = $4 AND priority = 2
                            AND due_at <= $1 AND not_after >= $1
                        ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED) AS low) AS others
                LIMIT $5) AS not_urgent) AS due
        LIMIT $2)
    UPDATE jobs SET attempts = attempts + 1, lease = lease + 1, leased_until = $3
    FROM due WHERE jobs.id = due.id
    RETURNING jobs.id, kind, subject, route, attempts, not_after, lease, priority, run_at";

/// From one route to the next by the index, and of each the first job of every priority.
const OPEN_ROUTES: &str = "
    WITH RECURSIVE known (route) AS (
        SELECT min(route) FROM jobs WHERE given_up_at IS NULL
        UNION ALL
        SELECT (SELECT min(route) FROM jobs WHERE given_up_at IS NULL AND route > known.route)
        FROM known WHERE known.route IS NOT NULL)
    SELECT route,
        (SELECT due_at FROM jobs WHERE given_up_at IS NULL AND jobs.route = known.route
            AND priority = 0 ORDER BY due_at LIMIT 1) AS urgent,
        (SELECT due_at FROM jobs WHERE given_up_at IS NULL AND jobs.route = known.route
            AND priority = 1 ORDER BY due_at LIMIT 1) AS normal,
        (SELECT due_at FROM jobs WHERE given_up_at IS NULL AND jobs.route = known.route
            AND priority = 2 ORDER BY due_at LIMIT 1) AS low,
        (SELECT free_at FROM routes WHERE routes.route = known.route) AS free_at
    FROM known WHERE route IS NOT NULL";

#[async_trait]
impl Jobs for Tables<'_> {
    async fn add(&mut self, job: &NewJob) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO jobs (kind, subject, route, priority, run_at, not_after)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (kind, subject) DO UPDATE SET
                route = excluded.route, priority = excluded.priority, run_at = excluded.run_at,
                not_after = excluded.not_after, attempts = 0, lease = jobs.lease + 1, leased_until = 'epoch',
                given_up_at = NULL, why = ''
             WHERE jobs.given_up_at IS NOT NULL",
        )
        .bind(job.kind.as_str())
        .bind(job.subject.clone())
        .bind(job.route.clone())
        .bind(job.priority as i64)
        .bind(job.run_at)
        .bind(job.not_after);
        self.change("write down a job", statement).await?;
        Ok(())
    }

    async fn open_routes(&mut self) -> Result<Vec<OpenRoute>> {
        let rows = self.all("route", sqlx::query(OPEN_ROUTES)).await?;
        rows.iter().map(open_route).collect()
    }

    async fn any_overdue(&mut self, now: DateTime<Utc>) -> Result<bool> {
        let statement = sqlx::query(
            "SELECT 1 FROM jobs
             WHERE given_up_at IS NULL AND not_after < $1 AND leased_until <= $1 LIMIT 1",
        )
        .bind(now);
        Ok(self.one("job", statement).await?.is_some())
    }

    async fn claim(&mut self, claim: &Claim<'_>, now: DateTime<Utc>) -> Result<Vec<Job>> {
        let Some(rate) = claim.rate else {
            return self.claim_due(claim, now).await;
        };
        // One node after the other, or two would both take what is left of the rate.
        self.hold("routes", &[claim.route.as_bytes()]).await?;
        let statement =
            sqlx::query("SELECT free_at FROM routes WHERE route = $1").bind(claim.route.to_owned());
        let row = self.one("route", statement).await?;
        let free_at = row.map(|row| row.time("free_at")).transpose()?;
        let free_at = free_at.unwrap_or(now);
        let admitted = rate.admits(free_at, now);
        let admitted = Claim {
            limit: claim.limit.min(admitted),
            not_urgent: claim.not_urgent.min(admitted),
            ..*claim
        };
        let jobs = self.claim_due(&admitted, now).await?;
        if !jobs.is_empty() {
            let number = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
            let free_at = rate.after(free_at, now, number);
            self.use_route(claim.route, free_at).await?;
        }
        Ok(jobs)
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
                ORDER BY not_after LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING kind, subject",
        )
        .bind(now)
        .bind(i64::try_from(OVERDUE_AT_ONCE).unwrap_or(i64::MAX));
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

    async fn open_by_route(&mut self) -> Result<Vec<(String, u64)>> {
        let statement = sqlx::query(
            "SELECT count(*) AS number, route FROM jobs WHERE given_up_at IS NULL GROUP BY route",
        );
        let rows = self.all("job", statement).await?;
        rows.iter()
            .map(|row| Ok((row.get("route")?, row.count("number")?)))
            .collect()
    }

    async fn given_up_by_kind(&mut self) -> Result<Vec<(JobKind, u64)>> {
        let statement = sqlx::query(
            "SELECT count(*) AS number, kind FROM jobs WHERE given_up_at IS NOT NULL
             GROUP BY kind",
        );
        let rows = self.all("job", statement).await?;
        rows.iter()
            .map(|row| Ok((row.parsed("kind", JobKind::parse)?, row.count("number")?)))
            .collect()
    }
}

impl Tables<'_> {
    async fn claim_due(&mut self, claim: &Claim<'_>, now: DateTime<Utc>) -> Result<Vec<Job>> {
        let statement = sqlx::query(CLAIM)
            .bind(now)
            .bind(i64::from(claim.limit))
            .bind(now + claim.lease)
            .bind(claim.route.to_owned())
            .bind(i64::from(claim.not_urgent));
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

    async fn use_route(&mut self, route: &str, free_at: DateTime<Utc>) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO routes (route, free_at) VALUES ($1, $2)
             ON CONFLICT (route) DO UPDATE SET free_at = excluded.free_at",
        )
        .bind(route.to_owned())
        .bind(free_at);
        self.change("use up a route's rate", statement).await?;
        Ok(())
    }
}

fn open_route(row: &Columns<'_>) -> Result<OpenRoute> {
    let urgent: Option<DateTime<Utc>> = row.get("urgent")?;
    let others = [row.get("normal")?, row.get("low")?];
    let due_at = others.into_iter().chain([urgent]).flatten().min();
    Ok(OpenRoute {
        route: row.get("route")?,
        due_at: due_at.ok_or_else(|| row.unreadable("due_at"))?,
        urgent_due_at: urgent,
        free_at: row.get("free_at")?,
    })
}

fn job(row: &Columns<'_>) -> Result<Job> {
    Ok(Job {
        id: row.get("id")?,
        kind: row.parsed("kind", JobKind::parse)?,
        subject: row.get("subject")?,
        route: row.get("route")?,
        attempts: row.count("attempts")?,
        not_after: row.time("not_after")?,
        lease: row.get("lease")?,
    })
}
