use crate::model::source::{Report, Severity, Span};

/// Every mistake that the author of a profile can make, and of the requests recorded beside it.
///
/// Each has a file in `tests/gateways/broken/` that makes it and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file is no YAML, or uses a part of YAML that these files leave out (anchors, tags).
    ///
    /// Example: `receive: [` without its `]`. Mend the place that the caret shows.
    NotYaml {
        /// What the reader says.
        message: String,
    },
    /// A key that the language does not have at this place; it would have no effect.
    ///
    /// Example: `sesion:`. Take the key that the help names, or look it up in the manual.
    UnknownKey {
        /// As written.
        key: String,
        /// Where: `a route`.
        place: &'static str,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A key stands twice in one map; only one of the two could count.
    ///
    /// Example: two `page:` in one file. Keep one.
    KeyTwice {
        /// The key.
        key: String,
    },
    /// A list where a text belongs, or the like.
    ///
    /// Example: `deadline: [4000]`. Write what the message expects.
    WrongType {
        /// `a map`.
        expected: &'static str,
        /// `a list`.
        found: &'static str,
    },
    /// A key without which the profile cannot work.
    ///
    /// Example: no `session:`. Add it.
    MissingKey {
        /// Which.
        key: String,
        /// Where: `a profile`.
        place: &'static str,
    },
    /// A word that is none of the few that may stand here.
    ///
    /// Example: `class: accumulate`. Take one of the words that the help lists.
    UnknownWord {
        /// As written.
        word: String,
        /// What it should be: `class`.
        kind: &'static str,
        /// What may stand here.
        words: String,
    },
    /// `extends` names a preset that is neither in `presets/` nor built in.
    ///
    /// Example: `extends: conend`. Take one of those that the help names.
    UnknownPreset {
        /// As written.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// What should say where a value stands in the request does not.
    ///
    /// Example: `phone: phoneNumber`. Begin with `form.`, `query.`, `json.` or `header.`.
    NotAField {
        /// As written.
        written: String,
    },
    /// A rule's test is none that the language has.
    ///
    /// Example: `begin: form.text equals 1`. Write `form.text is 1`.
    NotATest {
        /// As written.
        written: String,
    },
    /// A value goes through a map that is not under `maps`.
    ///
    /// Example: `{go | con_ned}`. Mend the name, or write the map.
    UnknownMap {
        /// As written.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A rule gives an event that nobody knows.
    ///
    /// Example: `- begins: form.text is empty`. Take one of the events that the help lists.
    UnknownEvent {
        /// As written.
        event: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A rule that no request can reach or pass, so its event never comes.
    ///
    /// Example: a rule below a bare `input`. Move it up, or take it out.
    RuleNeverMatches {
        /// `a rule above it takes every request`.
        because: &'static str,
    },
    /// The rules of a route do not say what a request is that passes none of them.
    ///
    /// Example: only `- begin: form.text is empty`. Add a last rule that is an event alone.
    NoDefault,
    /// A route gives an event without reading what that event needs.
    ///
    /// Example: `input` on a route that does not read `text`. Read it, under `read`.
    EventLacksValue {
        /// The event.
        event: &'static str,
        /// What it needs.
        name: &'static str,
    },
    /// A text has a placeholder that is not known there, or that the request need not have told.
    ///
    /// Example: `{scren}`. Take one of the names that the help lists.
    UnknownPlaceholder {
        /// As written, without braces.
        written: String,
        /// What may stand here.
        words: String,
    },
    /// A brace that is not part of a placeholder.
    ///
    /// Example: `CON {screen`. Close it, or write a brace that is meant as `{{` or `}}`.
    LooseBrace,
    /// A map does not know a word that is put through it.
    ///
    /// Example: `{go | con_end}` where the map has no `end`. Add the word, or a `default`.
    MapLacksWord {
        /// The map.
        map: String,
        /// The word.
        word: &'static str,
    },
    /// A number that is too small, too large, or none.
    ///
    /// Example: `deadline: 4` (milliseconds are meant). Stay within what the message says.
    OutOfRange {
        /// The least that is taken.
        least: u32,
        /// The most that is taken.
        most: u32,
    },
    /// A route's address is not written as `/` or `/events`.
    ///
    /// Example: `events:`. Begin with `/`; letters, digits, `-`, `_` and `.` between; none at the end.
    NotAPath {
        /// As written.
        written: String,
    },
    /// A reply's body must be said in one way: `text` or `json`, not both, not neither.
    ///
    /// Example: `screen: {status: 200}`. Add `text:` or `json:`.
    BodyNotOne,
    /// A route reads both a form and JSON from one body; no request can be both.
    ///
    /// Example: `session: form.id` and `phone: json.msisdn`. Take both from one of the two.
    TwoBodies,
    /// `outcome` is read as it comes; each aggregator has its own words for it.
    ///
    /// Example: `outcome: form.status`. Put it through a map: `form.status | outcome`.
    OutcomeWithoutMap,
    /// A media type that cannot stand in a header.
    ///
    /// Example: `type: text`. Write it as `text/plain`.
    NotAMediaType {
        /// As written.
        written: String,
    },
    /// The first line of a recorded request is not a method and an address below the gateway's own.
    ///
    /// Example: `request: /events`. Write it as `POST /events` or `GET /?text=1`.
    NotARequestLine {
        /// As written.
        written: String,
    },
}

impl Problem {
    /// Its code, which stays when the words of the message change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotYaml { .. } => "G001",
            Self::UnknownKey { .. } => "G002",
            Self::KeyTwice { .. } => "G003",
            Self::WrongType { .. } => "G004",
            Self::MissingKey { .. } => "G005",
            Self::UnknownWord { .. } => "G006",
            Self::UnknownPreset { .. } => "G007",
            Self::NotAField { .. } => "G008",
            Self::NotATest { .. } => "G009",
            Self::UnknownMap { .. } => "G010",
            Self::UnknownEvent { .. } => "G011",
            Self::RuleNeverMatches { .. } => "G012",
            Self::NoDefault => "G013",
            Self::EventLacksValue { .. } => "G014",
            Self::UnknownPlaceholder { .. } => "G015",
            Self::LooseBrace => "G016",
            Self::MapLacksWord { .. } => "G017",
            Self::OutOfRange { .. } => "G018",
            Self::NotAPath { .. } => "G019",
            Self::BodyNotOne => "G020",
            Self::TwoBodies => "G021",
            Self::OutcomeWithoutMap => "G022",
            Self::NotAMediaType { .. } => "G023",
            Self::NotARequestLine { .. } => "G024",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotYaml { message } => format!("this is no YAML that we read: {message}"),
            Self::UnknownKey { key, place, .. } => format!("{place} has no key `{key}`"),
            Self::KeyTwice { key } => format!("`{key}` stands here twice"),
            Self::WrongType { expected, found } => format!("{expected} is expected, not {found}"),
            Self::MissingKey { key, place } => format!("{place} needs `{key}`"),
            Self::UnknownWord { word, kind, .. } => format!("`{word}` is no {kind}"),
            Self::UnknownPreset { name, .. } => format!("there is no preset `{name}`"),
            Self::NotAField { written } => format!("`{written}` is no place in a request"),
            Self::NotATest { written } => format!("`{written}` is no test"),
            Self::UnknownMap { name, .. } => format!("there is no map `{name}`"),
            Self::UnknownEvent { event, .. } => format!("there is no event `{event}`"),
            Self::RuleNeverMatches { because } => format!("this rule never matches: {because}"),
            Self::NoDefault => "a request that passes no rule has no event".to_owned(),
            Self::EventLacksValue { event, name } => {
                format!("`{event}` needs `{name}`, which this route does not read")
            }
            Self::UnknownPlaceholder { written, .. } => {
                format!("`{{{written}}}` has no value here")
            }
            Self::LooseBrace => "a brace here is not part of a placeholder".to_owned(),
            Self::MapLacksWord { map, word } => format!("the map `{map}` does not know `{word}`"),
            Self::OutOfRange { least, most } => {
                format!("a whole number from {least} to {most} is expected")
            }
            Self::NotAPath { written } => format!("`{written}` is no address of a route"),
            Self::BodyNotOne => "a reply has one body, `text` or `json`".to_owned(),
            Self::TwoBodies => "this route reads both a form and JSON from one body".to_owned(),
            Self::OutcomeWithoutMap => "`outcome` is read without a map".to_owned(),
            Self::NotAMediaType { written } => format!("`{written}` is no media type"),
            Self::NotARequestLine { written } => format!("`{written}` is no request line"),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NotYaml { .. } => "mend the place that is marked, or quote the text".to_owned(),
            Self::UnknownKey { nearest, .. } => meant(nearest.as_ref(), "take it out, or see gateways/README.md"),
            Self::KeyTwice { .. } => "keep one of the two".to_owned(),
            Self::WrongType { expected, .. } => format!("write {expected}"),
            Self::MissingKey { key, .. } => format!("add `{key}:`"),
            Self::UnknownWord { words, .. } | Self::UnknownPlaceholder { words, .. } => {
                format!("write one of {words}")
            }
            Self::UnknownPreset { nearest, .. } => meant(nearest.as_ref(), "add it to presets/"),
            Self::NotAField { .. } => {
                "write form.NAME, query.NAME, header.NAME or json.NAME.NAME".to_owned()
            }
            Self::NotATest { .. } => "write FIELD and then `is VALUE`, `is not VALUE`, `is empty`, `is present`, `is absent` or `starts VALUE`".to_owned(),
            Self::UnknownMap { nearest, .. } => meant(nearest.as_ref(), "write it under `maps`"),
            Self::UnknownEvent { nearest, .. } => {
                meant(nearest.as_ref(), "write one of begin, input, abort, session_ended")
            }
            Self::RuleNeverMatches { .. } => "move it up, or take it out".to_owned(),
            Self::NoDefault => "add a last rule that is an event alone, such as `- input`".to_owned(),
            Self::EventLacksValue { name, .. } => format!("add `{name}` under `read`"),
            Self::LooseBrace => "close the placeholder, or write `{{` or `}}` for a brace".to_owned(),
            Self::MapLacksWord { word, .. } => format!("add `{word}` or `default` to it"),
            Self::OutOfRange { .. } => "write a number in that range, without a unit".to_owned(),
            Self::NotAPath { .. } => "write it as `/` or `/events`".to_owned(),
            Self::BodyNotOne => "write `text:` or `json:`".to_owned(),
            Self::TwoBodies => "take all values of the body from one of the two".to_owned(),
            Self::OutcomeWithoutMap => "put it through a map, such as `form.status | outcome`".to_owned(),
            Self::NotAMediaType { .. } => "write it as `text/plain`".to_owned(),
            Self::NotARequestLine { .. } => {
                "write it as `POST /events` or `GET /?text=1`".to_owned()
            }
        }
    }

    /// As its author gets it.
    pub fn report(&self, span: Span) -> Report {
        Report {
            code: self.code(),
            severity: Severity::Error,
            message: self.message(),
            span,
            label: String::new(),
            help: self.help(),
        }
    }
}

fn meant(nearest: Option<&String>, otherwise: &str) -> String {
    nearest.map_or_else(
        || otherwise.to_owned(),
        |nearest| format!("did you mean `{nearest}`?"),
    )
}
