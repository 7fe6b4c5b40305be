//! `loadtest limit`: nyota beside the least that a turn can cost.

use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;

use crate::{
    load::Ground,
    measure::{self, Contender, Effort, Phase},
    stand::{self, Node, Stand},
};

/// What is measured, and how.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    stand: stand::Options,
    #[command(flatten)]
    effort: Effort,
    /// Write all figures of all rounds as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The bare server, nyota on one node that keeps copies, and on two that take each other's turns.
#[derive(Debug)]
pub(crate) struct Compared {
    /// In this order.
    pub(crate) contenders: Vec<Contender>,
    /// What serves.
    _nodes: Vec<Node>,
}

/// Where each stands among the contenders.
pub(crate) const BARE: usize = 0;
/// One node that keeps copies.
pub(crate) const COPY: usize = 1;
/// Two nodes, each turn on the other.
pub(crate) const COLD: usize = 2;

/// Measures and prints the table.
pub(crate) async fn limit(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let machine = measure::machine();
    let stand = Stand::start(&arguments.stand).await?;
    let compared = compare(&stand, &arguments.effort).await?;
    println!(
        "{}\n{}; {machine}\n\n{}",
        stand.program().display(),
        arguments.effort.words(),
        table(&compared.contenders)
    );
    if let Some(path) = &arguments.json {
        let figures: serde_json::Map<String, serde_json::Value> = compared
            .contenders
            .iter()
            .map(|one| Ok((one.name.clone(), serde_json::to_value(&one.phases)?)))
            .collect::<Result<_, serde_json::Error>>()?;
        let json = serde_json::to_string_pretty(&figures)?;
        std::fs::write(path, json)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Starts the three and measures them in alternation.
pub(crate) async fn compare(stand: &Stand, effort: &Effort) -> anyhow::Result<Compared> {
    let bare = stand.bare().await?;
    let one = stand.node("limit", &[]).await?;
    let two = stand.node("limit", &[]).await?;
    let redis = stand.redis.id();
    let mut unchecked = ground(&[&bare], effort)?;
    unchecked.checked = false;
    let mut cold = ground(&[&one, &two], effort)?;
    cold.each_turn_elsewhere = true;
    let mut contenders = vec![
        Contender::new("bare", unchecked, (vec![bare.id()], redis), stand),
        Contender::new(
            "with copy",
            ground(&[&one], effort)?,
            (vec![one.id()], redis),
            stand,
        ),
        Contender::new("cold", cold, (vec![one.id(), two.id()], redis), stand),
    ];
    measure::alternate(&mut contenders, effort, |told| eprintln!("{told}")).await?;
    Ok(Compared {
        contenders,
        _nodes: vec![bare, one, two],
    })
}

/// Phones that read, on these nodes.
pub(crate) fn ground(nodes: &[&Node], effort: &Effort) -> anyhow::Result<Ground> {
    let nodes: Vec<_> = nodes.iter().map(|node| node.address.clone()).collect();
    Ground::new(measure::reading(effort)?, &nodes, 1)
}

type Figure = fn(&Phase) -> f64;

const ROWS: [(&str, Figure); 8] = [
    ("CPU, us a turn", |phase| phase.cpu_us),
    ("Redis's CPU, us a turn", |phase| phase.redis_us),
    ("Postgres's CPU, us a turn", |phase| phase.postgres_us),
    ("turns a second", |phase| phase.rate),
    ("p50 at full load, us", |phase| phase.p50_us),
    ("p99 at full load, us", |phase| phase.p99_us),
    ("p50 at half load, us", |phase| phase.half_p50_us),
    ("p99 at half load, us", |phase| phase.half_p99_us),
];

/// Each contender's medians, and behind them their ratios to the first.
fn table(contenders: &[Contender]) -> String {
    let mut table = format!("{:<26}", "");
    for contender in contenders {
        _ = write!(table, "{:>10} {:>20}", contender.name, "");
    }
    for (name, figure) in ROWS {
        _ = write!(table, "\n{name:<26}");
        for (place, contender) in contenders.iter().enumerate() {
            let ratio = match contenders.first() {
                Some(first) if place > 0 && name != "Postgres's CPU, us a turn" => {
                    let [median, least, most] = contender.ratio(first, figure);
                    format!("{median:.2} ({least:.2}-{most:.2})")
                }
                Some(_) | None => String::new(),
            };
            _ = write!(table, "{:>10.1} {ratio:>20}", contender.median(figure));
        }
    }
    table.push_str(
        "\n\nBehind each figure its ratio to the bare server's in the same round: the median, the least, the most.\n",
    );
    table
}
