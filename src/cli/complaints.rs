use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::stored;
use crate::{
    config::Settings,
    model::EAST_AFRICA,
    store::{Complaint, ComplaintState, Store},
};

/// See what callers complained of.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List complaints, the newest first, without what they say.
    ///
    /// Ends with 0 if none is ours to look after, with 1 if one is.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Show one: who complained, and of what.
    Show {
        /// Its number, as its caller was told it.
        number: i64,
    },
}

/// Runs one of them.
pub(super) async fn complaints(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let store = stored::open(settings).await?;
    match command {
        Command::List { limit } => list(&*store, *limit).await,
        Command::Show { number } => show(&*store, *number).await,
    }
}

async fn list(store: &dyn Store, limit: u32) -> anyhow::Result<ExitCode> {
    let complaints = store.read().await?.complaints().newest(limit).await?;
    if complaints.is_empty() {
        println!("Nobody has complained.");
    }
    for complaint in &complaints {
        println!("{}", line(complaint));
    }
    let ours = complaints.iter().any(|it| it.state == ComplaintState::Ours);
    Ok(if ours {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn line(complaint: &Complaint) -> String {
    let made = &complaint.made;
    let (number, scheme) = (complaint.number, &made.scheme);
    let state = said(&complaint.state);
    format!("{number:>6}  {}  {scheme:<12}  {state}", when(made.made_at))
}

async fn show(store: &dyn Store, number: i64) -> anyhow::Result<ExitCode> {
    let complaint = store.read().await?.complaints().get(number).await?;
    let complaint = complaint.with_context(|| format!("there is no complaint {number}"))?;
    let made = &complaint.made;
    println!("{}", line(&complaint));
    println!("phone   {}", made.phone.e164());
    if let Some(member) = made.member {
        println!("member  {member}");
    }
    println!("\n{}", made.text);
    Ok(ExitCode::SUCCESS)
}

fn said(state: &ComplaintState) -> String {
    match state {
        ComplaintState::New => "not told to the scheme yet".to_owned(),
        ComplaintState::Filed(ticket) => format!("ticket {ticket}"),
        ComplaintState::Ours => "ours to look after".to_owned(),
    }
}

fn when(at: DateTime<Utc>) -> String {
    (at + EAST_AFRICA).format("%Y-%m-%d %H:%M").to_string()
}
