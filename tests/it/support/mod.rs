//! What the tests share.
//!
//! 1. [`demo`] runs the real program in a folder of its own, as a newcomer does; [`stage`] runs the
//!    same server inside the test, where its deadlines must be short.
//! 2. [`phone`] dials either of them through the webhook; [`records`] reads what either of them
//!    wrote; [`gepg`] posts notices of payments as the gateway signs them.
//! 3. [`node`] takes turns without a web server, on sessions and a day that a test chooses; [`redis`] is a
//!    real one.
//! 4. [`browser`] is a headless Chromium, [`sources`] the files of this package, [`documented`] what
//!    its source says of its problems, [`generated`] the files that are made from its source, [`json`] YAML as an
//!    editor sees it.

pub(crate) mod browser;
pub(crate) mod demo;
pub(crate) mod documented;
pub(crate) mod generated;
pub(crate) mod gepg;
pub(crate) mod json;
pub(crate) mod node;
pub(crate) mod phone;
pub(crate) mod records;
pub(crate) mod redis;
pub(crate) mod sources;
pub(crate) mod stage;

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
