use crate::model::source::yaml::{Kind, Node};

use super::{
    super::{
        Problem,
        compiled::{Answer, Body, Event, Go, Map, Name, Piece, Route, Slot, Template, Tree},
    },
    entries::{self, Entries},
    field::split,
    findings::Findings,
    maps::{Maps, typed},
};

/// The three kinds of response.
pub(super) struct Answers {
    pub screen: Option<Answer>,
    pub ended: Option<Answer>,
    pub error: Option<Answer>,
}

/// Reads `reply:`.
pub(super) fn read(
    node: &Node,
    routes: &[Route],
    maps: &Maps,
    findings: &mut Findings,
) -> Option<Answers> {
    let keys = ["screen", "ended", "error"];
    let entries = Entries::read(node, "`reply`", &keys, findings)?;
    let said = |events: &[Event]| said_by(routes, events).into_iter().map(Slot::Said);
    let in_screen: Vec<Slot> = [Slot::Screen, Slot::Go]
        .into_iter()
        .chain(said(&[Event::Begin, Event::Input]))
        .collect();
    let in_ended: Vec<Slot> = said(&[Event::Abort, Event::SessionEnded]).collect();
    let screen = entries.required("screen", findings);
    let error = entries.required("error", findings);
    let mut answer = |node: Option<&Node>, status, slots: &[Slot]| {
        let mut reading = Reading {
            slots,
            maps,
            findings: &mut *findings,
        };
        node.and_then(|node| reading.answer(node, status))
    };
    Some(Answers {
        screen: answer(screen, 200, &in_screen),
        error: answer(error, 400, &[Slot::Error]),
        ended: match entries.get("ended") {
            None => Some(nothing()),
            node => answer(node, 200, &in_ended),
        },
    })
}

/// The answer to news that need none.
fn nothing() -> Answer {
    Answer {
        status: 200,
        media_type: PLAIN.to_owned(),
        body: Body::Text(Template::default()),
    }
}

/// What every request that can be one of these events may have told.
fn said_by(routes: &[Route], events: &[Event]) -> Vec<Name> {
    let mut giving = routes
        .iter()
        .filter(|route| route.events().any(|event| events.contains(&event)))
        .map(|route| route.reads.iter().map(|read| read.name).collect::<Vec<_>>());
    let mut names = giving.next().unwrap_or_default();
    for other in giving {
        names.retain(|name| other.contains(name));
    }
    names
}

const PLAIN: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";

struct Reading<'r> {
    slots: &'r [Slot],
    maps: &'r Maps,
    findings: &'r mut Findings,
}

impl Reading<'_> {
    fn answer(&mut self, node: &Node, status: u16) -> Option<Answer> {
        let keys = ["status", "type", "text", "json"];
        let entries = Entries::read(node, "a reply", &keys, self.findings)?;
        let status = match entries.get("status") {
            Some(node) => entries::number(node, 200, 599, self.findings)
                .and_then(|status| u16::try_from(status).ok()),
            None => Some(status),
        };
        let (body, usual_type) = match (entries.get("text"), entries.get("json")) {
            (Some(text), None) => (self.template(text).map(Body::Text), PLAIN),
            (None, Some(json)) => (self.tree(json).map(Body::Json), JSON),
            (Some(_), Some(_)) | (None, None) => {
                self.findings.add(node.span, &Problem::BodyNotOne);
                return None;
            }
        };
        let media_type = match entries.get("type") {
            Some(node) => self.media_type(node),
            None => Some(usual_type.to_owned()),
        };
        Some(Answer {
            status: status?,
            media_type: media_type?,
            body: body?,
        })
    }

    fn media_type(&mut self, node: &Node) -> Option<String> {
        let text = entries::text(node, self.findings)?;
        let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if is_printable && text.contains('/') {
            return Some(text.to_owned());
        }
        let written = text.to_owned();
        self.findings
            .add(node.span, &Problem::NotAMediaType { written });
        None
    }

    fn tree(&mut self, node: &Node) -> Option<Tree> {
        match &node.kind {
            Kind::Scalar { text, plain } if *plain && !text.contains('{') => {
                typed(node, self.findings).map(Tree::Fixed)
            }
            Kind::Scalar { .. } => self.template(node).map(Tree::Filled),
            Kind::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.tree(item)).collect();
                items.into_iter().collect::<Option<_>>().map(Tree::List)
            }
            Kind::Map(_) => {
                let entries = Entries::any(node, "a JSON map", self.findings)?;
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(_, key, value)| Some((key.to_owned(), self.tree(value)?)))
                    .collect();
                entries.into_iter().collect::<Option<_>>().map(Tree::Map)
            }
        }
    }

    fn template(&mut self, node: &Node) -> Option<Template> {
        let text = entries::text(node, self.findings)?;
        let Some(parts) = parts(text) else {
            self.findings.add(node.span, &Problem::LooseBrace);
            return None;
        };
        let pieces: Vec<_> = parts
            .into_iter()
            .map(|part| match part {
                Part::Literal(text) => Some(Piece::Literal(text)),
                Part::Placeholder(written) => self.piece(&written, node),
            })
            .collect();
        pieces.into_iter().collect::<Option<_>>().map(Template)
    }

    fn piece(&mut self, written: &str, node: &Node) -> Option<Piece> {
        let (word, map_name) = split(written);
        let slot = self.slots.iter().find(|slot| slot.word() == word).copied();
        if slot.is_none() {
            let problem = Problem::UnknownPlaceholder {
                written: written.to_owned(),
                words: self.words(),
            };
            self.findings.add(node.span, &problem);
        }
        let map = match map_name {
            Some(name) => Some((name, self.maps.get(name, node, self.findings)?)),
            None => None,
        };
        if let (Some(Slot::Go), Some((name, map))) = (slot, map) {
            self.knows_both(name, map, node);
        }
        let map = map.map(|(_, map)| map.clone());
        slot.map(|slot| Piece::Slot { slot, map })
    }

    fn knows_both(&mut self, name: &str, map: &Map, node: &Node) {
        for word in Go::WORDS {
            if map.get(word).is_none() {
                let map = name.to_owned();
                self.findings
                    .add(node.span, &Problem::MapLacksWord { map, word });
            }
        }
    }

    fn words(&self) -> String {
        let words: Vec<_> = self.slots.iter().map(|slot| slot.word()).collect();
        words.join(", ")
    }
}

impl Slot {
    fn word(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Go => "go",
            Self::Error => "error",
            Self::Said(name) => name.word(),
        }
    }
}

enum Part {
    Literal(String),
    Placeholder(String),
}

/// A text cut at its placeholders; `None` where a brace is loose.
fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let doubled = rest.as_str().starts_with(character);
        match character {
            '{' | '}' if doubled => literal.extend(rest.next()),
            '}' => return None,
            '{' => {
                let (written, after) = rest.as_str().split_once('}')?;
                parts.push(Part::Literal(std::mem::take(&mut literal)));
                parts.push(Part::Placeholder(written.to_owned()));
                rest = after.chars();
            }
            other => literal.push(other),
        }
    }
    parts.push(Part::Literal(literal));
    parts.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
    Some(parts)
}
