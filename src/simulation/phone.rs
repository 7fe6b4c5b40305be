use std::sync::Arc;

use super::{
    network::{self, Request, Shown},
    register::{GATEWAYS, Person},
    stage::Stage,
};
use crate::model::{Position, Signal};

/// A session of the aggregator's, as the phone and the aggregator know it.
#[derive(Clone, Debug)]
struct Session {
    id: String,
    /// What was typed, one after the other.
    typed: Vec<String>,
    /// What the phone shows.
    page: String,
}

/// One phone and who holds it.
#[derive(Debug)]
pub(super) struct Phone {
    stage: Arc<Stage>,
    number: usize,
    sessions: u64,
    session: Option<Session>,
}

impl Phone {
    pub(super) fn new(stage: Arc<Stage>, number: usize) -> Self {
        Self {
            stage,
            number,
            sessions: 0,
            session: None,
        }
    }

    fn person(&self) -> &Person {
        &self.stage.register.people()[self.number]
    }

    /// Does so many things.
    pub(super) async fn live(mut self) {
        for _ in 0..self.stage.plan.acts {
            // Nobody dials again at once, nor types on a page that is not read. Copies of a bare
            // request that come after the next input cannot be told from a third.
            let soonest = if self.session.is_none() { 3000 } else { 300 };
            let hesitates = self.stage.dice.millis(soonest, 9000);
            tokio::time::sleep(hesitates).await;
            match self.session.take() {
                None => self.dial().await,
                Some(session) => self.go_on(session).await,
            }
        }
    }

    async fn dial(&mut self) {
        let dice = Arc::clone(&self.stage.dice);
        self.sessions += 1;
        // Some aggregators number the sessions of each phone: then another phone has the same id.
        // Not where the session alone tells the phone.
        let by_phone = self.person().gateway != 3;
        let id = if by_phone && dice.happens(self.stage.network().same_id) {
            format!("s{}", self.sessions)
        } else {
            format!("s{}-{}", self.number, self.sessions)
        };
        let begun = self.sessions;
        let request = self.request(&id, &[], Signal::Begin, begun);
        let shown = network::ask(&self.stage, request).await;
        self.see(
            Session {
                id,
                typed: Vec::new(),
                page: String::new(),
            },
            shown,
        );
    }

    async fn go_on(&mut self, mut session: Session) {
        let dice = Arc::clone(&self.stage.dice);
        if dice.happens(self.stage.network().hang_up) {
            if dice.happens(5000) {
                let signal = *dice.pick(&[Signal::Abort, Signal::Ended]);
                let request = self.request(&session.id, &session.typed, signal, self.sessions);
                network::ask(&self.stage, request).await;
            }
            return;
        }
        let before = session.typed.clone();
        session.typed.push(self.key(&session.page));
        let first = self.request(&session.id, &session.typed, Signal::Input, self.sessions);
        let shown = if dice.happens(self.stage.network().rival) {
            let mut other = before;
            other.push(self.key(&session.page));
            let rival = self.request(&session.id, &other, Signal::Input, self.sessions);
            let (first, rival) = (first.alone_if_bare(), rival.alone_if_bare());
            self.stage.happened("two inputs at once", String::new);
            let (shown, rivals) = tokio::join!(
                network::ask(&self.stage, first),
                network::ask(&self.stage, rival)
            );
            if shown.is_some() {
                shown
            } else {
                session.typed = other;
                rivals
            }
        } else {
            network::ask(&self.stage, first).await
        };
        self.see(session, shown);
    }

    fn see(&mut self, session: Session, shown: Option<Shown>) {
        let dropped = self.stage.dice.happens(self.stage.network().dropped);
        // Who is shown the last page sometimes types on.
        let over = |shown: &Shown| shown.last && !self.stage.dice.happens(500);
        self.session = shown
            .filter(|shown| !dropped && !over(shown))
            .map(|shown| Session {
                page: shown.text,
                ..session
            });
    }

    fn request(&self, id: &str, typed: &[String], signal: Signal, session: u64) -> Request {
        let person = self.person();
        let last = typed.last().cloned().unwrap_or_default();
        let nonce = self.stage.dice.below(u64::MAX);
        let position = match person.gateway {
            0 | 3 => Position::Accumulated {
                text: typed.join("*"),
            },
            1 => Position::Identified {
                text: last.clone(),
                request: format!("r{nonce}"),
            },
            _ => Position::Bare { text: last.clone() },
        };
        Request {
            phone: self.number,
            gateway: GATEWAYS[person.gateway],
            session: id.to_owned(),
            order: (session, typed.len()),
            typed: last,
            signal,
            position,
            alone: false,
        }
    }

    /// What is typed on a page: mostly something sensible.
    fn key(&self, page: &str) -> String {
        let (dice, person) = (&self.stage.dice, self.person());
        if dice.happens(400) {
            return (*dice.pick(&["77", "0", "00", "98", "Habari", "5"])).to_owned();
        }
        let about = |words: &[&str]| words.iter().any(|word| page.contains(word));
        if about(&["Tarakimu", "digits"]) {
            let right = dice.happens(8000);
            return if right {
                person.member.last_four()
            } else {
                "0000".to_owned()
            };
        }
        if about(&["Siri:", "Secret:"]) {
            return person.pin.clone();
        }
        if about(&["Namba:", "Number:", "kuhuisha:", "renew:"]) {
            return person.member.to_string();
        }
        if page.ends_with('?') || about(&["1 Ndiyo", "1 Yes"]) {
            return "1".to_owned();
        }
        (*dice.pick(&["1", "2", "1", "2", "3", "4", "5", "0", "00"])).to_owned()
    }
}
