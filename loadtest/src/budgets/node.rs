use std::time::{Duration, Instant};

use super::{Figure, Given};
use crate::{
    limit,
    load::{Limit, Pace},
    measure::{self, Contender},
    stand::usage,
};

/// How often it is started.
const STARTS: usize = 7;
/// For how long it is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(10);

/// How long until a first dial is answered, on a database that is there, and the memory of an idle node.
pub(super) async fn measure(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    drop(given.stand.node("start", &[]).await?);
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let began = Instant::now();
        let node = given.stand.node("start", &[]).await?;
        let said = node.started_in;
        dial(given, &node).await?;
        took.push((began.elapsed().as_secs_f64() * 1e3, said));
    }
    let node = given.stand.node("start", &[]).await?;
    dial(given, &node).await?;
    tokio::time::sleep(IDLE).await;
    let memory = f64::from(u32::try_from(usage::memory(node.id())?)?) / 1024.0;
    let first = measure::median(took.iter().map(|(first, _)| *first).collect());
    Ok(vec![
        Figure::new(
            "from the start to the first answer, database there",
            first,
            (200.0, "ms"),
        ),
        Figure::new("resident memory of an idle node", memory, (60.0, "MiB")),
    ])
}

async fn dial(given: &Given<'_>, node: &crate::stand::Node) -> anyhow::Result<()> {
    let ids = (vec![node.id()], given.stand.redis.id());
    let contender = Contender::new(
        "start",
        limit::ground(&[node], given.effort)?,
        ids,
        given.stand,
    );
    let limit = Limit {
        time: None,
        dialogues: Some(1),
    };
    contender.run(Pace::Callers(1), limit).await?;
    Ok(())
}
