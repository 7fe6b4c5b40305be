//! What a request says, or why it is refused.

use super::{
    Account, BodyKind, Channel, Event, Heard, Read, Refusal, Refused, Request, Route, Rule, Said,
    Source, Test, Traced,
    parsed::{Limits, Parsed},
    place::Place,
    reading::Lacks,
};

/// One event of a request.
pub(super) struct Told<'r> {
    pub said: Said,
    /// Those that were read for it, the route's and the event's own.
    pub reads: Vec<&'r Read>,
}

impl Account {
    /// What a request says, or why it is refused.
    pub fn hear(&self, channel: Channel, request: &Request<'_>) -> Result<Heard, Refusal> {
        self.hear_traced(channel, request, &mut Vec::new())
    }

    /// The same; `trace` gets every rule that was tried.
    pub fn hear_traced(
        &self,
        channel: Channel,
        request: &Request<'_>,
        trace: &mut Vec<Traced>,
    ) -> Result<Heard, Refusal> {
        let limits = match channel {
            Channel::Ussd => Limits::USSD,
            Channel::Sms => Limits::SMS,
        };
        if request.body.len() > limits.bytes || request.query.len() > limits.bytes {
            return Err(refusal(Refused::TooLong(limits.bytes)));
        }
        let (route, path) = self.route(channel, request).map_err(refusal)?;
        let (mut parsed, broken) = Parsed::request(self, request, (route, path, limits));
        self.prove(request, &parsed).map_err(refusal)?;
        if let Some(why) = broken {
            return Err(broken_off(&mut parsed, route, why));
        }
        let items = match items(route, &parsed) {
            Ok(items) => items,
            Err(why) => return Err(broken_off(&mut parsed, route, why)),
        };
        if items.is_empty() {
            return Ok(Heard::Ignored(said(&parsed, Event::Ignored, None)));
        }
        match channel {
            Channel::Ussd => self.dialogue(&mut parsed, route, items, trace),
            Channel::Sms => self.batch(&mut parsed, route, items, trace),
        }
    }

    /// A request for a dialogue is one event.
    fn dialogue(
        &self,
        parsed: &mut Parsed<'_>,
        route: &Route,
        items: Vec<Option<Place>>,
        trace: &mut Vec<Traced>,
    ) -> Result<Heard, Refusal> {
        parsed.enter(items.into_iter().next().flatten());
        let told = event(parsed, route, trace)?;
        if told.said.event == Event::Ignored {
            return Ok(Heard::Ignored(told.said));
        }
        match self.call(parsed, &told) {
            Ok(call) => Ok(Heard::Call(Box::new(call), told.said)),
            Err(why) => Err(Refusal {
                why,
                said: told.said,
            }),
        }
    }

    /// Each item is an event of its own. One that cannot be read is no reason to refuse the others: they would come again
    /// and again.
    fn batch(
        &self,
        parsed: &mut Parsed<'_>,
        route: &Route,
        items: Vec<Option<Place>>,
        trace: &mut Vec<Traced>,
    ) -> Result<Heard, Refusal> {
        let mut heard: Option<Heard> = None;
        let mut refused = None;
        for item in items {
            parsed.enter(item);
            let report = event(parsed, route, trace).and_then(|told| self.report(parsed, told));
            match report {
                Ok(report) => heard = Some(heard.map_or(report.clone(), |all| joined(all, report))),
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        match (heard, refused) {
            (Some(heard), None) => Ok(heard),
            (Some(heard @ (Heard::Receipts(..) | Heard::Messages(..))), Some(_)) => Ok(heard),
            (_, Some(refusal)) => Err(refusal),
            (None, None) => Ok(Heard::Ignored(said(parsed, Event::Ignored, None))),
        }
    }
}

/// Reports of one batch. What is nothing to us changes nothing; of receipts and messages in one request the kind that
/// came first counts.
fn joined(all: Heard, next: Heard) -> Heard {
    match (all, next) {
        (Heard::Receipts(mut all, said), Heard::Receipts(next, _)) => {
            all.extend(next);
            Heard::Receipts(all, said)
        }
        (Heard::Messages(mut all, said), Heard::Messages(next, _)) => {
            all.extend(next);
            Heard::Messages(all, said)
        }
        (Heard::Ignored(_), next) => next,
        (all, _) => all,
    }
}

/// What is refused before anything was read.
fn refusal(why: Refused) -> Refusal {
    let said = Said {
        event: match why {
            Refused::NotTheirs => Event::Refused,
            _ => Event::Error,
        },
        reply: None,
        values: Vec::new(),
    };
    Refusal { why, said }
}

/// What is refused because it cannot be read, with what can be: a session in the path is there, whatever the body is.
fn broken_off(parsed: &mut Parsed<'_>, route: &Route, why: Refused) -> Refusal {
    parsed.enter(None);
    let _lacks = parsed.read(&route.reads);
    Refusal {
        why,
        said: said(parsed, Event::Error, None),
    }
}

fn said(parsed: &Parsed<'_>, event: Event, reply: Option<String>) -> Said {
    Said {
        event,
        reply,
        values: parsed.said().to_vec(),
    }
}

/// Where the events of a request begin. Without `at` and `each` that is the request.
fn items(route: &Route, parsed: &Parsed<'_>) -> Result<Vec<Option<Place>>, Refused> {
    let Some(item) = &route.item else {
        return Ok(vec![None]);
    };
    match parsed.items(&item.at) {
        Some(items) if item.each => Ok(items.into_iter().map(Some).collect()),
        Some(items) => Ok(vec![items.into_iter().next()]),
        // What a route without a body, or a rule, makes of it is the rules' to say.
        None if !item.each || route.body == BodyKind::Nothing => Ok(vec![None]),
        None => Err(Refused::Missing(vec![written(&item.at)])),
    }
}

fn written(at: &Source) -> String {
    match at {
        Source::Json(steps) => super::place::json_written(steps),
        Source::Xml(steps) => super::place::xml_written(steps),
        _ => String::new(),
    }
}

/// Reads what every request tells, finds the event by its rules, and reads what that tells.
fn event<'r>(
    parsed: &mut Parsed<'_>,
    route: &'r Route,
    trace: &mut Vec<Traced>,
) -> Result<Told<'r>, Refusal> {
    let lacks = parsed.read(&route.reads);
    let ruled = match ruled(parsed, &route.rules, trace) {
        Ok(ruled) => ruled,
        Err(why) => {
            let why = lacks.refusal().err().unwrap_or(why);
            return Err(Refusal {
                why,
                said: said(parsed, Event::Error, None),
            });
        }
    };
    let Some((event, rule)) = ruled else {
        return Err(refusal(Refused::Rule(None)));
    };
    let reply = || rule.reply.clone();
    let refuses = match event {
        Event::Ignored => Ok(()),
        Event::Refused => Err(Refused::NotTheirs),
        Event::Error => Err(Refused::Rule(rule.say.clone())),
        other => {
            let (event, own) = own(parsed, route, other);
            return match lacks.and(own.0).refusal() {
                Ok(()) => Ok(Told {
                    said: said(parsed, event, reply()),
                    reads: route.reads.iter().chain(own.1).collect(),
                }),
                Err(why) => Err(Refusal {
                    why,
                    said: said(parsed, event, reply()),
                }),
            };
        }
    };
    let said = said(parsed, event, reply());
    match refuses {
        Ok(()) => Ok(Told {
            said,
            reads: route.reads.iter().collect(),
        }),
        Err(why) => Err(Refusal { why, said }),
    }
}

type Own<'r> = (Lacks, Vec<&'r Read>);

/// Reads what an event tells besides. A request that may be a begin or an input is the one of which all is there; where
/// that are both, the line says which it is.
fn own<'r>(parsed: &mut Parsed<'_>, route: &'r Route, event: Event) -> (Event, Own<'r>) {
    let of = |event: Event| {
        let found = route.event_reads.iter().filter(move |(known, _)| *known == event);
        found.flat_map(|(_, reads)| reads)
    };
    if event != Event::BeginOrInput {
        let reads: Vec<&Read> = of(event).collect();
        return (event, (read_all(parsed, &reads), reads));
    }
    let (begin, input): (Vec<&Read>, Vec<&Read>) =
        (of(Event::Begin).collect(), of(Event::Input).collect());
    let lacking = (read_all(parsed, &begin), read_all(parsed, &input));
    let both = || begin.iter().chain(&input).copied().collect();
    match (lacking.0.any(), lacking.1.any()) {
        (false, false) => (event, (Lacks::default(), both())),
        (true, false) => (Event::Input, (Lacks::default(), input)),
        (false, true) => (Event::Begin, (Lacks::default(), begin)),
        (true, true) => (event, (lacking.0.and(lacking.1), both())),
    }
}

fn read_all(parsed: &mut Parsed<'_>, reads: &[&Read]) -> Lacks {
    reads.iter().fold(Lacks::default(), |lacks, read| {
        lacks.and(parsed.read(std::slice::from_ref(*read)))
    })
}

/// The first rule that passes. A begin that asks whether the session is new is the line's to say.
fn ruled<'r>(
    parsed: &Parsed<'_>,
    rules: &'r [Rule<Event>],
    trace: &mut Vec<Traced>,
) -> Result<Option<(Event, &'r Rule<Event>)>, Refused> {
    for rule in rules {
        let mut saw = Vec::new();
        let mut passed = true;
        for test in &rule.tests {
            let tried = test.tried(parsed)?;
            saw.push(tried.saw);
            passed = tried.passed;
            if !passed {
                break;
            }
        }
        trace.push(Traced {
            line: rule.line,
            written: rule.written.clone(),
            saw,
            passed,
        });
        if passed {
            let new = rule.tests.iter().any(|test| matches!(test, Test::SessionNew));
            let event = if new && rule.outcome == Event::Begin {
                Event::BeginOrInput
            } else {
                rule.outcome
            };
            return Ok(Some((event, rule)));
        }
    }
    Ok(None)
}
