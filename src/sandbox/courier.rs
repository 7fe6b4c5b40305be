//! Brings the gateway's messages to our webhooks, again and again until they are acknowledged.

use std::{sync::Arc, time::Duration};

use reqwest::Client;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::sleep,
};

use crate::payment::gepg::{
    Keys,
    message::{Acknowledges, BillResponse, PaymentNotice},
    post,
};

/// How often a message is posted before the gateway lets it be.
const TRIES: u32 = 12;
/// How long it waits after the first try; twice as long after each next one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A message to bring.
pub(super) enum Letter {
    /// A control number.
    Bill(BillResponse),
    /// A payment.
    Payment(PaymentNotice),
}

/// Where letters go, and how they are signed.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) keys: Arc<Keys>,
    pub(super) http: Client,
    pub(super) bill_address: String,
    pub(super) payment_address: String,
    /// How long the gateway takes over a bill.
    pub(super) answer_after: Duration,
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
    loop {
        tokio::select! {
            letter = letters.recv() => match letter {
                Some(letter) => drop(under_way.spawn(bring(letter, Arc::clone(&route)))),
                None => return,
            },
            Some(_brought) = under_way.join_next() => {}
        }
    }
}

async fn bring(letter: Letter, route: Arc<Route>) {
    if letter.is_slow() {
        sleep(route.answer_after).await;
    }
    let mut pause = FIRST_PAUSE;
    for _ in 0..TRIES {
        match route.try_once(&letter).await {
            Ok(()) => return,
            Err(why) => tracing::debug!(why, "the sandbox gateway posts again: {why}"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    tracing::warn!("the sandbox gateway gave up a message that was not acknowledged");
}

impl Route {
    async fn try_once(&self, letter: &Letter) -> Result<(), String> {
        let body = self.seal(letter.write()).await?;
        let answer = post(&self.http, letter.address(self), &[], body)
            .await
            .map_err(|error| error.to_string())?;
        let envelope = self.keys.open(&answer).map_err(|error| error.to_string())?;
        let codes = letter
            .acknowledged_as()
            .read(envelope.message)
            .map_err(|error| error.to_string())?;
        if codes.is_success() {
            Ok(())
        } else {
            Err(format!("acknowledged with {codes}"))
        }
    }

    async fn seal(&self, message: String) -> Result<Vec<u8>, String> {
        let keys = Arc::clone(&self.keys);
        tokio::task::spawn_blocking(move || keys.seal(&message))
            .await
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())
    }
}

impl Letter {
    fn write(&self) -> String {
        match self {
            Self::Bill(response) => response.write(),
            Self::Payment(notice) => notice.write(),
        }
    }

    fn address<'a>(&self, route: &'a Route) -> &'a str {
        match self {
            Self::Bill(_) => &route.bill_address,
            Self::Payment(_) => &route.payment_address,
        }
    }

    fn acknowledged_as(&self) -> Acknowledges {
        match self {
            Self::Bill(_) => Acknowledges::BillResponse,
            Self::Payment(_) => Acknowledges::PaymentNotice,
        }
    }

    fn is_slow(&self) -> bool {
        match self {
            Self::Bill(_) => true,
            Self::Payment(_) => false,
        }
    }
}
