//! What a live caller costs: bytes in Redis, and round trips to it for each kind of turn.
//!
//! `cargo test --test it -- line_costs --nocapture` prints the figures.
#![expect(clippy::print_stdout, reason = "the figures are for people to read")]

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use nyota::model::Rate;
use nyota::session::{
    AliasKey, Committed, Copies, CopiesOptions, LimitKey, LineKey, RedisOptions, RedisSessions,
    SessionError, Sessions, Versioned,
};
use tokio::sync::Mutex;

use crate::support::{
    node::{Class, Dialler, Ground, Node},
    redis::Redis,
};

const QUICK: Duration = Duration::ZERO;

/// For how long a line is kept where its menu wants it no longer.
const TTL: Duration = Duration::from_mins(4);

async fn sessions(redis: &Redis) -> Arc<dyn Sessions> {
    // A busy machine is no reason to fail here.
    let options = RedisOptions {
        answer_milliseconds: 5_000,
        ..RedisOptions::default()
    };
    Arc::new(
        RedisSessions::connect(&[redis.url()], options)
            .await
            .unwrap(),
    )
}

/// Sessions that note the last line that was committed.
#[derive(Debug)]
struct Noting {
    sessions: Arc<dyn Sessions>,
    last: Mutex<Option<(LineKey, Vec<u8>)>>,
}

#[async_trait::async_trait]
impl Sessions for Noting {
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError> {
        self.sessions.load(key).await
    }

    async fn answer(&self) -> Result<(), SessionError> {
        self.sessions.answer().await
    }

    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError> {
        *self.last.lock().await = Some((key, bytes.clone()));
        self.sessions.commit(key, from, bytes, ttl).await
    }

    async fn remember(
        &self,
        alias: AliasKey,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<(), SessionError> {
        self.sessions.remember(alias, bytes, ttl).await
    }

    async fn remembered(
        &self,
        alias: AliasKey,
        ttl: Duration,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        self.sessions.remembered(alias, ttl).await
    }

    async fn allow(&self, key: LimitKey, rate: Rate) -> Result<bool, SessionError> {
        self.sessions.allow(key, rate).await
    }
}

/// The lines of callers of each class who read what their renewal costs, the widest screen of the
/// middle of the CHF menu.
async fn lines_in_the_middle(redis: &Redis) -> Vec<Vec<u8>> {
    let (ground, sessions) = (Ground::new().await, sessions(redis).await);
    let noting = Arc::new(Noting {
        sessions,
        last: Mutex::new(None),
    });
    let node = ground.node(Arc::<Noting>::clone(&noting), QUICK);
    let mut lines = Vec::new();
    for (class, phone) in [
        (Class::Accumulated, "+255700000401"),
        (Class::Identified, "+255700000402"),
        (Class::Bare, "+255700000403"),
    ] {
        let mut dialler = Dialler::new(class, phone, "ATUid_5d3b4c2bc589f481");
        let page = dialler.walk(&node, &["2", "2", "400000042"]).await;
        assert!(page.contains("30,000"), "{page}");
        let (_, bytes) = noting.last.lock().await.take().unwrap();
        lines.push(bytes);
    }
    lines
}

fn figure(told: &str, name: &str) -> i64 {
    let line = told.lines().find_map(|line| line.strip_prefix(name));
    let figure = line.unwrap_or_else(|| panic!("{name} is not in\n{told}"));
    figure.trim().parse().unwrap()
}

#[tokio::test]
async fn ten_thousand_lines_in_the_middle_of_a_renewal_take_400_bytes_each_at_most() {
    const LINES: usize = 10_000;
    let redis = Redis::start().await;
    let lines = lines_in_the_middle(&redis).await;
    redis.ask(&["FLUSHALL"]);
    let sessions = sessions(&redis).await;
    let used = || figure(&redis.ask(&["INFO", "memory"]), "used_memory:");
    let before = used();
    for thousand in 0..LINES / 1_000 {
        let commits = (0..1_000).map(|line| {
            let bytes = lines[line % lines.len()].clone();
            let mut key = [0; 16];
            key[..8].copy_from_slice(&(thousand * 1_000 + line).to_be_bytes());
            sessions.commit(LineKey(key), None, bytes, TTL)
        });
        for committed in join_all(commits).await {
            assert!(matches!(committed, Ok(Committed::Won(_))));
        }
    }
    let whole = (used() - before) / i64::try_from(LINES).unwrap();
    let longest = lines.iter().map(Vec::len).max().unwrap() + size_of::<u64>();
    let keys = redis.ask(&["--raw", "EVAL", LARGEST_KEY, "0"]);
    let one: i64 = keys.trim().parse().unwrap();
    let told = format!(
        "{LINES} lines: {whole} bytes each of used_memory, {one} bytes at most by MEMORY USAGE; \
         the longest value has {longest} bytes"
    );
    println!("{told}");
    assert!(whole <= 400 && one <= 400 && longest <= 240, "{told}");
}

/// What the key that takes most takes.
const LARGEST_KEY: &str = "\
local most = 0
for _, key in ipairs(redis.call('KEYS', '*')) do
  most = math.max(most, redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0))
end
return most";

/// Round trips since the counters were last set to 0: what a script does inside is none.
fn trips(redis: &Redis, lost: i64) -> i64 {
    let told = redis.ask(&["INFO", "commandstats"]);
    let calls = |command: &str| {
        let counted = told.lines().find_map(|line| {
            let rest = line.strip_prefix(&format!("cmdstat_{command}:calls="))?;
            rest.split(',').next()?.parse::<i64>().ok()
        });
        counted.unwrap_or_default()
    };
    // A commit gets the line, and sets it where it wins.
    let commits = calls("evalsha");
    let (read_inside, written_inside) = (commits, commits - lost);
    commits
        + calls("eval")
        + (calls("getrange") - read_inside)
        + (calls("set") - written_inside)
        + calls("getex")
}

/// Counts what `turn` costs.
async fn counted(redis: &Redis, lost: i64, turn: impl Future<Output = String>) -> i64 {
    redis.ask(&["CONFIG", "RESETSTAT"]);
    let page = turn.await;
    assert!(!page.contains("not available"), "{page}");
    trips(redis, lost)
}

struct Stand {
    redis: Redis,
    with_copy: Node,
    without: Node,
}

async fn stand(ground: &Ground) -> Stand {
    let redis = Redis::start().await;
    let shared = sessions(&redis).await;
    let copies = Copies::beside(Arc::clone(&shared), CopiesOptions::default());
    let stand = Stand {
        with_copy: ground.node(copies, QUICK),
        without: ground.node(shared, QUICK),
        redis,
    };
    // The first commit after a start brings the script along.
    Dialler::new(Class::Bare, "+255700000500", "first")
        .walk(&stand.without, &[])
        .await;
    stand
}

#[tokio::test]
async fn each_kind_of_turn_costs_the_round_trips_that_it_must() {
    let ground = Ground::new().await;
    let Stand {
        redis,
        with_copy,
        without,
    } = stand(&ground).await;
    let mut table = Vec::new();
    let mut alone = Dialler::new(Class::Accumulated, "+255700000501", "s");
    let begin = counted(&redis, 0, alone.walk(&with_copy, &[])).await;
    table.push(("a begin", begin, 2));
    let language = counted(&redis, 0, alone.press(&with_copy, "2")).await;
    table.push((
        "a turn that asks an effect first, with the copy",
        language,
        2,
    ));
    let ordinary = counted(&redis, 0, alone.press(&with_copy, "4")).await;
    table.push(("an ordinary turn, with the node's copy", ordinary, 1));
    let ordinary = counted(&redis, 0, alone.press(&without, "0")).await;
    table.push(("an ordinary turn, without a copy", ordinary, 2));
    let repeat = counted(&redis, 0, without.answer(&alone)).await;
    table.push(("a repeat", repeat, 1));
    // That turn was another node's: the copy of the first is from before it.
    let late = alone.before(0);
    let repeat = counted(&redis, 1, with_copy.answer(&late)).await;
    table.push(("a repeat, where the node's copy is old", repeat, 1));

    // A bare input is never stepped from a copy, and of an accumulated text the rival is not stepped.
    let mut rival = Dialler::new(Class::Identified, "+255700000502", "s");
    rival.walk(&with_copy, &["2"]).await;
    rival.clone().press(&without, "3").await;
    let conflict = counted(&redis, 1, with_copy.answer(&rival.typing("4"))).await;
    table.push((
        "a conflict: lost from an old copy, then stepped",
        conflict,
        2,
    ));

    let mut once = Dialler::new(Class::PhoneOnce, "+255700000503", "s");
    let begin = counted(&redis, 0, once.walk(&with_copy, &[])).await;
    table.push(("a begin, with an alias", begin, 3));
    once.press(&with_copy, "2").await;
    let ordinary = counted(&redis, 0, once.press(&with_copy, "4")).await;
    // Its inputs are bare: whether one is late only the line as it stands can tell.
    table.push(("an ordinary turn, with an alias and the copy", ordinary, 3));
    let ordinary = counted(&redis, 0, once.press(&without, "0")).await;
    table.push(("an ordinary turn, with an alias and no copy", ordinary, 3));

    for (turn, trips, _) in &table {
        println!("{trips}  {turn}");
    }
    for (turn, trips, wanted) in table {
        assert_eq!(trips, wanted, "{turn}");
    }
}

#[tokio::test]
async fn of_two_rivals_on_two_nodes_both_together_cost_five_round_trips_at_most() {
    let ground = Ground::new().await;
    let Stand { redis, without, .. } = stand(&ground).await;
    let mut dialler = Dialler::new(Class::Bare, "+255700000504", "s");
    dialler.walk(&without, &["2"]).await;
    let (three, four) = (dialler.typing("3"), dialler.typing("4"));
    redis.ask(&["CONFIG", "RESETSTAT"]);
    tokio::join!(without.answer(&three), without.answer(&four));
    // The winner's two and the loser's three; where they did not meet, two each.
    let told = redis.ask(&["INFO", "commandstats"]);
    let met = told.contains("cmdstat_evalsha:calls=3,");
    let trips = trips(&redis, i64::from(met));
    println!("{trips}  two rivals at once without copies, of which one lost: {met}");
    assert_eq!(trips, if met { 5 } else { 4 }, "{told}");
}
