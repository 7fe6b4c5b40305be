//! A clock that rings to a tenth of a millisecond. Tokio's rings on the next whole one, which is as long
//! as an answer takes.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

/// Rings for whoever waits.
#[derive(Clone, Debug)]
pub(crate) struct Clock(Sender<Alarm>);

#[derive(Debug)]
struct Alarm {
    at: Instant,
    ring: oneshot::Sender<()>,
}

impl PartialEq for Alarm {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Alarm {}

impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Alarm {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

impl Clock {
    /// One that runs until nobody has it any more.
    pub(crate) fn start() -> Self {
        let (clock, alarms) = channel();
        thread::spawn(move || run(&alarms));
        Self(clock)
    }

    /// Waits until then; not at all where that is past.
    pub(crate) async fn at(&self, at: Instant) {
        if at <= Instant::now() {
            return;
        }
        let (ring, rings) = oneshot::channel();
        if self.0.send(Alarm { at, ring }).is_ok() {
            _ = rings.await;
        }
    }
}

fn run(alarms: &Receiver<Alarm>) {
    let mut waiting = BinaryHeap::new();
    loop {
        let next: Option<Instant> = waiting
            .peek()
            .map(|Reverse(alarm): &Reverse<Alarm>| alarm.at);
        let nothing = Duration::from_hours(1);
        let pause = next.map_or(nothing, |at| at.saturating_duration_since(Instant::now()));
        match alarms.recv_timeout(pause) {
            Ok(alarm) => waiting.push(Reverse(alarm)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while let Some(Reverse(alarm)) = waiting.pop() {
            if alarm.at > Instant::now() {
                waiting.push(Reverse(alarm));
                break;
            }
            // Who does not wait any more is not woken.
            _ = alarm.ring.send(());
        }
    }
}
