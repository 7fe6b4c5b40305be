use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Format, stored, when};
use crate::{
    config::Settings,
    model::{Clock, SystemClock},
    outbox::{self, Undecided},
    store::{Decision, JobFilter, JobKind, JobRow, JobVerdict, Store},
};

/// See what the outbox gave up, and decide about it.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the jobs that were given up, the newest first, and why.
    ///
    /// Ends with 0 if there is none, with 1 if there is one.
    List(Listing),
    /// Have jobs that were given up tried again.
    ///
    /// Running nodes begin with them at once. Ends with 1, and changes nothing, if one of them was not
    /// given up.
    Retry {
        /// The jobs, by their numbers in the list.
        #[arg(value_name = "ID", required_unless_present = "all")]
        ids: Vec<i64>,
        /// Every job that was given up.
        #[arg(long, conflicts_with = "ids")]
        all: bool,
        /// For how many hours to try: then they are given up again.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=8760))]
        hours: u32,
        #[command(flatten)]
        decided: Decided,
    },
    /// Delete jobs that were given up; who did it and why is kept.
    ///
    /// Ends with 1, and changes nothing, if one of them was not given up.
    Drop {
        /// The jobs, by their numbers in the list.
        #[arg(value_name = "ID", required = true)]
        ids: Vec<i64>,
        /// Why nothing needs to be done.
        #[arg(long, required = true)]
        why: Option<String>,
        /// Who decides it.
        #[arg(long, env = "USER", hide_env_values = true, default_value = "unknown")]
        by: String,
    },
}

/// What to list.
#[derive(Args, Debug)]
pub(super) struct Listing {
    /// Also the jobs that wait or run.
    #[arg(long, conflicts_with = "given_up")]
    all: bool,
    /// Only those that were given up (the default).
    #[arg(long)]
    given_up: bool,
    /// Only of one kind: `finish_effect`, `submit_bill`, `tell_scheme`, `send_message`, `retention`,
    /// `tell_payer`, `cancel_bill`, `reconcile`.
    #[arg(long, value_parser = kind)]
    kind: Option<JobKind>,
    /// At most so many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// How to show them.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Who decided, and why.
#[derive(Args, Debug)]
pub(super) struct Decided {
    /// Why they are tried again.
    #[arg(long, default_value = "")]
    why: String,
    /// Who decides it.
    #[arg(long, env = "USER", hide_env_values = true, default_value = "unknown")]
    by: String,
}

fn kind(text: &str) -> Result<JobKind, String> {
    JobKind::parse(text).ok_or_else(|| {
        let kinds = JobKind::ALL.map(JobKind::as_str).join(", ");
        format!("there is no such kind; there are: {kinds}")
    })
}

/// Runs one of the commands.
pub(super) async fn outbox(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let store = stored::open(settings).await?;
    let now = SystemClock.now();
    match command {
        Command::List(listing) => list(&*store, listing, now).await,
        Command::Retry {
            ids,
            all,
            hours,
            decided,
        } => {
            let ids = if *all {
                every_one(&*store).await?
            } else {
                ids.clone()
            };
            let not_after = now + TimeDelta::hours(i64::from(*hours));
            let decision = Decision {
                verdict: JobVerdict::Retry { not_after },
                by: decided.by.clone(),
                why: decided.why.clone(),
                at: now,
            };
            decide(&*store, &ids, &decision).await
        }
        Command::Drop { ids, why, by } => {
            let decision = Decision {
                verdict: JobVerdict::Drop,
                by: by.clone(),
                why: why.clone().unwrap_or_default(),
                at: now,
            };
            decide(&*store, ids, &decision).await
        }
    }
}

async fn every_one(store: &dyn Store) -> anyhow::Result<Vec<i64>> {
    let filter = JobFilter {
        limit: u32::MAX,
        ..JobFilter::default()
    };
    let jobs = store.read().await?.decisions().jobs(filter).await?;
    Ok(jobs.into_iter().map(|job| job.id).collect())
}

async fn decide(store: &dyn Store, ids: &[i64], decision: &Decision) -> anyhow::Result<ExitCode> {
    let decided = match outbox::decide(store, ids, decision).await {
        Ok(decided) => decided,
        Err(refused @ (Undecided::Unknown(_) | Undecided::Gone(_))) => {
            eprintln!("nyota: {refused}. Nothing was changed.");
            return Ok(ExitCode::FAILURE);
        }
        Err(Undecided::Store(error)) => return Err(error.into()),
    };
    for job in &decided {
        let (id, kind, subject) = (job.id, job.kind, &job.subject);
        match decision.verdict {
            JobVerdict::Retry { not_after } => {
                let until = when::local(not_after);
                println!("Job {id} ({kind} {subject}) is tried again, until {until}.");
            }
            JobVerdict::Drop => println!("Job {id} ({kind} {subject}) is dropped."),
        }
    }
    if decided.is_empty() {
        println!("No job was given up: there is nothing to try again.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(
    store: &dyn Store,
    listing: &Listing,
    now: DateTime<Utc>,
) -> anyhow::Result<ExitCode> {
    let filter = JobFilter {
        all: listing.all,
        kind: listing.kind,
        limit: listing.limit,
    };
    let mut transaction = store.read().await?;
    let jobs = transaction.decisions().jobs(filter).await?;
    let open = transaction.jobs().open().await?;
    let given_up = transaction.jobs().given_up().await?;
    match listing.format {
        Format::Json => {
            let shown: Vec<_> = jobs.iter().map(|job| Shown::of(job, now)).collect();
            let text = serde_json::to_string_pretty(&shown).context("the list has no JSON")?;
            println!("{text}");
        }
        Format::Text => print(&jobs, (open, given_up), now),
    }
    let found = jobs.iter().any(|job| job.given_up_at.is_some());
    Ok(ExitCode::from(u8::from(found)))
}

/// A job as programs read it. Its names last.
#[derive(Serialize)]
struct Shown<'a> {
    id: i64,
    kind: &'static str,
    subject: &'a str,
    route: &'a str,
    state: &'static str,
    attempts: u32,
    run_at: DateTime<Utc>,
    not_after: DateTime<Utc>,
    given_up_at: Option<DateTime<Utc>>,
    why: &'a str,
}

impl<'a> Shown<'a> {
    fn of(job: &'a JobRow, now: DateTime<Utc>) -> Self {
        Self {
            id: job.id,
            kind: job.kind.as_str(),
            subject: &job.subject,
            route: &job.route,
            state: state(job, now),
            attempts: job.attempts,
            run_at: job.run_at,
            not_after: job.not_after,
            given_up_at: job.given_up_at,
            why: &job.why,
        }
    }
}

fn state(job: &JobRow, now: DateTime<Utc>) -> &'static str {
    if job.given_up_at.is_some() {
        "given up"
    } else if job.leased_until > now {
        "running"
    } else {
        "waiting"
    }
}

fn print(jobs: &[JobRow], (open, given_up): (u64, u64), now: DateTime<Utc>) {
    for job in jobs {
        print_job(job, now);
    }
    if !jobs.is_empty() {
        println!();
    }
    println!("{given_up} given up, {open} waiting or running.");
    let first = jobs.iter().find(|job| job.given_up_at.is_some());
    if let Some(JobRow { id, .. }) = first {
        println!("Nothing more is done about what was given up until you decide:");
        println!("  nyota outbox retry {id}                 to try it again");
        println!("  nyota outbox drop {id} --why \"…\"        where nothing needs to be done");
    }
}

fn print_job(job: &JobRow, now: DateTime<Utc>) {
    let (id, kind, subject) = (job.id, job.kind, &job.subject);
    let stands = match job.given_up_at {
        Some(at) => format!("given up {}", when::ago(at, now)),
        None if job.leased_until > now => "running".to_owned(),
        None if job.run_at > now => format!("waits until {}", when::local(job.run_at)),
        None => format!("due {}", when::ago(job.run_at, now)),
    };
    println!("{id}  {kind} {subject}  {stands}");
    let tried = match job.attempts {
        0 => "not tried".to_owned(),
        1 => "tried once".to_owned(),
        attempts => format!("tried {attempts} times"),
    };
    let until = when::local(job.not_after);
    println!("    by {}, {tried}, of use until {until}", job.route);
    if !job.why.is_empty() {
        println!("    why: {}", job.why);
    }
}
