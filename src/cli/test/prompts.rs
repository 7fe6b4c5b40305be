use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::coverage::Item;
use crate::{
    cli::transcript::{Answer, With},
    dialogue::{Outcome, visited},
    effect::{Prompt, Prompter, Stepped},
    menu::{MenuSet, Operation, OutcomeName},
    model::Msisdn,
};

/// Stands beside one transcript: holds its answers, and notes what it comes to.
#[derive(Debug, Default)]
pub(super) struct Prompts(Mutex<Notes>);

#[derive(Debug, Default)]
struct Notes {
    /// By phone and call, in the order given.
    answers: BTreeMap<(String, String), VecDeque<Prompt>>,
    /// How many calls were asked while a caller waited.
    asked: usize,
    visited: BTreeSet<Item>,
}

impl Prompts {
    /// Has the call of this phone that is asked next answered so; says why where it cannot be.
    pub(super) fn give(&self, phone: &Msisdn, answer: &Answer) -> Result<(), String> {
        let prompt = prompt(answer)?;
        let key = (phone.e164(), answer.call.clone());
        self.notes()
            .answers
            .entry(key)
            .or_default()
            .push_back(prompt);
        Ok(())
    }

    /// How many calls were asked so far while a caller waited.
    pub(super) fn asked(&self) -> usize {
        self.notes().asked
    }

    /// A call whose answer was never asked for.
    pub(super) fn left(&self) -> Option<String> {
        let notes = self.notes();
        let mut left = notes
            .answers
            .iter()
            .filter(|(_, answers)| !answers.is_empty());
        left.next().map(|((_, call), _)| call.clone())
    }

    /// What the transcript came to.
    pub(super) fn visited(&self) -> BTreeSet<Item> {
        self.notes().visited.clone()
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Prompter for Prompts {
    fn asked(&self, phone: &Msisdn, call: &str, on_line: bool) -> Option<Prompt> {
        let mut notes = self.notes();
        notes.asked += usize::from(on_line);
        let key = (phone.e164(), call.to_owned());
        notes.answers.get_mut(&key)?.pop_front()
    }

    fn stepped(&self, set: &MenuSet, step: &Stepped<'_>) {
        let marked = visited(set, step.before, step.after, step.scene);
        let items = marked.iter().map(|marked| Item::of(set, marked));
        self.notes().visited.extend(items);
    }
}

/// A call's answer. A declared one's HTTP answer is to be served to it, not given here. A name that no
/// set declares is not known here: its answer is left over at the end.
fn prompt(Answer { call, with }: &Answer) -> Result<Prompt, String> {
    let known = Operation::named(call).is_some();
    let outcome = |name, value| Prompt::Outcome(Outcome::Call { name, value });
    match with {
        With::Slow => Ok(Prompt::Slow),
        With::Nonsense => Ok(Prompt::Nonsense),
        With::Down => Ok(outcome(OutcomeName::Down, None)),
        With::Outcome { .. } | With::Http(_) if !known => {
            Err(format!("  no call of the menus is named {call}\n"))
        }
        With::Outcome { name, value } => Ok(outcome(*name, value.clone())),
        With::Http(_) => Err(format!("  {call} is not asked over HTTP\n")),
    }
}
