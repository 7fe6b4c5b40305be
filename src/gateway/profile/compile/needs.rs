use crate::model::source::Span;

use super::{
    super::{Class, Event, Problem, Route, Session},
    findings::Findings,
    route::events_of,
    rules::event_word,
};

/// What the events of a profile need to be told.
pub(super) struct Needs<'p> {
    session: &'p Session,
    /// Whether inputs bring back a state of ours, which says where they stand: then a begin needs no id.
    brought_back: bool,
}

impl<'p> Needs<'p> {
    /// Of all routes of one channel.
    pub(super) fn of(session: &'p Session, routes: &[Route]) -> Self {
        Self {
            session,
            brought_back: routes.iter().any(Route::brings_back),
        }
    }

    /// Notes what an event needs and its route does not read.
    pub(super) fn check(&self, route: &Route, at: Span, findings: &mut Findings) {
        let mut lacking: Vec<(Event, String)> = Vec::new();
        for event in route.rules.iter().flat_map(events_of) {
            for name in self.lacking(route, event) {
                let need = (event, name);
                if !lacking.contains(&need) {
                    lacking.push(need);
                }
            }
        }
        for (event, name) in lacking {
            let event = event_word(event);
            findings.add(at, &Problem::EventLacksValue { event, name });
        }
    }

    /// The names that an event lacks.
    fn lacking(&self, route: &Route, event: Event) -> Vec<String> {
        let told = |name: &str| route.told(event).any(|read| read.name == name);
        let mut lacking = Vec::new();
        let mut needs = |name: &str, is_there: bool| {
            if !is_there {
                lacking.push(name.to_owned());
            }
        };
        let session = self.session;
        match event {
            Event::Begin
            | Event::Input
            | Event::Abort
            | Event::Timeout
            | Event::SessionEnded
            | Event::StatusQuery => {
                let kept = event != Event::Begin && session.keep.iter().any(|it| it == "phone");
                session.key.iter().for_each(|name| needs(name, told(name)));
                needs("phone", told("phone") || kept);
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
        match event {
            Event::Input => {
                needs("text", surely(route, event, "text"));
                needs("request", self.placed(route, event));
            }
            Event::Begin => {
                needs("request", self.placed(route, event));
                // What was dialled behind the code says nothing without the code.
                needs("code", told("code") || !told("extras"));
                session.keep.iter().for_each(|name| needs(name, told(name)));
            }
            Event::BeginOrInput
            | Event::Abort
            | Event::Timeout
            | Event::SessionEnded
            | Event::StatusQuery
            | Event::Receipt
            | Event::Message
            | Event::Ignored
            | Event::Error
            | Event::Refused => {}
        }
        lacking
    }

    /// Whether a turn says where it stands in its dialogue, or need not.
    fn placed(&self, route: &Route, event: Event) -> bool {
        let by_state = if event == Event::Begin {
            self.brought_back
        } else {
            route.brings_back()
        };
        self.session.class != Class::Identified || by_state || surely(route, event, "request")
    }
}

fn surely(route: &Route, event: Event, name: &str) -> bool {
    let mut told = route.told(event);
    told.any(|read| read.name == name && read.required)
}
