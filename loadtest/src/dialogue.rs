//! One caller with her phone, from the dial to the last page.
//!
//! The latency of a turn counts from the moment that its request was due, which is the clock's for a dial
//! and the end of reading for a key. So a server that answers late is not spared the requests that wait.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::SmallRng};

use crate::{
    dialect::{Page, Said, Written},
    load::Ground,
    scenario::{Gateway, Journey, Step},
    stop::Stop,
    tally::{Ended, Kind, Tally, Wrong},
    wire::{Answer, WireError},
};

/// How often a request without an answer is sent, as aggregators do.
const TRIES: u32 = 3;
/// Between two of these.
const PAUSE: Duration = Duration::from_millis(100);
/// A dropped connection is dropped within this time.
const DROPPED_WITHIN: Duration = Duration::from_millis(2);

/// A caller in a dialogue.
#[derive(Debug)]
pub(crate) struct Dialogue {
    ground: Arc<Ground>,
    tally: Arc<Tally>,
    stop: Stop,
    /// Its number among all of the run.
    number: u64,
    gateway: usize,
    phone: String,
    session: String,
    chance: SmallRng,
    /// What each `{name}` stands for.
    values: Vec<(String, String)>,
    dialled: String,
    inputs: Vec<String>,
    page: Page,
}

/// What an aggregator or a line does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Misdeed {
    None,
    Repeat,
    Twice,
    Drop,
}

/// No page can be shown to the caller any more; it is counted.
struct Lost;

impl Dialogue {
    /// Of the caller whose phone is number `phone` in the row.
    pub(crate) fn new(
        (ground, tally, stop): (Arc<Ground>, Arc<Tally>, Stop),
        number: u64,
        phone: u32,
    ) -> Self {
        let mut chance = SmallRng::seed_from_u64(ground.seed ^ number.rotate_left(32));
        let values = ground.scenario.values.iter().map(|(name, values)| {
            let drawn = values.get(chance.random_range(0..values.len()));
            (format!("{{{name}}}"), drawn.cloned().unwrap_or_default())
        });
        let values = values.collect();
        Self {
            number,
            gateway: ground.gateway_of(phone),
            phone: ground.phones.number(phone),
            session: format!("load{:x}-{number:x}", ground.run),
            chance,
            values,
            dialled: String::new(),
            inputs: Vec::new(),
            page: Page::default(),
            ground,
            tally,
            stop,
        }
    }

    /// Goes along a journey; the dial is due at `due`.
    pub(crate) async fn talk(&mut self, due: Instant) -> Ended {
        let ground = Arc::clone(&self.ground);
        let journey = ground.journey_of(self.number);
        match self.walk(journey, due).await {
            Ok(ended) => ended,
            Err(Lost) => Ended::Lost,
        }
    }

    async fn walk(&mut self, journey: &Journey, mut due: Instant) -> Result<Ended, Lost> {
        for step in &journey.steps {
            if let Some(when) = &step.when
                && !when.match_in(&self.page.text)
            {
                continue;
            }
            if step.press.is_some() {
                due = self.read_page(step).await;
                if self.stop.is_set() {
                    return Ok(Ended::CutOff);
                }
            }
            self.take(journey, step, due).await?;
            if self.page.last {
                return Ok(Ended::Whole);
            }
            if self.happens(self.ground.scenario.people.hang_up) {
                self.hang_up(journey).await;
                return Ok(Ended::HungUp);
            }
        }
        self.hang_up(journey).await;
        Ok(Ended::Whole)
    }

    /// Reads the page, and says when the key is due.
    async fn read_page(&mut self, step: &Step) -> Instant {
        let span = step.think.unwrap_or(self.ground.scenario.people.think);
        let due = Instant::now() + span.draw(&mut self.chance);
        tokio::select! {
            () = self.ground.clock.at(due) => {}
            () = self.stop.wait() => {}
        }
        due
    }

    /// Takes one turn and looks at its page.
    async fn take(&mut self, journey: &Journey, step: &Step, due: Instant) -> Result<(), Lost> {
        let kind = self.type_in(step);
        let written = self.gateway().dialect.turn(self.said());
        let misdeed = self.misdeed();
        let due = if misdeed == Misdeed::Drop {
            self.drop_it(&written).await;
            Instant::now()
        } else {
            due
        };
        let answer = match misdeed {
            Misdeed::Twice => self.twice(journey, kind, &written, due).await?,
            Misdeed::None | Misdeed::Repeat | Misdeed::Drop => {
                self.send(kind, &written, due).await?
            }
        };
        self.look(journey, step, &answer)?;
        if misdeed == Misdeed::Repeat {
            let again = self.send(Kind::Again, &written, Instant::now()).await?;
            self.same(journey, (&answer, &again))?;
        }
        Ok(())
    }

    fn type_in(&mut self, step: &Step) -> Kind {
        let mut keys = step.keys().to_owned();
        for (name, value) in &self.values {
            if keys.contains(name.as_str()) {
                keys = keys.replace(name.as_str(), value);
            }
        }
        if step.dial.is_some() {
            self.dialled = keys;
            Kind::Begin
        } else {
            self.inputs.push(keys);
            Kind::Input
        }
    }

    fn said(&self) -> Said<'_> {
        Said {
            session: &self.session,
            phone: &self.phone,
            dialled: &self.dialled,
            inputs: &self.inputs,
        }
    }

    fn gateway(&self) -> &Gateway {
        // `gateway_of` gives places of the list only.
        &self.ground.scenario.gateways[self.gateway]
    }

    /// On which node the turn falls: where each is another's, the next one's.
    fn node(&self) -> usize {
        let turns = if self.ground.each_turn_elsewhere {
            self.inputs.len()
        } else {
            0
        };
        usize::try_from(self.number).unwrap_or_default() + turns
    }

    fn misdeed(&mut self) -> Misdeed {
        let people = self.ground.scenario.people;
        if people.repeat + people.twice + people.drop == 0.0 {
            return Misdeed::None;
        }
        let drawn = self.chance.random_range(0.0..100.0);
        match drawn {
            _ if drawn < people.repeat => Misdeed::Repeat,
            _ if drawn < people.repeat + people.twice => Misdeed::Twice,
            _ if drawn < people.repeat + people.twice + people.drop => Misdeed::Drop,
            _ => Misdeed::None,
        }
    }

    fn happens(&mut self, percent: f64) -> bool {
        percent > 0.0 && self.chance.random_range(0.0..100.0) < percent
    }

    /// Sends until an answer comes.
    async fn send(&self, kind: Kind, written: &Written, due: Instant) -> Result<Answer, Lost> {
        for attempt in 0..TRIES {
            if attempt > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            match self.post(written).await {
                Ok(answer) => {
                    self.tally.answered(kind, due.elapsed());
                    return Ok(answer);
                }
                Err(why) => self.tally.failed(why.to_string()),
            }
        }
        Err(Lost)
    }

    async fn post(&self, written: &Written) -> Result<Answer, WireError> {
        let wire = &self.ground.wire;
        wire.post(self.node(), &self.gateway().name, written).await
    }

    /// The same request twice at the same time.
    async fn twice(
        &mut self,
        journey: &Journey,
        kind: Kind,
        written: &Written,
        due: Instant,
    ) -> Result<Answer, Lost> {
        let (first, second) = tokio::join!(
            self.send(kind, written, due),
            self.send(Kind::Again, written, due)
        );
        let (first, second) = (first?, second?);
        self.same(journey, (&first, &second))?;
        Ok(first)
    }

    /// Sends, and is gone before the answer.
    async fn drop_it(&mut self, written: &Written) {
        let within = self.chance.random_range(Duration::ZERO..DROPPED_WITHIN);
        let gone = Instant::now() + within;
        tokio::select! {
            _ = self.post(written) => {}
            () = self.ground.clock.at(gone) => {}
        }
        self.tally.dropped();
    }

    /// The aggregator tells that the caller is gone, where it learns it.
    async fn hang_up(&self, journey: &Journey) {
        if journey.silent {
            return;
        }
        let written = self.gateway().dialect.hang_up(self.said());
        match self.post(&written).await {
            Ok(answer) if answer.status.is_success() => {}
            Ok(answer) => self.tally.failed(format!("hanging up: {}", answer.status)),
            Err(why) => self.tally.failed(format!("hanging up: {why}")),
        }
    }

    /// Shows the page, and compares it with what the scenario says.
    fn look(&mut self, journey: &Journey, step: &Step, answer: &Answer) -> Result<(), Lost> {
        let page = if answer.status.is_success() {
            self.gateway().dialect.page(&answer.body)
        } else {
            Err(format!("the status is {}", answer.status))
        };
        match page {
            Ok(page) => self.page = page,
            Err(why) => return self.wrong(journey, why, answer),
        }
        match difference(step, &self.page) {
            Some(why) if self.ground.checked => self.wrong(journey, why, answer),
            Some(_) | None => Ok(()),
        }
    }

    fn same(&self, journey: &Journey, answers: (&Answer, &Answer)) -> Result<(), Lost> {
        let (first, second) = answers;
        if first == second {
            return Ok(());
        }
        let before = String::from_utf8_lossy(&first.body);
        let why = format!("the same request has another answer than before: {before:?}");
        self.wrong(journey, why, second)
    }

    fn wrong(&self, journey: &Journey, why: String, answer: &Answer) -> Result<(), Lost> {
        let keys = std::iter::once(&self.dialled).chain(&self.inputs);
        self.tally.wrong(Wrong {
            journey: journey.name.clone(),
            gateway: self.gateway().name.clone(),
            keys: keys.cloned().collect::<Vec<_>>().join(" "),
            why,
            page: String::from_utf8_lossy(&answer.body).into_owned(),
        });
        Err(Lost)
    }
}

/// What is wrong with a page.
fn difference(step: &Step, page: &Page) -> Option<String> {
    let (wanted, last) = match (&step.see, &step.end) {
        (Some(patterns), _) => (patterns, false),
        (None, Some(patterns)) => (patterns, true),
        // `read` refuses such a step.
        (None, None) => return None,
    };
    if let Some(missing) = wanted.missing_in(&page.text) {
        return Some(format!("/{missing}/ is not in it"));
    }
    match (page.last, last) {
        (true, false) => Some("it is the last, and should ask for a key".to_owned()),
        (false, true) => Some("it asks for a key, and should be the last".to_owned()),
        (true, true) | (false, false) => None,
    }
}
