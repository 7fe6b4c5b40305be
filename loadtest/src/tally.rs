//! What is counted while phones talk: latencies in histograms, second by second, and what went wrong.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hdrhistogram::{CreationError, Histogram};
use serde::Serialize;

/// Wrong pages that are kept to be shown; the others are counted.
const SHOWN: usize = 20;
/// The longest latency that is told apart, in microseconds.
const LONGEST: u64 = 120_000_000;

/// What a request was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It opened a dialogue.
    Begin,
    /// It bore an input.
    Input,
    /// It was one of these again.
    Again,
}

/// How a dialogue ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// By its last page, or behind its last step.
    Whole,
    /// The caller hung up on the way.
    HungUp,
    /// A page was wrong, or no answer came.
    Lost,
    /// The run was over.
    CutOff,
}

/// A page that is not what the scenario says.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Wrong {
    /// The journey.
    pub(crate) journey: String,
    /// The gateway.
    pub(crate) gateway: String,
    /// What was dialled and typed, with spaces between.
    pub(crate) keys: String,
    /// What is wrong with it.
    pub(crate) why: String,
    /// What came.
    pub(crate) page: String,
}

/// Latencies, in microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Latency {
    /// How many.
    pub(crate) count: u64,
    /// The mean.
    pub(crate) mean_us: f64,
    /// Half were quicker.
    pub(crate) p50_us: u64,
    /// Nine in ten.
    pub(crate) p90_us: u64,
    /// 99 in 100.
    pub(crate) p99_us: u64,
    /// 999 in 1,000.
    pub(crate) p999_us: u64,
    /// The slowest.
    pub(crate) max_us: u64,
}

/// One second of a run.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Second {
    /// When it ended, in seconds of the run.
    pub(crate) at: f64,
    /// How long it was, in seconds.
    pub(crate) long: f64,
    /// Dialogues under way at its end.
    pub(crate) under_way: u64,
    /// Wrong pages until then.
    pub(crate) wrong: u64,
    /// Requests without an answer until then.
    pub(crate) failed: u64,
    /// Its turns.
    pub(crate) latency: Latency,
}

/// Dialogues, counted.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Dialogues {
    /// All that were begun.
    pub(crate) begun: u64,
    /// Ended by their last page or behind their last step.
    pub(crate) whole: u64,
    /// Hung up on the way.
    pub(crate) hung_up: u64,
    /// Lost to a wrong page or a missing answer.
    pub(crate) lost: u64,
    /// Under way when the run was over.
    pub(crate) cut_off: u64,
    /// Not begun, because no phone was free.
    pub(crate) not_begun: u64,
}

impl Dialogues {
    fn under_way(&self) -> u64 {
        self.begun - self.whole - self.hung_up - self.lost - self.cut_off
    }
}

/// Counts one run.
#[derive(Debug)]
pub(crate) struct Tally {
    began: Instant,
    counted: Mutex<Counted>,
}

#[derive(Debug)]
struct Counted {
    whole: [Histogram<u64>; 3],
    second: Histogram<u64>,
    second_began: Instant,
    dialogues: Dialogues,
    dropped: u64,
    wrong: u64,
    wrongs: Vec<Wrong>,
    failed: BTreeMap<String, u64>,
    seconds: Vec<Second>,
}

/// All that was counted.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Counts {
    /// How long it took, in seconds.
    pub(crate) took: f64,
    /// Turns that opened a dialogue.
    pub(crate) begins: Latency,
    /// Turns with an input.
    pub(crate) inputs: Latency,
    /// Requests that came again.
    pub(crate) again: Latency,
    /// All of them.
    pub(crate) all: Latency,
    /// Requests whose answer was not waited for.
    pub(crate) dropped: u64,
    /// Pages that were not what the scenario says.
    pub(crate) wrong: u64,
    /// The first of them.
    pub(crate) wrongs: Vec<Wrong>,
    /// Requests without an answer, by the reason.
    pub(crate) failed: BTreeMap<String, u64>,
    /// The dialogues.
    pub(crate) dialogues: Dialogues,
    /// The run, second by second.
    pub(crate) seconds: Vec<Second>,
}

impl Tally {
    /// Nothing yet.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let began = Instant::now();
        Ok(Self {
            began,
            counted: Mutex::new(Counted {
                whole: [histogram()?, histogram()?, histogram()?],
                second: histogram()?,
                second_began: began,
                dialogues: Dialogues::default(),
                dropped: 0,
                wrong: 0,
                wrongs: Vec::new(),
                failed: BTreeMap::new(),
                seconds: Vec::new(),
            }),
        })
    }

    /// An answer came, so long after the moment that its request was due.
    pub(crate) fn answered(&self, kind: Kind, latency: Duration) {
        let microseconds = u64::try_from(latency.as_micros()).unwrap_or(LONGEST);
        let mut counted = self.counted();
        let [begins, inputs, again] = &mut counted.whole;
        let of_kind = match kind {
            Kind::Begin => begins,
            Kind::Input => inputs,
            Kind::Again => again,
        };
        of_kind.saturating_record(microseconds);
        counted.second.saturating_record(microseconds);
    }

    /// A request's answer was not waited for.
    pub(crate) fn dropped(&self) {
        self.counted().dropped += 1;
    }

    /// A page was wrong.
    pub(crate) fn wrong(&self, wrong: Wrong) {
        let mut counted = self.counted();
        counted.wrong += 1;
        if counted.wrongs.len() < SHOWN {
            counted.wrongs.push(wrong);
        }
    }

    /// A request had no answer.
    pub(crate) fn failed(&self, why: String) {
        *self.counted().failed.entry(why).or_default() += 1;
    }

    /// A dialogue is begun.
    pub(crate) fn begun(&self) {
        self.counted().dialogues.begun += 1;
    }

    /// None is, because no phone is free.
    pub(crate) fn not_begun(&self) {
        self.counted().dialogues.not_begun += 1;
    }

    /// A dialogue ended.
    pub(crate) fn ended(&self, how: Ended) {
        let dialogues = &mut self.counted().dialogues;
        match how {
            Ended::Whole => dialogues.whole += 1,
            Ended::HungUp => dialogues.hung_up += 1,
            Ended::Lost => dialogues.lost += 1,
            Ended::CutOff => dialogues.cut_off += 1,
        }
    }

    /// Closes a second and gives it.
    pub(crate) fn second(&self) -> Second {
        let now = Instant::now();
        let mut counted = self.counted();
        let second = Second {
            at: (now - self.began).as_secs_f64(),
            long: (now - counted.second_began).as_secs_f64(),
            under_way: counted.dialogues.under_way(),
            wrong: counted.wrong,
            failed: counted.failed.values().sum(),
            latency: latency(&counted.second),
        };
        counted.second.reset();
        counted.second_began = now;
        counted.seconds.push(second);
        second
    }

    /// All of it.
    pub(crate) fn counts(&self) -> Counts {
        let counted = self.counted();
        let [begins, inputs, again] = &counted.whole;
        let mut all = begins.clone();
        for kind in [inputs, again] {
            // They have the same bounds, so nothing is refused.
            _ = all.add(kind);
        }
        Counts {
            took: self.began.elapsed().as_secs_f64(),
            begins: latency(begins),
            inputs: latency(inputs),
            again: latency(again),
            all: latency(&all),
            dropped: counted.dropped,
            wrong: counted.wrong,
            wrongs: counted.wrongs.clone(),
            failed: counted.failed.clone(),
            dialogues: counted.dialogues,
            seconds: counted.seconds.clone(),
        }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.turns() / self.took
    }

    /// Answers, those of requests that came again included.
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^52 turns")]
    pub(crate) fn turns(&self) -> f64 {
        self.all.count as f64
    }

    /// Requests without an answer.
    pub(crate) fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    /// Whether every page was right and every request answered, and there was one.
    pub(crate) fn is_right(&self) -> bool {
        self.wrong == 0 && self.failed.is_empty() && self.all.count > 0
    }
}

/// One that tells a thousandth of each latency apart.
fn histogram() -> Result<Histogram<u64>, CreationError> {
    Histogram::new_with_bounds(1, LONGEST, 3)
}

fn latency(of: &Histogram<u64>) -> Latency {
    Latency {
        count: of.len(),
        mean_us: of.mean(),
        p50_us: of.value_at_quantile(0.5),
        p90_us: of.value_at_quantile(0.9),
        p99_us: of.value_at_quantile(0.99),
        p999_us: of.value_at_quantile(0.999),
        max_us: of.max(),
    }
}
