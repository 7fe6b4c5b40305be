use crate::model::source::{
    nearest,
    yaml::{Kind, Node},
};

use super::{
    super::{Event, Outcome, Problem, Rule, Test},
    conditions::{self, Conditions},
    entries::{self, Entries},
    findings::Findings,
    never::Facts,
    scope::Scope,
};

/// The words of a kind of rules, with what they mean.
pub(super) type Words<O> = &'static [(&'static str, O)];

/// What a request for USSD is.
pub(super) const USSD: Words<Event> = &[
    ("begin", Event::Begin),
    ("input", Event::Input),
    ("abort", Event::Abort),
    ("timeout", Event::Timeout),
    ("session_ended", Event::SessionEnded),
    ("status_query", Event::StatusQuery),
    ("ignored", Event::Ignored),
    ("error", Event::Error),
    ("refused", Event::Refused),
];

/// What a request for SMS is.
pub(super) const SMS: Words<Event> = &[
    ("receipt", Event::Receipt),
    ("message", Event::Message),
    ("ignored", Event::Ignored),
    ("error", Event::Error),
    ("refused", Event::Refused),
];

/// How a call of ours ended.
pub(super) const SENT: Words<Outcome> = &[
    ("accepted", Outcome::Accepted),
    ("rejected", Outcome::Rejected),
    ("retry", Outcome::Retry),
    ("slow_down", Outcome::SlowDown),
    ("opted_out", Outcome::OptedOut),
    ("bad_credentials", Outcome::BadCredentials),
    ("no_credit", Outcome::NoCredit),
    ("by_status", Outcome::ByStatus),
];

/// What came of a poll: the receipt counts where it is `known`.
pub(super) const POLLED: Words<Outcome> = &[
    ("known", Outcome::Accepted),
    ("unknown", Outcome::Rejected),
    ("by_status", Outcome::ByStatus),
];

/// The word of an event.
pub(in crate::gateway::profile) fn event_word(event: Event) -> &'static str {
    let mut words = USSD.iter().chain(SMS);
    let found = words.find(|(_, known)| *known == event);
    found.map_or("input", |(word, _)| word)
}

/// A rule as it stands in the file.
struct Written<'n> {
    word: &'n str,
    at: &'n Node,
    when: Option<&'n Node>,
    reply: Option<String>,
    say: Option<String>,
}

/// Reads a list of rules.
pub(super) fn read<O: Copy + PartialEq>(
    node: &Node,
    words: Words<O>,
    scope: &Scope<'_>,
    facts: Facts<'_>,
    findings: &mut Findings,
) -> Vec<Rule<O>> {
    let Some(items) = entries::list(node, findings) else {
        return Vec::new();
    };
    let before = findings.count();
    let mut rules: Vec<Rule<O>> = Vec::new();
    for item in items {
        let Some(rule) = rule(item, words, scope, findings) else {
            continue;
        };
        if let Some(because) = facts.never(&rule, &rules) {
            findings.add(item.span, &Problem::RuleNeverMatches { because });
        }
        rules.push(rule);
    }
    let has_default = rules.last().is_some_and(|rule| rule.tests.is_empty());
    if !has_default && findings.count() == before {
        findings.add(node.span, &Problem::NoDefault);
    }
    rules
}

/// Makes one rule of `begin: session is new` and the `input` behind it; notes every other use of that test.
pub(super) fn begin_or_input(rules: &mut Vec<Rule<Event>>, node: &Node, findings: &mut Findings) {
    let is_new = |rule: &Rule<Event>| {
        rule.tests
            .iter()
            .any(|test| matches!(test, Test::SessionNew))
    };
    if let [.., begin, input] = rules.as_mut_slice()
        && begin.outcome == Event::Begin
        && input.outcome == Event::Input
        && matches!(begin.tests.as_slice(), [Test::SessionNew])
        && begin.reply.is_none()
        && input.reply.is_none()
        && input.tests.is_empty()
    {
        begin.outcome = Event::BeginOrInput;
        begin.tests.clear();
        rules.pop();
    }
    if rules.iter().any(is_new) {
        findings.add(node.span, &Problem::MisplacedNew);
    }
}

fn rule<O: Copy + PartialEq>(
    item: &Node,
    words: Words<O>,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Rule<O>> {
    let written = written(item, findings)?;
    let outcome = outcome(written.word, written.at, words, findings);
    let conditions = match written.when {
        Some(node) => conditions::read(node, scope, findings)?,
        None => Conditions::default(),
    };
    let word = written.word;
    let text = match written.when {
        Some(_) => format!("{word}: {}", conditions.written),
        None => word.to_owned(),
    };
    Some(Rule {
        outcome: outcome?,
        tests: conditions.tests,
        reply: written.reply,
        say: written.say,
        written: text,
        line: findings.line(item.span),
        source: item.span.source,
    })
}

fn written<'n>(item: &'n Node, findings: &mut Findings) -> Option<Written<'n>> {
    if let Some(word) = item.text() {
        let (when, reply, say) = (None, None, None);
        let at = item;
        return Some(Written {
            word,
            at,
            when,
            reply,
            say,
        });
    }
    let entries = Entries::any(item, "a rule", findings)?;
    let mut pairs = entries.iter();
    let (Some((at, word, value)), None) = (pairs.next(), pairs.next()) else {
        let expected = "one event with its tests";
        let found = item.describe();
        findings.add(item.span, &Problem::WrongType { expected, found });
        return None;
    };
    if !matches!(value.kind, Kind::Map(_)) {
        let (reply, say) = (None, None);
        let when = Some(value);
        return Some(Written {
            word,
            at,
            when,
            reply,
            say,
        });
    }
    let entries = Entries::read(value, "a rule", &["when", "reply", "say"], findings)?;
    let mut text = |key| {
        let node = entries.get(key)?;
        entries::text(node, findings).map(str::to_owned)
    };
    let (reply, say) = (text("reply"), text("say"));
    let when = entries.get("when");
    Some(Written {
        word,
        at,
        when,
        reply,
        say,
    })
}

fn outcome<O: Copy>(word: &str, at: &Node, words: Words<O>, findings: &mut Findings) -> Option<O> {
    let found = words.iter().find(|(known, _)| *known == word);
    if found.is_none() {
        let known = words.iter().map(|(known, _)| *known);
        let problem = Problem::UnknownEvent {
            event: word.to_owned(),
            nearest: nearest(word, known.clone()).map(str::to_owned),
            words: known.collect::<Vec<_>>().join(", "),
        };
        findings.add(at.span, &problem);
    }
    found.map(|(_, outcome)| *outcome)
}
