//! `loadtest run`.

use std::{
    fs,
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use rand::RngExt;

use crate::{
    load::{self, Ground, Limit, Pace},
    scenario,
    summary::{self, Summary, milliseconds},
    tally::Second,
    wire,
};

/// What is run, and how.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The scenario's file, such as loadtest/scenarios/morning.yaml.
    scenario: PathBuf,
    /// Where the server is. Several nodes: dialogues are shared among them.
    #[arg(
        long = "to",
        value_name = "URL",
        default_value = "http://127.0.0.1:8080"
    )]
    nodes: Vec<String>,
    /// Open loop: so many turns a second, dialled by a clock that waits for no answer.
    #[arg(long, value_name = "TURNS", value_parser = rate, conflicts_with = "callers")]
    rate: Option<f64>,
    /// Closed loop: so many callers, each dialling again when her dialogue has ended. Left out, and no
    /// rate either: 8.
    #[arg(long, value_name = "CALLERS", value_parser = clap::value_parser!(u32).range(1..))]
    callers: Option<u32>,
    /// For how long, such as 30s or 10m. Left out, and no number of dialogues either: 30s.
    #[arg(long = "for", value_name = "TIME", value_parser = scenario::duration)]
    time: Option<Duration>,
    /// How many dialogues.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    dialogues: Option<u64>,
    /// Send each turn of a dialogue to another node than the one before.
    #[arg(long)]
    each_turn_elsewhere: bool,
    /// Of all chance; the summary tells the one that was drawn.
    #[arg(long)]
    seed: Option<u64>,
    /// Write the summary as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write latency and turns over time as a picture.
    #[arg(long, value_name = "FILE.svg")]
    picture: Option<PathBuf>,
    /// No line each second.
    #[arg(long)]
    quiet: bool,
    /// Dial servers that are not this machine.
    #[arg(long)]
    anywhere: bool,
}

impl Arguments {
    fn pace(&self) -> Pace {
        match self.rate {
            Some(rate) => Pace::Turns(rate),
            None => Pace::Callers(self.callers.unwrap_or(8)),
        }
    }

    fn limit(&self) -> Limit {
        let usual = self.dialogues.is_none().then_some(Duration::from_secs(30));
        Limit {
            time: self.time.or(usual),
            dialogues: self.dialogues,
        }
    }
}

/// Runs it and tells what came of it.
pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let scenario = scenario::read(&arguments.scenario)?;
    if !arguments.anywhere {
        wire::only_loopback(&arguments.nodes).await?;
    }
    let drawn = || rand::rng().random_range(0..u64::from(u32::MAX));
    let seed = arguments.seed.unwrap_or_else(drawn);
    let mut ground = Ground::new(scenario, &arguments.nodes, seed)?;
    ground.each_turn_elsewhere = arguments.each_turn_elsewhere;
    let ground = Arc::new(ground);
    let pace = arguments.pace();
    let outcome = load::run(&ground, pace, arguments.limit(), |second| {
        if !arguments.quiet {
            tell(second);
        }
    });
    let outcome = outcome.await?;
    if !arguments.quiet && std::io::stderr().is_terminal() {
        eprintln!();
    }
    let right = outcome.counts.is_right();
    let summary = Summary::new(&ground, pace, outcome);
    print!("{}", summary::text(&summary));
    write(arguments, &summary)?;
    Ok(ExitCode::from(u8::from(!right)))
}

fn write(arguments: &Arguments, summary: &Summary) -> anyhow::Result<()> {
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string_pretty(summary).context("the summary is no JSON")?;
        written(path, &json)?;
    }
    if let Some(path) = &arguments.picture {
        written(path, &summary::picture(summary))?;
    }
    Ok(())
}

fn written(path: &PathBuf, text: &str) -> anyhow::Result<()> {
    let told = || format!("{} cannot be written", path.display());
    fs::write(path, text).with_context(told)
}

/// The live line: over itself on a terminal.
fn tell(second: &Second) {
    let mut out = std::io::stderr().lock();
    let (begin, end) = if out.is_terminal() {
        ("\r\x1b[K", "")
    } else {
        ("", "\n")
    };
    let rate = summary::rate(second);
    let latency = &second.latency;
    // Nobody reads it who has closed it.
    _ = write!(
        out,
        "{begin}{:6.0} s {rate:7.0} turns/s  p50 {:>8}  p99 {:>8}  max {:>8}  under way {:5}  wrong {}  failed {}{end}",
        second.at,
        milliseconds(latency.p50_us),
        milliseconds(latency.p99_us),
        milliseconds(latency.max_us),
        second.under_way,
        second.wrong,
        second.failed,
    );
    _ = out.flush();
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate > 0.0 && rate <= 1_000_000.0 => Ok(rate),
        Ok(_) | Err(_) => Err("a rate is more than 0 and at most a million turns a second".into()),
    }
}
