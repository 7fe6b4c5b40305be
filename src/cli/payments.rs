use std::{collections::BTreeMap, process::ExitCode};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{
    Format,
    entries::{self, said},
    sheet, stored, when,
};
use crate::{
    config::Settings,
    model::{Amount, Clock, Currency, SystemClock},
    payment::{
        self,
        books::{self, Day, Resolution, Unresolved},
        gepg,
    },
    store::{Payment, PaymentsWanted, Store},
};

/// See payments, and decide about those that wait for a person.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the payments that wait for a person, oldest first, and why.
    ///
    /// Ends with 0 if there is none, with 1 if there is one.
    List {
        /// The newest payments, whatever became of them.
        #[arg(long)]
        all: bool,
        /// The payments of one bill, by its id.
        #[arg(long, conflicts_with = "all")]
        bill: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        /// How to show them.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Show one payment: what was told, where it is booked, and what was done with it.
    Show {
        /// Its id.
        id: String,
    },
    /// Decide about a payment that waits, or that came too late. Who decided and why is kept.
    Resolve(Resolve),
    /// Have money go back: asked for by one person, approved by another.
    #[command(subcommand)]
    Refund(Refund),
    /// Compare a day with the gateway's list of it.
    ///
    /// Ends with 0 if they agree, with 1 if a person must look.
    Report {
        /// The day, `2026-11-21`, where the scheme is.
        #[arg(long)]
        day: NaiveDate,
        /// The service provider's code.
        #[arg(long, default_value_t = gepg::Options::default().sp_code)]
        sp_code: String,
        /// How to print it.
        #[arg(long, value_enum, default_value_t = Form::Csv)]
        format: Form,
    },
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// A page for a browser.
    Html,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// A decision about a payment.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("to").required(true))]
pub(super) struct Resolve {
    /// The payment's id.
    id: String,
    /// It is money of this bill, by its id.
    #[arg(long, group = "to")]
    bill: Option<String>,
    /// It is credit of the family that this bill is of: the family's next bill deducts it.
    #[arg(long, group = "to", value_name = "BILL")]
    credit_of: Option<String>,
    /// It came when its bill was closed, and is taken for it after all: cover follows.
    #[arg(long, group = "to")]
    reopen: bool,
    /// There is no money in it, and nothing to be done.
    #[arg(long, group = "to")]
    nothing: bool,
    #[command(flatten)]
    decided: Decided,
}

/// Who decides, and why.
#[derive(Args, Debug)]
pub(super) struct Decided {
    /// Why.
    #[arg(long)]
    why: String,
    /// Who decides it.
    #[arg(long, env = "USER", hide_env_values = true, default_value = "unknown")]
    by: String,
}

impl Decided {
    fn told(&self) -> (&str, &str) {
        (&self.by, &self.why)
    }
}

/// Money that goes back.
#[derive(Debug, Subcommand)]
pub(super) enum Refund {
    /// Ask that a payment's money goes back: what waits, or its family's credit.
    Ask {
        /// The payment's id.
        id: String,
        /// How much of the credit, as `5000` or `5000.00`; by default all that was paid.
        #[arg(long)]
        amount: Option<String>,
        #[command(flatten)]
        decided: Decided,
    },
    /// Approve a refund that another person asked for. The scheme then pays it out.
    Approve {
        /// The payment's id.
        id: String,
        #[command(flatten)]
        decided: Decided,
    },
}

/// Runs one of the commands.
pub(super) async fn payments(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let store = stored::open(settings).await?;
    let (store, now) = (&*store, SystemClock.now());
    match command {
        Command::List {
            all,
            bill,
            limit,
            format,
        } => {
            let wanted = match bill {
                Some(bill) => PaymentsWanted::OfBill(bill.clone()),
                None if *all => PaymentsWanted::Newest,
                None => PaymentsWanted::Waiting,
            };
            list(store, &wanted, *limit, *format).await
        }
        Command::Show { id } => show(store, id).await,
        Command::Resolve(resolve) => {
            let options = settings.sections()?.payment;
            decided(resolve_payment(store, resolve, &options, now).await)
        }
        Command::Refund(refund) => decided(follow_refund(store, refund, now).await),
        Command::Report {
            day,
            sp_code,
            format,
        } => {
            let provider = (gepg::PROVIDER, sp_code.as_str());
            let day = Day::read(store, provider, *day, now).await?;
            report(&day, *format)
        }
    }
}

/// A decision that could not be followed is a problem found, and says why.
fn decided(result: Result<String, Unresolved>) -> anyhow::Result<ExitCode> {
    match result {
        Ok(told) => {
            println!("{told}");
            Ok(ExitCode::SUCCESS)
        }
        Err(Unresolved::Store(error)) => Err(error.into()),
        Err(refused) => {
            eprintln!("nyota: {refused}. Nothing was changed.");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn resolve_payment(
    store: &dyn Store,
    resolve: &Resolve,
    options: &payment::Options,
    now: DateTime<Utc>,
) -> Result<String, Unresolved> {
    let (id, resolution) = (&resolve.id, resolve.resolution());
    let rules = options.rules(vec![gepg::Options::default().sp_code]);
    let told = resolve.decided.told();
    books::resolve(store, (id, &resolution), &rules, told, now).await?;
    Ok(format!(
        "Payment {id} is decided. See it: nyota payments show {id}"
    ))
}

impl Resolve {
    fn resolution(&self) -> Resolution {
        match (&self.bill, &self.credit_of) {
            (Some(bill), _) => Resolution::OfBill(bill.clone()),
            (None, Some(bill)) => Resolution::CreditOf(bill.clone()),
            (None, None) if self.reopen => Resolution::Reopen,
            (None, None) => Resolution::Nothing,
        }
    }
}

async fn follow_refund(
    store: &dyn Store,
    refund: &Refund,
    now: DateTime<Utc>,
) -> Result<String, Unresolved> {
    match refund {
        Refund::Ask {
            id,
            amount,
            decided,
        } => {
            let minor = match amount {
                Some(text) => Some(minor_of(store, id, text).await?),
                None => None,
            };
            let asked = books::ask_refund(store, (id, minor), decided.told(), now).await?;
            let asked = said(asked);
            Ok(format!(
                "A refund of {asked} is asked for. Another person approves it: nyota payments refund approve {id} --why \"…\""
            ))
        }
        Refund::Approve { id, decided } => {
            let approved = books::approve_refund(store, id, decided.told(), now).await?;
            let approved = said(approved);
            Ok(format!(
                "{approved} of payment {id} are out of the books. Now pay them back."
            ))
        }
    }
}

async fn minor_of(store: &dyn Store, id: &str, text: &str) -> Result<i64, Unresolved> {
    let mut transaction = store.read().await?;
    let payment = transaction.payments().get(id).await?;
    let payment = payment.ok_or_else(|| Unresolved::NoPayment(id.to_owned()))?;
    let currency: Currency = payment.recorded.paid.currency;
    let amount = Amount::parse_decimal(text, currency);
    let amount = amount.map_err(|error| Unresolved::TooLittle(format!("{text} is {error}")))?;
    Ok(amount.minor)
}

async fn list(
    store: &dyn Store,
    wanted: &PaymentsWanted,
    limit: u32,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let mut transaction = store.read().await?;
    let payments = transaction.audit().payments(wanted, limit).await?;
    let waiting = transaction.payments().quarantined().await?;
    match format {
        Format::Json => {
            let shown: Vec<_> = payments.iter().map(Shown::of).collect();
            let text = serde_json::to_string_pretty(&shown);
            println!("{}", text.context("the list has no JSON")?);
        }
        Format::Text => {
            payments.iter().for_each(print);
            if !payments.is_empty() {
                println!();
            }
            println!("{waiting} wait for a person.");
            if let (Some(first), true) = (payments.first(), waiting > 0) {
                let id = &first.recorded.id;
                println!("Decide about one by its id:");
                println!("  nyota payments show {id}");
                println!("  nyota payments resolve {id} --bill BILL --why \"…\"");
                println!("  nyota payments refund ask {id} --why \"…\"");
            }
        }
    }
    Ok(ExitCode::from(u8::from(waiting > 0)))
}

fn print(payment: &Payment) {
    let recorded = &payment.recorded;
    let (id, paid) = (&recorded.id, said(recorded.paid));
    let state = payment.state.as_str();
    println!("{id}  {paid}  {state}  {}", when::local(recorded.paid_at));
    let number = recorded.number.map(|number| number.to_string());
    let number = number.unwrap_or_else(|| "none".to_owned());
    let bill = recorded.bill.as_deref().unwrap_or("none");
    println!(
        "    number {number}, told for bill {}, booked on {bill}, receipt {}",
        recorded.told_bill, recorded.receipt
    );
    if !recorded.reason.is_empty() {
        println!("    why: {}", recorded.reason);
    }
}

async fn show(store: &dyn Store, id: &str) -> anyhow::Result<ExitCode> {
    let mut transaction = store.read().await?;
    let Some(payment) = transaction.payments().get(id).await? else {
        eprintln!("nyota: there is no payment {id}. See them: nyota payments list --all");
        return Ok(ExitCode::FAILURE);
    };
    print(&payment);
    let recorded = &payment.recorded;
    println!(
        "    gateway's reference {}, key {}, by {}",
        recorded.gateway_reference,
        recorded.provider_key,
        recorded.source.as_str()
    );
    entries::print(&mut *transaction, id).await?;
    Ok(ExitCode::SUCCESS)
}

/// A payment as programs read it. Its names last.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    state: &'static str,
    outcome: &'static str,
    reason: &'a str,
    amount: String,
    currency: String,
    number: Option<String>,
    bill: Option<&'a str>,
    told_bill: &'a str,
    receipt: &'a str,
    reference: &'a str,
    sp_code: &'a str,
    source: &'static str,
    paid_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
}

impl<'a> Shown<'a> {
    fn of(payment: &'a Payment) -> Self {
        let recorded = &payment.recorded;
        Self {
            id: &recorded.id,
            state: payment.state.as_str(),
            outcome: recorded.outcome.as_str(),
            reason: &recorded.reason,
            amount: recorded.paid.to_decimal(),
            currency: recorded.paid.currency.to_string(),
            number: recorded.number.map(|number| number.to_string()),
            bill: recorded.bill.as_deref(),
            told_bill: &recorded.told_bill,
            receipt: &recorded.receipt,
            reference: &recorded.gateway_reference,
            sp_code: &recorded.sp_code,
            source: recorded.source.as_str(),
            paid_at: recorded.paid_at,
            received_at: recorded.received_at,
        }
    }
}

const HEAD: [&str; 9] = [
    "payment", "paid_at", "amount", "currency", "number", "bill", "receipt", "state", "list",
];

fn report(day: &Day, format: Form) -> anyhow::Result<ExitCode> {
    let rows: Vec<Vec<String>> = day
        .rows
        .iter()
        .map(|row| {
            let recorded = &row.payment.recorded;
            vec![
                recorded.id.clone(),
                recorded.paid_at.to_rfc3339(),
                recorded.paid.to_decimal(),
                recorded.paid.currency.to_string(),
                recorded.number.map(|it| it.to_string()).unwrap_or_default(),
                recorded.bill.clone().unwrap_or_default(),
                recorded.receipt.clone(),
                row.payment.state.as_str().to_owned(),
                row.stands.as_str().to_owned(),
            ]
        })
        .collect();
    match format {
        Form::Html => {
            let title = format!("Payments of {} to {}", day.day, day.sp_code);
            print!("{}", sheet::page(&title, &summary(day), &HEAD, &rows));
        }
        Form::Csv => {
            println!("{}", sheet::csv(&HEAD));
            for row in &rows {
                let cells: Vec<_> = row.iter().map(String::as_str).collect();
                println!("{}", sheet::csv(&cells));
            }
            eprintln!("{}", summary(day));
        }
        Form::Json => {
            let shown: Vec<BTreeMap<_, _>> = rows
                .iter()
                .map(|row| HEAD.into_iter().zip(row).collect())
                .collect();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
    }
    Ok(ExitCode::from(u8::from(day.is_wrong())))
}

fn summary(day: &Day) -> String {
    let count = day.rows.len();
    let wrong = day.rows.iter().filter(|row| row.stands.is_wrong()).count();
    let list = match &day.asked {
        None => "the gateway was not asked for the day yet".to_owned(),
        Some(asked) => match asked.answered_at {
            Some(at) => format!("the gateway's list came {}", when::local(at)),
            None => format!("the gateway has not answered: {}", asked.codes),
        },
    };
    format!("{count} payments, {wrong} to be looked at; {list}.")
}
