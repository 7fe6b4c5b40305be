use crate::model::source::{Report, Source, yaml::Node};

use super::{
    super::{Channel, Event, Profile, Route},
    book::Book,
    caller,
    calls::{self, Calling},
    entries::{self, Entries},
    findings::Findings,
    folder::{Role, role},
    preset,
    replies::Replying,
    route::{Routes, events_of, named_parts},
    scope::{Scope, Told},
    session, settings, unused, values,
};

/// What came of a folder of profiles.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The profiles without a mistake.
    pub profiles: Vec<Profile>,
    /// Every mistake of the others.
    pub reports: Vec<Report>,
}

/// Every key of a profile.
pub(super) const KEYS: &[&str] = &[
    "extends",
    "proof",
    "settings",
    "caller",
    "country",
    "deadline",
    "idle",
    "retries",
    "session",
    "screen",
    "receive",
    "reports",
    "reply",
    "later",
    "send",
    "poll",
    "maps",
    "dates",
    "patterns",
    "signatures",
    "namespaces",
];

impl Profile {
    /// Compiles every profile among `sources`, the files of a folder such as `gateways/`: its
    /// `NAME.yaml` and its `presets/NAME.yaml`. The vectors in `NAME/` are left to whoever plays them.
    pub fn compile(sources: &[Source]) -> Compiled {
        let mut findings = Findings::of(sources);
        let mut profiles = Vec::new();
        let mut extended = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            if let Role::Profile(name) = role(source, sources) {
                let before = findings.count();
                extended.extend(preset::named(&source.text, index));
                let profile = profile(name, index, sources, &mut findings);
                profiles.extend(profile.filter(|_| findings.count() == before));
            }
        }
        if !profiles.is_empty() {
            unused::presets(sources, &extended, &mut findings);
        }
        Compiled {
            profiles,
            reports: findings.into_reports(),
        }
    }
}

fn profile(
    name: &str,
    index: usize,
    sources: &[Source],
    findings: &mut Findings,
) -> Option<Profile> {
    let text = sources.get(index).map_or("", |source| &source.text);
    let before = findings.count();
    let own = preset::read(text, index, findings)?;
    let declared = unused::declared(&own);
    let node = preset::extended(own, sources, findings)?;
    let entries = Entries::read(&node, "a profile", KEYS, findings)?;
    let kinds = settings::kinds(entries.get("settings"), findings);
    let book = Book::read(&entries, kinds, findings);
    let settings = settings::read(entries.get("settings"), &book, findings);
    let proof = entries.required("proof", findings);
    let proof = proof.and_then(|node| session::proof(node, &book, findings));
    let country = entries
        .get("country")
        .map(|node| values::template(node, &Scope::new(&book), findings));
    let deadline = session::deadline(entries.get("deadline"), findings);
    let idle = session::idle(entries.get("idle"), findings);
    let retries = entries
        .get("retries")
        .map(|node| entries::number(node, 0, 100, findings));
    let screen = session::screen(entries.get("screen"), findings);
    let mut parts = Parts {
        entries: &entries,
        node: &node,
        source: index,
        book: &book,
        findings,
    };
    let dialogue = parts.dialogue();
    let caller = parts.caller(&dialogue);
    let replies = parts.replies(&dialogue);
    let later = parts.later(&dialogue);
    let send = parts.send();
    let poll = parts.poll();
    parts.of_use();
    if findings.count() == before {
        unused::check(declared, &node, findings);
    }
    Some(Profile {
        name: name.to_owned(),
        proof: proof?,
        settings,
        caller,
        session: dialogue.session,
        screen: screen?,
        country: country.flatten(),
        deadline: deadline?,
        idle,
        retries: retries.flatten(),
        receive: dialogue.receive,
        reports: dialogue.reports,
        replies,
        later,
        send,
        poll,
    })
}

/// The parts that need one another.
struct Parts<'p, 'f> {
    entries: &'p Entries<'p>,
    node: &'p Node,
    source: usize,
    book: &'p Book,
    findings: &'f mut Findings,
}

/// What comes to us.
struct Dialogue {
    session: super::super::Session,
    receive: Vec<Route>,
    reports: Vec<Route>,
}

impl Parts<'_, '_> {
    fn dialogue(&mut self) -> Dialogue {
        let receive = self.entries.get("receive");
        let node = match receive {
            Some(_) => self.entries.required("session", self.findings),
            None => self.entries.get("session"),
        };
        let session = match node {
            Some(node) => session::session(node, self.book, self.findings),
            None => session::no_session(),
        };
        let mut routes = |channel, node: Option<&Node>| {
            let routes = Routes {
                channel,
                book: self.book,
                session: &session,
            };
            node.map_or_else(Vec::new, |node| routes.read(node, self.findings))
        };
        let receive = routes(Channel::Ussd, receive);
        let reports = routes(Channel::Sms, self.entries.get("reports"));
        Dialogue {
            session,
            receive,
            reports,
        }
    }

    fn caller(&mut self, dialogue: &Dialogue) -> super::super::CallerProof {
        let Some(node) = self.entries.get("caller") else {
            return super::super::CallerProof::default();
        };
        let mut scope = Scope::new(self.book).told(Told::Request);
        let routes = dialogue.receive.iter().chain(&dialogue.reports);
        scope.path = routes.flat_map(|route| named_parts(&route.path)).collect();
        caller::read(node, &scope, self.findings)
    }

    fn replies(&mut self, dialogue: &Dialogue) -> super::super::Replies {
        let replying = Replying {
            book: self.book,
            session: &dialogue.session,
            receive: &dialogue.receive,
            reports: &dialogue.reports,
            later: self.entries.get("later").is_some(),
            profile: self.node.span,
            source: self.source,
        };
        replying.read(self.entries.get("reply"), self.findings)
    }

    fn later(&mut self, dialogue: &Dialogue) -> Option<super::super::Exchange> {
        let node = self.entries.get("later")?;
        let scope = Scope::new(self.book).words(calls::words(Calling::Screen));
        let scope = scope
            .kept(&dialogue.session.keep)
            .names(told_by_turns(&dialogue.receive));
        calls::exchange(node, Calling::Screen, &scope, self.findings)
    }

    fn send(&mut self) -> Vec<super::super::Exchange> {
        let Some(node) = self.entries.get("send") else {
            return Vec::new();
        };
        let scope = Scope::new(self.book).words(calls::words(Calling::Message));
        calls::send(node, &scope, self.findings)
    }

    fn poll(&mut self) -> Option<super::super::Exchange> {
        let node = self.entries.get("poll")?;
        let scope = Scope::new(self.book).words(calls::words(Calling::Poll));
        calls::exchange(node, Calling::Poll, &scope, self.findings)
    }

    /// A profile that neither hears nor sends is no use.
    fn of_use(&mut self) {
        let does = ["receive", "reports", "send"];
        if does.iter().all(|key| self.entries.get(key).is_none()) {
            _ = self.entries.required("receive", self.findings);
        }
    }
}

/// The names that every turn tells.
fn told_by_turns(routes: &[Route]) -> Vec<String> {
    let mut names: Option<Vec<String>> = None;
    for route in routes {
        for event in route.rules.iter().flat_map(events_of) {
            if !matches!(event, Event::Begin | Event::Input) {
                continue;
            }
            let told: Vec<_> = route.told(event).map(|read| read.name.clone()).collect();
            names = Some(match names {
                Some(names) => names
                    .into_iter()
                    .filter(|name| told.contains(name))
                    .collect(),
                None => told,
            });
        }
    }
    names.unwrap_or_default()
}
