use std::fs;

use super::{Figure, Given, menus};
use crate::{
    limit,
    load::Ground,
    measure::{self, Contender},
    scenario,
    stand::Redis,
};

/// What callers of a large set do: keys that are all there, down from screen to screen.
const SCENARIO: &str = r#"
scenario: Keys through a large menu
gateways: [{name: africastalking, dialect: africastalking}]
phones: {first: "+255750000000", count: 1}
values: {a: ["1", "2"], b: ["1", "2", "3", "4"], c: ["1", "2", "3", "4"], d: ["1", "2", "3", "4"]}
journeys:
  - name: goes down
    silent: true
    steps:
      - {dial: "*152*88#", see: "Chagua huduma"}
      - {press: "{a}", see: "Chagua huduma"}
      - {press: "{b}", see: "Chagua huduma"}
      - {press: "{c}", see: "Chagua huduma"}
      - {press: "{d}", see: "Chagua huduma"}
      - {press: "00", see: "Chagua huduma"}
"#;

/// What the larger may cost, to the smaller.
const MOST: (f64, &str) = (1.1, "times");
/// The smaller of two.
const FEW: u32 = 1_000;
/// Planted at once.
const BATCH: u32 = 10_000;

/// Lines as long as a caller's in the middle of a renewal, of other callers.
const PLANT: &str = "\
local value = string.rep('x', 220)
for line = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  redis.call('SET', 'l:' .. redis.sha1hex(line):sub(1, 16), value, 'EX', 7200)
end
return 'planted'";

/// What a turn costs in sets of 10, 1,000 and 10,000 screens.
pub(super) async fn screens(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let (mut contenders, mut nodes) = (Vec::new(), Vec::new());
    for screens in [10, 1_000, 10_000] {
        let name = format!("screens_{screens}");
        let folder = given.stand.folder().join(format!("menus_{screens}"));
        let set = folder.join("large");
        fs::create_dir_all(&set)?;
        for (name, text) in menus::files(screens) {
            fs::write(set.join(name), text)?;
        }
        let folder = folder.display().to_string();
        let settings = [("NYOTA_MENUS", folder.as_str())];
        let node = given.stand.node(&name, &settings).await?;
        let scenario = scenario::parse("large.yaml", SCENARIO)?;
        let scenario = measure::of_effort(scenario, given.effort);
        let ground = Ground::new(scenario, std::slice::from_ref(&node.address), 1)?;
        let ids = (vec![node.id()], given.stand.redis.id());
        let name = format!("{screens} screens");
        contenders.push(Contender::new(&name, ground, ids, given.stand));
        nodes.push(node);
    }
    measure::alternate(&mut contenders, given.effort, |told| eprintln!("{told}")).await?;
    Ok(grown(&contenders, "CPU of a turn", |phase| phase.cpu_us))
}

/// What it costs beside few lines of other callers, and beside many.
pub(super) async fn lines(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let (mut contenders, mut serving) = (Vec::new(), Vec::new());
    for lines in [FEW, given.arguments.many] {
        let redis = given.stand.further_redis().await?;
        plant(&redis, lines).await?;
        let url = redis.url();
        let name = format!("lines_{lines}");
        let node = given.stand.node(&name, &[("REDIS_URL", &url)]).await?;
        let ground = limit::ground(&[&node], given.effort)?;
        let name = format!("{lines} lines");
        let ids = (vec![node.id()], redis.id());
        contenders.push(Contender::new(&name, ground, ids, given.stand));
        serving.push((redis, node));
    }
    measure::alternate(&mut contenders, given.effort, |told| eprintln!("{told}")).await?;
    let mut figures = grown(&contenders, "CPU of a turn", |phase| phase.cpu_us);
    figures.extend(grown(&contenders, "Redis's CPU of a turn", |phase| {
        phase.redis_us
    }));
    Ok(figures)
}

async fn plant(redis: &Redis, lines: u32) -> anyhow::Result<()> {
    for first in (0..lines).step_by(BATCH as usize) {
        let last = (first + BATCH).min(lines) - 1;
        let (first, last) = (first.to_string(), last.to_string());
        redis.ask(&["EVAL", PLANT, "0", &first, &last]).await?;
    }
    Ok(())
}

/// What it costs with few callers and turns in the database, and with many.
pub(super) async fn rows(given: &Given<'_>) -> anyhow::Result<Vec<Figure>> {
    let (mut contenders, mut nodes) = (Vec::new(), Vec::new());
    for rows in [FEW, given.arguments.many] {
        let name = format!("rows_{rows}");
        let node = given.stand.node(&name, &[]).await?;
        let Some(_) = given.stand.sql(&name, &planted(rows)).await? else {
            eprintln!("rows are planted on Postgres only");
            return Ok(Vec::new());
        };
        let ground = limit::ground(&[&node], given.effort)?;
        let ids = (vec![node.id()], given.stand.redis.id());
        let name = format!("{rows} rows");
        contenders.push(Contender::new(&name, ground, ids, given.stand));
        nodes.push(node);
    }
    measure::alternate(&mut contenders, given.effort, |told| eprintln!("{told}")).await?;
    let mut figures = grown(&contenders, "CPU of a turn", |phase| phase.cpu_us);
    figures.extend(grown(&contenders, "Postgres's CPU of a turn", |phase| {
        phase.postgres_us
    }));
    Ok(figures)
}

/// Callers whose language is known, and turns of theirs over three months.
fn planted(rows: u32) -> String {
    format!(
        "INSERT INTO callers (phone_index, phone, language, changed_at)
         SELECT sha256(row::text::bytea), sha256(row::text::bytea), 'en', now()
         FROM generate_series(1, {rows}) AS row;
         INSERT INTO journal (at, gateway, phone_index, dialogue, turn, event, screen, language,
             units, asks, last, took_micros)
         SELECT now() - row * interval '7 seconds', 'africastalking', sha256(row::text::bytea),
             md5(row::text), 1, 'begin', 'chf.main', 'en', 80, 0, false, 400
         FROM generate_series(1, {rows}) AS row;
         ANALYZE;"
    )
}

/// Each to the first.
fn grown(
    contenders: &[Contender],
    what: &str,
    figure: impl Fn(&measure::Phase) -> f64,
) -> Vec<Figure> {
    let Some((first, others)) = contenders.split_first() else {
        return Vec::new();
    };
    let ratios = others.iter().map(|other| {
        let [ratio, ..] = other.ratio(first, &figure);
        let name = format!("{what}, {} to {}", other.name, first.name);
        Figure::new(name, ratio, MOST)
    });
    ratios.collect()
}
