//! The judge: a sequential model of what each phone may see, and of what must have been done at the
//! end.
//!
//! 1. `chain`: every commit of a line follows from the one before, by a request that was really
//!    brought, through the pure dialogue machine; and no request is taken twice.
//! 2. `reply`: every page is the one of a commit that stood while its call was there, in time.
//! 3. `truth`: what a dialogue was told is what the register says, of this caller's own effect.
//! 4. `end`: when nothing fails any more all that was promised is done, and nothing was done twice.
//!
//! It reads what nodes commit and answer, and none of their code but the pure machine, the seal and
//! the marks.

mod chain;
mod end;
mod reply;
mod truth;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;

use super::{
    network::Request,
    plan::Plan,
    register::{GATEWAYS, Register},
};
use crate::{
    catalogue::Edition,
    dialogue::{Effect, Outcome, State},
    menu::MenuSet,
    model::{DialogueId, EffectKey, accumulated::Mark},
    scheme::Premium,
    session::LineKey,
    store::{Message, Sealer},
    turn::{
        Seen,
        witness::{self, Witnessed},
    },
};

/// For how long a node may have had a job before its SMS went: the route takes its time.
const HELD: Duration = Duration::from_secs(30);

/// What it knows. The first thing that is wrong ends it.
#[derive(Debug)]
pub(super) struct Judge {
    sealer: Arc<Sealer>,
    menus: Arc<MenuSet>,
    register: Register,
    plan: Plan,
    /// Counts what happens: an order of it.
    moment: u64,
    requests: Vec<Asked>,
    /// The numbers of each phone's requests.
    asked_by: BTreeMap<usize, Vec<usize>>,
    owners: BTreeMap<[u8; 16], usize>,
    lines: BTreeMap<[u8; 16], Vec<Stood>>,
    dialogues: BTreeSet<DialogueId>,
    /// Those whose line went while they were there.
    forgotten: BTreeSet<DialogueId>,
    /// The effects before which their line said that it asks.
    announced: BTreeSet<EffectKey>,
    /// What lines were stepped with, of effects that have a row.
    stepped: BTreeMap<EffectKey, Outcome>,
    /// What dialogues were told of calls that only read, the newest last.
    told: Vec<(State, Outcome)>,
    /// When something happened to each node last that is no fault of its own.
    faults: BTreeMap<usize, Instant>,
    /// Which SMS were taken by the route: by which node, when.
    sent: BTreeMap<i64, (usize, Instant)>,
    /// The turns whose input is not to be kept.
    sensitive: BTreeSet<(DialogueId, u32)>,
    bills: BTreeMap<String, u64>,
    paid: BTreeSet<String>,
    premiums: BTreeMap<String, u64>,
    violation: Option<String>,
}

/// A request, as the judge knows it.
#[derive(Debug)]
struct Asked {
    request: Request,
    session: Mark,
    seen: Seen,
    /// Whether a copy of it reached a node.
    brought: bool,
    /// By which turn a line has taken it.
    taken: Option<(DialogueId, u32)>,
}

/// A line that stood for a while.
#[derive(Clone, Debug)]
struct Stood {
    until: Option<u64>,
    line: Witnessed,
    /// The request whose turn it is.
    request: usize,
    /// The session in whose place its own came.
    replaced: Option<Mark>,
}

/// A copy of a request that reached a node.
#[derive(Debug)]
pub(super) struct Brought {
    number: usize,
    moment: u64,
    at: Instant,
}

impl Judge {
    pub(super) fn new(
        sealer: Arc<Sealer>,
        edition: &Edition,
        register: Register,
        plan: Plan,
    ) -> Self {
        let keys = register
            .people()
            .iter()
            .enumerate()
            .map(|(number, person)| {
                let gateway = GATEWAYS[person.gateway];
                (witness::line_key(&sealer, gateway, &person.phone).0, number)
            });
        Self {
            owners: keys.collect(),
            sealer,
            menus: super::set::menus(edition),
            register,
            plan,
            moment: 0,
            requests: Vec::new(),
            asked_by: BTreeMap::new(),
            lines: BTreeMap::new(),
            dialogues: BTreeSet::new(),
            forgotten: BTreeSet::new(),
            announced: BTreeSet::new(),
            stepped: BTreeMap::new(),
            told: Vec::new(),
            faults: BTreeMap::new(),
            sent: BTreeMap::new(),
            sensitive: BTreeSet::new(),
            bills: BTreeMap::new(),
            paid: BTreeSet::new(),
            premiums: BTreeMap::new(),
            violation: None,
        }
    }

    pub(super) fn violation(&self) -> Option<&str> {
        self.violation.as_deref()
    }

    /// Something is wrong. The first says most.
    fn wrong(&mut self, what: String) {
        self.violation.get_or_insert(what);
    }

    fn next_moment(&mut self) -> u64 {
        self.moment += 1;
        self.moment
    }

    /// A request is made; its number.
    pub(super) fn requested(&mut self, request: &Request) -> usize {
        self.requests.push(Asked {
            session: witness::mark(&self.sealer, &request.session),
            seen: witness::seen(&self.sealer, &request.position),
            request: request.clone(),
            brought: false,
            taken: None,
        });
        let number = self.requests.len() - 1;
        self.asked_by.entry(request.phone).or_default().push(number);
        number
    }

    /// A copy of it reaches a node.
    pub(super) fn brought(&mut self, number: usize) -> Brought {
        self.requests[number].brought = true;
        Brought {
            number,
            moment: self.next_moment(),
            at: Instant::now(),
        }
    }

    /// Something happened to a node that is no fault of its own.
    pub(super) fn fault(&mut self, node: usize) {
        self.faults.insert(node, Instant::now());
    }

    /// A line is gone.
    pub(super) fn evicted(&mut self, key: LineKey) {
        let moment = self.next_moment();
        if let Some(last) = self
            .lines
            .get_mut(&key.0)
            .and_then(|stood| stood.last_mut())
        {
            if last.until.is_none() {
                self.forgotten.insert(last.line.dialogue);
            }
            last.until.get_or_insert(moment);
        }
    }

    /// A dialogue was told of an effect's end.
    pub(super) fn told(&mut self, state: &State, outcome: &Outcome) {
        if let Some(Effect::Call { late: false, .. }) = state.asking(&self.menus) {
            if self.told.len() > 4000 {
                self.told.drain(..2000);
            }
            self.told.push((state.clone(), outcome.clone()));
        }
    }

    /// The route has taken an SMS. A second time only where something happened to who sent it first
    /// while it had the job, or where clocks are minutes apart: a lease lasts by them.
    pub(super) fn sent(&mut self, message: &Message, node: usize) {
        let now = Instant::now();
        let Some((first, when)) = self.sent.insert(message.id, (node, now)) else {
            return;
        };
        let nodes = [first, node].into_iter();
        let fault = nodes.filter_map(|node| self.faults.get(&node)).max();
        let befell = fault.is_some_and(|fault| *fault + HELD >= when);
        if !befell && self.plan.faults.jump == 0 {
            self.wrong(format!(
                "SMS {} was sent twice, by nodes {first} and {node}, to which nothing happened",
                message.id
            ));
        }
    }

    /// The payment gateway has a bill: its number, where it is new.
    pub(super) fn submitted(&mut self, bill: &str) -> Option<u64> {
        if self.bills.contains_key(bill) {
            return None;
        }
        let number = self.bills.len() as u64 + 1;
        self.bills.insert(bill.to_owned(), number);
        Some(number)
    }

    /// Money came for a bill, and a node will be told of it until it has taken it.
    pub(super) fn paid(&mut self, bill: &str) {
        self.paid.insert(bill.to_owned());
    }

    /// The scheme was told of a premium. Telling it again is allowed: it writes one for a receipt.
    pub(super) fn premium(&mut self, premium: &Premium) {
        *self.premiums.entry(premium.receipt.clone()).or_default() += 1;
    }
}
