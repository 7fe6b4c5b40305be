//! What the tests share.
//!
//! 1. [`demo`] runs the real program in a folder of its own, as a newcomer does; [`stage`] runs the
//!    same server inside the test, where its deadlines must be short.
//! 2. [`phone`] dials either of them through the webhook; [`records`] reads what either of them
//!    wrote; [`gepg`] posts notices of payments as the gateway signs them.
//!    [`search`] looks for secrets where none may be, in what a [`watched_redis`] was told too.
//! 3. [`node`] takes turns without a web server, on sessions and a day that a test chooses; [`redis`] is a
//!    real one, [`postgres_server`] a real Postgres, [`chaos`] a proxy that
//!    spoils what goes through it.
//! 4. [`kannel`] is a real Kannel with a network of phones.
//!    [`openimis`] stands in for an openIMIS, made from recordings of two releases.
//! 5. [`wire`] is a connection from an address of the test's choice.
//! 6. [`browser`] is a headless Chromium, [`sources`] the files of this package, [`documented`] what
//!    its source says of its problems, [`generated`] the files that are made from its source, [`json`] YAML as an
//!    editor sees it.

pub(crate) mod browser;
pub(crate) mod chaos;
pub(crate) mod demo;
pub(crate) mod documented;
pub(crate) mod generated;
pub(crate) mod gepg;
pub(crate) mod json;
pub(crate) mod kannel;
pub(crate) mod node;
#[path = "../../support/openimis/mod.rs"]
pub(crate) mod openimis;
pub(crate) mod phone;
#[path = "../../../src/store/postgres_server.rs"]
pub(crate) mod postgres_server;
pub(crate) mod records;
pub(crate) mod redis;
pub(crate) mod search;
pub(crate) mod sources;
pub(crate) mod stage;
pub(crate) mod watched_redis;
pub(crate) mod wire;

use std::time::{Duration, Instant};

/// How long anything that must come is waited for: far longer than it takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Looks again and again until there is something.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "this never came: {what}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}
