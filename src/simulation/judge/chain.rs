use std::collections::BTreeSet;

use super::{Judge, Stood};
use crate::{
    dialogue::{self, Dialled, Effect, Greeting, Input, Outcome, Scene, State, Step, Waiting},
    model::{EffectKey, Language, PageSize, Position, Signal},
    session::LineKey,
    store::memory::Rows,
    turn::witness::{self, Witnessed},
};

/// A line that is to be explained, and whose it is.
struct Case<'a> {
    phone: usize,
    line: &'a Witnessed,
    rows: &'a Rows,
}

/// The outcomes that lead to a line, in order.
type Way = Vec<(EffectKey, Effect, Outcome)>;

impl Judge {
    /// A line was committed: what it is, for the trace.
    pub(crate) fn committed(
        &mut self,
        key: LineKey,
        bytes: &[u8],
        stood: bool,
        rows: &Rows,
    ) -> String {
        let moment = self.next_moment();
        let owner = self.owners.get(&key.0).copied();
        let line = Witnessed::open(bytes, &self.sealer, key);
        let (Some(phone), Some(line)) = (owner, line) else {
            self.wrong(format!("{key:?} is nobody's line, or cannot be opened"));
            return "?".to_owned();
        };
        if !stood {
            self.evicted(key);
        }
        let before = self.lines.get(&key.0).and_then(|stood| stood.last());
        let before = before.filter(|last| last.until.is_none()).cloned();
        let case = Case {
            phone,
            line: &line,
            rows,
        };
        let replaced = before.as_ref().and_then(|before| {
            let same = before.line.session == line.session;
            if same {
                before.replaced
            } else {
                Some(before.line.session)
            }
        });
        match self.follows(before.as_ref(), &case) {
            Ok(request) => self.keep(
                key,
                moment,
                Stood {
                    until: None,
                    line: line.clone(),
                    request,
                    replaced,
                },
            ),
            Err(why) => self.wrong(format!("phone {phone}: {why}: {}", told(&line))),
        }
        told(&line)
    }

    fn keep(&mut self, key: LineKey, moment: u64, stood: Stood) {
        if let Some(ask) = stood.line.asking {
            self.announced.insert(stood.line.effect_key(ask));
        }
        self.dialogues.insert(stood.line.dialogue);
        let turn = (stood.line.dialogue, stood.line.turn);
        self.requests[stood.request].taken.get_or_insert(turn);
        let history = self.lines.entry(key.0).or_default();
        if let Some(last) = history.last_mut() {
            last.until.get_or_insert(moment);
        }
        history.push(stood);
    }

    /// By which request a line follows from the one before.
    fn follows(&mut self, before: Option<&Stood>, case: &Case<'_>) -> Result<usize, String> {
        match before {
            Some(before) if before.line.dialogue == case.line.dialogue => {
                if before.line.turn == case.line.turn {
                    self.goes_on(before, case)
                } else {
                    self.takes_input(before, case)
                }
            }
            before => self.begins(before, case),
        }
    }

    /// The same turn goes on: one of its effects has ended.
    fn goes_on(&mut self, before: &Stood, case: &Case<'_>) -> Result<usize, String> {
        let asks = before
            .line
            .asking
            .ok_or("a turn that had its page changed")?;
        if (before.line.at, before.line.seen) != (case.line.at, case.line.seen) {
            return Err("a turn changed its time or its request".to_owned());
        }
        let state = before.line.state.clone();
        let effect = state.asking(&self.menus).ok_or("it asked nothing")?;
        let way = self.explain(case, (state, Step::Ask(effect)), asks);
        self.walk(way, case)?;
        Ok(before.request)
    }

    /// The next turn of the dialogue.
    fn takes_input(&mut self, before: &Stood, case: &Case<'_>) -> Result<usize, String> {
        if case.line.turn != before.line.turn + 1 {
            return Err("a turn is missing".to_owned());
        }
        if before.line.asking.is_some() || before.line.over {
            return Err("an input was taken while none could be".to_owned());
        }
        if dialogue::is_sensitive(&self.menus, &before.line.state) {
            self.sensitive.insert((case.line.dialogue, case.line.turn));
        }
        let mut fresh = self.candidates(case);
        fresh.retain(|number| self.may_step(*number, before));
        for number in &fresh {
            let typed = self.typed(*number, before);
            let stepped = dialogue::step(
                &self.menus,
                before.line.state.clone(),
                Input::Text(typed),
                &scene(case.line),
            );
            if let Some(way) = self.explain(case, stepped, 0) {
                self.walk(Some(way), case)?;
                return Ok(*number);
            }
        }
        Err(if fresh.is_empty() {
            "no input that was still to be taken leads here".to_owned()
        } else {
            format!("it does not follow from what was typed, {fresh:?}")
        })
    }

    /// A dialogue begins.
    fn begins(&mut self, before: Option<&Stood>, case: &Case<'_>) -> Result<usize, String> {
        if self.dialogues.contains(&case.line.dialogue) || case.line.turn != 0 {
            return Err("a dialogue came back that was over".to_owned());
        }
        let mut candidates = self.candidates(case);
        candidates.retain(|number| before.is_none_or(|before| self.may_begin(*number, before)));
        let request = *candidates
            .first()
            .ok_or("no request that was still to be taken begins it")?;
        let dropped = before.filter(|before| !before.line.over && before.line.asking.is_none());
        let dropped = dropped.map(|before| &before.line.state);
        let way = beginnings().find_map(|(greeting, offered)| {
            let dialled = Dialled {
                keys: &[],
                dropped: dropped.filter(|_| offered),
            };
            let begun = dialogue::dial(&self.menus, &greeting, dialled, &scene(case.line));
            self.explain(case, begun, 0)
        });
        self.walk(way, case)?;
        Ok(request)
    }

    /// Whether a request may be stepped from a line: it is of its session, not before its turn, and
    /// new. An identified one that comes again after four further turns is known no more, nor is a
    /// bare one on a node whose clock was set. An id says nothing of its order: one that no node could
    /// take at first may be taken after the next. What a line took that is gone, nothing remembers.
    fn may_step(&self, number: usize, before: &Stood) -> bool {
        let asked = &self.requests[number];
        let stands = &self.requests[before.request].request;
        let (order, last) = (asked.request.order, stands.order);
        let identified = matches!(asked.request.position, Position::Identified { .. });
        let known = asked.taken.is_some_and(|(dialogue, _)| {
            !(self.is_passed(number) || self.forgotten.contains(&dialogue))
        });
        let in_order = order.0 == last.0 && (identified || order.1 >= last.1);
        self.untimely(number) || !known && (asked.taken.is_some() || in_order)
    }

    /// Whether an identified request was taken, and at least four others after it.
    fn is_passed(&self, number: usize) -> bool {
        let asked = &self.requests[number];
        if !matches!(asked.request.position, Position::Identified { .. }) {
            return false;
        }
        let phone = &self.register.people()[asked.request.phone].phone;
        let key = witness::line_key(&self.sealer, asked.request.gateway, phone);
        let taken = self.lines.get(&key.0).into_iter().flatten().rev();
        let taken = taken.map(|stood| stood.request);
        let after: BTreeSet<_> = taken.take_while(|taken| *taken != number).collect();
        after.len() >= 4
    }

    /// Whether a request is known by its time alone, and clocks are minutes apart.
    fn untimely(&self, number: usize) -> bool {
        let position = &self.requests[number].request.position;
        self.plan.faults.jump > 0 && matches!(position, Position::Bare { .. })
    }

    /// What was typed since the turn that stands: with an accumulated text also what was lost.
    fn typed(&self, number: usize, before: &Stood) -> String {
        let request = &self.requests[number].request;
        let stands = &self.requests[before.request].request.position;
        match (&request.position, stands) {
            (Position::Accumulated { text }, Position::Accumulated { text: seen }) => {
                let added = text.strip_prefix(seen.as_str()).unwrap_or_default();
                let added = added.strip_prefix('*').filter(|_| !seen.is_empty());
                added
                    .unwrap_or_else(|| text.strip_prefix(seen.as_str()).unwrap_or_default())
                    .to_owned()
            }
            _ => request.typed.clone(),
        }
    }

    /// Whether a request may begin a dialogue in place of one that stands: it is new. A late copy may
    /// where nothing remembers it: its line is gone; or it is of a session that is not the one which
    /// this line replaced; or it is a begin of that session, and the newer dialogue has gone on or a
    /// clock was set.
    fn may_begin(&self, number: usize, before: &Stood) -> bool {
        let asked = &self.requests[number];
        let stands = &self.requests[before.request].request;
        let order = asked.request.order;
        let identified = matches!(asked.request.position, Position::Identified { .. });
        let in_order = order >= stands.order || identified && order.0 == stands.order.0;
        if asked.taken.is_none() && in_order {
            return true;
        }
        let forgotten = |(dialogue, _)| self.forgotten.contains(&dialogue);
        let taken = asked.taken;
        if taken.is_some_and(forgotten) || taken.is_some() && self.is_passed(number) {
            return true;
        }
        if self.untimely(number) {
            return true;
        }
        if before.replaced != Some(asked.session) {
            return asked.session != before.line.session;
        }
        let begins = asked.request.signal == Signal::Begin;
        begins && (before.line.turn > 0 || self.plan.faults.jump > 0)
    }

    /// The requests that a line may be of: brought, and of its session and its position; first those
    /// that no line has taken.
    fn candidates(&self, case: &Case<'_>) -> Vec<usize> {
        let theirs = self.asked_by.get(&case.phone).into_iter().flatten();
        let theirs = theirs.map(|number| (*number, &self.requests[*number]));
        let asked = theirs.filter(|(_, asked)| {
            asked.brought
                && asked.session == case.line.session
                && witness::same_request(asked.seen, case.line.seen)
        });
        let mut found: Vec<_> = asked.map(|(number, _)| number).collect();
        found.sort_by_key(|number| self.requests[*number].taken.is_some());
        found
    }

    /// Keeps what the line was stepped with.
    fn walk(&mut self, way: Option<Way>, case: &Case<'_>) -> Result<(), String> {
        let way = way.ok_or("it does not follow from any outcome that there is")?;
        for (key, effect, outcome) in way {
            self.is_true(case.phone, &effect, &outcome, case.rows)
                .map_err(|why| format!("effect {}.{}: {why}", key.turn, key.ask))?;
            if matches!(effect, Effect::Call { late: true, .. }) {
                self.stepped.insert(key, outcome);
            }
        }
        Ok(())
    }

    /// Which outcomes lead from a step to the line; `None` where none do.
    fn explain(&self, case: &Case<'_>, stepped: (State, Step), asks: u8) -> Option<Way> {
        let (state, step) = stepped;
        let effect = match step {
            Step::Show(page) | Step::End(page) => {
                let same = case.line.asking.is_none() && state == case.line.state;
                return (same && page.last == case.line.over).then(Vec::new);
            }
            Step::Ask(effect) => effect,
        };
        if case.line.asking == Some(asks) && state == case.line.state {
            return Some(Vec::new());
        }
        let key = case.line.effect_key(asks);
        let outcomes = self.outcomes(key, &effect, &state, case.rows);
        let reads = matches!(effect, Effect::Call { late: false, .. });
        outcomes.into_iter().find_map(|outcome| {
            // Others may have been told another truth at the same place of their dialogue.
            if reads
                && self
                    .is_true(case.phone, &effect, &outcome, case.rows)
                    .is_err()
            {
                return None;
            }
            let input = Input::Outcome(outcome.clone());
            let next = dialogue::step(&self.menus, state.clone(), input, &scene(case.line));
            let mut way = self.explain(case, next, asks + 1)?;
            way.insert(0, (key, effect.clone(), outcome));
            Some(way)
        })
    }
}

/// What a dialogue may know of its caller when it begins.
fn beginnings() -> impl Iterator<Item = (Greeting, bool)> {
    let languages = [None, Some(Language::SWAHILI), Some(Language::ENGLISH)];
    let waiting = [None, Some(Waiting::AtOnce), Some(Waiting::WithLastFour)];
    languages.into_iter().flat_map(move |language| {
        waiting.into_iter().flat_map(move |waiting| {
            [false, true].map(move |offered| (Greeting { language, waiting }, offered))
        })
    })
}

/// The scene of a line's turn.
pub(super) fn scene(line: &Witnessed) -> Scene<'static> {
    Scene {
        now: line.at,
        page: PageSize::default(),
        banner: "",
    }
}

fn told(line: &Witnessed) -> String {
    format!(
        "dialogue {:.6} turn {} asking {:?} over {}",
        line.dialogue.to_string(),
        line.turn,
        line.asking,
        line.over
    )
}
