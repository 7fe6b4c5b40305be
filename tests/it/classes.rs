//! A turn happens once on every class of gateway, at the level of turns: repeats, rivals and what comes
//! late, on one node or several.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::join_all;
use nyota::session::{
    AliasKey, Committed, Copies, CopiesOptions, LineKey, MemorySessions, Options, SessionError,
    Sessions, Versioned,
};
use tokio::sync::Notify;

use crate::support::{
    node::{Class, Dialler, Ground, Node},
    until,
};

const PHONE: &str = "+255700000077";
const OTHER: &str = "+255700000078";
/// From a dial to the first menu in English.
const MENU: &[&str] = &["2"];
/// The scheme answers at once.
const QUICK: Duration = Duration::ZERO;

fn shared() -> Arc<dyn Sessions> {
    Arc::new(MemorySessions::new(Options::default()))
}

/// Two nodes on one ground and the same sessions, each with copies of its own.
async fn two_nodes() -> (Ground, Node, Node) {
    let (ground, sessions) = (Ground::new().await, shared());
    let node = || {
        let copies = Copies::beside(Arc::clone(&sessions), CopiesOptions::default());
        ground.node(copies, QUICK)
    };
    let (one, other) = (node(), node());
    (ground, one, other)
}

/// A phone of its own for each class: what one has chosen the next would not be asked again.
fn phone(class: Class) -> String {
    format!("+2557000003{:02}", class as u8)
}

const CLASSES: [Class; 4] = [
    Class::Accumulated,
    Class::Identified,
    Class::Bare,
    Class::PhoneOnce,
];

#[tokio::test]
async fn eight_copies_of_a_turn_over_two_nodes_are_answered_alike_in_every_class() {
    let (ground, one, other) = two_nodes().await;
    for class in CLASSES {
        let mut dialler = Dialler::new(class, &phone(class), "s");
        dialler.walk(&one, &[]).await;
        for keys in ["2", "1", "400000042"] {
            dialler.type_in(keys);
            let copies = (0..8).map(|copy| [&one, &other][copy % 2].answer(&dialler));
            let pages = join_all(copies).await;
            assert!(
                pages.iter().all(|page| *page == pages[0]),
                "{class:?} {pages:?}"
            );
            assert_eq!(one.answer(&dialler).await, pages[0], "{class:?}, later");
            // The next key may be the same one.
            ground.later(3_000);
        }
        let page = other.answer(&dialler.typing("0")).await;
        assert!(!page.contains("Neema"), "{class:?} {page}");
    }
}

#[tokio::test]
async fn of_two_different_bare_or_identified_inputs_at_once_one_is_stepped_after_the_other() {
    let (_ground, one, other) = two_nodes().await;
    for class in [Class::Identified, Class::Bare, Class::PhoneOnce] {
        let mut sequences = Vec::new();
        for (index, keys) in [["3", "4"], ["4", "3"]].into_iter().enumerate() {
            let mut alone =
                Dialler::new(class, &format!("{}{index}", &phone(class)[..12]), keys[0]);
            alone.walk(&one, MENU).await;
            sequences.push([
                alone.press(&one, keys[0]).await,
                alone.press(&one, keys[1]).await,
            ]);
        }
        let mut dialler = Dialler::new(class, &phone(class), "s");
        dialler.walk(&one, MENU).await;
        let (three, four) = (dialler.typing("3"), dialler.typing("4"));
        let (three, four) = tokio::join!(one.answer(&three), other.answer(&four));
        let taken = sequences == [[three.clone(), four.clone()], sequences[1].clone()]
            || sequences == [sequences[0].clone(), [four.clone(), three.clone()]];
        assert!(taken, "{class:?}\n{three}\n{four}\n{sequences:?}");
    }
}

#[tokio::test]
async fn of_two_different_accumulated_texts_at_once_one_is_taken_and_both_read_its_page() {
    let (_ground, one, other) = two_nodes().await;
    let mut dialler = Dialler::new(Class::Accumulated, PHONE, "s");
    dialler.walk(&one, MENU).await;
    let (three, four) = (dialler.typing("3"), dialler.typing("4"));
    let (page, same) = tokio::join!(one.answer(&three), other.answer(&four));
    assert_eq!(page, same);
    let taken = if page.contains("help") { four } else { three };
    // Whichever it was, its dialogue goes on, and the one that was not taken moves nothing.
    assert_eq!(one.answer(&taken).await, page);
    let next = other.answer(&taken.typing("0")).await;
    assert_ne!(next, page);
    assert!(
        !next.contains("Welcome to CHF") || page.contains("0"),
        "{next}"
    );
}

#[tokio::test]
async fn a_late_repeat_of_an_earlier_turn_moves_nothing_where_the_gateway_tells_it() {
    let (ground, one, other) = two_nodes().await;
    for class in [Class::Accumulated, Class::Identified] {
        let mut dialler = Dialler::new(class, &phone(class), "s");
        let page = dialler.walk(&one, &["2", "1"]).await;
        ground.later(60_000);
        for late in [dialler.before(1), dialler.before(2)] {
            assert_eq!(other.answer(&late).await, page, "{class:?}");
        }
        assert!(dialler.press(&other, "400000042").await.contains("Neema"));
    }
}

#[tokio::test]
async fn a_bare_input_is_a_repeat_for_two_seconds_and_then_a_turn() {
    let (ground, one, _) = two_nodes().await;
    let mut dialler = Dialler::new(Class::Bare, PHONE, "s");
    let page = dialler.walk(&one, &["2", "1"]).await;
    ground.later(1_900);
    assert_eq!(one.answer(&dialler).await, page);
    ground.later(200);
    assert_ne!(one.answer(&dialler).await, page);
}

#[tokio::test]
async fn the_same_bare_input_while_its_turn_runs_waits_for_the_same_page() {
    let ground = Ground::new().await;
    let node = ground.node(shared(), Duration::from_millis(900));
    let mut dialler = Dialler::new(Class::Bare, PHONE, "s");
    dialler.walk(&node, &["2", "1"]).await;
    dialler.type_in("555555556");
    let again = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        // Far longer ago than a repeat may be, but for its turn that still runs.
        ground.later(30_000);
        node.answer(&dialler).await
    };
    let (first, again) = tokio::join!(node.answer(&dialler), again);
    assert_eq!(first, again);
    assert!(first.contains("Zawadi"), "{first}");
}

#[tokio::test]
async fn another_input_while_an_effect_runs_is_stepped_after_its_outcome() {
    let ground = Ground::new().await;
    let node = ground.node(shared(), Duration::from_millis(900));
    for class in CLASSES {
        let mut dialler = Dialler::new(class, &phone(class), "s");
        dialler.walk(&node, &["2", "1"]).await;
        dialler.type_in("555555556");
        let next = dialler.typing("0");
        let rival = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            node.answer(&next).await
        };
        let (first, then) = tokio::join!(node.answer(&dialler), rival);
        assert!(first.contains("Zawadi"), "{class:?} {first}");
        assert!(!then.contains("Zawadi"), "{class:?} {then}");
    }
}

/// Sessions that hold one commit back until they are told to let it go.
#[derive(Debug)]
struct Held {
    sessions: Arc<dyn Sessions>,
    holds: AtomicBool,
    is_held: AtomicBool,
    go: Notify,
}

impl Held {
    fn on(sessions: &Arc<dyn Sessions>) -> Arc<Self> {
        Arc::new(Self {
            sessions: Arc::clone(sessions),
            holds: AtomicBool::new(false),
            is_held: AtomicBool::new(false),
            go: Notify::new(),
        })
    }
}

#[async_trait]
impl Sessions for Held {
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
        if self.holds.swap(false, Ordering::SeqCst) {
            self.is_held.store(true, Ordering::SeqCst);
            self.go.notified().await;
        }
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
}

#[tokio::test]
async fn a_node_that_wakes_late_changes_nothing() {
    let (ground, sessions) = (Ground::new().await, shared());
    let held = Held::on(&sessions);
    let late = ground.node(Arc::<Held>::clone(&held), QUICK);
    let other = ground.node(sessions, QUICK);
    let mut dialler = Dialler::new(Class::Accumulated, PHONE, "s");
    dialler.walk(&late, MENU).await;
    dialler.type_in("1");
    held.holds.store(true, Ordering::SeqCst);
    let asleep = {
        let (late, dialler) = (late.clone(), dialler.clone());
        tokio::spawn(async move { late.answer(&dialler).await })
    };
    until("a commit that is held", async || {
        held.is_held.load(Ordering::SeqCst).then_some(())
    })
    .await;
    let asked = other.answer(&dialler).await;
    assert!(asked.contains("CHF number"), "{asked}");
    let told = dialler.press(&other, "400000042").await;
    assert!(told.contains("Neema"), "{told}");
    held.go.notify_one();
    assert_eq!(asleep.await.unwrap(), told);
    assert_eq!(other.answer(&dialler).await, told);
}

#[tokio::test]
async fn a_copy_that_another_node_overtook_shows_nothing_old() {
    let (_ground, one, other) = two_nodes().await;
    for class in CLASSES {
        let mut dialler = Dialler::new(class, &phone(class), "s");
        dialler.walk(&one, MENU).await;
        let asked = dialler.press(&other, "1").await;
        // The first node has a copy from before that turn: its repeat and the next turn there.
        assert_eq!(one.answer(&dialler).await, asked, "{class:?}");
        assert!(dialler.press(&one, "400000042").await.contains("Neema"));
    }
}

#[tokio::test]
async fn a_session_that_tells_its_phone_once_goes_on_without_it() {
    let (_ground, one, other) = two_nodes().await;
    let mut dialler = Dialler::new(Class::PhoneOnce, PHONE, "s");
    dialler.walk(&one, MENU).await;
    dialler.press(&other, "1").await;
    assert!(dialler.press(&one, "400000042").await.contains("Neema"));
}

#[tokio::test]
async fn a_session_id_that_is_used_for_another_phone_is_that_phones_from_then_on() {
    let (ground, one, other) = two_nodes().await;
    let mut first = Dialler::new(Class::PhoneOnce, PHONE, "s");
    first.walk(&one, &["2", "1"]).await;
    let mut second = Dialler::new(Class::PhoneOnce, OTHER, "s");
    let page = second.walk(&other, &[]).await;
    assert!(page.contains("chagua lugha"), "{page}");
    let page = second.press(&one, "2").await;
    assert!(page.contains("Welcome to CHF"), "{page}");
    ground.later(3_000);
    // The first phone's line stands where it was: she dials again and is offered nothing of another's.
    let page = first.walk(&other, &[]).await;
    assert!(!page.contains("Neema"), "{page}");
}

#[tokio::test]
async fn a_call_without_a_phone_that_nobody_remembers_is_told_so() {
    let ground = Ground::new().await;
    let mut dialler = Dialler::new(Class::PhoneOnce, PHONE, "s");
    let before = ground.node(shared(), QUICK);
    dialler.walk(&before, MENU).await;
    let flushed = ground.node(shared(), QUICK);
    let page = dialler.press(&flushed, "1").await;
    assert!(page.contains("haipatikani"), "{page}");
    assert!(dialler.walk(&flushed, &[]).await.contains("CHF"));
}
