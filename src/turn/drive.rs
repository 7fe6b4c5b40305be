use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{
    Turns,
    line::Line,
    opening::{self, Opening},
    position::Seen,
    take::{Loaded, Taking},
};
use crate::{
    catalogue::{Missing, Opened},
    dialogue::{self, Dialled, Effect, Input, Outcome, Page, Scene, State, Step},
    effect::{Asked, Stepped},
    menu::{MenuSet, OutcomeName},
    model::{DialogueId, EffectKey},
    session::{Committed, SessionError},
};

/// A turn that has its page.
#[derive(Clone, Debug)]
pub(super) struct Driven {
    pub(super) page: Page,
    pub(super) dialogue: DialogueId,
    /// The set that the line is in.
    pub(super) set: String,
    pub(super) turn: u32,
    pub(super) asks: u8,
    /// The input that the journal may keep.
    pub(super) input: Option<String>,
}

/// A turn that could not commit.
#[derive(Debug)]
pub(super) enum Lost {
    /// Someone else was first: the line as it now stands.
    To(Box<Loaded>),
    /// The sessions cannot be asked.
    Sessions(SessionError),
    /// The gateway tells no code, and several sets are served.
    NoMenus,
    /// The phone begins too many dialogues.
    TooMany,
    /// The menus that the line began with cannot be read just now.
    Away,
    /// Nobody knows the session, and the gateway is to be told so.
    Unknown,
    /// No menu has the code that was dialled: the page that says so.
    WrongNumber(Page),
}

impl From<SessionError> for Lost {
    fn from(error: SessionError) -> Self {
        Self::Sessions(error)
    }
}

/// After how long a turn that waits for another looks first; each time it waits twice as long, up to
/// [`LAST_LOOK`], so that whoever waits costs a few round trips and no more.
const FIRST_LOOK: Duration = Duration::from_millis(50);
const LAST_LOOK: Duration = Duration::from_millis(400);

/// A turn on its way: its line as it will be committed, and the version it is stepped from.
struct Turn {
    menus: Arc<MenuSet>,
    line: Line,
    version: Option<u64>,
    asks: u8,
    /// Those of its asks whose outcome its page shows, and that an SMS would tell of otherwise.
    shown: Vec<(u8, Option<Outcome>)>,
}

impl Turns {
    /// Opens a dialogue in place of whatever stands.
    pub(super) async fn begin(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        replaced: Option<&Line>,
        opening: Opening,
    ) -> Result<Driven, Lost> {
        let Opened { menus, name, rest } = self.opened(taking, replaced).ok_or(Lost::NoMenus)?;
        // Who waited for another turn until her deadline is still greeted in her language.
        let at_least = Instant::now() + GREETING;
        let greeting = self
            .effects
            .greeting(taking.phone, &name.set, taking.deadline.max(at_least))
            .await;
        let scene = self.scene(taking, taking.now);
        let dialled = Dialled {
            keys: opening.keys(&rest),
            dropped: opening::dropped(replaced, &name, &menus, opening, taking.now),
        };
        let (state, step) = dialogue::dial(&menus, &greeting, dialled, &scene);
        if let Some(switch) = self.off(taking, &name.set) {
            let line = self.new_line(taking, name, state, replaced);
            return self.begin_ended(taking, version, line, &switch).await;
        }
        self.tell_prompter(&menus, None, &state, &scene);
        self.remember(taking).await?;
        let line = self.new_line(taking, name, state, replaced);
        // The set's own code: what was dialled behind it may be anything.
        let code = menus.service.to_string();
        let turn = Turn::new(menus, line, version);
        let mut driven = self.drive(taking, turn, step).await?;
        driven.input = Some(code);
        Ok(driven)
    }

    /// The set that a call opens: the one whose code was dialled; where the gateway tells no code,
    /// the caller's last.
    fn opened(&self, taking: &Taking<'_>, replaced: Option<&Line>) -> Option<Opened> {
        let edition = self.catalogue.current();
        edition
            .dialled(taking.call.service_code.as_ref())
            .or_else(|| {
                let menus = Arc::clone(edition.set(&replaced?.menus.set)?);
                Some(Opened {
                    name: edition.name_of(&menus),
                    menus,
                    rest: Vec::new(),
                })
            })
    }

    /// A set in whose words to say what no set is meant by.
    pub(super) fn any_menus(&self) -> Arc<MenuSet> {
        Arc::clone(self.catalogue.current().first())
    }

    /// Steps the line by an input.
    pub(super) async fn input(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        mut line: Line,
        input: &str,
    ) -> Result<Driven, Lost> {
        if let Some(switch) = self.off(taking, &line.menus.set) {
            return self.end_by(taking, version, line, &switch).await;
        }
        let Some(menus) = self.menus_of(&line).await? else {
            // Its menus no longer compile: it starts again.
            return self
                .begin(taking, version, Some(&line), Opening::Anew)
                .await;
        };
        self.read(taking, &line).await;
        line.unread = None;
        line.turn += 1;
        line.seen = Seen::of(&taking.call.position, Some(line.seen), &|text| {
            self.mark(text)
        });
        line.at = taking.now.timestamp_millis();
        let scene = self.scene(taking, taking.now);
        let kept = !dialogue::is_sensitive(&menus, &line.state);
        let typed = Input::Text(input.to_owned());
        let (state, step) = self.step(&menus, line.state, typed, &scene);
        line.state = state;
        let turn = Turn::new(menus, line, version);
        let mut driven = self.drive(taking, turn, step).await?;
        driven.input = kept.then(|| input.to_owned());
        Ok(driven)
    }

    /// Joins a turn that is asking: the same turn again, or one whose process died.
    pub(super) async fn join(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        line: Line,
    ) -> Result<Driven, Lost> {
        let menus = self.menus_of(&line).await?;
        let asking = menus.and_then(|menus| {
            let effect = line.state.asking(&menus)?;
            Some((menus, effect))
        });
        let Some((menus, effect)) = asking else {
            return self
                .begin(taking, version, Some(&line), Opening::Anew)
                .await;
        };
        let mut turn = Turn::new(menus, line, version);
        turn.asks = turn.line.asking.unwrap_or_default();
        // What was asked before, by whoever: the page shows that too.
        turn.shown = (0..turn.asks).map(|ask| (ask, None)).collect();
        self.drive(taking, turn, Step::Ask(effect)).await
    }

    /// Another input came while a turn is asking: waits until that turn has committed, and then is
    /// stepped from there; or, at its deadline, is told to dial again.
    pub(super) async fn wait(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        line: Line,
    ) -> Result<Driven, Lost> {
        let asked = line.at();
        let mut pause = FIRST_LOOK;
        while Instant::now() < taking.deadline {
            tokio::time::sleep_until(taking.deadline.min(Instant::now() + pause)).await;
            pause = LAST_LOOK.min(pause * 2);
            let stands = self.load(taking.key).await?;
            if stands.version != version {
                return Err(Lost::To(Box::new(stands)));
            }
        }
        if taking.now - asked > ABANDONED {
            // Whoever asked is gone: this turn ends what he began, and the next input goes on.
            return self.join(taking, version, line).await;
        }
        Ok(self.busy(&line).await)
    }

    /// The menus that a line began with; `None` where they no longer compile.
    async fn menus_of(&self, line: &Line) -> Result<Option<Arc<MenuSet>>, Lost> {
        match self.catalogue.menus(&line.menus).await {
            Ok(menus) => Ok(Some(menus)),
            Err(Missing::Gone) => Ok(None),
            Err(Missing::Away) => Err(Lost::Away),
        }
    }

    /// "Busy, dial again", where a turn can be neither stepped nor shown.
    pub(super) async fn busy(&self, line: &Line) -> Driven {
        let menus = self.catalogue.menus(&line.menus).await;
        let menus = menus.unwrap_or_else(|_| self.any_menus());
        let page = dialogue::busy(&menus, line.state.language());
        Driven::of(line, page, 0)
    }

    /// The page of the line as it stands, as of its last turn: the same bytes again.
    pub(super) async fn again(&self, taking: &Taking<'_>, line: Line) -> Driven {
        if let Some(page) = self.ended_page(&line).await {
            return Driven::of(&line, page, 0);
        }
        let menus = self.catalogue.menus(&line.menus).await;
        let page = if let Ok(menus) = menus {
            dialogue::render(&menus, &line.state, &self.scene(taking, line.at()))
        } else {
            dialogue::unavailable(&self.any_menus(), line.state.language())
        };
        Driven::of(&line, page, 0)
    }

    /// Steps, and lets a transcript's prompter see it.
    fn step(
        &self,
        menus: &MenuSet,
        state: State,
        input: Input,
        scene: &Scene<'_>,
    ) -> (State, Step) {
        if self.effects.prompter().is_none() {
            return dialogue::step(menus, state, input, scene);
        }
        let (before, taken) = (state.clone(), input.clone());
        let stepped = dialogue::step(menus, state, input, scene);
        self.tell_prompter(menus, Some((&before, &taken)), &stepped.0, scene);
        stepped
    }

    fn tell_prompter(
        &self,
        menus: &MenuSet,
        before: Option<(&State, &Input)>,
        after: &State,
        scene: &Scene<'_>,
    ) {
        if let Some(prompter) = self.effects.prompter() {
            let step = Stepped {
                before,
                after: Some(after),
                scene,
            };
            prompter.stepped(menus, &step);
        }
    }

    /// Steps until there is a page, committing before effects and before the reply.
    async fn drive(
        &self,
        taking: &Taking<'_>,
        mut turn: Turn,
        mut step: Step,
    ) -> Result<Driven, Lost> {
        loop {
            match step {
                Step::Show(page) | Step::End(page) => {
                    turn.line.asking = None;
                    turn.line.over = page.last;
                    turn.line.replies(self.clock.now());
                    self.commit(taking, &mut turn).await?;
                    self.told(&turn);
                    if turn.line.over {
                        self.read(taking, &turn.line).await;
                    }
                    return Ok(Driven::of(&turn.line, page, turn.asks));
                }
                Step::Ask(effect) => step = self.ask(taking, &mut turn, &effect).await?,
            }
        }
    }

    /// Has the outbox leave effects alone whose outcome the caller sees. Off the turn's path: if it
    /// is lost with the process, she is told by SMS as well.
    fn told(&self, turn: &Turn) {
        let shown = turn.shown.iter();
        let shown = shown.map(|(ask, outcome)| (turn.line.effect_key(*ask), outcome.clone()));
        let shown: Vec<_> = shown.collect();
        if !shown.is_empty() {
            let effects = Arc::clone(&self.effects);
            tokio::spawn(async move { effects.told(&shown).await });
        }
    }

    /// The caller goes on from a late answer, or its page was the last: it waits no more.
    /// Before the reply, so that a quick redial does not offer it again.
    async fn read(&self, taking: &Taking<'_>, line: &Line) {
        let Some((turn, ask)) = line.unread else {
            return;
        };
        let key = EffectKey {
            dialogue: line.dialogue,
            turn,
            ask,
        };
        let read = self.effects.answer_read(key);
        if tokio::time::timeout_at(taking.deadline, read)
            .await
            .is_err()
        {
            tracing::warn!(%key, "an answer that was read will be offered again: the store is slow");
        }
    }

    /// Commits the line as asking where the effect does something, asks it, and steps by its outcome.
    async fn ask(
        &self,
        taking: &Taking<'_>,
        turn: &mut Turn,
        effect: &Effect,
    ) -> Result<Step, Lost> {
        // What only reads may run for a turn that loses its commit afterwards, or that was stepped
        // from a copy which no longer stands: it changes nothing, its answer is dropped with the turn,
        // and the turn begins again from the line as it stands. A count that it leaves behind, of the
        // numbers that a phone asks for, counts the same number once.
        if turn.line.asking != Some(turn.asks) && !only_reads(effect) {
            turn.line.asking = Some(turn.asks);
            self.commit(taking, turn).await?;
        }
        let key = turn.line.effect_key(turn.asks);
        let asked = Asked {
            key,
            phone: taking.phone,
            gateway: taking.gateway.name,
            menus: &turn.line.menus,
            effect,
            state: &turn.line.state,
        };
        let outcome = self.effects.ask(&asked, taking.deadline).await;
        if matches!(outcome, Outcome::Answer(_)) {
            turn.line.unread = Some((turn.line.turn, turn.asks));
        }
        if can_be_late(effect) && !is_promised(&outcome) {
            turn.shown.push((turn.asks, Some(outcome.clone())));
        }
        turn.asks = turn.asks.saturating_add(1);
        let scene = self.scene(taking, turn.line.at());
        let state = turn.line.state.clone();
        let (state, step) = self.step(&turn.menus, state, Input::Outcome(outcome), &scene);
        turn.line.state = state;
        Ok(step)
    }

    async fn commit(&self, taking: &Taking<'_>, turn: &mut Turn) -> Result<(), Lost> {
        let ttl = opening::kept_for(&turn.line, &turn.menus, self.usual());
        let version = self.put(taking, turn.version, &turn.line, ttl).await?;
        turn.version = Some(version);
        Ok(())
    }

    /// Commits a line in place of the version that it was stepped from, and gives its version.
    pub(super) async fn put(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        line: &Line,
        ttl: Duration,
    ) -> Result<u64, Lost> {
        let bytes = line.encode(&self.sealer, taking.key);
        let committed = self
            .sessions
            .commit(taking.key, version, bytes, ttl)
            .await?;
        match committed {
            Committed::Won(version) => Ok(version),
            Committed::Lost(stands) => Err(Lost::To(Box::new(self.loaded(taking.key, stands)))),
        }
    }

    /// A scene as of `now`: for a repeat the time of the line's last turn, so that it gives the same
    /// bytes.
    fn scene<'a>(&'a self, taking: &Taking<'_>, now: DateTime<Utc>) -> Scene<'a> {
        Scene {
            now,
            page: taking.gateway.page,
            banner: &self.options.banner,
        }
    }
}

/// What a begin may always take to look up its caller; less than a turn keeps for its commit.
const GREETING: Duration = Duration::from_millis(150);

/// A turn that has been asking for longer than any deadline was abandoned by its process.
const ABANDONED: chrono::TimeDelta = chrono::TimeDelta::seconds(20);

fn is_promised(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Call {
            name: OutcomeName::Slow,
            ..
        }
    )
}

fn can_be_late(effect: &Effect) -> bool {
    matches!(effect, Effect::Call { late: true, .. })
}

fn only_reads(effect: &Effect) -> bool {
    matches!(effect, Effect::Call { late: false, .. })
}

impl Turn {
    fn new(menus: Arc<MenuSet>, line: Line, version: Option<u64>) -> Self {
        Self {
            menus,
            line,
            version,
            asks: 0,
            shown: Vec::new(),
        }
    }
}

impl Driven {
    pub(super) fn of(line: &Line, page: Page, asks: u8) -> Self {
        Self {
            page,
            dialogue: line.dialogue,
            set: line.menus.set.clone(),
            turn: line.turn,
            asks,
            input: None,
        }
    }
}
