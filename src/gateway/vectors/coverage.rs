//! What of a profile the vectors come to.

use std::collections::BTreeSet;

use super::play::Unused;
use crate::gateway::profile::{
    Channel, Outbound, Outcome, Profile, Response, Route, Rule, Sent, Traced,
};

/// What vectors came to.
#[derive(Debug, Default)]
pub(super) struct Used {
    ussd: BTreeSet<String>,
    sms: BTreeSet<String>,
    /// Lines of rules, which may share one, and the rules as written.
    rules: BTreeSet<(usize, String)>,
    /// Lines of answers.
    answers: BTreeSet<usize>,
    /// Lines of calls.
    calls: BTreeSet<usize>,
    /// Lines of rules about replies; 0 where the status decided.
    results: BTreeSet<usize>,
}

impl Used {
    pub(super) fn address(&mut self, channel: Channel, path: &str) {
        let paths = match channel {
            Channel::Ussd => &mut self.ussd,
            Channel::Sms => &mut self.sms,
        };
        paths.insert(path.to_owned());
    }

    pub(super) fn traced(&mut self, trace: &[Traced]) {
        let passed = trace.iter().filter(|rule| rule.passed);
        self.rules
            .extend(passed.map(|rule| (rule.line, rule.written.clone())));
    }

    pub(super) fn answer(&mut self, response: &Response) {
        self.answers.insert(response.line);
    }

    pub(super) fn call(&mut self, call: Option<&Outbound>) {
        self.calls.extend(call.map(|call| call.line));
    }

    pub(super) fn result(&mut self, sent: &Sent) {
        self.results.insert(sent.line);
    }

    fn visits(&self, channel: Channel, route: &Route) -> bool {
        let paths = match channel {
            Channel::Ussd => &self.ussd,
            Channel::Sms => &self.sms,
        };
        paths.iter().any(|path| route.is_at(path))
    }
}

/// A part of a profile, and whether a vector comes to it.
struct Part {
    told: String,
    used: bool,
}

/// What no vector comes to; `None` where there is nothing.
pub(super) fn unused(profile: &Profile, used: &Used) -> Option<Unused> {
    let channels = [Channel::Ussd, Channel::Sms];
    let routes = channels.into_iter().flat_map(|channel| {
        let routes = profile.routes(channel).iter();
        routes.flat_map(move |route| of_route(channel, route, used))
    });
    let answers = profile.answers().iter().map(|(name, answer)| Part {
        told: format!("the answer {name}, line {}", answer.line),
        used: used.answers.contains(&answer.line),
    });
    let later = profile.shows_later().into_iter().map(|exchange| Part {
        told: format!(
            "the call that shows a screen later, line {}",
            exchange.request.line
        ),
        used: used.calls.contains(&exchange.request.line),
    });
    let calls = profile.exchanges().flat_map(|(name, exchange)| {
        let line = exchange.request.line;
        let call = Part {
            told: format!("{name}, line {line}"),
            used: used.calls.contains(&line),
        };
        let rules = exchange.rules.iter().filter(move |_| name == "send");
        let rules = rules.map(move |rule| Part {
            told: format!("the result {} of {name}, line {}", rule.written, rule.line),
            used: used.results.contains(&result_line(rule)),
        });
        std::iter::once(call).chain(rules)
    });
    let parts: Vec<Part> = routes.chain(answers).chain(later).chain(calls).collect();
    let all = parts.len();
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.used).collect();
    (!parts.is_empty()).then(|| Unused {
        profile: profile.name().to_owned(),
        all,
        parts: parts.into_iter().map(|part| part.told).collect(),
    })
}

fn of_route<'a>(
    channel: Channel,
    route: &'a Route,
    used: &'a Used,
) -> impl Iterator<Item = Part> + 'a {
    let below = match channel {
        Channel::Ussd => "/ussd/NAME",
        Channel::Sms => "/sms/NAME",
    };
    let address = Part {
        told: format!("the address {} below {below}", route.written),
        used: used.visits(channel, route),
    };
    let rules = route.rules.iter().map(|rule| Part {
        told: format!("the event {}, line {}", rule.written, rule.line),
        used: used.rules.contains(&(rule.line, rule.written.clone())),
    });
    std::iter::once(address).chain(rules)
}

/// The line that a result bears which this rule gave.
fn result_line(rule: &Rule<Outcome>) -> usize {
    match rule.outcome {
        Outcome::ByStatus => 0,
        Outcome::Accepted
        | Outcome::Rejected
        | Outcome::Retry
        | Outcome::OptedOut
        | Outcome::BadCredentials
        | Outcome::NoCredit
        | Outcome::SlowDown
        | Outcome::Unknown => rule.line,
    }
}
