use crate::model::source::yaml::{Kind, Node};

use super::{
    super::{
        Auth, Body, BodyKind, Exchange, OutRequest, Outcome, Part, Piece, Problem, Template,
        TokenCall, Tree, Value, uses,
    },
    bodies::{self, Roots},
    caller,
    conditions::{self, Conditions},
    entries::{Entries, text, word},
    findings::Findings,
    never::Facts,
    reads, rules,
    scope::{self, Scope, Told},
    secrets, settings, trees,
    trees::{BODIES, Bodied, Side},
    values,
};

const METHODS: &[&str] = &["get", "post", "put"];
const REQUEST: &[&str] = &[
    "query",
    "headers",
    "auth",
    "type",
    "charset",
    "parts",
    "repeatable",
    "sender",
];
const REPLY: &[&str] = &["when", "reads", "may", "result"];

/// Which call of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calling {
    Screen,
    Message,
    Poll,
}

/// Reads `send:`: one call, or a list of which the first that fits is made.
pub(super) fn send(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Vec<Exchange> {
    let Kind::List(items) = &node.kind else {
        let exchange = exchange(node, Calling::Message, scope, findings);
        return exchange.into_iter().collect();
    };
    let before = findings.count();
    let mut sends: Vec<Exchange> = Vec::new();
    for item in items {
        if sends.last().is_some_and(|send| send.when.is_empty()) {
            let because = "a call above it takes every message".to_owned();
            findings.add(item.span, &Problem::RuleNeverMatches { because });
        }
        sends.extend(exchange(item, Calling::Message, scope, findings));
    }
    let has_default = sends.last().is_some_and(|send| send.when.is_empty());
    if !has_default && findings.count() == before {
        findings.add(node.span, &Problem::NoDefault);
    }
    sends
}

/// Reads a call and how its reply is read. `scope` knows what the call may hold.
pub(super) fn exchange(
    node: &Node,
    calling: Calling,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Exchange> {
    let mut keys: Vec<&str> = [METHODS, REQUEST, BODIES, REPLY].concat();
    keys.extend((calling == Calling::Poll).then_some("read"));
    let entries = Entries::read(node, "a call", &keys, findings)?;
    let when = match entries.get("when") {
        Some(node) => {
            let scope = Scope::new(scope.book).words(&["text.alphabet"]);
            conditions::read(node, &scope, findings)
        }
        None => Some(Conditions::default()),
    };
    let request = request(&entries, node, scope, findings);
    let mut replied = Scope::new(scope.book).told(Told::Reply).words(&["ref"]);
    let mut values = reads::both(&entries, &mut replied, findings);
    for read in &mut values {
        // A reply is never refused: what is not in it is missing, and a rule may ask for that.
        read.required = false;
    }
    if calling == Calling::Poll && values.iter().all(|read| read.name != "state") {
        let (event, name) = ("a poll", "state".to_owned());
        findings.add(node.span, &Problem::EventLacksValue { event, name });
    }
    let words = match calling {
        Calling::Poll => rules::POLLED,
        Calling::Screen | Calling::Message => rules::SENT,
    };
    let facts = Facts {
        reads: &values,
        refuses: false,
        methods: &[],
        book: scope.book,
    };
    let rules = entries.required("result", findings);
    let rules = rules.map(|node| rules::read::<Outcome>(node, words, &replied, facts, findings));
    let rules = rules.unwrap_or_default();
    let mut roots = Roots::default();
    roots.read(&values);
    roots.rules(&rules);
    let reads = reply_kind(&roots, &entries, node, findings);
    Some(Exchange {
        when: when?.tests,
        request: request?,
        reads: reads?,
        values,
        rules,
    })
}

fn reply_kind(
    roots: &Roots,
    entries: &Entries<'_>,
    node: &Node,
    findings: &mut Findings,
) -> Option<BodyKind> {
    let told = match roots.kind() {
        Ok(told) => told,
        Err((one, other)) => {
            findings.add(node.span, &Problem::TwoBodies { one, other });
            return None;
        }
    };
    Some(match entries.get("reads") {
        Some(node) => bodies::said(node, told, findings),
        None => told.unwrap_or(BodyKind::Nothing),
    })
}

fn request(
    entries: &Entries<'_>,
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<OutRequest> {
    let mut scope = scope.clone().call();
    let parts = match entries.get("parts") {
        Some(node) => parts(node, &mut scope, findings),
        None => Some(Vec::new()),
    };
    let scope = &scope;
    let mut named = METHODS
        .iter()
        .filter_map(|method| Some((*method, entries.get(method)?)));
    let (first, second) = (named.next(), named.next());
    let addressed = if let (Some((method, node)), None) = (first, second) {
        Some((method.to_uppercase(), addresses(node, scope, findings)))
    } else {
        let (expected, found) = ("one of `get`, `post` and `put`", "none or several of them");
        findings.add(node.span, &Problem::WrongType { expected, found });
        None
    };
    let query = match entries.get("query") {
        Some(node) => trees::pairs(node, "`query`", scope, findings),
        None => Some(Vec::new()),
    };
    let headers = match entries.get("headers") {
        Some(node) => trees::headers(node, scope, findings),
        None => Some(Vec::new()),
    };
    let auth = match entries.get("auth") {
        Some(node) => auth(node, scope, findings).map(Some),
        None => Some(None),
    };
    let knows_our_id = match entries.get("repeatable") {
        Some(node) => word(node, "word for `repeatable`", &["yes", "no"], findings) == Some("yes"),
        None => false,
    };
    let needs_sender = entries.get("sender").is_some_and(|node| {
        let read = word(node, "word for `sender`", &["needed", "optional"], findings);
        read == Some("needed")
    });
    let body = trees::body(entries, node, Side::Call, scope, findings);
    let (method, hosts) = addressed?;
    let Bodied {
        body,
        media_type,
        charset,
    } = body?;
    if method == "GET" && !matches!(body, Body::Nothing) {
        findings.add(node.span, &Problem::BodyOfGet);
    }
    let request = OutRequest {
        method,
        addresses: hosts?,
        query: query?,
        headers: headers?,
        auth: auth?,
        parts: parts?,
        body,
        media_type,
        charset,
        knows_our_id,
        needs_sender,
        line: findings.line(node.span),
    };
    if let Some(at) = entries.get("sender").filter(|_| needs_sender)
        && !uses::sender(&request)
    {
        findings.add(at.span, &Problem::SenderNotSent);
    }
    Some(request)
}

/// One address, or a list that is tried in order.
fn addresses(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Vec<Template>> {
    let single = std::slice::from_ref(node);
    let items = node.list().unwrap_or(single);
    if items.is_empty() {
        let (expected, found) = ("an address", "an empty list");
        findings.add(node.span, &Problem::WrongType { expected, found });
    }
    let read = items.iter().map(|item| address(item, scope, findings));
    read.collect::<Vec<_>>().into_iter().collect()
}

fn address(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Template> {
    let template = values::template(node, scope, findings)?;
    let starts = match template.0.first() {
        Some(Piece::Literal(text)) => text.starts_with("http://") || text.starts_with("https://"),
        Some(Piece::Slot(_)) => true,
        None => false,
    };
    if !starts {
        let written = text(node, findings)?.to_owned();
        findings.add(node.span, &Problem::NotAnAddress { written });
    }
    secrets::in_address(&template, node, findings);
    Some(template)
}

/// Parts in their order; each is known in those after it.
fn parts(
    node: &Node,
    scope: &mut Scope<'_>,
    findings: &mut Findings,
) -> Option<Vec<(String, Part)>> {
    let entries = Entries::any(node, "`parts`", findings)?;
    let mut parts = Vec::new();
    for (key, name, node) in entries.iter() {
        if !settings::is_name(name) {
            let written = name.to_owned();
            findings.add(key.span, &Problem::NotAName { written });
        }
        let part = part(node, scope, findings);
        scope.parts.push(name.to_owned());
        parts.push(part.map(|part| (name.to_owned(), part)));
    }
    parts.into_iter().collect()
}

fn part(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Part> {
    if node.text().is_some() {
        return values::template(node, scope, findings).map(Part::Text);
    }
    let entries = Entries::read(node, "a part", &["json"], findings)?;
    let json: Option<Tree> = trees::tree(entries.required("json", findings)?, scope, findings);
    json.map(Part::Json)
}

fn auth(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Auth> {
    let entries = Entries::read(node, "`auth`", &["basic", "bearer", "oauth2"], findings)?;
    let mut ways = entries.iter();
    let (Some((_, way, node)), None) = (ways.next(), ways.next()) else {
        let (expected, found) = ("one of `basic`, `bearer` and `oauth2`", "none or several");
        findings.add(node.span, &Problem::WrongType { expected, found });
        return None;
    };
    match way {
        "basic" => {
            caller::basic(node, scope, findings).map(|(user, password)| Auth::Basic(user, password))
        }
        "bearer" => {
            let bearer = values::template(node, scope, findings)?;
            secrets::never_literal(&bearer, "the token", node, findings);
            Some(Auth::Bearer(bearer))
        }
        _ => token_call(node, scope, findings).map(|call| Auth::OAuth2(Box::new(call))),
    }
}

fn token_call(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<TokenCall> {
    let keys: Vec<&str> = [
        METHODS,
        BODIES,
        &[
            "query", "headers", "auth", "type", "charset", "parts", "token", "expires",
        ],
    ]
    .concat();
    let entries = Entries::read(node, "`oauth2`", &keys, findings)?;
    let own = Scope::new(scope.book).words(&["public", "gateway", "now"]);
    let request = request(&entries, node, &own, findings);
    if let Some(OutRequest {
        auth: Some(Auth::OAuth2(_)),
        ..
    }) = &request
    {
        let (expected, found) = ("`basic` or `bearer` for the call of a token", "`oauth2`");
        findings.add(node.span, &Problem::WrongType { expected, found });
    }
    let replied = Scope::new(scope.book).told(Told::Reply);
    let token = entries.required("token", findings)?;
    let token = values::chain(token, &replied, findings);
    let expires = match entries.get("expires") {
        Some(node) => values::chain(node, &replied, findings),
        None => None,
    };
    let token = token?;
    let mut roots = Roots::default();
    roots.value(&Value(expires.iter().chain([&token]).cloned().collect()));
    if let Err((one, other)) = roots.kind() {
        findings.add(node.span, &Problem::TwoBodies { one, other });
    }
    Some(TokenCall {
        request: request?,
        // Without a value in the reply a token is good for an hour.
        expires: expires.unwrap_or_else(nothing),
        token,
    })
}

/// A place where nothing stands.
fn nothing() -> super::super::Chain {
    super::super::Chain {
        source: super::super::Source::Header("expires-in".to_owned()),
        filters: Vec::new(),
    }
}

/// What an SMS, a poll or a screen has to fill in.
pub(super) fn words(calling: Calling) -> &'static [&'static str] {
    match calling {
        Calling::Screen => scope::SCREEN,
        Calling::Message => scope::MESSAGE,
        Calling::Poll => scope::POLLED,
    }
}
