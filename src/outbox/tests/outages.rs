use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use tracing_subscriber::fmt::MakeWriter;

use super::world::{Node, Noted, add, job, quick, settled, store, until};
use crate::store::{Store, StoreError, Transaction};

/// A store that can be away, and counts what is begun.
#[derive(Debug)]
struct Counted {
    inner: Arc<dyn Store>,
    reads_fail: AtomicBool,
    writes_fail: AtomicBool,
    reads: AtomicU32,
    writes: AtomicU32,
}

impl Counted {
    async fn new() -> Arc<Self> {
        Arc::new(Self {
            inner: store().await,
            reads_fail: AtomicBool::new(false),
            writes_fail: AtomicBool::new(false),
            reads: AtomicU32::new(0),
            writes: AtomicU32::new(0),
        })
    }
}

fn away() -> StoreError {
    StoreError::Database {
        tried: "be reached",
        source: "it is away".into(),
    }
}

#[async_trait]
impl Store for Counted {
    async fn read(&self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        if self.reads_fail.load(Ordering::SeqCst) {
            return Err(away());
        }
        self.inner.read().await
    }

    async fn write(&self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        if self.writes_fail.load(Ordering::SeqCst) {
            return Err(away());
        }
        self.inner.write().await
    }

    async fn answer(&self) -> Result<(), StoreError> {
        self.inner.answer().await
    }
}

/// What is logged in this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn of(&self, part: &str) -> usize {
        let log = self.0.lock().unwrap();
        String::from_utf8_lossy(&log).matches(part).count()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn an_outbox_whose_store_was_away_goes_on_by_itself_and_tells_it_once() {
    let (log, _guard) = listen();
    let (counted, work) = (Counted::new().await, Noted::taking(1));
    let store = Arc::clone(&counted) as Arc<dyn Store>;
    let node = Node::start(&store, &work, quick());
    until(async || work.days() == 1).await;
    settled(&*store).await;
    counted.reads_fail.store(true, Ordering::SeqCst);
    counted.writes_fail.store(true, Ordering::SeqCst);
    let before = counted.reads.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let tries = counted.reads.load(Ordering::SeqCst) - before;
    // Each rest is twice the one before.
    assert!((2..=14).contains(&tries), "{tries} tries");
    assert_eq!(log.of("cannot read its store"), 1);
    assert_eq!(log.of("goes on"), 1, "that it will, and not that it does");
    counted.reads_fail.store(false, Ordering::SeqCst);
    counted.writes_fail.store(false, Ordering::SeqCst);
    add(&*store, &[job("b1")]).await;
    settled(&*store).await;
    assert_eq!(work.subjects(), ["b1"]);
    assert_eq!(log.of("can read its store again"), 1);
    node.end().await;
}

#[tokio::test]
async fn a_store_that_can_only_be_read_is_told_once() {
    let (log, _guard) = listen();
    let (counted, work) = (Counted::new().await, Noted::taking(1));
    let store = Arc::clone(&counted) as Arc<dyn Store>;
    add(&*store, &[job("b1")]).await;
    counted.writes_fail.store(true, Ordering::SeqCst);
    let node = Node::start(&store, &work, quick());
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(log.of("cannot write its store"), 1);
    assert_eq!(log.of("again"), 0);
    counted.writes_fail.store(false, Ordering::SeqCst);
    settled(&*store).await;
    assert_eq!(work.subjects(), ["b1"]);
    assert_eq!(log.of("can write its store again"), 1);
    node.end().await;
}

#[tokio::test]
async fn a_job_that_was_done_while_nothing_could_be_written_is_not_done_again() {
    let (counted, work) = (Counted::new().await, Noted::taking(300));
    let store = Arc::clone(&counted) as Arc<dyn Store>;
    add(&*store, &[job("b1")]).await;
    let node = Node::start(&store, &work, quick());
    until(async || work.ran_at("b1").is_some()).await;
    counted.writes_fail.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(900)).await;
    counted.writes_fail.store(false, Ordering::SeqCst);
    settled(&*store).await;
    assert_eq!(work.subjects(), ["b1"]);
    node.end().await;
}

#[tokio::test]
async fn an_outbox_with_nothing_to_do_writes_nothing() {
    let (counted, work) = (Counted::new().await, Noted::taking(1));
    let store = Arc::clone(&counted) as Arc<dyn Store>;
    let node = Node::start(&store, &work, quick());
    until(async || work.days() == 1).await;
    settled(&*store).await;
    let before = [&counted.reads, &counted.writes].map(|count| count.load(Ordering::SeqCst));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let after = [&counted.reads, &counted.writes].map(|count| count.load(Ordering::SeqCst));
    assert!(after[0] > before[0], "it looks");
    assert_eq!(after[1], before[1]);
    node.end().await;
}
