use async_trait::async_trait;

use super::{
    columns::Columns,
    tables::{Tables, text},
};
use crate::store::{Decided, Decision, Decisions, JobFilter, JobKind, JobRow, JobVerdict, Result};

#[async_trait]
impl Decisions for Tables<'_> {
    async fn jobs(&mut self, filter: JobFilter) -> Result<Vec<JobRow>> {
        let mut jobs = self.given_up_jobs(filter).await?;
        let found = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
        if filter.all && found < filter.limit {
            let rest = JobFilter {
                limit: filter.limit - found,
                ..filter
            };
            jobs.extend(self.open_jobs(rest).await?);
        }
        Ok(jobs)
    }

    async fn decide(&mut self, job: i64, decision: &Decision) -> Result<Option<JobRow>> {
        let statement = self
            .keyed("SELECT * FROM jobs WHERE id = $1 AND given_up_at IS NOT NULL")
            .bind(job);
        let Some(row) = self.one("job", statement).await? else {
            return Ok(None);
        };
        let given_up = job_row(&row)?;
        let statement = match decision.verdict {
            JobVerdict::Retry { not_after } => sqlx::query(
                "UPDATE jobs SET given_up_at = NULL, attempts = 0, run_at = $2, not_after = $3,
                    lease = lease + 1, leased_until = 'epoch'
                 WHERE id = $1",
            )
            .bind(job)
            .bind(decision.at)
            .bind(not_after),
            JobVerdict::Drop => sqlx::query("DELETE FROM jobs WHERE id = $1").bind(job),
        };
        self.change("do what was decided", statement).await?;
        self.keep_decision(&given_up, decision).await?;
        Ok(Some(given_up))
    }

    async fn newest(&mut self, limit: u32) -> Result<Vec<Decided>> {
        let statement =
            sqlx::query("SELECT * FROM decisions ORDER BY id DESC LIMIT $1").bind(i64::from(limit));
        let rows = self.all("decision", statement).await?;
        rows.iter().map(decided).collect()
    }
}

impl Tables<'_> {
    async fn given_up_jobs(&mut self, filter: JobFilter) -> Result<Vec<JobRow>> {
        let statement = sqlx::query(
            "SELECT * FROM jobs WHERE given_up_at IS NOT NULL AND ($1::TEXT IS NULL OR kind = $1)
             ORDER BY given_up_at DESC, id DESC LIMIT $2",
        )
        .bind(filter.kind.map(JobKind::as_str))
        .bind(i64::from(filter.limit));
        let rows = self.all("job", statement).await?;
        rows.iter().map(job_row).collect()
    }

    async fn open_jobs(&mut self, filter: JobFilter) -> Result<Vec<JobRow>> {
        let statement = sqlx::query(
            "SELECT * FROM jobs WHERE given_up_at IS NULL AND ($1::TEXT IS NULL OR kind = $1)
             ORDER BY not_after LIMIT $2",
        )
        .bind(filter.kind.map(JobKind::as_str))
        .bind(i64::from(filter.limit));
        let rows = self.all("job", statement).await?;
        rows.iter().map(job_row).collect()
    }

    async fn keep_decision(&mut self, job: &JobRow, decision: &Decision) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO decisions (job, kind, subject, given_up_at, given_up_why, decision,
                decided_by, why, decided_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(job.id)
        .bind(job.kind.as_str())
        .bind(job.subject.clone())
        .bind(job.given_up_at)
        .bind(job.why.clone())
        .bind(decision.verdict.as_str())
        .bind(text(&decision.by))
        .bind(text(&decision.why))
        .bind(decision.at);
        self.change("keep a decision", statement).await?;
        Ok(())
    }
}

fn job_row(row: &Columns<'_>) -> Result<JobRow> {
    Ok(JobRow {
        id: row.get("id")?,
        kind: row.parsed("kind", JobKind::parse)?,
        subject: row.get("subject")?,
        route: row.get("route")?,
        attempts: row.count("attempts")?,
        run_at: row.time("run_at")?,
        not_after: row.time("not_after")?,
        leased_until: row.time("leased_until")?,
        given_up_at: row.get("given_up_at")?,
        why: row.get("why")?,
    })
}

fn decided(row: &Columns<'_>) -> Result<Decided> {
    Ok(Decided {
        job: row.get("job")?,
        kind: row.parsed("kind", JobKind::parse)?,
        subject: row.get("subject")?,
        decision: row.get("decision")?,
        by: row.get("decided_by")?,
        why: row.get("why")?,
        at: row.time("decided_at")?,
    })
}
