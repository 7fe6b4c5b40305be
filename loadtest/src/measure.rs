//! Contenders that are measured in alternation, so that whatever else the machine does falls on all of them.

use std::{sync::Arc, time::Duration};

use anyhow::ensure;
use clap::Args;
use serde::Serialize;

use crate::{
    load::{self, Ground, Limit, Pace},
    scenario::{self, Scenario},
    stand::{Stand, usage},
    tally::Counts,
};

/// How long and how hard.
#[derive(Args, Clone, Debug)]
pub(crate) struct Effort {
    /// How often each contender is measured; the table has the medians.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// For how long each time.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = scenario::duration)]
    time: Duration,
    /// How many callers dial at the same time.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=2000))]
    callers: u32,
    /// How many phones dial in turn. A phone may begin sixty dialogues in ten minutes, so a long
    /// measurement of a fast machine needs many.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    phones: u32,
}

/// A server that is measured.
#[derive(Debug)]
pub(crate) struct Contender {
    /// What it is, in a word or two.
    pub(crate) name: String,
    ground: Arc<Ground>,
    /// Its processes.
    ids: Vec<u32>,
    /// Redis, where its lines are.
    redis: u32,
    postgres: Option<u32>,
    /// What was measured.
    pub(crate) phases: Vec<Phase>,
}

/// Two runs of a contender: with all it can, and with half of that.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Phase {
    /// Turns a second that it answered.
    pub(crate) rate: f64,
    /// Of its own, in microseconds a turn.
    pub(crate) cpu_us: f64,
    /// Of Redis.
    pub(crate) redis_us: f64,
    /// Of Postgres.
    pub(crate) postgres_us: f64,
    /// Half of the turns were answered in this, in microseconds, with all it can.
    pub(crate) p50_us: f64,
    /// 99 of 100 were.
    pub(crate) p99_us: f64,
    /// The same at half of that load, by the clock.
    pub(crate) half_p50_us: f64,
    /// The same of 99.
    pub(crate) half_p99_us: f64,
}

impl Contender {
    /// On one or more nodes.
    pub(crate) fn new(
        name: &str,
        ground: Ground,
        (ids, redis): (Vec<u32>, u32),
        stand: &Stand,
    ) -> Self {
        Self {
            name: name.to_owned(),
            ground: Arc::new(ground),
            ids,
            redis,
            postgres: stand.postgres(),
            phases: Vec::new(),
        }
    }

    /// Has each phone dial once, so that its language is known and everything is warm.
    pub(crate) async fn warm(&self, effort: &Effort) -> anyhow::Result<()> {
        let phones = u64::from(self.ground.scenario.phones.count);
        let limit = Limit {
            time: None,
            dialogues: Some(phones),
        };
        self.run(Pace::Callers(effort.callers), limit).await?;
        Ok(())
    }

    /// Runs it, and refuses figures of a server that answers wrongly.
    pub(crate) async fn run(&self, pace: Pace, limit: Limit) -> anyhow::Result<Counts> {
        let outcome = load::run(&self.ground, pace, limit, |_| {}).await?;
        ensure!(!outcome.interrupted, "interrupted");
        let counts = outcome.counts;
        let wrong = counts.wrongs.first();
        ensure!(
            counts.is_right(),
            "{} answers wrongly, so its figures are worth nothing: {} wrong pages, {} failed; {:?} {:?}",
            self.name,
            counts.wrong,
            counts.failures(),
            wrong,
            counts.failed
        );
        Ok(counts)
    }

    /// Measures it once.
    pub(crate) async fn measure(&mut self, effort: &Effort) -> anyhow::Result<()> {
        let limit = Limit {
            time: Some(effort.time),
            dialogues: None,
        };
        let before = self.used()?;
        let full = self.run(Pace::Callers(effort.callers), limit).await?;
        let after = self.used()?;
        let half = self.run(Pace::Turns(full.rate() / 2.0), limit).await?;
        let a_turn = |part: usize| {
            let used = after[part].saturating_sub(before[part]);
            used.as_secs_f64() * 1e6 / full.turns()
        };
        self.phases.push(Phase {
            rate: full.rate(),
            cpu_us: a_turn(0),
            redis_us: a_turn(1),
            postgres_us: a_turn(2),
            p50_us: float(full.all.p50_us),
            p99_us: float(full.all.p99_us),
            half_p50_us: float(half.all.p50_us),
            half_p99_us: float(half.all.p99_us),
        });
        Ok(())
    }

    /// CPU time until now: its own, Redis's and Postgres's.
    fn used(&self) -> anyhow::Result<[Duration; 3]> {
        let mut own = Duration::ZERO;
        for id in &self.ids {
            own += usage::cpu(*id)?;
        }
        let postgres = self.postgres.map(usage::cpu_of_all).transpose()?;
        let redis = usage::cpu(self.redis)?;
        Ok([own, redis, postgres.unwrap_or_default()])
    }

    /// The median of a figure.
    pub(crate) fn median(&self, figure: impl Fn(&Phase) -> f64) -> f64 {
        median(self.phases.iter().map(figure).collect())
    }

    /// The median of a figure's ratio to another contender's in the same round, the least and the most.
    pub(crate) fn ratio(&self, to: &Self, figure: impl Fn(&Phase) -> f64) -> [f64; 3] {
        let pairs = self.phases.iter().zip(&to.phases);
        let mut ratios: Vec<f64> = pairs
            .map(|(own, others)| figure(own) / figure(others))
            .collect();
        ratios.sort_by(f64::total_cmp);
        let least = ratios.first().copied().unwrap_or(f64::NAN);
        let most = ratios.last().copied().unwrap_or(f64::NAN);
        [median(ratios), least, most]
    }
}

impl Effort {
    /// How many callers dial at the same time.
    pub(crate) fn callers(&self) -> u32 {
        self.callers
    }

    /// What is measured, in words.
    pub(crate) fn words(&self) -> String {
        format!(
            "{} rounds of {:?}, {} callers",
            self.rounds, self.time, self.callers
        )
    }
}

/// Warms all and measures them in turn, each round beginning with another.
pub(crate) async fn alternate(
    contenders: &mut [Contender],
    effort: &Effort,
    tell: impl Fn(&str),
) -> anyhow::Result<()> {
    for contender in contenders.iter() {
        tell(&format!("{}: each phone dials once", contender.name));
        contender.warm(effort).await?;
    }
    for round in 0..effort.rounds {
        for contender in contenders.iter_mut() {
            contender.measure(effort).await?;
            let (name, rate) = (&contender.name, contender.phases.last());
            let rate = rate.map_or(0.0, |phase| phase.rate);
            let cpu = contender.phases.last().map_or(0.0, |phase| phase.cpu_us);
            tell(&format!(
                "round {} of {}: {name}: {rate:.0} turns/s, {cpu:.1} us of CPU a turn",
                round + 1,
                effort.rounds
            ));
        }
        contenders.rotate_left(1);
    }
    // In the order of before.
    let turned = usize::try_from(effort.rounds).unwrap_or_default() % contenders.len().max(1);
    contenders.rotate_right(turned);
    Ok(())
}

/// The scenario that most is measured with.
pub(crate) fn reading(effort: &Effort) -> anyhow::Result<Scenario> {
    let text = include_str!("../scenarios/limit.yaml");
    Ok(of_effort(scenario::parse("limit.yaml", text)?, effort))
}

/// A scenario with as many phones as are told.
pub(crate) fn of_effort(mut scenario: Scenario, effort: &Effort) -> Scenario {
    scenario.phones.count = effort.phones;
    scenario
}

/// How busy the machine is, and how many processors it has.
pub(crate) fn machine() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = told.split(' ').next().unwrap_or("unknown").to_owned();
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{processors} processors, load {load} before")
}

/// The middle one, or the mean of the two in the middle.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match (figures.get(middle), figures.len() % 2) {
        (Some(upper), 0) => middle
            .checked_sub(1)
            .and_then(|lower| figures.get(lower))
            .map_or(*upper, |lower| f64::midpoint(*lower, *upper)),
        (Some(one), _) => *one,
        (None, _) => f64::NAN,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no latency is 2^52 microseconds"
)]
fn float(figure: u64) -> f64 {
    figure as f64
}
