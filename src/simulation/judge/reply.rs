use std::time::Duration;

use super::{Brought, Judge, Stood, chain::scene};
use crate::{
    dialogue,
    model::{Position, Signal},
    simulation::network::DEADLINE,
    turn::{Reply, witness},
};

/// A page that an end of the turn's own time may take beyond its deadline: none, but for rounding.
const ROUNDING: Duration = Duration::from_millis(2);

impl Judge {
    /// A node has answered a copy of a request.
    pub(crate) fn replied(&mut self, brought: &Brought, reply: &Reply) {
        self.next_moment();
        let number = brought.number;
        if brought.at.elapsed() > DEADLINE + ROUNDING {
            let took = brought.at.elapsed().as_millis();
            return self.wrong(format!("#{number} was answered after {took} ms"));
        }
        let silent = matches!(
            self.requests[number].request.signal,
            Signal::Abort | Signal::Timeout | Signal::Status | Signal::Ended
        );
        match reply {
            Reply::Silence if silent => {}
            // Nobody reads what a call is answered with that says itself that it is over.
            Reply::Page { text, last } if silent && *last && Self::is_refusal(text) => {}
            Reply::Page { text, last } if !silent => {
                if let Err(why) = self.may_show(brought, text, *last) {
                    self.wrong(format!("#{number} was shown {text:?}: {why}"));
                }
            }
            Reply::Silence | Reply::Unknown | Reply::Page { .. } => {
                self.wrong(format!("#{number} was answered with {reply:?}"));
            }
        }
    }

    fn may_show(&self, brought: &Brought, text: &str, last: bool) -> Result<(), String> {
        if last && Self::is_refusal(text) {
            // Where nothing fails nobody is turned away.
            let unavailable = text.starts_with("UNAVAILABLE");
            return if unavailable && self.plan.is_calm() {
                Err("nothing had failed".to_owned())
            } else {
                Ok(())
            };
        }
        let there = self.stood_during(brought);
        let shown = there.iter().filter(|stood| {
            let page = dialogue::render(&self.menus, &stood.line.state, &scene(&stood.line));
            stood.line.asking.is_none() && (page.text.as_str(), page.last) == (text, last)
        });
        let shown: Vec<_> = shown.collect();
        if shown.is_empty() {
            return Err("no line of hers had this page while she asked".to_owned());
        }
        let meant = shown
            .iter()
            .any(|stood| self.is_meant(brought.number, stood));
        // Where clocks are minutes apart a turn that runs reads as abandoned: whoever waits for it ends it.
        (meant || self.plan.faults.jump > 0)
            .then_some(())
            .ok_or_else(|| "the page is of another request, before this one".to_owned())
    }

    /// Whether a line's page answers a request: it is its own turn's, or one that took its place.
    fn is_meant(&self, number: usize, stood: &Stood) -> bool {
        let asked = &self.requests[number];
        let own = asked.session == stood.line.session
            && witness::same_request(asked.seen, stood.line.seen);
        let order = self.requests[stood.request].request.order;
        own || asked.taken.is_some() || asked.request.order <= order || self.forks(number, stood)
    }

    /// Whether an accumulated text does not go on from the line's: then another input was taken in the
    /// place of one of it, and the page that stands says so.
    fn forks(&self, number: usize, stood: &Stood) -> bool {
        let stands = &self.requests[stood.request].request.position;
        match (&self.requests[number].request.position, stands) {
            (Position::Accumulated { text }, Position::Accumulated { text: seen }) => {
                !text.starts_with(seen.as_str())
            }
            _ => false,
        }
    }

    /// The lines of the phone that stood at some moment since the request was brought.
    fn stood_during(&self, brought: &Brought) -> Vec<&Stood> {
        let request = &self.requests[brought.number].request;
        let phone = &self.register.people()[request.phone].phone;
        let key = witness::line_key(&self.sealer, request.gateway, phone);
        let history = self.lines.get(&key.0).into_iter().flatten();
        let there = history.filter(|stood| stood.until.is_none_or(|until| until > brought.moment));
        there.collect()
    }

    fn is_refusal(text: &str) -> bool {
        ["BUSY ", "UNAVAILABLE "]
            .iter()
            .any(|refusal| text.starts_with(refusal))
    }
}
