//! What we answer.

use std::fmt::Write as _;

use super::example::Shown;
use crate::{
    gateway::profile::{
        Account, BodyKind, Event, Go, Lost, Outbound, Refusal, Refused, Response, Said, Screen,
    },
    model::ServiceCode,
};

/// What screens show here.
const PAGES: [(Go, &str, &str); 2] = [
    (Go::Continue, "A screen", "Karibu\n1 Endelea"),
    (Go::End, "The last screen", "Asante"),
];

/// Every form of our answers.
pub(super) fn all(account: &Account, first: Option<&Shown>, code: &ServiceCode) -> String {
    let said = first.map_or_else(|| of_nobody(code), |shown| shown.said.clone());
    let mut text = "\n## What we answer\n".to_owned();
    if !account.profile.receive.is_empty() {
        text.push_str(&screens(account, &said));
    }
    for event in told(account) {
        let said = Said {
            event,
            reply: None,
            ..said.clone()
        };
        let response = account.acknowledge(&said, true, &said.values.clone());
        _ = write!(text, "\nTo {}:\n\n{}", what(event), block(&response));
    }
    text.push_str("\n## Errors\n");
    let malformed = malformed(account).map(|why| ("The body is not what it should be", why));
    let errors = [
        Some((
            "A field is missing",
            Refused::Missing(vec![a_field(account)]),
        )),
        malformed,
        Some((
            "Another mistake in a request",
            Refused::Twice(a_field(account)),
        )),
        Some((
            "The request does not prove that it is yours",
            Refused::NotTheirs,
        )),
    ];
    for (title, why) in errors.into_iter().flatten() {
        let event = if why == Refused::NotTheirs {
            Event::Refused
        } else {
            Event::Error
        };
        let said = Said {
            event,
            reply: None,
            ..said.clone()
        };
        let response = account.refuse(&Refusal { why, said });
        _ = write!(text, "\n{title}:\n\n{}", block(&response));
    }
    if account.profile.session.lost == Lost::Refuse && !account.profile.receive.is_empty() {
        let said = Said {
            event: Event::Input,
            reply: None,
            ..said
        };
        let response = account.acknowledge(&said, false, &[]);
        _ = write!(
            text,
            "\nAn input of a dialogue that is not known, or is over:\n\n{}",
            block(&response)
        );
    }
    text
}

fn screens(account: &Account, said: &Said) -> String {
    let mut text = String::new();
    for (go, title, page) in PAGES {
        let screen = Screen {
            text: page,
            go,
            turn: 1,
            dialogue: 1,
            known: true,
            kept: &said.values,
        };
        _ = write!(
            text,
            "\n{title}:\n\n{}",
            block(&account.reply(said, &screen))
        );
        if let Some(call) = account.deliver(said, &screen, None) {
            _ = write!(text, "\nand then we call you:\n\n{}", outgoing(&call));
        }
    }
    text
}

/// The events besides turns that can come.
fn told(account: &Account) -> Vec<Event> {
    let routes = account
        .profile
        .receive
        .iter()
        .chain(&account.profile.reports);
    let mut events = Vec::new();
    for rule in routes.flat_map(|route| &route.rules) {
        let is_turn = matches!(
            rule.outcome,
            Event::Begin | Event::Input | Event::BeginOrInput
        );
        let refuses = matches!(rule.outcome, Event::Error | Event::Refused);
        if !is_turn && !refuses && !events.contains(&rule.outcome) {
            events.push(rule.outcome);
        }
    }
    events
}

fn what(event: Event) -> &'static str {
    match event {
        Event::Abort => "a caller who hung up",
        Event::Timeout => "the end of waiting",
        Event::SessionEnded => "the end of a dialogue",
        Event::StatusQuery => "the question whether a dialogue is alive",
        Event::Receipt => "a receipt",
        Event::Message => "an SMS that came",
        Event::Ignored => "what is nothing to us",
        Event::Begin | Event::Input | Event::BeginOrInput => "a turn",
        Event::Error => "a mistake",
        Event::Refused => "a request that is not yours",
    }
}

fn a_field(account: &Account) -> String {
    let mut routes = account
        .profile
        .receive
        .iter()
        .chain(&account.profile.reports);
    let read = routes.find_map(|route| route.reads.iter().rev().find(|read| read.required));
    read.map_or_else(|| "text".to_owned(), |read| read.written.clone())
}

/// What a body can be that is not what the first address takes.
fn malformed(account: &Account) -> Option<Refused> {
    let mut routes = account
        .profile
        .receive
        .iter()
        .chain(&account.profile.reports);
    match routes.next()?.body {
        BodyKind::Form => Some(Refused::BadEscape("body")),
        BodyKind::Json => Some(Refused::Malformed("JSON")),
        BodyKind::Xml => Some(Refused::Malformed("XML")),
        BodyKind::Rpc => Some(Refused::Malformed("XML-RPC")),
        BodyKind::Nothing | BodyKind::Text => None,
    }
}

fn of_nobody(code: &ServiceCode) -> Said {
    let values = [
        ("session", "session-1"),
        ("phone", "+255700000001"),
        ("code", code.as_str()),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Said {
        event: Event::Begin,
        reply: None,
        values: values.map(owned).to_vec(),
    }
}

fn block(response: &Response) -> String {
    let mut text = format!("```http\nHTTP/1.1 {}\n", response.status);
    for (name, value) in &response.headers {
        _ = writeln!(text, "{name}: {value}");
    }
    if !response.body.is_empty() {
        _ = write!(text, "\n{}\n", response.body);
    }
    text.push_str("```\n");
    text
}

fn outgoing(call: &Outbound) -> String {
    let address = call.addresses.first().map_or("", String::as_str);
    let mut text = format!("```http\n{} {address}\n", call.method);
    for (name, value) in &call.headers {
        _ = writeln!(text, "{name}: {value}");
    }
    _ = write!(text, "\n{}\n```\n", call.body);
    text
}
