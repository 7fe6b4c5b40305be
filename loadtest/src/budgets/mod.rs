//! `loadtest budgets`: each promise of what a turn costs, its figure and whether it holds.
//!
//! A part is a file here: it starts what it needs, measures, and gives [`Figure`]s.

mod growth;
mod limits;
mod line;
mod menus;
mod node;
mod soak;

use std::{fmt::Write as _, process::ExitCode, time::Duration};

use clap::{Args, ValueEnum};

use crate::{
    measure::{self, Effort},
    scenario,
    stand::{self, Stand},
};

/// What is measured, and how.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Which; left out, all of them.
    #[arg(value_enum)]
    parts: Vec<Part>,
    #[command(flatten)]
    stand: stand::Options,
    #[command(flatten)]
    effort: Effort,
    /// How long the soak takes.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = scenario::duration)]
    soak: Duration,
    /// How many lines, and how many rows, the larger of two has.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    many: u32,
}

/// A part of the budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// CPU of nyota and of Redis beside the bare server's, and latency at half load.
    Limit,
    /// Round trips to Redis and bytes of a live line.
    Line,
    /// What a turn costs with 10, 1,000 and 10,000 screens.
    Screens,
    /// What it costs with 1,000 lines and with a million.
    Lines,
    /// What it costs with 1,000 callers and turns in the database and with a million.
    Rows,
    /// How long a start takes, and what an idle node has in memory.
    Node,
    /// Half load for minutes: memory, files and keys that stay.
    Soak,
}

const PARTS: [Part; 7] = [
    Part::Limit,
    Part::Line,
    Part::Screens,
    Part::Lines,
    Part::Rows,
    Part::Node,
    Part::Soak,
];

/// A figure and the most that it may be.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    name: String,
    is: f64,
    most: f64,
    unit: &'static str,
}

impl Figure {
    fn new(name: impl Into<String>, is: f64, (most, unit): (f64, &'static str)) -> Self {
        Self {
            name: name.into(),
            is,
            most,
            unit,
        }
    }

    fn holds(&self) -> bool {
        self.is <= self.most
    }
}

/// What every part is given.
struct Given<'a> {
    stand: &'a Stand,
    effort: &'a Effort,
    arguments: &'a Arguments,
}

/// Measures and prints. It ends with 0 whatever the figures are: a busy machine is no mistake.
pub(crate) async fn budgets(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let machine = measure::machine();
    let stand = Stand::start(&arguments.stand).await?;
    let given = Given {
        stand: &stand,
        effort: &arguments.effort,
        arguments,
    };
    let parts = if arguments.parts.is_empty() {
        &PARTS[..]
    } else {
        &arguments.parts
    };
    println!(
        "{}\n{}; {machine}\n",
        stand.program().display(),
        arguments.effort.words()
    );
    println!("{:<52}{:>12}{:>12}", "", "figure", "budget");
    for part in parts {
        eprintln!("{part:?} …");
        for figure in part.measure(&given).await? {
            print!("{}", row(&figure));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Part {
    async fn measure(self, given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
        match self {
            Self::Limit => limits::measure(given).await,
            Self::Line => line::measure(given).await,
            Self::Screens => growth::screens(given).await,
            Self::Lines => growth::lines(given).await,
            Self::Rows => growth::rows(given).await,
            Self::Node => node::measure(given).await,
            Self::Soak => soak::measure(given).await,
        }
    }
}

fn row(figure: &Figure) -> String {
    let mut row = format!("{:<52}{:>12}", figure.name, number(figure.is));
    _ = write!(row, "{:>12} {}", number(figure.most), figure.unit);
    row.push_str(if figure.holds() { "\n" } else { "   OVER\n" });
    row
}

fn number(figure: f64) -> String {
    if figure.abs() >= 100.0 {
        format!("{figure:.0}")
    } else {
        format!("{figure:.2}")
    }
}
