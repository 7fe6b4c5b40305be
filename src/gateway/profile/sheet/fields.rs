//! What is read, in the words of whoever sends it.

use std::fmt::Write as _;

use crate::gateway::profile::{
    Class, Event, Filter, Item, JsonStep, Read, Route, Source, XmlStep, place,
};

/// One field of a table.
struct Field {
    place: String,
    meanings: Vec<String>,
    needed: String,
}

/// The fields of a route.
pub(super) fn table(route: &Route, class: Option<Class>) -> String {
    let mut fields: Vec<Field> = Vec::new();
    let own = route
        .event_reads
        .iter()
        .map(|(event, reads)| (Some(*event), reads));
    for (event, reads) in std::iter::once((None, &route.reads)).chain(own) {
        for read in reads {
            let field = field(route, (event, read), class);
            match fields.iter_mut().find(|known| known.place == field.place) {
                Some(known) => {
                    known.meanings.extend(field.meanings);
                    if known.needed != field.needed {
                        known.needed = format!("{}; {}", known.needed, field.needed);
                    }
                }
                None => fields.push(field),
            }
        }
    }
    if fields.is_empty() {
        return String::new();
    }
    let mut text = "| field | what | needed |\n|---|---|---|\n".to_owned();
    for Field {
        place,
        meanings,
        needed,
    } in fields
    {
        _ = writeln!(text, "| {place} | {} | {needed} |", meanings.join("; "));
    }
    text
}

fn field(route: &Route, (event, read): (Option<Event>, &Read), class: Option<Class>) -> Field {
    let chains = read.value.0.iter();
    let mut places: Vec<String> = chains
        .clone()
        .map(|chain| place_in(route, &chain.source))
        .collect();
    places.dedup();
    let mapped = chains.flat_map(|chain| &chain.filters).find_map(words);
    let words = mapped.map_or_else(String::new, |words| format!(": {words}"));
    Field {
        place: places.join(", or "),
        meanings: vec![format!("{}{words}", meaning(&read.name, class))],
        needed: match (read.required, event) {
            (true, None) => "yes".to_owned(),
            (true, Some(event)) => format!("when it is `{}`", event.word()),
            (false, None) => "no".to_owned(),
            (false, Some(event)) => format!("no; read when it is `{}`", event.word()),
        },
    }
}

/// The words that a map knows.
fn words(filter: &Filter) -> Option<String> {
    let Filter::Map(map) = filter else {
        return None;
    };
    let known = map.entries.iter().map(|(from, _)| format!("`{from}`"));
    Some(known.collect::<Vec<_>>().join(", "))
}

/// What a name means; `class` is that of dialogues, `None` for SMS.
pub(super) fn meaning(name: &str, class: Option<Class>) -> String {
    let text = match class {
        Some(Class::Accumulated) => {
            "all that the caller typed since the dialogue began, joined by `*`"
        }
        Some(Class::Identified | Class::Bare) => "what the caller typed last",
        None => "the text of the message",
    };
    let meaning = match name {
        "session" => "your id of the dialogue",
        "phone" => "the caller's number, international, with or without `+`",
        "code" => "the service code that was dialled",
        "text" => text,
        "request" => "the id or counter of this request, another for each",
        "dialed" => "all that was dialled, the code included",
        "extras" => "what was dialled behind the code",
        "outcome" => "how the dialogue ended",
        "message_id" => "your id of the message",
        "own_id" => "our id of the message",
        "state" => "how far the message is",
        "raw_status" => "your own word, kept as it comes",
        "error_code" => "why it failed",
        "from" => "who sent the message",
        "to" => "to which number",
        "received_at" => "when it came",
        own => return format!("kept as `{own}`"),
    };
    meaning.to_owned()
}

/// What an event is.
pub(super) fn event(event: Event) -> &'static str {
    match event {
        Event::Begin => "a dialogue begins",
        Event::Input => "the caller typed something",
        Event::BeginOrInput => {
            "a dialogue begins, or the caller typed something: we know the session or not"
        }
        Event::Abort => "the caller hung up",
        Event::Timeout => "you, or the network, gave up waiting",
        Event::SessionEnded => "the dialogue is over",
        Event::StatusQuery => "you ask whether the dialogue is alive",
        Event::Receipt => "how far a message is",
        Event::Message => "an SMS came",
        Event::Ignored => "nothing to us",
        Event::Error => "a mistake",
        Event::Refused => "not from you",
    }
}

fn place_in(route: &Route, source: &Source) -> String {
    match (source, &route.item) {
        (
            Source::ItemJson(steps),
            Some(Item {
                at: Source::Json(at),
                each,
            }),
        ) => {
            let items = if *each {
                ", in each item of the list"
            } else {
                ""
            };
            let whole: Vec<JsonStep> = at
                .iter()
                .chain(steps.iter().filter(|_| !each))
                .cloned()
                .collect();
            if *each {
                let below = place::json_written(steps);
                format!(
                    "JSON `{}`{items} `{}`",
                    below.trim_start_matches("json."),
                    place::json_written(at)
                )
            } else {
                place(&Source::Json(whole))
            }
        }
        (
            Source::ItemXml(steps),
            Some(Item {
                at: Source::Xml(at),
                ..
            }),
        ) => {
            let whole: Vec<XmlStep> = at.iter().chain(steps).cloned().collect();
            place(&Source::Xml(whole))
        }
        (source, _) => place(source),
    }
}

/// Where something stands.
pub(super) fn place(source: &Source) -> String {
    if let Source::Query(name) = source {
        format!("`{name}` in the query")
    } else if let Source::Form(name) = source {
        format!("`{name}` in the form")
    } else if let Source::Param(name) = source {
        format!("`{name}` in the form or the query")
    } else if let Source::Header(name) = source {
        format!("header `{name}`")
    } else if let Source::Path(name) = source {
        format!("`{{{name}}}` in the address")
    } else if let Source::Json(steps) | Source::ItemJson(steps) = source {
        let written = place::json_written(steps);
        format!("JSON `{}`", written.trim_start_matches("json."))
    } else if let Source::Xml(steps) | Source::ItemXml(steps) = source {
        let written = place::xml_written(steps);
        format!("XML `{}`", written.trim_start_matches("xml."))
    } else if let Source::Rpc(number, steps) = source {
        let written = place::json_written(steps);
        format!(
            "parameter {}, `{}`",
            number + 1,
            written.trim_start_matches("json").trim_start_matches('.')
        )
    } else if *source == Source::RpcMethod {
        "the method".to_owned()
    } else if *source == Source::Body {
        "the body".to_owned()
    } else {
        "made of the others".to_owned()
    }
}
