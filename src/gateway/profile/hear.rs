//! What a request says, or why it is refused.

use super::{
    Account, BodyKind, Channel, Event, Heard, Read, Refusal, Refused, Request, Route, Rule, Said,
    Source, Test, Traced,
    parsed::{Limits, Parsed},
    place::{self, Place},
    reading::Lacks,
};

/// Gets every rule that was tried, where somebody wants to know: what it says is a copy of much.
type Trace<'t> = Option<&'t mut Vec<Traced>>;

/// One event of a request.
pub(super) struct Told<'r> {
    pub said: Said,
    /// Those that were read for it, the route's and the event's own.
    pub reads: Vec<&'r Read>,
}

impl Account {
    /// What a request says, or why it is refused.
    pub fn hear(&self, channel: Channel, request: &Request<'_>) -> Result<Heard, Refusal> {
        self.heard(channel, request, &mut None)
    }

    /// The same; `trace` gets every rule that was tried.
    pub fn hear_traced(
        &self,
        channel: Channel,
        request: &Request<'_>,
        trace: &mut Vec<Traced>,
    ) -> Result<Heard, Refusal> {
        self.heard(channel, request, &mut Some(trace))
    }

    fn heard(
        &self,
        channel: Channel,
        request: &Request<'_>,
        trace: &mut Trace<'_>,
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
            Channel::Ussd => {
                parsed.enter(items.into_iter().next().flatten());
                self.dialogue(&mut parsed, route, trace)
            }
            Channel::Sms => batch(&mut parsed, (route, items), trace),
        }
    }

    /// A request for a dialogue is one event.
    fn dialogue(
        &self,
        parsed: &mut Parsed<'_>,
        route: &Route,
        trace: &mut Trace<'_>,
    ) -> Result<Heard, Refusal> {
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
}

/// Each item is an event of its own. One that cannot be read is no reason to refuse the others: they would come again
/// and again.
fn batch(
    parsed: &mut Parsed<'_>,
    (route, items): (&Route, Vec<Option<Place>>),
    trace: &mut Trace<'_>,
) -> Result<Heard, Refusal> {
    let mut heard = None;
    let mut refused = None;
    for item in items {
        parsed.enter(item);
        match event(parsed, route, trace).and_then(|told| Account::report(parsed, told)) {
            Ok(report) => heard = Some(joined(heard, report)),
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    match (heard, refused) {
        (Some(Heard::Ignored(_)) | None, Some(refusal)) => Err(refusal),
        (Some(heard), _) => Ok(heard),
        (None, None) => Ok(Heard::Ignored(said(parsed, Event::Ignored, None))),
    }
}

/// Reports of one batch. What is nothing to us changes nothing; of receipts and messages in one request the kind that
/// came first counts.
fn joined(all: Option<Heard>, next: Heard) -> Heard {
    match (all, next) {
        (Some(Heard::Receipts(mut all, said)), Heard::Receipts(next, _)) => {
            all.extend(next);
            Heard::Receipts(all, said)
        }
        (Some(Heard::Messages(mut all, said)), Heard::Messages(next, _)) => {
            all.extend(next);
            Heard::Messages(all, said)
        }
        (Some(Heard::Ignored(_)) | None, next) => next,
        (Some(all), _) => all,
    }
}

/// What is refused before anything was read.
fn refusal(why: Refused) -> Refusal {
    let said = Said {
        event: if why == Refused::NotTheirs {
            Event::Refused
        } else {
            Event::Error
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
    if let Source::Json(steps) = at {
        place::json_written(steps)
    } else if let Source::Xml(steps) = at {
        place::xml_written(steps)
    } else {
        String::new()
    }
}

/// Reads what every request tells, finds the event by its rules, and reads what that tells.
fn event<'r>(
    parsed: &mut Parsed<'_>,
    route: &'r Route,
    trace: &mut Trace<'_>,
) -> Result<Told<'r>, Refusal> {
    let lacks = parsed.read(&route.reads);
    let (event, rule) = match ruled(parsed, &route.rules, trace) {
        Ok(ruled) => ruled,
        Err(why) => {
            let why = lacks.refusal().err().unwrap_or(why);
            let said = said(parsed, Event::Error, None);
            return Err(Refusal { why, said });
        }
    };
    let own = own(parsed, route, event);
    let said = said(parsed, own.event, rule.reply.clone());
    match verdict(rule, event, lacks.and(own.lacks)) {
        Ok(()) => Ok(Told {
            said,
            reads: route.reads.iter().chain(own.reads).collect(),
        }),
        Err(why) => Err(Refusal { why, said }),
    }
}

/// What is nothing to us, or refused anyway, needs no values.
fn verdict(rule: &Rule<Event>, event: Event, lacks: Lacks) -> Result<(), Refused> {
    match event {
        Event::Ignored => Ok(()),
        Event::Refused => Err(Refused::NotTheirs),
        Event::Error => Err(Refused::Rule(rule.say.clone())),
        Event::Begin
        | Event::Input
        | Event::BeginOrInput
        | Event::Abort
        | Event::Timeout
        | Event::SessionEnded
        | Event::StatusQuery
        | Event::Receipt
        | Event::Message => lacks.refusal(),
    }
}

/// What an event tells besides.
struct Own<'r> {
    event: Event,
    reads: Vec<&'r Read>,
    lacks: Lacks,
}

/// Reads what an event tells besides. A request that may be a begin or an input is the one of which all is there; where
/// that are both, the line says which it is.
fn own<'r>(parsed: &mut Parsed<'_>, route: &'r Route, event: Event) -> Own<'r> {
    if event != Event::BeginOrInput {
        return of(parsed, route, event);
    }
    let before = parsed.said().to_vec();
    let begin = of(parsed, route, Event::Begin);
    let of_begin = parsed.said().to_vec();
    if begin.lacks.any() {
        parsed.retell(before);
    }
    let kept = parsed.said().to_vec();
    let input = of(parsed, route, Event::Input);
    match (begin.lacks.any(), input.lacks.any()) {
        (true, false) => input,
        (false, true) => {
            parsed.retell(kept);
            begin
        }
        (refuses, _) => {
            if refuses {
                parsed.retell(of_begin);
            }
            Own {
                event,
                reads: begin.reads.into_iter().chain(input.reads).collect(),
                lacks: begin.lacks.and(input.lacks),
            }
        }
    }
}

fn of<'r>(parsed: &mut Parsed<'_>, route: &'r Route, event: Event) -> Own<'r> {
    let mut own = Own {
        event,
        reads: Vec::new(),
        lacks: Lacks::default(),
    };
    let named = route
        .event_reads
        .iter()
        .filter(|(known, _)| *known == event);
    for (_, reads) in named {
        own.lacks = own.lacks.and(parsed.read(reads));
        own.reads.extend(reads);
    }
    own
}

/// The first rule that passes. A begin that asks whether the session is new is the line's to say.
fn ruled<'r>(
    parsed: &Parsed<'_>,
    rules: &'r [Rule<Event>],
    trace: &mut Trace<'_>,
) -> Result<(Event, &'r Rule<Event>), Refused> {
    for rule in rules {
        let takes = if let Some(trace) = trace {
            let tried = tried(parsed, rule)?;
            let takes = tried.passed;
            trace.push(tried);
            takes
        } else {
            passes(parsed, rule)?
        };
        if takes {
            return Ok((outcome(rule), rule));
        }
    }
    Err(Refused::Rule(None))
}

fn passes(parsed: &Parsed<'_>, rule: &Rule<Event>) -> Result<bool, Refused> {
    for test in &rule.tests {
        if !test.passes(parsed)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tries the tests of a rule, up to the first that does not pass.
fn tried(parsed: &Parsed<'_>, rule: &Rule<Event>) -> Result<Traced, Refused> {
    let mut whole = Traced {
        line: rule.line,
        written: rule.written.clone(),
        saw: Vec::new(),
        passed: true,
    };
    for test in &rule.tests {
        let tried = test.tried(parsed)?;
        whole.saw.push(tried.saw);
        if !tried.passed {
            whole.passed = false;
            break;
        }
    }
    Ok(whole)
}

fn outcome(rule: &Rule<Event>) -> Event {
    let asks = rule
        .tests
        .iter()
        .any(|test| matches!(test, Test::SessionNew));
    if asks && rule.outcome == Event::Begin {
        Event::BeginOrInput
    } else {
        rule.outcome
    }
}
