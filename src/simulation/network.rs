//! The aggregators: they bring a request to some node, sometimes twice, late, or again.

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;

use super::{plan::Bug, stage::Stage};
use crate::{
    model::{Call, Caller, Known, Lost, PageSize, Position, ServiceCode, Signal},
    turn::{Gateway, Reply},
};

/// One request of an aggregator's. Its copies are the same request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) phone: usize,
    pub(super) gateway: &'static str,
    pub(super) session: String,
    /// Its session among those of the phone, and how much was typed in it.
    pub(super) order: (u64, usize),
    pub(super) typed: String,
    pub(super) signal: Signal,
    pub(super) position: Position,
    /// Whether no copy of it is brought.
    pub(super) alone: bool,
}

impl Request {
    fn is_bare(&self) -> bool {
        matches!(self.position, Position::Bare { .. })
    }

    /// Between two inputs of a bare gateway nobody can tell a copy of the first from a third.
    pub(super) fn alone_if_bare(self) -> Self {
        Self {
            alone: self.is_bare(),
            ..self
        }
    }
}

/// What a phone shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) last: bool,
}

/// How long a turn may take.
pub(super) const DEADLINE: Duration = Duration::from_secs(4);
/// How long an aggregator waits.
const PATIENCE: Duration = Duration::from_secs(6);
/// For how many milliseconds copies of an input may still come.
const LATEST: u64 = 9000;
/// For how many milliseconds copies of a begin may: nobody dials again so soon.
const LATEST_BEGIN: u64 = 2900;

/// Has a request answered, as the phone sees it; `None` where the network gives up.
pub(super) async fn ask(stage: &Arc<Stage>, request: Request) -> Option<Shown> {
    let number = stage.judge().requested(&request);
    let request = Arc::new(request);
    stage.say(|| {
        let Request {
            phone,
            gateway,
            session,
            order,
            typed,
            signal,
            ..
        } = &*request;
        format!("#{number} phone {phone} {gateway} {session} {order:?} {signal:?} {typed:?}")
    });
    let (shown, mut first) = mpsc::unbounded_channel();
    for delay in copies(stage, &request) {
        let bring = bring(Arc::clone(stage), Arc::clone(&request), number);
        let shown = shown.clone();
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            if let Some(page) = bring.await {
                drop(shown.send(page));
            }
        });
    }
    drop(shown);
    let first = tokio::time::timeout(PATIENCE, first.recv()).await;
    if let Ok(Some(shown)) = first {
        return Some(shown);
    }
    // A bare gateway that asked again so late would be taken to bring another input.
    if request.is_bare() || stage.dice.happens(3000) {
        return None;
    }
    stage.happened("asked again", || format!("#{number}"));
    let again = bring(Arc::clone(stage), request, number);
    tokio::time::timeout(PATIENCE, again).await.ok().flatten()
}

/// After which time each copy of a request is brought. Of a bare gateway nobody can tell a late copy
/// from what is typed again, so its copies come at once.
fn copies(stage: &Stage, request: &Request) -> Vec<Duration> {
    let (dice, network) = (&stage.dice, stage.network());
    let at_once = request.is_bare();
    let first = if !at_once && dice.happens(network.delayed) {
        dice.millis(1, 2500)
    } else {
        dice.millis(0, 20)
    };
    let mut copies = vec![first];
    while !request.alone && copies.len() < 6 && dice.happens(network.twin) {
        copies.push(dice.millis(0, 40));
    }
    if !at_once && dice.happens(network.late) {
        let begins = request.signal == Signal::Begin;
        copies.push(dice.millis(1000, if begins { LATEST_BEGIN } else { LATEST }));
    }
    if copies.len() > 1 {
        stage.happened("a request came twice", || format!("{copies:?}"));
    }
    copies
}

/// Brings a request to a node and gives its answer.
async fn bring(stage: Arc<Stage>, request: Arc<Request>, number: usize) -> Option<Shown> {
    let node = stage.any_node()?;
    let call = call(&stage, &request);
    let gateway = Gateway {
        name: request.gateway,
        page: PageSize::default(),
        deadline: DEADLINE,
    };
    let brought = stage.judge().brought(number);
    stage.say(|| format!("#{number} comes to node {}", node.life.node));
    if stage.shows(Bug::SlowNode, 200) {
        tokio::time::sleep(DEADLINE).await;
    }
    let reply = tokio::select! {
        biased;
        () = node.life.until_gone() => return None,
        answered = node.turns.take(gateway, &call) => answered.reply,
    };
    stage.say(|| {
        format!(
            "#{number} is answered by node {}: {reply:?}",
            node.life.node
        )
    });
    stage.judge().replied(&brought, &reply);
    match reply {
        Reply::Page { text, last } => Some(Shown { text, last }),
        Reply::Silence | Reply::Unknown => None,
    }
}

fn call(stage: &Stage, request: &Request) -> Call {
    let phone = stage.register.people()[request.phone].phone.clone();
    let phone = match (request.gateway, request.signal) {
        ("phone_once", Signal::Begin) => Known::ToldForAll(phone),
        ("phone_once", _) => Known::Before,
        _ => Known::Told(phone),
    };
    Call {
        caller: Caller {
            phone,
            session: request.session.clone(),
        },
        signal: request.signal,
        position: request.position.clone(),
        service_code: ServiceCode::parse("*150*00#").ok(),
        keep: Vec::new(),
        recalls: false,
        lost: Lost::Begin,
        forgets: false,
    }
}
