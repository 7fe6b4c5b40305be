//! Keeps an outage from flooding the log: of a warning or an error, the first few in a while are
//! written, the rest counted, and the count told.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    callsite::Identifier,
    field::{Field, Visit},
};
use tracing_subscriber::layer::{Context, Filter};

/// How often one place in the program may say its sentence in [`WHILE`].
const ROOM: u32 = 5;
const WHILE: Duration = Duration::from_mins(1);

/// A filter of log lines. Clones share what they count.
#[derive(Clone, Debug, Default)]
pub(super) struct Quiet(Arc<Mutex<HashMap<Identifier, Said>>>);

/// What one place has said lately.
#[derive(Debug)]
struct Said {
    since: Instant,
    written: u32,
    left_out: u64,
    sentence: String,
}

impl Quiet {
    /// Tells again and again how much was left out.
    pub(super) async fn tell(self) {
        loop {
            tokio::time::sleep(WHILE).await;
            for (left_out, sentence) in self.left_out(Instant::now()) {
                tracing::warn!(
                    left_out,
                    "said {left_out} times more and left out here: {sentence}"
                );
            }
        }
    }

    /// What was left out since the last time, and the sentence. Forgets who has been silent.
    fn left_out(&self, now: Instant) -> Vec<(u64, String)> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left_out: Vec<_> = places
            .values_mut()
            .filter(|said| said.left_out > 0)
            .map(|said| (std::mem::take(&mut said.left_out), said.sentence.clone()))
            .collect();
        places.retain(|_, said| !said.is_over(now));
        left_out.sort();
        left_out
    }

    /// Whether a place may say its sentence now.
    fn may_say(&self, place: Identifier, now: Instant, sentence: impl FnOnce() -> String) -> bool {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let said = places.entry(place).or_insert_with(|| Said::new(now));
        let may = said.may_say(now);
        if !may && said.left_out == 1 {
            said.sentence = sentence();
        }
        may
    }
}

impl Said {
    fn new(now: Instant) -> Self {
        Self {
            since: now,
            written: 0,
            left_out: 0,
            sentence: String::new(),
        }
    }

    /// Counts the sentence, as written where there is room for it.
    fn may_say(&mut self, now: Instant) -> bool {
        if self.is_over(now) {
            (self.since, self.written) = (now, 0);
        }
        let may = self.written < ROOM;
        if may {
            self.written += 1;
        } else {
            self.left_out += 1;
        }
        may
    }

    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= WHILE
    }
}

impl<S: Subscriber> Filter<S> for Quiet {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let metadata = event.metadata();
        // What goes well is told each time.
        let is_trouble = *metadata.level() <= Level::WARN;
        !is_trouble || self.may_say(metadata.callsite(), Instant::now(), || sentence(event))
    }
}

/// The sentence of an event.
fn sentence(event: &Event<'_>) -> String {
    let mut sentence = Sentence(String::new());
    event.record(&mut sentence);
    sentence.0
}

struct Sentence(String);

impl Visit for Sentence {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tracing_subscriber::{Layer, layer::SubscriberExt};

    use super::*;

    /// Counts the lines that come through.
    struct Lines(Arc<AtomicU32>);

    impl<S: Subscriber> Layer<S> for Lines {
        fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_sentence_that_comes_again_and_again_is_left_out_and_counted() {
        let (quiet, lines) = (Quiet::default(), Arc::<AtomicU32>::default());
        let layer = Lines(Arc::clone(&lines)).with_filter(quiet.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            for turn in 0..100 {
                tracing::error!(turn, "a turn cannot be taken");
                tracing::info!("a turn was taken");
            }
            tracing::error!("another place speaks for itself");
        });
        assert_eq!(lines.load(Ordering::SeqCst), ROOM + 100 + 1);
        let left_out = quiet.left_out(Instant::now());
        assert_eq!(left_out, [(95, "a turn cannot be taken".to_owned())]);
    }

    #[test]
    fn after_a_while_the_sentence_is_written_again() {
        let begun = Instant::now();
        let mut said = Said::new(begun);
        assert!((0..ROOM).all(|_| said.may_say(begun)));
        assert!(!said.may_say(begun));
        assert!(said.may_say(begun + WHILE));
        assert_eq!(said.left_out, 1);
    }
}
