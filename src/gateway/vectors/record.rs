//! A vector of a request that came: masked, with what the profile hears in it and answers.

use std::sync::Arc;

use super::{
    coverage::Used,
    event::Told,
    inbound::Stage,
    read::vectors,
    stage,
    vector::Case,
    written::{Answered, App, GivenBefore, Pairs, Values, Written},
};
use crate::{
    gateway::profile::{Channel, Class, Findings, Given, Go, Masked, Profile, Response, Said},
    model::source::Source,
};

/// A request that came.
#[derive(Clone, Debug)]
pub struct Recorded<'a> {
    /// The vector's name.
    pub name: String,
    /// Which address was called.
    pub channel: Channel,
    /// The request.
    pub request: &'a Masked,
    /// What it was taken for, as [`Event::word`](crate::gateway::profile::Event::word) says.
    pub event: &'a str,
    /// Whether it was refused.
    pub refused: bool,
    /// What was kept of its session, masked, by the profile's names; `None` for a new one.
    pub session: Option<&'a [(String, String)]>,
    /// How many pages the dialogue had shown, the one of this request included.
    pub pages: u32,
    /// Whether the dialogue went on; `None` where no screen was shown.
    pub go: Option<Go>,
}

/// Why no vector can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRecorded {
    /// Its body or its query could not be read, so nothing of it was kept.
    #[error(
        "nothing of the {0} was kept, because it could not be read: a vector cannot say what it was"
    )]
    Unread(&'static str),
    /// What was masked, or a proof that only the aggregator can write, changes what is heard.
    #[error("masked, the request is not what it was, so it must be written by hand:\n{0}")]
    Otherwise(String),
}

/// The vector of a request: JSON that fits into a list of vectors. It was played and passes.
pub fn record(
    profile: &Arc<Profile>,
    given: &Given,
    recorded: &Recorded<'_>,
) -> Result<String, NotRecorded> {
    let mut written = Written::of(profile, given, recorded)?;
    let text = staged(profile, &written, |stage| {
        let heard = stage.hear(&mut Vec::new());
        let (said, why) = match &heard {
            Ok(heard) => (heard.said(), None),
            Err(refusal) => (&refusal.said, Some(refusal.why.to_string())),
        };
        let same = said.event.word() == recorded.event && why.is_some() == recorded.refused;
        let text = said.get("text").map(str::to_owned);
        if same {
            Ok(text)
        } else {
            Err(otherwise(recorded, said, why))
        }
    })??;
    written.given = session(profile, recorded, text.as_deref());
    written.expect.app = recorded.go.map(App::of);
    let (event, response) = staged(profile, &written, heard)?;
    written.expect.event = Pairs(event);
    written.expect.response = response.map(Answered::of);
    let differences = staged(profile, &written, |stage| {
        let differences = stage.play(&mut Vec::new(), &mut Used::default());
        differences
            .iter()
            .map(ToString::to_string)
            .collect::<String>()
    })?;
    if differences.is_empty() {
        written.print()
    } else {
        Err(NotRecorded::Otherwise(differences))
    }
}

fn otherwise(recorded: &Recorded<'_>, said: &Said, why: Option<String>) -> NotRecorded {
    let was = if recorded.refused { ", refused" } else { "" };
    let is = why.map_or_else(String::new, |why| format!(", refused: {why}"));
    let (before, now) = (recorded.event, said.event.word());
    NotRecorded::Otherwise(format!("  it was: {before}{was}\n  it is:  {now}{is}"))
}

/// A file of vectors with one more; `None` where the file is no list of JSON.
pub fn appended(file: Option<&str>, vector: &str) -> Option<String> {
    let before = match file {
        Some(file) => file.trim().strip_suffix(']')?.trim_end(),
        None => "[",
    };
    let comma = if before.ends_with('[') { "" } else { "," };
    let indented = vector.lines().map(|line| format!("  {line}"));
    let indented = indented.collect::<Vec<_>>().join("\n");
    let whole = format!("{before}{comma}\n{indented}\n]\n");
    let list: Result<Vec<serde::de::IgnoredAny>, _> = serde_json::from_str(&whole);
    list.is_ok().then_some(whole)
}

/// Reads a vector as it is written, and puts it on its stage.
fn staged<T>(
    profile: &Arc<Profile>,
    written: &Written,
    act: impl FnOnce(&Stage<'_>) -> T,
) -> Result<T, NotRecorded> {
    let source = Source {
        name: "recorded.json".to_owned(),
        text: format!("[{}]", written.print()?),
    };
    let sources = [source];
    let mut findings = Findings::of(&sources);
    let [source] = &sources;
    let read = vectors(source, 0, &mut findings);
    let reports = findings.into_reports();
    let told = reports.iter().map(|report| report.print(&sources));
    let told = || NotRecorded::Otherwise(told.collect::<Vec<_>>().join("\n"));
    let [vector] = read.as_slice() else {
        return Err(told());
    };
    let Case::Inbound(case) = &vector.case else {
        return Err(told());
    };
    let account = stage::account(profile, vector).map_err(|errors| {
        let told = errors.iter().map(ToString::to_string);
        NotRecorded::Otherwise(told.collect::<Vec<_>>().join("\n"))
    })?;
    Ok(act(&Stage {
        profile,
        account: &account,
        vector,
        case,
    }))
}

/// What is heard, by the names of vectors, and what is answered.
fn heard(stage: &Stage<'_>) -> (Values, Option<Response>) {
    match stage.hear(&mut Vec::new()) {
        Ok(heard) => {
            let told = Told::heard(&heard, stage.case);
            (values(&told), stage.response(heard.said(), told.event))
        }
        Err(refusal) => {
            let told = Told::refused(&refusal, stage.case);
            (values(&told), Some(stage.account.refuse(&refusal)))
        }
    }
}

fn values(told: &Told<'_>) -> Values {
    let event = ("type".to_owned(), told.event.to_owned());
    std::iter::once(event).chain(told.values()).collect()
}

/// What was kept of a session that was known.
fn session(profile: &Profile, recorded: &Recorded<'_>, text: Option<&str>) -> Option<GivenBefore> {
    let kept = recorded.session?.iter().map(|(name, value)| {
        let known_as = match name.as_str() {
            "phone" => "msisdn",
            "code" => "service_code",
            "session" => "session_id",
            other => other,
        };
        (known_as.to_owned(), value.clone())
    });
    let mut session: Values = kept.collect();
    if profile.class() == Class::Accumulated {
        // What was typed last has no star in it, as far as can be told.
        let before = text
            .and_then(|text| text.rsplit_once('*'))
            .map_or("", |(before, _)| before);
        session.push(("last_raw_text".to_owned(), before.to_owned()));
    }
    let pages = recorded.pages.saturating_sub(1).max(1);
    session.push(("turn".to_owned(), pages.to_string()));
    Some(GivenBefore {
        session: Pairs(session),
    })
}
