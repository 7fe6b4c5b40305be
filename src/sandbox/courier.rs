//! Brings the gateway's messages to our webhooks, again and again until they are acknowledged.

use std::{sync::Arc, time::Duration};

use reqwest::Client;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::sleep,
};

use super::misbehaviour::{Misbehaviour, Mood};
use crate::{
    model::Clock,
    payment::gepg::{Keys, Notary, codes, message::Acknowledges, post},
};

/// How often a message is posted before the gateway lets it be.
const TRIES: u32 = 12;
/// How long it waits after the first try; twice as long after each next one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A message to bring.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// What acknowledges it, which says also where it goes.
    pub(super) of: Acknowledges,
    /// The message, written in its dialect.
    pub(super) text: String,
}

/// Where letters go, and how they are signed.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) keys: Arc<Keys>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) http: Client,
    /// The address that our webhooks have in common, such as `http://127.0.0.1:8080/payments/gepg`.
    pub(super) webhooks: String,
    /// How long the gateway takes over a bill.
    pub(super) answer_after: Duration,
    /// How much longer over everything, when it is late.
    pub(super) late_by: Duration,
    pub(super) mood: Mood,
}

/// Takes letters and has each brought, without waiting for it.
#[derive(Clone, Debug)]
pub(super) struct Courier(UnboundedSender<Letter>);

impl Courier {
    /// A courier and the work of bringing, which ends what is under way when it is dropped.
    pub(super) fn new(route: Route) -> (Self, impl Future<Output = ()> + Send) {
        let (sender, letters) = unbounded_channel();
        (Self(sender), bring_all(letters, Arc::new(route)))
    }

    /// Has a letter brought; nothing where the gateway is being stopped.
    pub(super) fn send(&self, letter: Letter) {
        drop(self.0.send(letter));
    }
}

async fn bring_all(mut letters: UnboundedReceiver<Letter>, route: Arc<Route>) {
    let mut under_way = JoinSet::new();
    let notary = Notary::new(Arc::clone(&route.keys));
    loop {
        tokio::select! {
            letter = letters.recv() => match letter {
                Some(letter) => {
                    let copies = if route.mood.has(Misbehaviour::Twice) { 2 } else { 1 };
                    for _ in 0..copies {
                        let errand = Errand {
                            letter: letter.clone(),
                            route: Arc::clone(&route),
                            notary: notary.clone(),
                        };
                        under_way.spawn(errand.bring());
                    }
                }
                None => return,
            },
            Some(_brought) = under_way.join_next() => {}
        }
    }
}

/// One letter on its way.
struct Errand {
    letter: Letter,
    route: Arc<Route>,
    notary: Notary,
}

impl Errand {
    async fn bring(self) {
        sleep(self.wait()).await;
        let mut pause = FIRST_PAUSE;
        for number in 0..TRIES {
            let spoilt = number == 0 && self.route.mood.has(Misbehaviour::WrongSignature);
            match self.try_once(spoilt).await {
                Ok(()) => return,
                Err(why) => tracing::debug!(why, "the sandbox gateway posts again: {why}"),
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        tracing::warn!("the sandbox gateway gave up a message that was not acknowledged");
    }

    fn wait(&self) -> Duration {
        let route = &self.route;
        let late = if route.mood.has(Misbehaviour::Late) {
            route.late_by
        } else {
            Duration::ZERO
        };
        match self.letter.of {
            Acknowledges::PaymentNotice => late,
            Acknowledges::BillResponse
            | Acknowledges::ReconciliationResponse
            | Acknowledges::BillSubmission
            | Acknowledges::ReconciliationRequest
            | Acknowledges::Push => late + route.answer_after,
        }
    }

    fn address(&self) -> String {
        let path = match self.letter.of {
            Acknowledges::PaymentNotice => "payment",
            Acknowledges::ReconciliationResponse => "reconciliation",
            Acknowledges::BillResponse
            | Acknowledges::BillSubmission
            | Acknowledges::ReconciliationRequest
            | Acknowledges::Push => "bill",
        };
        format!("{}/{path}", self.route.webhooks)
    }

    async fn try_once(&self, spoilt: bool) -> Result<(), String> {
        let sealed = self.notary.seal(self.letter.text.clone()).await;
        let mut body = sealed.map_err(|error| error.to_string())?;
        if spoilt {
            spoil(&mut body);
        }
        let answer = post(&self.route.http, &self.address(), &[], body)
            .await
            .map_err(|error| error.to_string())?;
        let now = self.route.clock.now();
        let envelope = self
            .route
            .keys
            .open(&answer, now)
            .map_err(|error| error.to_string())?;
        let codes = self
            .letter
            .of
            .read(envelope.message)
            .map_err(|error| error.to_string())?;
        if codes::is_success(&codes) {
            Ok(())
        } else {
            Err(format!("acknowledged with {codes}"))
        }
    }
}

/// The end of the tag before a signature, in both dialects.
const BEFORE_SIGNATURE: &[u8] = b"ignature>";

/// Makes the signature another one.
fn spoil(body: &mut [u8]) {
    let tag = body
        .windows(BEFORE_SIGNATURE.len())
        .position(|part| part == BEFORE_SIGNATURE);
    if let Some(first) = tag.and_then(|place| body.get_mut(place + BEFORE_SIGNATURE.len())) {
        *first = if *first == b'A' { b'B' } else { b'A' };
    }
}
