use std::{
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use crate::{
    gateway::profile::{
        Event, Findings, Heard, Name, Profile, Refused, Request, Response,
        folder::{Role, role},
    },
    model::{
        Msisdn, Position, Signal,
        accumulated::{Mark, Newest, Seen, newest},
        source::{Report, Source},
    },
};

use super::{
    Difference,
    read::{Expected, Recording, Wanted, recordings},
};

/// What came of all recorded requests of a folder.
#[derive(Debug)]
pub struct Run {
    /// One for each recorded request.
    pub played: Vec<Played>,
    /// Profiles that nothing is recorded for.
    pub unproved: Vec<String>,
    /// Mistakes in the files of profiles and of recorded requests.
    pub reports: Vec<Report>,
}

/// What came of one recorded request. It prints as its name, and what differed.
#[derive(Debug)]
pub struct Played {
    /// The file.
    pub file: String,
    /// The request's name in it.
    pub name: String,
    /// Empty where all is as expected.
    pub differences: Vec<Difference>,
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.file, self.name)?;
        self.differences.iter().try_for_each(|it| it.fmt(f))
    }
}

/// Runs every recorded request among `sources`, the files of a folder such as `gateways/`.
pub fn play(sources: &[Source]) -> Run {
    let compiled = Profile::compile(sources);
    let mut findings = Findings::default();
    let mut run = Run {
        played: Vec::new(),
        unproved: Vec::new(),
        reports: compiled.reports,
    };
    for profile in &compiled.profiles {
        let before = run.played.len();
        for (index, source) in sources.iter().enumerate() {
            if role(source, sources) == Role::Recorded(profile.name()) {
                let recordings = recordings(source, index, &mut findings);
                run.played
                    .extend(recordings.iter().map(|it| it.play(profile, source)));
            }
        }
        if run.played.len() == before {
            run.unproved.push(profile.name().to_owned());
        }
    }
    run.reports.extend(findings.into_reports());
    run
}

impl Recording {
    fn play(&self, profile: &Profile, source: &Source) -> Played {
        let headers: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let request = Request {
            method: &self.request.method,
            path: &self.request.path,
            query: &self.request.query,
            headers: &headers,
            body: self.body.as_bytes(),
        };
        let (mut differences, response) = match profile.hear(&request) {
            Ok(heard) => self.heard(profile, &heard),
            Err(refused) => self.refused(profile, &refused),
        };
        if let Some(wanted) = &self.response {
            differences.extend(wanted.differences(response.as_ref()));
        }
        Played {
            file: source.name.clone(),
            name: self.name.clone(),
            differences,
        }
    }

    fn refused(&self, profile: &Profile, why: &Refused) -> (Vec<Difference>, Option<Response>) {
        let expected = match &self.expected {
            Expected::Refused(sentence) => Some(sentence.as_str()),
            Expected::Heard { .. } => None,
        };
        let sentence = why.to_string();
        let difference = Difference::between("refused", expected, Some(&sentence));
        (Vec::from_iter(difference), Some(profile.refuse(why)))
    }

    fn heard(&self, profile: &Profile, heard: &Heard) -> (Vec<Difference>, Option<Response>) {
        let (seen, values, app) = match &self.expected {
            Expected::Refused(sentence) => {
                let difference = Difference::between("refused", Some(sentence), None);
                return (Vec::from_iter(difference), None);
            }
            Expected::Heard { seen, values, app } => (seen, values, app),
        };
        let understood = Understood::of(heard, seen);
        let differences = values
            .iter()
            .filter_map(|(name, expected)| {
                let value = understood.value(name);
                Difference::between(name, expected.as_deref(), value.as_deref())
            })
            .collect();
        let response = match (heard.call.signal, app) {
            (Signal::Begin | Signal::Input, Some((go, screen))) => {
                Some(profile.reply(heard, screen, *go))
            }
            (Signal::Begin | Signal::Input, None) => None,
            (Signal::Abort | Signal::Ended, _) => Some(profile.ended_reply(heard)),
        };
        (differences, response)
    }
}

/// A call with the line's memory: what `turn` would make of it.
struct Understood<'a> {
    heard: &'a Heard,
    event: &'static str,
    input: Option<String>,
}

impl<'a> Understood<'a> {
    fn of(heard: &'a Heard, seen: &str) -> Self {
        let (event, input) = match heard.call.signal {
            Signal::Begin => (Event::Begin.word(), None),
            Signal::Abort => (Event::Abort.word(), None),
            Signal::Ended => (Event::SessionEnded.word(), None),
            Signal::Input => input(&heard.call.position, seen),
        };
        Self {
            heard,
            event,
            input,
        }
    }

    fn value(&self, name: &str) -> Option<String> {
        let call = &self.heard.call;
        match name {
            "event" => Some(self.event.to_owned()),
            "input" => self.input.clone(),
            "phone" => call.caller.phone.told().map(Msisdn::e164),
            "dialled" => call.service_code.as_ref().map(ToString::to_string),
            other => {
                let value = self.heard.values.get(Name::from_word(other)?)?;
                Some(value.to_owned())
            }
        }
    }
}

fn input(position: &Position, seen: &str) -> (&'static str, Option<String>) {
    match position {
        Position::Identified { text, .. } | Position::Bare { text } => {
            (Event::Input.word(), Some(text.clone()))
        }
        Position::Accumulated { text } => match newest(text, Seen::of(seen, &mark), &mark) {
            Newest::Input(input) => (Event::Input.word(), Some(input)),
            Newest::Repeat => ("repeat", None),
            Newest::Older | Newest::Rival => ("older", None),
            Newest::Gap => ("gap", None),
        },
    }
}

/// A mark without a key: a recording keeps no secret.
fn mark(text: &str) -> Mark {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish().to_be_bytes()
}

impl Wanted {
    fn differences(&self, response: Option<&Response>) -> Vec<Difference> {
        let Some(response) = response else {
            let wanted = Some("a response");
            return Vec::from_iter(Difference::between("response", wanted, None));
        };
        let status = self.status.map(|wanted| {
            let (wanted, seen) = (wanted.to_string(), response.status.to_string());
            Difference::between("status", Some(&wanted), Some(&seen))
        });
        let media_type = self.media_type.as_ref().map(|wanted| {
            let seen = comparable_type(wanted, response);
            Difference::between("type", Some(wanted), seen)
        });
        let body = self
            .body
            .as_ref()
            .map(|wanted| Difference::between("body", Some(wanted), Some(&response.body)));
        let json = self.json.as_ref().map(|wanted| {
            let (wanted, seen) = (pretty(wanted), pretty(&response.body));
            Difference::between("json", Some(&wanted), Some(&seen))
        });
        let all = [status, media_type, body, json];
        all.into_iter().flatten().flatten().collect()
    }
}

/// The response's media type; without its parameters where none are wanted.
fn comparable_type<'r>(wanted: &str, response: &'r Response) -> Option<&'r str> {
    let mut headers = response.headers.iter();
    let (_, seen) = headers.find(|(name, _)| *name == "content-type")?;
    if wanted.contains(';') {
        Some(seen)
    } else {
        seen.split(';').next().map(str::trim)
    }
}

/// JSON in one form, so that two documents that say the same are equal; text that is none as it is.
fn pretty(text: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(text).ok();
    json.map_or_else(|| text.to_owned(), |json| format!("{json:#}"))
}
