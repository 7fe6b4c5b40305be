use crate::model::source::{
    Span,
    yaml::{Kind, Node},
};

use super::{
    super::{
        BodyKind, Channel, Charset, Event, Item, PathPart, Problem, Read, Route, Rule, Session,
        Source,
    },
    bodies::{self, Roots},
    book::Book,
    entries::{Entries, word},
    findings::Findings,
    needs::Needs,
    never::Facts,
    reads, rules,
    scope::{Scope, Told},
    settings::is_name,
    values,
};

/// What all routes of a profile share.
#[derive(Clone, Copy)]
pub(super) struct Routes<'p> {
    pub channel: Channel,
    pub book: &'p Book,
    pub session: &'p Session,
}

impl Routes<'_> {
    /// Reads `receive:` or `reports:`.
    pub(super) fn read(self, node: &Node, findings: &mut Findings) -> Vec<Route> {
        let place = match self.channel {
            Channel::Ussd => "`receive`",
            Channel::Sms => "`reports`",
        };
        let Some(entries) = Entries::any(node, place, findings) else {
            return Vec::new();
        };
        let mut routes: Vec<Route> = Vec::new();
        let mut spans = Vec::new();
        for (key, path, node) in entries.iter() {
            let Some((route, rules_at)) = self.route(key, path, node, findings) else {
                continue;
            };
            let is_read = parts(path).is_some();
            let same = routes
                .iter()
                .find(|other| is_read && collide(other, &route));
            if let Some(other) = same {
                let other = other.written.clone();
                findings.add(key.span, &Problem::RouteTwice { other });
            }
            routes.push(route);
            spans.push(rules_at);
        }
        let needs = Needs::of(self.session, &routes);
        for (route, at) in routes.iter().zip(spans) {
            if let Some(at) = at {
                needs.check(route, at, findings);
            }
        }
        if entries.iter().next().is_none() {
            _ = entries.required("/", findings);
        }
        routes
    }

    /// A route, and where its rules stand if there was no mistake in it.
    fn route(
        self,
        key: &Node,
        written: &str,
        node: &Node,
        findings: &mut Findings,
    ) -> Option<(Route, Option<Span>)> {
        let events = self.events();
        let mut keys = vec![
            "method", "body", "type", "charset", "names", "at", "each", "read", "may", "event",
        ];
        keys.extend(events.iter().map(|(word, _)| *word));
        let before = findings.count();
        let entries = Entries::read(node, "a route", &keys, findings)?;
        let path = path(key, written, findings).unwrap_or_default();
        let mut scope = Scope::new(self.book).told(Told::Request);
        scope.path = named_parts(&path);
        let item = item(&entries, &mut scope, findings);
        let reads = reads::both(&entries, &mut scope, findings);
        let mut event_reads = Vec::new();
        for (word, event) in events {
            if let Some(node) = entries.get(word) {
                let own = event_read(node, *event, scope.clone(), findings);
                event_reads.extend(own.map(|own| (*event, own)));
            }
        }
        let methods = methods(entries.get("method"), findings);
        let facts = Facts {
            reads: &reads,
            refuses: true,
            methods: &methods,
            book: self.book,
        };
        let rules_node = entries.required("event", findings)?;
        let mut ruled = rules::read(rules_node, events, &scope, facts, findings);
        rules::begin_or_input(&mut ruled, rules_node, findings);
        let mut route = Route {
            path,
            methods,
            body: BodyKind::Nothing,
            charset: charset(entries.get("charset"), findings)?,
            any_type: any(entries.get("type"), "word for `type`", "any", findings)?,
            any_case: any(
                entries.get("names"),
                "word for `names`",
                "any_case",
                findings,
            )?,
            item,
            reads,
            event_reads,
            rules: ruled,
            written: written.to_owned(),
        };
        from_root(&mut route, &entries);
        Self::body(&mut route, &entries, node, findings);
        unused_reads(&route, &entries, findings);
        let is_sound = findings.count() == before;
        Some((route, is_sound.then_some(rules_node.span)))
    }

    fn events(self) -> rules::Words<Event> {
        match self.channel {
            Channel::Ussd => rules::USSD,
            Channel::Sms => rules::SMS,
        }
    }

    /// The body that the route reads, and the methods that bear it.
    fn body(route: &mut Route, entries: &Entries<'_>, node: &Node, findings: &mut Findings) {
        let mut roots = Roots::default();
        roots.read(&route.reads);
        for (_, reads) in &route.event_reads {
            roots.read(reads);
        }
        roots.rules(&route.rules);
        if let Some(item) = &route.item {
            roots.source(&item.at);
        }
        let told = match roots.kind() {
            Ok(kind) => kind,
            Err((one, other)) => {
                findings.add(node.span, &Problem::TwoBodies { one, other });
                return;
            }
        };
        route.body = match entries.get("body") {
            Some(node) => bodies::said(node, told, findings),
            None => told.unwrap_or(BodyKind::Nothing),
        };
        let bears = |method: &String| method != "GET";
        if route.methods.is_empty() {
            let method = if route.body == BodyKind::Nothing {
                "GET"
            } else {
                "POST"
            };
            route.methods.push(method.to_owned());
        } else if route.body != BodyKind::Nothing && !route.methods.iter().any(bears) {
            findings.add(node.span, &Problem::BodyOfGet);
        }
    }
}

/// An address in its parts.
fn path(key: &Node, written: &str, findings: &mut Findings) -> Option<Vec<PathPart>> {
    let read = parts(written);
    if read.is_none() {
        let written = written.to_owned();
        findings.add(key.span, &Problem::NotAPath { written });
    }
    read
}

fn parts(written: &str) -> Option<Vec<PathPart>> {
    if written == "/" {
        return Some(Vec::new());
    }
    let path: Option<Vec<_>> = written.strip_prefix('/')?.split('/').map(part).collect();
    let path = path?;
    let mut names = named_parts(&path);
    let all = names.len();
    names.sort();
    names.dedup();
    (names.len() == all).then_some(path)
}

fn part(written: &str) -> Option<PathPart> {
    let inner = written
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    if let Some(name) = inner {
        return is_name(name).then(|| PathPart::Named(name.to_owned()));
    }
    let fits = |it: char| it.is_ascii_alphanumeric() || "-_.~".contains(it);
    let is_literal = !written.is_empty() && written.chars().all(fits);
    is_literal.then(|| PathPart::Literal(written.to_owned()))
}

/// The names of a path's parts.
pub(super) fn named_parts(path: &[PathPart]) -> Vec<String> {
    let names = path.iter().filter_map(|part| match part {
        PathPart::Named(name) => Some(name.clone()),
        PathPart::Literal(_) => None,
    });
    names.collect()
}

/// Whether one request can be for both.
fn collide(one: &Route, other: &Route) -> bool {
    let same = |(one, other): (&PathPart, &PathPart)| match (one, other) {
        (PathPart::Literal(one), PathPart::Literal(other)) => one == other,
        (PathPart::Named(_), PathPart::Named(_)) => true,
        (PathPart::Literal(_), PathPart::Named(_)) | (PathPart::Named(_), PathPart::Literal(_)) => {
            false
        }
    };
    let shared = one
        .methods
        .iter()
        .any(|method| other.methods.contains(method));
    one.path.len() == other.path.len() && one.path.iter().zip(&other.path).all(same) && shared
}

fn methods(node: Option<&Node>, findings: &mut Findings) -> Vec<String> {
    let Some(node) = node else {
        return Vec::new();
    };
    let single = std::slice::from_ref(node);
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Scalar { .. } | Kind::Map(_) => single,
    };
    let words = ["GET", "POST", "PUT", "DELETE"];
    let read = items
        .iter()
        .filter_map(|item| word(item, "method", &words, findings));
    read.map(str::to_owned).collect()
}

fn charset(node: Option<&Node>, findings: &mut Findings) -> Option<Charset> {
    let Some(node) = node else {
        return Some(Charset::Utf8);
    };
    let words = ["utf8", "latin1", "utf16", "declared"];
    Some(match word(node, "character set", &words, findings)? {
        "latin1" => Charset::Latin1,
        "utf16" => Charset::Utf16,
        "declared" => Charset::Declared,
        _ => Charset::Utf8,
    })
}

/// A key that has one word, or is left out.
fn any(
    node: Option<&Node>,
    kind: &'static str,
    only: &str,
    findings: &mut Findings,
) -> Option<bool> {
    match node {
        Some(node) => word(node, kind, &[only], findings).map(|_| true),
        None => Some(false),
    }
}

/// Where `item` begins; the scope knows it from then on.
fn item(entries: &Entries<'_>, scope: &mut Scope<'_>, findings: &mut Findings) -> Option<Item> {
    let (node, each) = match (entries.get("at"), entries.get("each")) {
        (Some(at), None) => (at, false),
        (None, Some(each)) => (each, true),
        (Some(_), Some(each)) => {
            let (expected, found) = ("one of `at` and `each`", "both");
            findings.add(each.span, &Problem::WrongType { expected, found });
            return None;
        }
        (None, None) => return None,
    };
    let chain = values::chain(node, scope, findings)?;
    let at = chain.source;
    if !matches!(at, Source::Json(_) | Source::Xml(_)) || !chain.filters.is_empty() {
        let (expected, found) = ("a place in JSON or XML", "another");
        findings.add(node.span, &Problem::WrongType { expected, found });
        return None;
    }
    scope.item = Some(at.clone());
    Some(Item { at, each })
}

/// Whoever sends a request does not know where `item` begins: its values are told from the root on.
fn from_root(route: &mut Route, entries: &Entries<'_>) {
    let at = entries
        .get("at")
        .or(entries.get("each"))
        .and_then(Node::text);
    let own = route.event_reads.iter_mut().flat_map(|(_, reads)| reads);
    for read in route.reads.iter_mut().chain(own) {
        let below = read.written.strip_prefix("item.");
        if let (Some(at), Some(below)) = (at, below) {
            read.written = format!("{at}.{below}");
        }
    }
}

fn event_read(
    node: &Node,
    event: Event,
    mut scope: Scope<'_>,
    findings: &mut Findings,
) -> Option<Vec<Read>> {
    let entries = Entries::read(node, "an event", &["read", "may"], findings)?;
    let reads = reads::both(&entries, &mut scope, findings);
    if reads.is_empty() {
        let key = format!("read` or `may` of `{}", rules::event_word(event));
        let place = "an event with values of its own";
        findings.add(node.span, &Problem::MissingKey { key, place });
    }
    Some(reads)
}

/// Values of an event that no rule gives are read for nobody.
fn unused_reads(route: &Route, entries: &Entries<'_>, findings: &mut Findings) {
    if route.rules.is_empty() {
        return;
    }
    let given: Vec<_> = route.rules.iter().flat_map(events_of).collect();
    for (event, _) in &route.event_reads {
        let word = rules::event_word(*event);
        if let (false, Some(node)) = (given.contains(event), entries.get(word)) {
            findings.add(node.span, &Problem::EventNeverGiven { event: word });
        }
    }
}

/// The events that a rule gives.
pub(super) fn events_of(rule: &Rule<Event>) -> Vec<Event> {
    if rule.outcome == Event::BeginOrInput {
        vec![Event::Begin, Event::Input]
    } else {
        vec![rule.outcome]
    }
}

impl Route {
    /// What requests of an event tell, those names that they may leave out included.
    pub(in crate::gateway::profile) fn told(&self, event: Event) -> impl Iterator<Item = &Read> {
        let is_own = move |(own, _): &&(Event, Vec<Read>)| *own == event;
        let own = self
            .event_reads
            .iter()
            .filter(is_own)
            .flat_map(|(_, reads)| reads);
        self.reads.iter().chain(own)
    }

    /// Whether an input brings back a state of ours.
    pub(in crate::gateway::profile) fn brings_back(&self) -> bool {
        let mut told = self.told(Event::Input);
        told.any(|read| read.name == "request" && read.is_signed())
    }
}
