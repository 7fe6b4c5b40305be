use std::time::Duration;

use crate::model::{PageSize, source::yaml::Node};

use super::{
    super::{Class, FirstText, Lost, Newline, Problem, Proof, ScreenRules, Session},
    entries::{self, Entries, text, word},
    findings::Findings,
    settings::is_name,
};

/// Reads `proof:`.
pub(super) fn proof(node: &Node, findings: &mut Findings) -> Option<Proof> {
    let keys = ["live", "recorded", "documented", "from_code", "unsure"];
    let entries = Entries::read(node, "`proof`", &keys, findings)?;
    let mut words = |key| texts(entries.get(key), findings);
    Some(Proof {
        live: words("live"),
        recorded: words("recorded"),
        documented: words("documented"),
        from_code: words("from_code"),
        unsure: words("unsure"),
    })
}

fn texts(node: Option<&Node>, findings: &mut Findings) -> Vec<String> {
    let items = node.and_then(|node| entries::list(node, findings));
    let texts = items.unwrap_or_default().iter();
    texts
        .filter_map(|item| text(item, findings).map(str::to_owned))
        .collect()
}

/// What a profile for SMS alone has in place of `session`.
pub(super) fn no_session() -> Session {
    Session {
        class: Class::Bare,
        key: vec!["session".to_owned()],
        keep: Vec::new(),
        lost: Lost::Begin,
        first: FirstText::Lost,
    }
}

/// Reads `session:`; a mistake in it leaves what is usual, so that the rest can be read.
pub(super) fn session(node: &Node, findings: &mut Findings) -> Session {
    let mut session = no_session();
    let keys = ["class", "key", "keep", "lost", "first"];
    let Some(entries) = Entries::read(node, "`session`", &keys, findings) else {
        return session;
    };
    if let Some(node) = entries.required("class", findings) {
        let words = ["accumulated", "identified", "bare"];
        session.class = match word(node, "class", &words, findings) {
            Some("accumulated") => Class::Accumulated,
            Some("identified") => Class::Identified,
            _ => Class::Bare,
        };
    }
    if let Some(node) = entries.get("key") {
        session.key = names(node, findings);
        if session.key.is_empty() {
            let (expected, found) = ("a list of names", "an empty list");
            findings.add(node.span, &Problem::WrongType { expected, found });
        }
    }
    if let Some(node) = entries.get("keep") {
        session.keep = names(node, findings);
    }
    if let Some(node) = entries.get("lost") {
        let refuses =
            word(node, "word for `lost`", &["begin", "refuse"], findings) == Some("refuse");
        session.lost = if refuses { Lost::Refuse } else { Lost::Begin };
    }
    if let Some(node) = entries.get("first") {
        let first = word(node, "word for `first`", &["lost", "dialled"], findings);
        if first == Some("dialled") {
            session.first = FirstText::Dialled;
        }
    }
    session
}

fn names(node: &Node, findings: &mut Findings) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in entries::list(node, findings).unwrap_or_default() {
        let Some(name) = text(item, findings).map(str::to_owned) else {
            continue;
        };
        if names.contains(&name) {
            findings.add(item.span, &Problem::KeyTwice { key: name });
        } else if is_name(&name) {
            names.push(name);
        } else {
            findings.add(item.span, &Problem::NotAName { written: name });
        }
    }
    names
}

/// In milliseconds; 4 s where the profile does not say.
pub(super) fn deadline(node: Option<&Node>, findings: &mut Findings) -> Option<Duration> {
    let milliseconds = match node {
        Some(node) => entries::number(node, 500, 60_000, findings)?,
        None => 4_000,
    };
    Some(Duration::from_millis(milliseconds.into()))
}

/// In seconds.
pub(super) fn idle(node: Option<&Node>, findings: &mut Findings) -> Option<Duration> {
    let seconds = entries::number(node?, 5, 3_600, findings)?;
    Some(Duration::from_secs(seconds.into()))
}

/// Reads `screen:`.
pub(super) fn screen(node: Option<&Node>, findings: &mut Findings) -> Option<ScreenRules> {
    let keys = ["page", "newline", "ban", "trim", "alphabet"];
    let entries = match node {
        Some(node) => Some(Entries::read(node, "`screen`", &keys, findings)?),
        None => None,
    };
    let get = |key| entries.as_ref().and_then(|entries| entries.get(key));
    let newline = match get("newline") {
        Some(node) => word(node, "newline", &["lf", "cr", "crlf"], findings)?,
        None => "lf",
    };
    let ban = match get("ban") {
        Some(node) => text(node, findings)?,
        None => "",
    };
    let page = page(get("page"), findings);
    let trim = get("trim").map(|node| word(node, "word for `trim`", &["start"], findings));
    let alphabet = get("alphabet").map(|node| word(node, "alphabet", &["gsm7"], findings));
    Some(ScreenRules {
        page: page?,
        newline: match newline {
            "cr" => Newline::CarriageReturn,
            "crlf" => Newline::Both,
            _ => Newline::LineFeed,
        },
        ban: ban.chars().collect(),
        trim_start: trim.is_some(),
        gsm7_only: alphabet.is_some(),
    })
}

/// What the strictest of the gateways that say so take, where the profile does not say.
fn page(node: Option<&Node>, findings: &mut Findings) -> Option<PageSize> {
    let entries = match node {
        Some(node) => Some(Entries::read(node, "`page`", &["gsm7", "ucs2"], findings)?),
        None => None,
    };
    let mut size = |key, usual| match entries.as_ref().and_then(|entries| entries.get(key)) {
        Some(node) => entries::number(node, 40, 1_000, findings),
        None => Some(usual),
    };
    let (gsm7, ucs2) = (size("gsm7", 160), size("ucs2", 70));
    Some(PageSize {
        gsm7: usize::try_from(gsm7?).ok()?,
        ucs2: usize::try_from(ucs2?).ok()?,
    })
}
