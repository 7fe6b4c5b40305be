use std::time::Duration;

use crate::model::{PageSize, source::yaml::Node};

use super::{
    super::{
        Class, FirstText, Lost, Newline, Problem, Proof, ScreenRules, Session, SettingKind, Settled,
    },
    book::Book,
    entries::{self, Entries, text, word},
    findings::Findings,
    scope::Scope,
    settings::is_name,
};

/// What a contract says besides its settings.
const CONTRACT: &[&str] = &["code", "sender", "addresses", "secret", "deadline", "page"];

/// Reads `proof:`.
pub(super) fn proof(node: &Node, book: &Book, findings: &mut Findings) -> Option<Proof> {
    let keys = ["live", "recorded", "documented", "from_code", "unsure"];
    let entries = Entries::read(node, "`proof`", &keys, findings)?;
    let mut words = |key| texts(entries.get(key), findings);
    Some(Proof {
        live: words("live"),
        recorded: words("recorded"),
        documented: words("documented"),
        from_code: words("from_code"),
        unsure: entries
            .get("unsure")
            .map_or_else(Vec::new, |node| unsure(node, book, findings)),
    })
}

/// What is unsure, and for each where an account says it or why none can.
fn unsure(node: &Node, book: &Book, findings: &mut Findings) -> Vec<(String, Settled)> {
    let entries = Entries::any(node, "what is unsure", findings);
    let mut unsure = Vec::new();
    for (_, what, node) in entries.iter().flat_map(Entries::iter) {
        let settled = settled(node, book, findings);
        unsure.extend(settled.map(|settled| (what.to_owned(), settled)));
    }
    unsure
}

fn settled(node: &Node, book: &Book, findings: &mut Findings) -> Option<Settled> {
    let written = text(node, findings)?;
    if let Some(name) = written.strip_prefix("setting.") {
        if let Err(problem) = Scope::new(book).setting(name) {
            findings.add(node.span, &problem);
        }
        return Some(Settled::Setting(name.to_owned()));
    }
    if let Some(key) = written.strip_prefix("contract.") {
        if !CONTRACT.contains(&key) {
            let problem = Problem::UnknownWord {
                word: key.to_owned(),
                kind: "key of a contract",
                words: CONTRACT.join(", "),
            };
            findings.add(node.span, &problem);
        }
        return Some(Settled::Contract(key.to_owned()));
    }
    if written.contains(' ') {
        return Some(Settled::Nowhere(written.to_owned()));
    }
    let expected = "`setting.NAME`, `contract.KEY`, or a sentence that says why it is none";
    findings.add(
        node.span,
        &Problem::WrongType {
            expected,
            found: "a word",
        },
    );
    None
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
pub(super) fn session(node: &Node, book: &Book, findings: &mut Findings) -> Session {
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
        session.first = first(node, book, findings).unwrap_or(FirstText::Lost);
    }
    session
}

const FIRST: &[&str] = &["lost", "dialled"];

/// `lost`, `dialled`, or a setting that chooses between them.
fn first(node: &Node, book: &Book, findings: &mut Findings) -> Option<FirstText> {
    let written = text(node, findings)?;
    let Some(name) = written.strip_prefix("setting.") else {
        let dialled = word(node, "word for `first`", FIRST, findings)? == "dialled";
        return Some(if dialled {
            FirstText::Dialled
        } else {
            FirstText::Lost
        });
    };
    match book.setting(name) {
        Some(SettingKind::Choice(words)) if words.iter().all(|it| FIRST.contains(&it.as_str())) => {
            Some(FirstText::Setting(name.to_owned()))
        }
        Some(_) => {
            let (expected, found) = ("a choice of `lost` and `dialled`", "another setting");
            findings.add(node.span, &Problem::WrongType { expected, found });
            None
        }
        None => {
            let problem = Scope::new(book).setting(name).err()?;
            findings.add(node.span, &problem);
            None
        }
    }
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
