use super::{Figure, Given};
use crate::limit::{self, BARE, COLD, COPY};

/// CPU beside the bare server's, Redis's, and latency at half load.
pub(super) async fn measure(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let compared = limit::compare(given.stand, given.effort).await?;
    let (Some(bare), Some(copy), Some(cold)) = (
        compared.contenders.get(BARE),
        compared.contenders.get(COPY),
        compared.contenders.get(COLD),
    ) else {
        return Ok(Vec::new());
    };
    let mut figures = Vec::new();
    for (contender, most) in [(cold, 1.25), (copy, 1.0)] {
        let [ratio, ..] = contender.ratio(bare, |phase| phase.cpu_us);
        let name = format!("CPU of a turn, {}, to the bare server's", contender.name);
        figures.push(Figure::new(name, ratio, (most, "times")));
    }
    for contender in [cold, copy] {
        let [ratio, ..] = contender.ratio(bare, |phase| phase.redis_us);
        let name = format!("Redis's CPU of a turn, {}", contender.name);
        figures.push(Figure::new(name, ratio, (1.2, "times")));
    }
    for contender in [cold, copy] {
        let name = format!("half load, {}: median", contender.name);
        let median = contender.median(|phase| phase.half_p50_us) / 1e3;
        figures.push(Figure::new(name, median, (1.0, "ms")));
        let name = format!("half load, {}: 99 of 100", contender.name);
        let slow = contender.median(|phase| phase.half_p99_us) / 1e3;
        figures.push(Figure::new(name, slow, (10.0, "ms")));
    }
    Ok(figures)
}
