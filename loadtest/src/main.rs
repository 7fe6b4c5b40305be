//! Virtual phones that dial nyota through its webhooks, and what its turns cost.
//!
//! 1. `scenario` reads what phones do, `dialect` writes it as aggregators do, `dialogue` is one caller.
//! 2. `load` has them talk and `tally` counts; `summary` tells it as text, JSON and a picture.
//! 3. `stand` starts servers to be measured, `limit` compares them with `bare`, and `budgets` with what
//!    they may cost.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line prints"
)]

mod bare;
mod budgets;
mod clock;
mod dialect;
mod dialogue;
mod limit;
mod load;
mod measure;
mod phones;
mod run;
mod scenario;
mod stand;
mod stop;
mod summary;
mod tally;
mod wire;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Virtual phones that dial nyota through its webhooks, check every page, and say what a turn costs.
#[derive(Debug, Parser)]
#[command(name = "loadtest", version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Have phones dial as a scenario says.
    ///
    /// Ends with 0 if every page was right and every request answered, with 1 if not, with 2 if used
    /// wrongly. Ctrl-C ends it early, with its summary.
    Run(run::Arguments),
    /// Compare nyota with the least that a turn can cost, in one run and in alternation.
    ///
    /// Starts Redis, Postgres, two nodes of nyota and a bare server that parses the same form and gets and
    /// sets 300 bytes in Redis, and ends them all. Prints one table; every figure is best read as its ratio.
    Limit(limit::Arguments),
    /// Measure each promise of what a turn costs, and print figure and budget.
    Budgets(budgets::Arguments),
    /// Serve the bare turn that `limit` compares with.
    Bare(bare::Arguments),
}

fn main() -> ExitCode {
    let line = Line::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("loadtest: the runtime could not start: {error}");
            return ExitCode::from(2);
        }
    };
    let ended = runtime.block_on(async {
        match line.command {
            Command::Run(arguments) => run::run(&arguments).await,
            Command::Limit(arguments) => or_ctrl_c(limit::limit(&arguments)).await,
            Command::Budgets(arguments) => or_ctrl_c(budgets::budgets(&arguments)).await,
            Command::Bare(arguments) => bare::bare(&arguments).await,
        }
    });
    runtime.shutdown_background();
    ended.unwrap_or_else(|error| {
        eprintln!("loadtest: {error:#}");
        ExitCode::from(2)
    })
}

/// Ends early at Ctrl-C; the servers that were started go with it.
async fn or_ctrl_c(
    command: impl Future<Output = anyhow::Result<ExitCode>>,
) -> anyhow::Result<ExitCode> {
    tokio::select! {
        ended = command => ended,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
    }
}
