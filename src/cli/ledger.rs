use std::{collections::BTreeMap, process::ExitCode};

use anyhow::{Context, bail};
use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{sheet, stored};
use crate::{
    config::Settings,
    model::EAST_AFRICA,
    payment::books,
    store::{Account, Entry, Store},
};

/// Prove that the books agree, and export them.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prove that every account balances, that every payment is posted once or waits, and that bills
    /// and postings agree.
    ///
    /// Reads all of the books, as of one moment. Ends with 0 if they agree, with 1 if not.
    Check,
    /// Print the entries of a period, for the scheme's accounting system.
    Export(Export),
}

/// Which entries, and how.
#[derive(Args, Debug)]
pub(super) struct Export {
    /// The month, `2026-11`, or the day, `2026-11-21`, where the scheme is.
    #[arg(long, value_parser = period)]
    period: Period,
    /// What the accounting system calls our accounts: `gateway_clearing=1010,contributions_due=2010`.
    /// One that is not named keeps its name.
    #[arg(long, value_delimiter = ',', value_parser = account)]
    map: Vec<(Account, String)>,
    /// How to print them.
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For spreadsheets.
    Csv,
    /// For programs: one list.
    Json,
}

/// From one moment until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

fn period(text: &str) -> Result<Period, String> {
    let wrong = || "write a month as 2026-11, or a day as 2026-11-21".to_owned();
    let begin = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc() - EAST_AFRICA;
    let (day, end) = if let Ok(day) = text.parse::<NaiveDate>() {
        (day, day.succ_opt())
    } else {
        let first: NaiveDate = format!("{text}-01").parse().map_err(|_| wrong())?;
        (first, first.checked_add_months(Months::new(1)))
    };
    Ok(Period {
        from: begin(day),
        to: begin(end.ok_or_else(wrong)?),
    })
}

fn account(text: &str) -> Result<(Account, String), String> {
    let named = text.split_once('=');
    let named = named.and_then(|(account, code)| Some((Account::parse(account)?, code)));
    let (account, code) = named.ok_or_else(|| {
        let accounts = Account::ALL.map(Account::as_str).join(", ");
        format!("write ACCOUNT=CODE; the accounts are: {accounts}")
    })?;
    Ok((account, code.to_owned()))
}

/// Runs one of the commands.
pub(super) async fn ledger(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let store = stored::open(settings).await?;
    match command {
        Command::Check => check(&*store).await,
        Command::Export(export) => export_entries(&*store, export).await,
    }
}

async fn check(store: &dyn Store) -> anyhow::Result<ExitCode> {
    let found = books::check(store).await?;
    for discord in &found {
        println!("{discord}");
    }
    if found.is_empty() {
        println!("The books agree: accounts, payments and bills.");
        return Ok(ExitCode::SUCCESS);
    }
    println!();
    println!("The books do not agree in {} places.", found.len());
    println!(
        "Nothing mends this by itself: keep a backup as it is now, and ask who knows the code."
    );
    Ok(ExitCode::FAILURE)
}

/// How many entries are read at once.
const AT_ONCE: u32 = 1000;

async fn export_entries(store: &dyn Store, export: &Export) -> anyhow::Result<ExitCode> {
    let names: BTreeMap<_, _> = export.map.iter().cloned().collect();
    if names.len() != export.map.len() {
        bail!("--map names an account twice");
    }
    let mut transaction = store.read().await?;
    let mut lines = Vec::new();
    let mut after = 0;
    loop {
        let period = (export.period.from, export.period.to);
        let entries = transaction.audit().entries(period, after, AT_ONCE).await?;
        let Some(last) = entries.last() else { break };
        after = last.id;
        lines.extend(entries.iter().map(|entry| Line::of(entry, &names)));
    }
    match export.format {
        Form::Json => {
            let text = serde_json::to_string_pretty(&lines);
            println!("{}", text.context("the entries have no JSON")?);
        }
        Form::Csv => {
            println!("{}", sheet::csv(&HEAD));
            for line in &lines {
                println!("{}", sheet::csv(&line.cells()));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

const HEAD: [&str; 9] = [
    "entry",
    "posted_at",
    "reference",
    "debit",
    "credit",
    "amount",
    "currency",
    "bill",
    "payment",
];

/// An entry as others read it. Its names last.
#[derive(Debug, Serialize)]
struct Line {
    entry: String,
    posted_at: String,
    reference: String,
    debit: String,
    credit: String,
    amount: String,
    currency: String,
    bill: String,
    payment: String,
}

impl Line {
    fn of(entry: &Entry, names: &BTreeMap<Account, String>) -> Self {
        let posting = &entry.posting;
        let name = |account: Account| {
            let mapped = names.get(&account).cloned();
            mapped.unwrap_or_else(|| account.as_str().to_owned())
        };
        Self {
            entry: entry.id.to_string(),
            posted_at: posting.posted_at.to_rfc3339(),
            reference: posting.reference.clone(),
            debit: name(posting.debit),
            credit: name(posting.credit),
            amount: posting.amount.to_decimal(),
            currency: posting.amount.currency.to_string(),
            bill: posting.bill.clone().unwrap_or_default(),
            payment: posting.payment.clone().unwrap_or_default(),
        }
    }

    fn cells(&self) -> [&str; 9] {
        [
            &self.entry,
            &self.posted_at,
            &self.reference,
            &self.debit,
            &self.credit,
            &self.amount,
            &self.currency,
            &self.bill,
            &self.payment,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_month_or_a_day_of_east_africa() {
        let november = period("2026-11").unwrap();
        assert_eq!(november.from.to_rfc3339(), "2026-10-31T21:00:00+00:00");
        assert_eq!(november.to.to_rfc3339(), "2026-11-30T21:00:00+00:00");
        let day = period("2026-11-21").unwrap();
        assert_eq!(day.to.to_rfc3339(), "2026-11-21T21:00:00+00:00");
        for wrong in ["2026", "2026-13", "november", ""] {
            assert!(period(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_account_is_mapped_by_its_name() {
        let mapped = account("fees=5100").unwrap();
        assert_eq!(mapped, (Account::Fees, "5100".to_owned()));
        assert!(account("cash=1").unwrap_err().contains("gateway_clearing"));
    }
}
