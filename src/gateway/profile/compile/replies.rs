use crate::model::source::{Span, nearest, yaml::Node};

use super::{
    super::{Answer, Event, Lost, Problem, Replies, Route, Session},
    book::Book,
    entries::{self, Entries},
    findings::Findings,
    route::events_of,
    rules::event_word,
    scope::{self, Scope},
    trees::{self, BODIES, Bodied, Side},
};

/// What an answer answers, and so what is known in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    Screens,
    Events,
    Mistakes,
}

const NAMES: &[(&str, Answers)] = &[
    ("continue", Answers::Screens),
    ("end", Answers::Screens),
    ("screen", Answers::Screens),
    ("acknowledged", Answers::Events),
    ("abort", Answers::Events),
    ("timeout", Answers::Events),
    ("session_ended", Answers::Events),
    ("ignored", Answers::Events),
    ("status_query", Answers::Events),
    ("receipt", Answers::Events),
    ("message", Answers::Events),
    ("unknown", Answers::Events),
    ("other", Answers::Events),
    ("lost", Answers::Mistakes),
    ("missing", Answers::Mistakes),
    ("malformed", Answers::Mistakes),
    ("refused", Answers::Mistakes),
    ("error", Answers::Mistakes),
];

/// A use of an answer: what it answers, and the names that are told then.
struct Use {
    answer: String,
    what: Answers,
    names: Vec<String>,
}

/// Reads `reply:` against what can come.
pub(super) struct Replying<'p> {
    pub book: &'p Book,
    pub session: &'p Session,
    pub receive: &'p [Route],
    pub reports: &'p [Route],
    /// Screens go out by a call of ours.
    pub later: bool,
    /// Where `reply` would stand.
    pub profile: Span,
    /// The profile's own file: what a preset brings may be of no use to it.
    pub source: usize,
}

impl Replying<'_> {
    /// The answers.
    pub(super) fn read(&self, node: Option<&Node>, findings: &mut Findings) -> Replies {
        let entries = node.and_then(|node| Entries::any(node, "`reply`", findings));
        let span = node.map_or(self.profile, |node| node.span);
        let known: Vec<&str> = entries
            .iter()
            .flat_map(Entries::iter)
            .map(|(_, name, _)| name)
            .collect();
        let uses = self.uses(&known, span, findings);
        let mut answers = Vec::new();
        for (key, name, node) in entries.iter().flat_map(Entries::iter) {
            if !self.chosen(key, name, &uses, findings) {
                continue;
            }
            let scope = self.scope(name, &uses);
            let usual = if kind(name, &uses) == Answers::Mistakes {
                400
            } else {
                200
            };
            let usual = if name == "refused" { 403 } else { usual };
            if let Some(answer) = answer(node, usual, &scope, findings) {
                answers.push((name.to_owned(), answer));
            }
        }
        Replies(answers)
    }

    /// Whether an answer is of the language or chosen by a rule; notes one of the author's own that is not.
    fn chosen(&self, key: &Node, name: &str, uses: &[Use], findings: &mut Findings) -> bool {
        let standard = NAMES.iter().map(|(known, _)| *known);
        let is_used = uses.iter().any(|used| used.answer == name);
        let is_known = is_used || standard.clone().any(|known| known == name);
        if !is_known && key.span.source == self.source {
            let nearest = nearest(name, standard).map(str::to_owned);
            let name = name.to_owned();
            findings.add(key.span, &Problem::AnswerUnused { name, nearest });
        }
        is_known
    }

    fn scope(&self, name: &str, uses: &[Use]) -> Scope<'_> {
        let mut names: Option<Vec<String>> = None;
        for used in uses.iter().filter(|used| used.answer == name) {
            names = Some(match names {
                Some(names) => names
                    .into_iter()
                    .filter(|it| used.names.contains(it))
                    .collect(),
                None => used.names.clone(),
            });
        }
        let words = match kind(name, uses) {
            Answers::Screens => scope::SCREEN,
            Answers::Events => scope::EVENT,
            Answers::Mistakes => scope::REFUSAL,
        };
        let scope = Scope::new(self.book).words(words).kept(&self.session.keep);
        scope.names(names.unwrap_or_else(|| self.all_names()))
    }

    /// Every name that any request tells.
    fn all_names(&self) -> Vec<String> {
        let routes = self.receive.iter().chain(self.reports);
        let reads = routes.flat_map(|route| {
            let own = route.event_reads.iter().flat_map(|(_, reads)| reads);
            route.reads.iter().chain(own)
        });
        let mut names: Vec<_> = reads.map(|read| read.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Which answers the events that can come get; those that have none are noted.
    fn uses(&self, known: &[&str], at: Span, findings: &mut Findings) -> Vec<Use> {
        let mut uses = Vec::new();
        for name in ["error", "missing", "malformed", "refused"] {
            uses.push(Use {
                answer: name.to_owned(),
                what: Answers::Mistakes,
                names: self.all_names(),
            });
        }
        for route in self.receive.iter().chain(self.reports) {
            for rule in &route.rules {
                for event in events_of(rule) {
                    let names: Vec<_> = route.told(event).map(|read| read.name.clone()).collect();
                    let chosen = match &rule.reply {
                        Some(chosen) => vec![(chosen.clone(), kind_of(event))],
                        None => self.answers(event, known),
                    };
                    for (answer, what) in chosen {
                        if !known.contains(&answer.as_str())
                            && must_be(&answer, rule.reply.as_ref())
                        {
                            let event = event_word(event);
                            let problem = Problem::AnswerUndefined { event, answer };
                            let rule = findings.whole_line(rule.source, rule.line);
                            findings.add(rule.unwrap_or(at), &problem);
                        } else {
                            let names = names.clone();
                            uses.push(Use {
                                answer,
                                what,
                                names,
                            });
                        }
                    }
                }
            }
        }
        uses
    }

    fn answers(&self, event: Event, known: &[&str]) -> Vec<(String, Answers)> {
        let first = |names: &[&'static str]| {
            let found = names.iter().find(|name| known.contains(name));
            let name = found.or(names.last()).copied().unwrap_or_default();
            (name.to_owned(), kind_of(event))
        };
        match event {
            Event::Begin | Event::Input | Event::BeginOrInput => {
                let mut answers = Vec::new();
                if self.later {
                    answers.push(("acknowledged".to_owned(), Answers::Events));
                } else {
                    answers.push(first(&["continue", "screen"]));
                    answers.push(first(&["end", "screen"]));
                }
                if event == Event::Input && self.session.lost == Lost::Refuse {
                    let (name, _) = first(&["lost", "error"]);
                    answers.push((name, Answers::Mistakes));
                }
                answers
            }
            Event::StatusQuery => vec![
                first(&["status_query"]),
                first(&["unknown", "status_query"]),
            ],
            Event::Abort | Event::Timeout | Event::SessionEnded => {
                let own = event_word(event);
                vec![first(&[own, "other"]), first(&["unknown", own, "other"])]
            }
            Event::Receipt | Event::Message | Event::Ignored => {
                vec![first(&[event_word(event), "other"])]
            }
            Event::Error => vec![first(&["error"])],
            Event::Refused => vec![first(&["refused"])],
        }
    }
}

/// Whether an answer has nothing that stands for it where it is left out.
fn must_be(answer: &str, chosen: Option<&String>) -> bool {
    chosen.is_some() || matches!(answer, "screen" | "status_query")
}

fn kind_of(event: Event) -> Answers {
    match event {
        Event::Begin | Event::Input | Event::BeginOrInput => Answers::Screens,
        Event::Abort
        | Event::Timeout
        | Event::SessionEnded
        | Event::StatusQuery
        | Event::Receipt
        | Event::Message
        | Event::Ignored => Answers::Events,
        Event::Error | Event::Refused => Answers::Mistakes,
    }
}

/// What an answer answers: a name of the language says it, another takes what all its uses have.
fn kind(name: &str, uses: &[Use]) -> Answers {
    if let Some((_, what)) = NAMES.iter().find(|(known, _)| *known == name) {
        return *what;
    }
    let own = uses.iter().filter(|used| used.answer == name);
    let mut kinds = own.map(|used| used.what);
    let first = kinds.next().unwrap_or(Answers::Events);
    if kinds.all(|other| other == first) {
        first
    } else {
        Answers::Events
    }
}

fn answer(node: &Node, usual: u16, scope: &Scope<'_>, findings: &mut Findings) -> Option<Answer> {
    let mut keys = vec!["status", "type", "charset", "headers"];
    keys.extend(BODIES);
    let entries = Entries::read(node, "an answer", &keys, findings)?;
    let status = match entries.get("status") {
        Some(node) => {
            entries::number(node, 200, 599, findings).and_then(|status| u16::try_from(status).ok())
        }
        None => Some(usual),
    };
    let headers = match entries.get("headers") {
        Some(node) => trees::headers(node, scope, findings),
        None => Some(Vec::new()),
    };
    let body = trees::body(&entries, node, Side::Answer, scope, findings);
    let Bodied {
        body,
        media_type,
        charset,
    } = body?;
    Some(Answer {
        status: status?,
        headers: headers?,
        media_type,
        charset,
        body,
        line: findings.line(node.span),
    })
}
