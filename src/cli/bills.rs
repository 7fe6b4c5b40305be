use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};

use super::{
    Format,
    entries::{self, said},
    stored, when,
};
use crate::{
    config::Settings,
    model::{Amount, Clock, ControlNumber, Currency, Language, MemberNumber, Msisdn, SystemClock},
    payment::{
        books::{self, CancelAsked, Imported, Unresolved},
        gepg,
    },
    store::{Bill, BillKey, BillState, BillsWanted, NewBill, Store},
};

/// See bills, cancel them, and take over those of a predecessor.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show bills, the newest first.
    List(Listing),
    /// Show one bill: where it is, what was paid on it, and what was done with it.
    Show {
        /// Its id, or its control number.
        id: String,
    },
    /// Cancel a bill that nobody is to pay any more.
    ///
    /// Where the gateway has it, running nodes ask the gateway. Ends with 1, and changes nothing, where
    /// it cannot be cancelled.
    Cancel {
        /// Its id.
        id: String,
        /// Why.
        #[arg(long)]
        why: String,
        /// Who cancels it.
        #[arg(long, env = "USER", hide_env_values = true, default_value = "unknown")]
        by: String,
    },
    /// Take over the control numbers of a predecessor, so that money on them finds its family.
    ///
    /// The file has one bill a line, each a JSON object: `{"bill": …, "number": …, "scheme": …,
    /// "family": …, "member": …, "product": …, "period": …, "persons": 4, "amount": "30000.00",
    /// "currency": "TZS", "from": "2026-12-01", "to": "2027-11-30", "pay_by": "2026-12-21", "phone": …,
    /// "language": "sw", "set": "chf", "payer": …}`. A line that is there already is left as it is. Ends with 1
    /// if a line could not be taken over; those before and after it are.
    Import {
        /// The file.
        file: PathBuf,
        /// Why, for the record.
        #[arg(long, default_value = "the change-over")]
        why: String,
        /// Who does it.
        #[arg(long, env = "USER", hide_env_values = true, default_value = "unknown")]
        by: String,
    },
}

/// What to list.
#[derive(Args, Debug)]
pub(super) struct Listing {
    /// Only those in this state: `payable`, `part_paid`, `closed_with_money`.
    #[arg(long, value_parser = state)]
    state: Option<BillState>,
    /// Only those that a person is to look at.
    #[arg(long, conflicts_with = "state")]
    flagged: bool,
    /// Only a member's.
    #[arg(long, conflicts_with_all = ["state", "flagged"], value_parser = member)]
    member: Option<MemberNumber>,
    /// At most so many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// How to show them.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn state(text: &str) -> Result<BillState, String> {
    BillState::parse(text).ok_or_else(|| {
        let states = BillState::ALL.map(BillState::as_str).join(", ");
        format!("there is no such state; there are: {states}")
    })
}

fn member(text: &str) -> Result<MemberNumber, String> {
    MemberNumber::parse(text).map_err(|error| error.to_string())
}

/// Runs one of the commands.
pub(super) async fn bills(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let store = stored::open(settings).await?;
    let (store, now) = (&*store, SystemClock.now());
    match command {
        Command::List(listing) => list(store, listing).await,
        Command::Show { id } => show(store, id).await,
        Command::Cancel { id, why, by } => cancel(store, id, (by, why), now).await,
        Command::Import { file, why, by } => {
            let text = fs::read_to_string(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            let sp_codes = vec![gepg::Options::default().sp_code];
            let rules = settings.sections()?.payment.rules(sp_codes);
            import(store, &text, &rules, (by, why), now).await
        }
    }
}

async fn list(store: &dyn Store, listing: &Listing) -> anyhow::Result<ExitCode> {
    let wanted = match (listing.state, listing.member) {
        (Some(state), _) => BillsWanted::InState(state),
        (None, Some(member)) => BillsWanted::Of(member),
        (None, None) if listing.flagged => BillsWanted::Flagged,
        (None, None) => BillsWanted::Newest,
    };
    let mut transaction = store.read().await?;
    let bills = transaction.audit().bills(&wanted, listing.limit).await?;
    match listing.format {
        Format::Json => {
            let shown: Vec<_> = bills.iter().map(Shown::of).collect();
            let text = serde_json::to_string_pretty(&shown);
            println!("{}", text.context("the list has no JSON")?);
        }
        Format::Text if bills.is_empty() => println!("There is none."),
        Format::Text => bills.iter().for_each(print),
    }
    Ok(ExitCode::SUCCESS)
}

/// Names nobody: whose bill it is says its family.
fn print(bill: &Bill) {
    let made = &bill.made;
    let number = bill.number.map(|number| number.to_string());
    let number = number.unwrap_or_else(|| "no number yet".to_owned());
    println!(
        "{}  {number}  {}  {}",
        made.id,
        said(made.amount),
        bill.state.as_str()
    );
    println!(
        "    {} family {}, {} {}, the {} of it, made {}, to be paid until {}",
        made.key.scheme,
        made.key.family,
        made.key.product,
        made.key.period,
        ordinal(made.key.generation),
        when::local(made.made_at),
        made.pay_by
    );
    if made.credit > 0 {
        let minor = made.credit;
        let currency = made.amount.currency;
        println!("    credit pays {} of it", said(Amount { minor, currency }));
    }
    if !bill.flag.is_empty() {
        println!("    LOOK: {}", bill.flag);
    }
}

fn ordinal(number: u32) -> String {
    let last = match (number % 10, number % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{number}{last}")
}

async fn show(store: &dyn Store, id: &str) -> anyhow::Result<ExitCode> {
    let mut transaction = store.read().await?;
    let by_number = match ControlNumber::parse(id) {
        Ok(number) => transaction.bills().by_number(number).await?,
        Err(_) => None,
    };
    let found = match by_number {
        Some(bill) => Some(bill),
        None => transaction.bills().get(id).await?,
    };
    let Some(bill) = found else {
        eprintln!("nyota: there is no bill {id}. See them: nyota bills list");
        return Ok(ExitCode::FAILURE);
    };
    print(&bill);
    let id = &bill.made.id;
    entries::print(&mut *transaction, id).await?;
    Ok(ExitCode::SUCCESS)
}

async fn cancel(
    store: &dyn Store,
    id: &str,
    told: (&str, &str),
    now: DateTime<Utc>,
) -> anyhow::Result<ExitCode> {
    match books::cancel(store, id, (gepg::PROVIDER, told), now).await {
        Ok(CancelAsked::Cancelled) => println!("Bill {id} is cancelled; it had never left."),
        Ok(CancelAsked::Requested) => {
            println!("The gateway is asked to cancel bill {id}. See it: nyota bills show {id}");
        }
        Err(Unresolved::Store(error)) => return Err(error.into()),
        Err(refused) => {
            eprintln!("nyota: {refused}. Nothing was changed.");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A line of a predecessor's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    bill: String,
    number: String,
    scheme: String,
    family: String,
    member: String,
    product: String,
    period: String,
    #[serde(default = "one")]
    persons: u32,
    amount: String,
    currency: String,
    from: NaiveDate,
    to: NaiveDate,
    pay_by: NaiveDate,
    phone: String,
    language: String,
    set: String,
    #[serde(default)]
    payer: String,
}

fn one() -> u32 {
    1
}

impl Line {
    fn read(text: &str, now: DateTime<Utc>) -> anyhow::Result<(NewBill, ControlNumber)> {
        let line: Self = serde_json::from_str(text)?;
        let currency = Currency::parse(&line.currency).context("currency is three letters")?;
        let amount = Amount::parse_decimal(&line.amount, currency).context("amount")?;
        if amount.minor <= 0 {
            bail!("amount is not above zero");
        }
        if line.from > line.to {
            bail!("from is after to");
        }
        let language = Language::parse(&line.language).ok().context("language")?;
        let bill = NewBill {
            id: line.bill,
            key: BillKey {
                scheme: line.scheme,
                family: line.family,
                product: line.product,
                period: line.period,
                generation: 1,
            },
            member: MemberNumber::parse(&line.member).context("member")?,
            phone: Msisdn::parse(&line.phone).context("phone")?,
            language,
            set: line.set,
            payer: line.payer,
            persons: line.persons.max(1),
            amount,
            credit: 0,
            from: line.from,
            to: line.to,
            pay_by: line.pay_by,
            made_at: now,
        };
        let number = ControlNumber::parse(&line.number).context("number")?;
        Ok((bill, number))
    }
}

async fn import(
    store: &dyn Store,
    text: &str,
    rules: &crate::payment::judgement::Rules,
    told: (&str, &str),
    now: DateTime<Utc>,
) -> anyhow::Result<ExitCode> {
    let (mut new, mut known, mut wrong) = (0_u32, 0_u32, 0_u32);
    let lines = text.lines().enumerate();
    for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let place = index + 1;
        let (bill, number) = match Line::read(line, now) {
            Ok(read) => read,
            Err(error) => {
                eprintln!("nyota: line {place}: {error:#}");
                wrong += 1;
                continue;
            }
        };
        match books::import(store, (&bill, number), rules, told, now).await? {
            Imported::New => new += 1,
            Imported::Known => known += 1,
            Imported::NumberTaken => {
                eprintln!("nyota: line {place}: its control number is another bill's");
                wrong += 1;
            }
        }
    }
    println!("{new} bills taken over, {known} were there, {wrong} lines could not be taken over.");
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

/// A bill as programs read it, without whom it names. Its names last.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    state: &'static str,
    flag: &'a str,
    number: Option<String>,
    amount: String,
    credit: String,
    currency: String,
    scheme: &'a str,
    family: &'a str,
    product: &'a str,
    period: &'a str,
    generation: u32,
    pay_by: NaiveDate,
    made_at: DateTime<Utc>,
}

impl<'a> Shown<'a> {
    fn of(bill: &'a Bill) -> Self {
        let made = &bill.made;
        let currency = made.amount.currency;
        let credit = Amount {
            minor: made.credit,
            currency,
        };
        Self {
            id: &made.id,
            state: bill.state.as_str(),
            flag: &bill.flag,
            number: bill.number.map(|number| number.to_string()),
            amount: made.amount.to_decimal(),
            credit: credit.to_decimal(),
            currency: currency.to_string(),
            scheme: &made.key.scheme,
            family: &made.key.family,
            product: &made.key.product,
            period: &made.key.period,
            generation: made.key.generation,
            pay_by: made.pay_by,
            made_at: made.made_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_predecessor_is_read_or_says_what_is_wrong() {
        let line = |change: (&str, &str)| {
            let text = r#"{"bill":"OLD1","number":"991000000001","scheme":"s","family":"f",
                "member":"070707081","product":"CHF","period":"2026","amount":"30000.00",
                "currency":"TZS","from":"2026-12-01","to":"2027-11-30","pay_by":"2026-12-21",
                "phone":"+255700000001","language":"sw","set":"chf"}"#;
            assert!(text.contains(change.0), "{}", change.0);
            Line::read(&text.replace(change.0, change.1), SystemClock.now())
        };
        let (bill, number) = line(("OLD1", "OLD1")).unwrap();
        assert_eq!(
            (bill.id.as_str(), number.to_string()),
            ("OLD1", "991000000001".to_owned())
        );
        for (change, why) in [
            (("30000.00", "0"), "amount is not above zero"),
            (("30000.00", "x"), "amount"),
            (("070707081", "0707-7081"), "member"),
            (("+255700000001", "0700"), "phone"),
            (("2027-11-30", "2025-11-30"), "from is after to"),
            (("\"period\"", "\"perod\""), "unknown field"),
        ] {
            let error = format!("{:#}", line(change).unwrap_err());
            assert!(error.contains(why), "{error}");
        }
    }
}
