use anyhow::Context;

use super::{Figure, Given};
use crate::{
    limit,
    load::{Ground, Limit, Pace},
    measure::Contender,
    scenario,
};

/// How many callers are in the middle of a renewal.
const CALLERS: u64 = 10_000;

/// The mean of what the lines' keys take, in bytes, with their names and times to live.
const MEAN: &str = "\
local keys = redis.call('KEYS', 'l:*')
local whole = 0
for _, key in ipairs(keys) do
  whole = whole + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0)
end
return tostring(whole / #keys)";

/// Round trips of an input, cold and with the copy, and what a live line takes.
pub(super) async fn measure(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let mut figures = trips(given).await?;
    figures.extend(bytes(given).await?);
    Ok(figures)
}

/// Of eight turns one is a begin, which has two in any case.
async fn trips(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let redis = given.stand.further_redis().await?;
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str())];
    let one = given.stand.node("trips", &settings).await?;
    let two = given.stand.node("trips", &settings).await?;
    let mut elsewhere = limit::ground(&[&one, &two], given.effort)?;
    elsewhere.each_turn_elsewhere = true;
    let ids = (vec![one.id(), two.id()], redis.id());
    let cold = Contender::new("cold", elsewhere, ids.clone(), given.stand);
    let copy = Contender::new(
        "with copy",
        limit::ground(&[&one], given.effort)?,
        ids,
        given.stand,
    );
    cold.warm(given.effort).await?;
    let mut figures = Vec::new();
    for (contender, most) in [(&cold, 2.0), (&copy, 1.0)] {
        redis.trips().await?;
        let limit = Limit {
            time: None,
            dialogues: Some(1_000),
        };
        let counts = contender
            .run(Pace::Callers(given.effort.callers()), limit)
            .await?;
        let begins = counts.dialogues.begun;
        let trips = redis.trips().await?.saturating_sub(2 * begins);
        let inputs = counts.inputs.count.max(1);
        let name = format!("round trips of an input, {}", contender.name);
        figures.push(Figure::new(name, float(trips) / float(inputs), (most, "")));
    }
    Ok(figures)
}

async fn bytes(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let redis = given.stand.further_redis().await?;
    let url = redis.url();
    // Lines that live for long enough to be counted are what a menu of four minutes has, too.
    let node = given.stand.node("line", &[("REDIS_URL", &url)]).await?;
    let text = include_str!("../../scenarios/renewal.yaml");
    let scenario = scenario::parse("renewal.yaml", text)?;
    let ground = Ground::new(scenario, std::slice::from_ref(&node.address), 1)?;
    let contender = Contender::new(
        "renewal",
        ground,
        (vec![node.id()], redis.id()),
        given.stand,
    );
    let before = redis.figure("memory", "used_memory").await?;
    let limit = Limit {
        time: None,
        dialogues: Some(CALLERS),
    };
    contender
        .run(Pace::Callers(given.effort.callers()), limit)
        .await?;
    let mean = redis.ask(&["EVAL", MEAN, "0"]).await?;
    let mean: f64 = mean.parse().context("Redis does not tell what keys take")?;
    let after = redis.figure("memory", "used_memory").await?;
    let whole = float(after.saturating_sub(before)) / float(CALLERS);
    Ok(vec![
        Figure::new("a live line in Redis", mean, (400.0, "bytes")),
        Figure::new(
            "a live caller in Redis, with what counts her dialogues",
            whole,
            (f64::INFINITY, "bytes"),
        ),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "no count comes to 2^52")]
fn float(figure: u64) -> f64 {
    figure as f64
}
