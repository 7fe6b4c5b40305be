use std::time::{Duration, Instant};

use super::{PHONE, SORRY, in_time, is_served, lines};
use crate::support::{
    chaos::{Chaos, Weather},
    demo::{Demo, Home},
    phone::{Page, Phone},
    redis::{Redis, free_port},
    until,
};

const HOME: &str = "Welcome to CHF";

/// The demo with its sessions behind a proxy.
struct World {
    redis: Redis,
    chaos: Chaos,
    demo: Demo,
}

impl World {
    async fn start() -> Self {
        let redis = Redis::start().await;
        let chaos = Chaos::before(redis.port).await;
        let url = format!("redis://127.0.0.1:{}", chaos.port());
        let demo = Home::new().start(&[("REDIS_URL", &url)]).await;
        Self { redis, chaos, demo }
    }

    /// A phone on the page that asks for a CHF number, in English.
    async fn phone(&self, number: &str) -> Phone {
        let mut phone = Phone::new(&self.demo.address, number);
        phone.dial_in_english().await;
        let page = phone.press("1").await;
        assert!(page.text.contains("Enter the CHF number"), "{page:?}");
        phone
    }
}

fn is_honest_end(page: &Page) -> bool {
    page.last && page.text == SORRY
}

/// Presses until the line can be asked again; the page that then comes.
async fn page_once_served(phone: &Phone) -> Page {
    page_after("an outage", phone).await
}

async fn page_after(fault: &str, phone: &Phone) -> Page {
    until(&format!("a turn that is taken after {fault}"), async || {
        let page = in_time(phone.call()).await;
        if !is_honest_end(&page) {
            return Some(page);
        }
        // Not as often as a test can look: what one phone may ask is limited.
        tokio::time::sleep(Duration::from_millis(700)).await;
        None
    })
    .await
}

#[tokio::test]
async fn a_redis_that_is_named_and_says_nothing_is_refused_at_the_start() {
    let redis = Redis::start().await;
    let chaos = Chaos::before(redis.port).await;
    chaos.set(Weather::BlackHole);
    for port in [chaos.port(), free_port()] {
        let home = Home::new();
        let url = format!("redis://:planted@127.0.0.1:{port}");
        let began = Instant::now();
        let refused = home.run(&["serve"], &[("REDIS_URL", &url)]).await;
        assert!(began.elapsed() < Duration::from_secs(30));
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(
            said.contains("REDIS_URL is set, but that Redis cannot be used"),
            "{said}"
        );
        assert!(!said.contains("planted"), "{said}");
        assert!(!home.data().exists(), "nothing is left behind");
    }
}

#[tokio::test]
async fn a_redis_that_is_lost_ends_the_dialogue_honestly_and_a_redial_goes_on() {
    let world = World::start().await;
    let mut phone = Phone::new(&world.demo.address, PHONE);
    phone.dial_in_english().await;
    let page = phone.press_all(&["2", "400000042"]).await;
    assert!(page.text.contains("30,000"), "{page:?}");
    world.chaos.set(Weather::Reset);
    let page = in_time(phone.press("1")).await;
    assert!(is_honest_end(&page), "{page:?}");
    let (status, parts) = world.demo.ready().await;
    assert_eq!(status, 503);
    assert_eq!(parts, "not ready\nstore: answers\nsessions: fails\n");

    world.chaos.set(Weather::Fair);
    world.demo.is_ready().await;
    let page = phone.dial().await;
    assert!(page.text.contains("You were cut off"), "{page:?}");
    // What it costs is read anew, so she is asked for whom.
    let page = phone.press("1").await;
    assert!(page.text.contains("number to renew"), "{page:?}");
}

#[tokio::test]
async fn whatever_becomes_of_its_connections_a_turn_gets_its_own_page_or_an_honest_end() {
    let world = World::start().await;
    for (index, weather) in [
        Weather::Reset,
        Weather::Ended,
        Weather::BlackHole,
        Weather::HalfClosed,
        Weather::CutShort(3),
        Weather::Garbled,
        Weather::ResetAfter(1),
        Weather::SlowAnswers(Duration::from_millis(200)),
        Weather::SlowRequests(Duration::from_millis(200)),
        Weather::SlowAnswers(Duration::from_secs(5)),
        Weather::SlowRequests(Duration::from_secs(5)),
    ]
    .into_iter()
    .enumerate()
    {
        let mut phone = world.phone(&format!("+2557000010{index:02}")).await;
        world.chaos.set(weather);
        let page = in_time(phone.press("400000042")).await;
        let own = page.text.contains("Neema M.");
        assert!(own || is_honest_end(&page), "{weather:?}: {page:?}");
        let mut stranger = Phone::new(&world.demo.address, &format!("+2557000020{index:02}"));
        let page = in_time(stranger.dial()).await;
        let own = page.text.contains("chagua lugha");
        let end = page.last && page.text.starts_with("Samahani, huduma haipatikani");
        assert!(own || end, "{weather:?}: {page:?}");

        world.chaos.set(Weather::Fair);
        // The line is as it was: the same request is answered as it would have been.
        let page = page_after(&format!("{weather:?}"), &phone).await;
        assert!(page.text.contains("Neema M."), "{weather:?}: {page:?}");
        world.demo.is_ready().await;
    }
}

#[tokio::test]
async fn an_outage_makes_nobody_wait_and_floods_no_log() {
    let world = World::start().await;
    let mut phones = Vec::new();
    for index in 0..5 {
        phones.push(world.phone(&format!("+25570000100{index}")).await);
    }
    let (logged, asked) = (lines(&world.demo), world.chaos.requests());
    world.chaos.set(Weather::BlackHole);
    let began = Instant::now();
    for phone in &mut phones {
        phone.type_in("400000042");
        // No more than one phone may.
        for _ in 0..20 {
            let page = in_time(phone.call()).await;
            assert!(is_honest_end(&page), "{page:?}");
        }
    }
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap();
    // Five that failed, then one a second.
    let asked = world.chaos.requests() - asked;
    assert!(asked <= 6 + seconds, "{asked} requests in {seconds} s");
    let logged = lines(&world.demo) - logged;
    assert!((1..=8).contains(&logged), "{}", world.demo.said());
    let told = world.demo.said();
    assert_eq!(told.matches("the sessions fail").count(), 1, "{told}");

    world.chaos.set(Weather::Fair);
    for phone in &phones {
        let page = page_once_served(phone).await;
        assert!(page.text.contains("Neema M."), "{page:?}");
    }
    assert!(world.demo.said().contains("the sessions answer again"));
}

#[tokio::test]
async fn after_a_failover_an_older_line_is_not_stepped() {
    let world = World::start().await;
    let second = Redis::start().await;
    let mut phone = Phone::new(&world.demo.address, PHONE);
    phone.dial_in_english().await;
    second.follow(&world.redis).await;
    until("the line there", async || {
        (second.ask(&["DBSIZE"]) == "1\n").then_some(())
    })
    .await;
    // It hears no more of what the first is told.
    second.ask(&["REPLICAOF", "NO", "ONE"]);
    let page = phone.press("1").await;
    assert!(page.text.contains("Enter the CHF number"), "{page:?}");
    world.chaos.lead_to(second.port).await;
    // Here the same keys would have been the third option of the first page.
    phone.type_in("3");
    let page = page_once_served(&phone).await;
    assert!(page.text.contains(HOME) && !page.last, "{page:?}");
    let page = in_time(phone.press("3")).await;
    assert!(page.text.contains("CHF payments"), "{page:?}");
}

#[tokio::test]
async fn a_replica_that_was_not_promoted_yet_ends_turns_honestly() {
    let world = World::start().await;
    let second = Redis::start().await;
    let mut phone = world.phone(PHONE).await;
    second.follow(&world.redis).await;
    until("the line there", async || {
        (second.ask(&["DBSIZE"]) == "1\n").then_some(())
    })
    .await;
    world.chaos.lead_to(second.port).await;
    let page = in_time(phone.press("400000042")).await;
    assert!(is_honest_end(&page), "{page:?}");
    second.ask(&["REPLICAOF", "NO", "ONE"]);
    let page = page_once_served(&phone).await;
    assert!(page.text.contains("Neema M."), "{page:?}");
}

#[tokio::test]
async fn a_redis_that_was_flushed_begins_every_dialogue_again_and_forgets_no_limit() {
    let world = World::start().await;
    let mut phone = world.phone(PHONE).await;
    let page = in_time(phone.press("400000042")).await;
    assert!(page.text.contains("Neema M."), "{page:?}");
    for number in ["070707081", "100000014", "200000021", "300000035"] {
        world.redis.ask(&["FLUSHALL"]);
        let page = in_time(phone.press("1")).await;
        assert!(page.text.contains(HOME), "{page:?}");
        in_time(phone.press("1")).await;
        in_time(phone.press(number)).await;
    }
    // Those she has asked for are counted where they last: with these they are ten.
    for number in [
        "999999991",
        "111111114",
        "222222221",
        "333333335",
        "444444442",
    ] {
        phone.dial().await;
        in_time(phone.press_all(&["1", number])).await;
    }
    world.redis.ask(&["FLUSHALL"]);
    phone.dial().await;
    let page = in_time(phone.press_all(&["1", "777777770"])).await;
    assert!(page.text.contains("asked about 10 numbers"), "{page:?}");
}

#[tokio::test]
async fn a_redis_that_forgot_its_scripts_or_was_restarted_is_used_again() {
    let mut world = World::start().await;
    let mut phone = world.phone(PHONE).await;
    world.redis.ask(&["SCRIPT", "FLUSH", "SYNC"]);
    let page = in_time(phone.press("400000042")).await;
    assert!(page.text.contains("Neema M."), "{page:?}");
    world.redis.kill();
    let page = in_time(phone.press("1")).await;
    assert!(is_honest_end(&page), "{page:?}");
    world.redis.start_again().await;
    // Its lines are gone.
    let page = page_once_served(&phone).await;
    assert!(page.text.contains(HOME), "{page:?}");
}

#[tokio::test]
async fn a_cluster_that_lost_a_node_serves_the_lines_of_the_others() {
    let mut nodes = Redis::start_cluster().await;
    let urls = nodes.each_ref().map(Redis::url).join(",");
    let demo = Home::new().start(&[("REDIS_URL", &urls)]).await;
    let mut phones: Vec<_> = (0..24)
        .map(|index| Phone::new(&demo.address, &format!("+2557000010{index:02}")))
        .collect();
    for phone in &mut phones {
        phone.dial_in_english().await;
    }
    nodes[2].kill();
    let mut served = 0;
    for phone in &mut phones {
        let page = in_time(phone.press("1")).await;
        let own = page.text.contains("Enter the CHF number");
        assert!(own || is_honest_end(&page), "{page:?}");
        served += u32::from(own);
    }
    assert!((4..24).contains(&served), "{served} of 24 were served");
    nodes[2].start_again().await;
    for phone in &mut phones {
        let page = page_once_served(phone).await;
        let own = page.text.contains("Enter the CHF number");
        assert!(own || page.text.contains(HOME), "{page:?}");
    }
    is_served(&demo, PHONE).await;
    demo.is_ready().await;
}
