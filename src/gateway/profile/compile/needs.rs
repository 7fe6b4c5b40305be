use crate::model::source::yaml::Node;

use super::{
    super::{Class, Event, Problem, Route, Session},
    findings::Findings,
    route::events_of,
    rules::event_word,
};

/// Notes what an event needs and its route does not read.
pub(super) fn check(route: &Route, session: &Session, at: &Node, findings: &mut Findings) {
    let mut lacking: Vec<(Event, String)> = Vec::new();
    for event in route.rules.iter().flat_map(events_of) {
        let told = |name: &str| route.told(event).any(|read| read.name == name);
        let surely = |name: &str| {
            route
                .told(event)
                .any(|read| read.name == name && read.required)
        };
        let kept = |name: &str| event != Event::Begin && session.keep.iter().any(|it| it == name);
        let mut needs = |name: &str, is_there: bool| {
            let need = (event, name.to_owned());
            if !is_there && !lacking.contains(&need) {
                lacking.push(need);
            }
        };
        match event {
            Event::Begin
            | Event::Input
            | Event::Abort
            | Event::Timeout
            | Event::SessionEnded
            | Event::StatusQuery => {
                session.key.iter().for_each(|name| needs(name, told(name)));
                needs("phone", told("phone") || kept("phone"));
            }
            Event::Receipt => {
                needs("state", told("state"));
                needs(
                    "message_id` or `own_id",
                    told("message_id") || told("own_id"),
                );
            }
            Event::Message => ["from", "to", "text"]
                .iter()
                .for_each(|name| needs(name, told(name))),
            Event::BeginOrInput | Event::Ignored | Event::Error | Event::Refused => {}
        }
        if event == Event::Input {
            needs("text", surely("text"));
        }
        let is_turn = matches!(event, Event::Begin | Event::Input);
        if is_turn && session.class == Class::Identified {
            needs("request", surely("request"));
        }
        if event == Event::Begin {
            // What was dialled behind the code says nothing without the code.
            needs("code", told("code") || !told("extras"));
            session.keep.iter().for_each(|name| needs(name, told(name)));
        }
    }
    for (event, name) in lacking {
        let event = event_word(event);
        findings.add(at.span, &Problem::EventLacksValue { event, name });
    }
}
