use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    rows::{JobRow, Rows},
    transaction::Tables,
};
use crate::store::{
    Claim, Job, JobKind, Jobs, NewJob, OVERDUE_AT_ONCE, OpenRoute, Priority, Result,
};

#[async_trait]
impl Jobs for Tables<'_, '_> {
    async fn add(&mut self, job: &NewJob) -> Result<()> {
        let rows = self.change("write down a job").await?;
        let known = rows.job_of(job.kind, &job.subject);
        let fresh = |lease| JobRow {
            kind: job.kind,
            subject: job.subject.clone(),
            route: job.route.clone(),
            priority: job.priority,
            run_at: job.run_at,
            not_after: job.not_after,
            attempts: 0,
            lease,
            leased_until: DateTime::UNIX_EPOCH,
            given_up: false,
            why: String::new(),
        };
        match known {
            None => drop(rows.jobs.append(|_| fresh(0))),
            Some(id) => {
                if let Some(row) = rows.jobs.change(&id).filter(|row| row.given_up) {
                    *row = fresh(row.lease + 1);
                }
            }
        }
        Ok(())
    }

    async fn claim(&mut self, claim: &Claim<'_>, now: DateTime<Utc>) -> Result<Vec<Job>> {
        let leased_too = self.ignores_leases();
        let rows = self.change("claim jobs").await?;
        let free_at = rows.routes.get(&claim.route.to_owned()).copied();
        let free_at = free_at.unwrap_or(now);
        let admitted = claim
            .rate
            .map_or(u32::MAX, |rate| rate.admits(free_at, now));
        let due = rows.jobs.iter().filter(|(_, row)| {
            let due_at = if leased_too { row.run_at } else { row.due_at() };
            row.route == claim.route && !row.given_up && due_at <= now && row.not_after >= now
        });
        let mut due: Vec<_> = due
            .map(|(id, row)| (row.priority, row.due_at(), *id))
            .collect();
        due.sort_unstable();
        let mut others = claim.not_urgent.min(admitted);
        due.retain(|(priority, ..)| {
            let taken = *priority == Priority::Urgent || others > 0;
            others -= u32::from(taken && *priority != Priority::Urgent);
            taken
        });
        due.truncate(usize::try_from(claim.limit.min(admitted)).unwrap_or(usize::MAX));
        let claimed = due
            .iter()
            .filter_map(|(_, _, id)| rows.lease(*id, now + claim.lease));
        let mut claimed: Vec<_> = claimed.collect();
        claimed.sort_by_key(|(order, _)| *order);
        if let Some(rate) = claim.rate.filter(|_| !claimed.is_empty()) {
            let jobs = u32::try_from(claimed.len()).unwrap_or(u32::MAX);
            let used = rate.after(free_at, now, jobs);
            rows.routes.insert(claim.route.to_owned(), used);
        }
        Ok(claimed.into_iter().map(|(_, job)| job).collect())
    }

    async fn open_routes(&mut self) -> Result<Vec<OpenRoute>> {
        let rows = self.read("look for routes").await?;
        let mut routes = BTreeMap::new();
        for row in rows.jobs.values().filter(|row| !row.given_up) {
            let due_at = row.due_at();
            let route = routes.entry(&row.route).or_insert_with(|| OpenRoute {
                route: row.route.clone(),
                due_at,
                urgent_due_at: None,
                free_at: rows.routes.get(&row.route).copied(),
            });
            route.due_at = route.due_at.min(due_at);
            if row.priority == Priority::Urgent {
                let urgent = route.urgent_due_at.unwrap_or(due_at);
                route.urgent_due_at = Some(urgent.min(due_at));
            }
        }
        Ok(routes.into_values().collect())
    }

    async fn any_overdue(&mut self, now: DateTime<Utc>) -> Result<bool> {
        let rows = self.read("look for overdue jobs").await?;
        let overdue =
            |row: &JobRow| !row.given_up && row.not_after < now && row.leased_until <= now;
        Ok(rows.jobs.values().any(overdue))
    }

    async fn renew(&mut self, job: &Job, until: DateTime<Utc>) -> Result<()> {
        let rows = self.change("renew a job's lease").await?;
        rows.held(job, |row| row.leased_until = until);
        Ok(())
    }

    async fn done(&mut self, job: &Job) -> Result<()> {
        let rows = self.change("end a job").await?;
        if rows.held(job, |_| ()).is_some() {
            rows.jobs.remove(&job.id);
        }
        Ok(())
    }

    async fn retry(&mut self, job: &Job, run_at: DateTime<Utc>, why: &str) -> Result<()> {
        let rows = self.change("put off a job").await?;
        rows.held(job, |row| row.put_off(run_at, why));
        Ok(())
    }

    async fn wait(&mut self, job: &Job, run_at: DateTime<Utc>, why: &str) -> Result<()> {
        let rows = self.change("have a job wait").await?;
        rows.held(job, |row| {
            row.attempts -= 1;
            row.put_off(run_at, why);
        });
        Ok(())
    }

    async fn give_up_overdue(&mut self, now: DateTime<Utc>) -> Result<Vec<(JobKind, String)>> {
        let rows = self.change("give up jobs").await?;
        let overdue = rows
            .jobs
            .iter()
            .filter(|(_, row)| !row.given_up && row.not_after < now && row.leased_until <= now);
        let mut overdue: Vec<_> = overdue.map(|(id, row)| (row.not_after, *id)).collect();
        overdue.sort_unstable();
        overdue.truncate(OVERDUE_AT_ONCE);
        let given_up = overdue.into_iter().filter_map(|(_, id)| {
            let row = rows.jobs.change(&id)?;
            row.give_up("its time was over");
            Some((row.kind, row.subject.clone()))
        });
        Ok(given_up.collect())
    }

    async fn give_up(&mut self, job: &Job, why: &str, _: DateTime<Utc>) -> Result<()> {
        let rows = self.change("give up a job").await?;
        rows.held(job, |row| row.give_up(why));
        Ok(())
    }

    async fn wake(&mut self, kind: JobKind, subject: &str, now: DateTime<Utc>) -> Result<()> {
        let rows = self.change("wake a job").await?;
        let waits = |row: &&mut JobRow| !row.given_up && row.leased_until <= now;
        if let Some(id) = rows.job_of(kind, subject)
            && let Some(row) = rows.jobs.change(&id).filter(waits)
        {
            row.run_at = row.run_at.min(now);
        }
        Ok(())
    }

    async fn cancel(&mut self, kind: JobKind, subject: &str, now: DateTime<Utc>) -> Result<()> {
        let rows = self.change("take back a job").await?;
        let free = |row: &JobRow| !row.given_up && row.leased_until <= now;
        if let Some(id) = rows.job_of(kind, subject)
            && rows.jobs.get(&id).is_some_and(free)
        {
            rows.jobs.remove(&id);
        }
        Ok(())
    }

    async fn open(&mut self) -> Result<u64> {
        let rows = self.read("count jobs").await?;
        Ok(rows.jobs.values().filter(|row| !row.given_up).count() as u64)
    }

    async fn next(&mut self) -> Result<Option<DateTime<Utc>>> {
        let rows = self.read("look for the next job").await?;
        let open = rows.jobs.values().filter(|row| !row.given_up);
        Ok(open.map(|row| row.run_at).min())
    }

    async fn given_up(&mut self) -> Result<u64> {
        let rows = self.read("count jobs").await?;
        Ok(rows.jobs.values().filter(|row| row.given_up).count() as u64)
    }

    async fn open_by_route(&mut self) -> Result<Vec<(String, u64)>> {
        let rows = self.read("count jobs").await?;
        let mut counts = BTreeMap::new();
        for row in rows.jobs.values().filter(|row| !row.given_up) {
            *counts.entry(row.route.clone()).or_default() += 1;
        }
        Ok(counts.into_iter().collect())
    }

    async fn given_up_by_kind(&mut self) -> Result<Vec<(JobKind, u64)>> {
        let rows = self.read("count jobs").await?;
        let mut counts = BTreeMap::new();
        for row in rows.jobs.values().filter(|row| row.given_up) {
            *counts.entry(row.kind).or_default() += 1;
        }
        Ok(counts.into_iter().collect())
    }
}

impl JobRow {
    fn put_off(&mut self, run_at: DateTime<Utc>, why: &str) {
        self.run_at = run_at;
        why.clone_into(&mut self.why);
        self.release();
    }

    fn give_up(&mut self, why: &str) {
        self.given_up = true;
        why.clone_into(&mut self.why);
        self.release();
    }
}

impl Rows {
    fn job_of(&self, kind: JobKind, subject: &str) -> Option<i64> {
        let same = |row: &JobRow| row.kind == kind && row.subject == subject;
        self.jobs.last_key(same)
    }

    /// Changes a job, if this is still its lease.
    fn held<T>(&mut self, job: &Job, change: impl FnOnce(&mut JobRow) -> T) -> Option<T> {
        let row = self.jobs.get(&job.id)?;
        if row.lease != job.lease {
            return None;
        }
        self.jobs.change(&job.id).map(change)
    }

    /// Leases a job; its place among those that were claimed with it.
    fn lease(&mut self, id: i64, until: DateTime<Utc>) -> Option<(impl Ord + Copy + use<>, Job)> {
        let row = self.jobs.change(&id)?;
        row.attempts += 1;
        row.lease += 1;
        row.leased_until = until;
        Some(((row.priority, row.run_at, id), row.claimed(id)))
    }
}
