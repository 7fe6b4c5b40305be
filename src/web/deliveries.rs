//! Screens of aggregators that do not read them in our answer: each goes out by a call of ours.

use std::sync::Arc;

use crate::{
    catalogue::Gateway,
    gateway::profile::{Outcome, Said, Screen},
    model::Clock,
    sms::{Caller, headers, replied},
};

/// Makes those calls, after the request that they answer was acknowledged. One that fails is as an answer
/// that was lost on its way: the member dials again and goes on from where she was.
#[derive(Clone, Debug)]
pub struct Deliveries {
    caller: Arc<Caller>,
    clock: Arc<dyn Clock>,
}

impl Deliveries {
    /// Calls by `caller`.
    pub fn new(caller: Arc<Caller>, clock: Arc<dyn Clock>) -> Self {
        Self { caller, clock }
    }

    /// Shows a screen, off the request's path.
    pub(super) fn begin(&self, gateway: &Gateway, said: &Said, screen: &Screen<'_>) {
        let (deliveries, gateway, said) = (self.clone(), gateway.clone(), said.clone());
        let (text, kept) = (screen.text.to_owned(), screen.kept.to_vec());
        let (go, turn, dialogue, known) = (screen.go, screen.turn, screen.dialogue, screen.known);
        tokio::spawn(async move {
            let screen = Screen {
                text: &text,
                go,
                turn,
                dialogue,
                known,
                kept: &kept,
            };
            deliveries.deliver(&gateway, &said, &screen).await;
        });
    }

    async fn deliver(&self, gateway: &Gateway, said: &Said, screen: &Screen<'_>) {
        let account = &gateway.account;
        let name = account.name();
        let write = |token: Option<&str>| account.deliver(said, screen, token);
        match self.caller.call(gateway, self.clock.now(), &write).await {
            Ok(answer) => {
                let headers = headers(&answer);
                let sent = account.delivered(&replied(&answer, &headers));
                if sent.outcome != Outcome::Accepted {
                    let status = answer.status;
                    tracing::error!(
                        gateway = name,
                        status,
                        "{name} did not take a screen: status {status}"
                    );
                }
            }
            Err(why) => {
                tracing::error!(gateway = name, %why, "a screen could not be given to {name}: {why}");
            }
        }
    }
}
