use std::time::Duration;

use super::{Figure, Given};
use crate::{
    limit,
    load::{Limit, Pace},
    measure::{self, Contender},
    stand::{Node, Redis, usage},
};

/// Between two looks.
const LOOK: Duration = Duration::from_secs(2);
/// How long its full load is measured for.
const FULL: Duration = Duration::from_secs(5);

/// What a node holds at one time: KiB of memory, files, keys in Redis.
type Held = [f64; 3];

/// Half load for minutes. What it holds in the last quarter is compared with the second: the first is for
/// what fills up once, such as copies of lines.
pub(super) async fn measure(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let redis = given.stand.further_redis().await?;
    let url = redis.url();
    let node = given.stand.node("soak", &[("REDIS_URL", &url)]).await?;
    let ids = (vec![node.id()], redis.id());
    let contender = Contender::new(
        "soak",
        limit::ground(&[&node], given.effort)?,
        ids,
        given.stand,
    );
    contender.warm(given.effort).await?;
    let limit = |time| Limit {
        time: Some(time),
        dialogues: None,
    };
    let full = Pace::Callers(given.effort.callers());
    let full = contender.run(full, limit(FULL)).await?.rate();
    let mut looks = Vec::new();
    let counts = {
        let half = Pace::Turns(full / 2.0);
        let mut running = std::pin::pin!(contender.run(half, limit(given.arguments.soak)));
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                counts = &mut running => break counts?,
                _ = ticks.tick() => looks.push(look(&node, &redis).await?),
            }
        }
    };
    eprintln!(
        "{:.0} turns a second for {:.0} s, p99 {} us",
        counts.rate(),
        counts.took,
        counts.all.p99_us
    );
    Ok(["memory", "open files", "keys in Redis"]
        .into_iter()
        .enumerate()
        .map(|(place, name)| {
            let grown = of_quarter(&looks, 3, place) / of_quarter(&looks, 1, place);
            let name = format!("soak: {name}, last quarter to second");
            Figure::new(name, grown, (1.02, "times"))
        })
        .collect())
}

async fn look(node: &Node, redis: &Redis) -> anyhow::Result<Held> {
    let files = u32::try_from(usage::files(node.id())?)?;
    let keys = u32::try_from(redis.keys().await?)?;
    let memory = u32::try_from(usage::memory(node.id())?)?;
    Ok([memory, files, keys].map(f64::from))
}

/// The median of a quarter.
fn of_quarter(looks: &[Held], quarter: usize, place: usize) -> f64 {
    let each = (looks.len() / 4).max(1);
    let looks = looks.iter().skip(quarter * each).take(each);
    measure::median(looks.map(|held| held[place]).collect())
}
