//! Reads profiles: files in, [`Profile`]s or reports out.
//!
//! Every mistake of every file is reported in one run, so a reader here notes a mistake and goes on
//! with the next part; a profile comes out only where there was none.

pub(in crate::gateway) mod entries;
mod field;
pub(in crate::gateway) mod findings;
pub(in crate::gateway) mod folder;
mod maps;
mod preset;
mod receive;
mod reply;
mod rules;

use std::time::Duration;

use crate::model::{
    PageSize,
    source::{Report, Source, yaml::Node},
};

use super::{
    Profile, Proof,
    compiled::{Class, Name, TextRules},
};
use entries::Entries;
use findings::Findings;
use folder::{Role, role};
use maps::Maps;
pub(in crate::gateway) use preset::read as read_yaml;

/// What came of a folder of profiles.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The profiles without a mistake.
    pub profiles: Vec<Profile>,
    /// Every mistake of the others.
    pub reports: Vec<Report>,
}

const KEYS: &[&str] = &[
    "extends", "proof", "session", "deadline", "page", "text", "receive", "reply", "maps",
];

impl Profile {
    /// Compiles every profile among `sources`, the files of a folder such as `gateways/`: its
    /// `NAME.yaml`, its `presets/NAME.yaml`, and the recorded requests in `NAME/`, which are left
    /// to [`recorded`](crate::gateway::recorded).
    pub fn compile(sources: &[Source]) -> Compiled {
        let mut findings = Findings::default();
        let mut profiles = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            if let Role::Profile(name) = role(source, sources) {
                let before = findings.count();
                let profile = profile(name, index, sources, &mut findings);
                profiles.extend(profile.filter(|_| findings.count() == before));
            }
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
    let own = preset::read(text, index, findings)?;
    let node = preset::extended(own, sources, findings)?;
    let entries = Entries::read(&node, "a profile", KEYS, findings)?;
    let proof = entries.required("proof", findings);
    let proof = proof.and_then(|node| read_proof(node, findings));
    let session = entries.required("session", findings);
    let session = session.map(|node| read_session(node, findings));
    let session = session.unwrap_or_default();
    let maps = Maps::read(entries.get("maps"), findings);
    let receive = entries.required("receive", findings);
    let routes = receive.map(|node| receive::routes(node, session, &maps, findings));
    let routes = routes.unwrap_or_default();
    let reply = entries.required("reply", findings);
    let answers = reply.and_then(|node| reply::read(node, &routes, &maps, findings));
    let deadline = read_deadline(entries.get("deadline"), findings);
    let page = read_page(entries.get("page"), findings);
    let text = read_text_rules(entries.get("text"), findings);
    let answers = answers?;
    Some(Profile {
        name: name.to_owned(),
        proof: proof?,
        class: session.class?,
        remembers_phone: session.remembers_phone,
        deadline: deadline?,
        page: page?,
        text: text?,
        routes,
        screen: answers.screen?,
        ended: answers.ended?,
        error: answers.error?,
    })
}

fn read_proof(node: &Node, findings: &mut Findings) -> Option<Proof> {
    let keys = ["live", "recorded", "documented", "unsure"];
    let entries = Entries::read(node, "`proof`", &keys, findings)?;
    let mut words = |key| {
        let items = entries
            .get(key)
            .and_then(|node| entries::list(node, findings));
        let texts = items.unwrap_or_default().iter();
        texts
            .filter_map(|item| entries::text(item, findings).map(str::to_owned))
            .collect()
    };
    Some(Proof {
        live: words("live"),
        recorded: words("recorded"),
        documented: words("documented"),
        unsure: words("unsure"),
    })
}

/// What `session:` says.
#[derive(Clone, Copy, Debug, Default)]
struct Session {
    /// `None` where it is not said, or wrongly.
    class: Option<Class>,
    remembers_phone: bool,
}

fn read_session(node: &Node, findings: &mut Findings) -> Session {
    let keys = ["class", "remembers"];
    let Some(entries) = Entries::read(node, "`session`", &keys, findings) else {
        return Session::default();
    };
    let class = entries.required("class", findings);
    Session {
        class: class.and_then(|node| read_class(node, findings)),
        remembers_phone: entries
            .get("remembers")
            .is_some_and(|node| read_remembered(node, findings)),
    }
}

/// Whether the list of what a begin tells for its whole session names the phone: it is the one value
/// that can stand there so far.
fn read_remembered(node: &Node, findings: &mut Findings) -> bool {
    let items = entries::list(node, findings).unwrap_or_default();
    let words = [Name::Phone.word()];
    let known = items
        .iter()
        .filter_map(|item| entries::word(item, "remembered value", &words, findings));
    known.count() > 0
}

fn read_class(node: &Node, findings: &mut Findings) -> Option<Class> {
    let words = ["accumulated", "identified", "bare"];
    match entries::word(node, "class", &words, findings)? {
        "accumulated" => Some(Class::Accumulated),
        "identified" => Some(Class::Identified),
        _ => Some(Class::Bare),
    }
}

/// In milliseconds; 4 s where the profile does not say.
fn read_deadline(node: Option<&Node>, findings: &mut Findings) -> Option<Duration> {
    let milliseconds = match node {
        Some(node) => entries::number(node, 500, 60_000, findings)?,
        None => 4_000,
    };
    Some(Duration::from_millis(milliseconds.into()))
}

/// What the strictest of the gateways that say so take, where the profile does not say.
fn read_page(node: Option<&Node>, findings: &mut Findings) -> Option<PageSize> {
    let entries = match node {
        Some(node) => Some(Entries::read(node, "`page`", &["gsm7", "ucs2"], findings)?),
        None => None,
    };
    let mut size = |key, usual| match entries.as_ref().and_then(|entries| entries.get(key)) {
        Some(node) => entries::number(node, 40, 1_000, findings),
        None => Some(usual),
    };
    let (gsm7, ucs2) = (size("gsm7", 160)?, size("ucs2", 70)?);
    Some(PageSize {
        gsm7: usize::try_from(gsm7).ok()?,
        ucs2: usize::try_from(ucs2).ok()?,
    })
}

fn read_text_rules(node: Option<&Node>, findings: &mut Findings) -> Option<TextRules> {
    let Some(node) = node else {
        return Some(TextRules::default());
    };
    let entries = Entries::read(node, "`text`", &["newline", "ban"], findings)?;
    let newline = match entries.get("newline") {
        Some(node) => entries::word(node, "newline", &["lf", "cr"], findings)?,
        None => "lf",
    };
    let banned = match entries.get("ban") {
        Some(node) => entries::text(node, findings)?,
        None => "",
    };
    Some(TextRules {
        carriage_return: newline == "cr",
        banned: banned.chars().collect(),
    })
}
