use crate::model::source::{Report, Severity, Span};

/// Every mistake that the author of a profile can make, and of the vectors beside it.
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
        /// What to do.
        help: &'static str,
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
    /// A key or a name stands twice in one map; only one of the two could count.
    ///
    /// Example: two `screen:` in one file, or `phone` under `read` and under `may`. Keep one.
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
    /// Example: `receive` without `session`. Add it.
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
    /// Example: `extends: conend`. Take the one that the help names, or write the file.
    UnknownPreset {
        /// As written.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// What should say where a value stands does not, or names a place that is not there.
    ///
    /// Example: `phone: phoneNumber`, `path.step` where the address has no `{step}`, `status` in a request.
    /// Write a place of the manual's table, or a name that was read before.
    NotAField {
        /// As written.
        written: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A rule's test is none that the language has.
    ///
    /// Example: `begin: form.text equals 1`. Write `form.text is 1`; quote a value that holds a space.
    NotATest {
        /// As written.
        written: String,
    },
    /// A value goes through a filter that is none of the language and no map, date, pattern or signature of
    /// the profile.
    ///
    /// Example: `{go | con_ned}`. Mend the name, or write the map.
    UnknownFilter {
        /// As written.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A rule gives an event or a result that nobody knows.
    ///
    /// Example: `- begins: form.text is empty`. Take one of those that the help lists.
    UnknownEvent {
        /// As written.
        event: String,
        /// What may have been meant.
        nearest: Option<String>,
        /// What may stand here.
        words: String,
    },
    /// A rule that nothing can reach or pass, so what it says never comes.
    ///
    /// Example: a rule below one that takes all, a test that repeats or contradicts another, `outcome is
    /// done` where the map never gives `done`. Move it up, mend it, or take it out.
    RuleNeverMatches {
        /// `a rule above it takes every request`.
        because: String,
    },
    /// A list of rules does not say what holds where none of them passes.
    ///
    /// Example: only `- begin: form.text is empty`. Add a last rule that is an event alone; the last of
    /// several `send` has no `when`.
    NoDefault,
    /// A route gives an event without reading what that event needs.
    ///
    /// Example: `input` on a route that does not read `text`, `begin` without what `session.keep` names. Read
    /// it, under `read` or under `may`.
    EventLacksValue {
        /// The event.
        event: &'static str,
        /// What it needs.
        name: String,
    },
    /// A text has a placeholder that has no value there: it is not known, or not every request that is
    /// answered so can tell it.
    ///
    /// Example: `{scren}`, `{network}` in `screen` where only one of two routes reads it. Take a name that
    /// the help lists, or read it everywhere.
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
    /// A route's address is not written as `/`, `/events` or `/session/{session}`.
    ///
    /// Example: `events:`, or one name twice. Begin with `/`; letters, digits, `-`, `_`, `.` and `{name}`
    /// between; none at the end.
    NotAPath {
        /// As written.
        written: String,
    },
    /// An answer's or a call's body must be said in one way.
    ///
    /// Example: `text` and `json` in one answer, or neither of them and no `status`. Keep one.
    BodyNotOne,
    /// Values are taken from a body in two ways that no body can be at once.
    ///
    /// Example: `session: form.id` and `phone: json.msisdn`, or `body: form` and a value from JSON. Take all
    /// from one.
    TwoBodies {
        /// `form`.
        one: &'static str,
        /// `json`.
        other: &'static str,
    },
    /// `outcome` or `state` is read as it comes; each aggregator has its own words for it.
    ///
    /// Example: `outcome: form.status`. Put it through a map: `form.status | outcome`.
    WordWithoutMap {
        /// `outcome` or `state`.
        name: String,
    },
    /// A media type that cannot stand in a header, or with another character set than that which is written.
    ///
    /// Example: `type: text`. Write it as `text/plain`. What goes out is UTF-8, or ISO 8859-1 with `charset: latin1`.
    NotAMediaType {
        /// As written.
        written: String,
    },
    /// A name that no header may have.
    ///
    /// Example: `headers: {"X Key": x}`. Write letters, digits and `-`.
    NotAHeader {
        /// As written.
        written: String,
    },
    /// A value is taken from a setting that is not under `settings`.
    ///
    /// Example: `{setting.user}` where it is called `username`. Mend the name, or add the setting.
    UnknownSetting {
        /// As written.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A secret stands in the file, where everybody who has the file reads it.
    ///
    /// Example: `basic: [user, s3cret]`, `headers: {X-API-Key: abc}`, a default of a `secret`. Make it a
    /// setting of kind `secret` and write `{setting.NAME}`.
    SecretInFile {
        /// `the password`.
        what: String,
    },
    /// A pattern that is no regular expression.
    ///
    /// Example: `quoted: '(['`. Mend it; there is no look-around and no back-reference.
    NotAPattern {
        /// What the reader of patterns says.
        message: String,
    },
    /// A format of dates, or a zone, that nobody can read.
    ///
    /// Example: `formats: [YYYY-MM-DD]` or `zone: EAT`. Write `%Y-%m-%d` and `+03:00`.
    NotADate {
        /// As written.
        written: String,
    },
    /// A name that no XML element or attribute may have, so that the document would be broken.
    ///
    /// Example: `xml: {2nd: x}` or `"@a b": x`. Begin with a letter; letters, digits, `-`, `_` and `.`
    /// follow.
    NotAnElement {
        /// As written.
        written: String,
    },
    /// An XML name has a prefix that stands for no namespace, so that the document would be broken.
    ///
    /// Example: `xml: {soap:Envelope: …}` without `"@xmlns:soap"`. Declare it on the element or above it.
    UndeclaredPrefix {
        /// The prefix.
        prefix: String,
    },
    /// JSON or XML is written as a text with placeholders: the first quote or `<` that is filled in breaks
    /// it.
    ///
    /// Example: `text: '{{"message": "{screen}"}}'`. Write it as a tree: `json: {message: "{screen}"}`.
    BodyAsText {
        /// `json` or `xml`.
        kind: &'static str,
    },
    /// An event that can come has no answer, or a rule chooses one that is not there.
    ///
    /// Example: `status_query` among the rules and no `reply.status_query`; `reply: gone` without
    /// `reply.gone`. Write it under `reply`.
    AnswerUndefined {
        /// The event.
        event: &'static str,
        /// The answer.
        answer: String,
    },
    /// An answer of the profile's own that no rule chooses.
    ///
    /// Example: `reply: {contineu: …}`. Mend the name, or choose it by `reply: NAME` in a rule.
    AnswerUnused {
        /// As written.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A name that means something else already.
    ///
    /// Example: a map that is called `lower`, or a value that is called `screen`. Take another name.
    NameTaken {
        /// The name.
        name: String,
        /// `a filter of the language`.
        by: &'static str,
    },
    /// A name of the author's own that is not in lower case, digits and `_`.
    ///
    /// Example: `read: {serviceCode: …}`. Write `service_code`.
    NotAName {
        /// As written.
        written: String,
    },
    /// `kept.NAME` of a name that the session does not keep.
    ///
    /// Example: `{kept.invoke}` without `keep: [invoke]`. Add the name under `session.keep`.
    NotKept {
        /// The name.
        name: String,
    },
    /// `session is new` stands where it cannot be told: only a `begin` just before a last `input` may ask it.
    ///
    /// Example: `abort: session is new`. What is answered for a session that nobody knows stands under
    /// `reply.unknown` or `reply.lost`.
    MisplacedNew,
    /// Two addresses take the same requests; only one of them could.
    ///
    /// Example: `/{a}` and `/{b}`. Keep one, or give them different methods.
    RouteTwice {
        /// The other address.
        other: String,
    },
    /// A GET has no body, but one is read or written.
    ///
    /// Example: `method: GET` and `form.id`. Take the values from the query, or use another method.
    BodyOfGet,
    /// An address that cannot be called, or that no request comes from.
    ///
    /// Example: `post: api.example.com` without `https://`, `addresses: [10.0.0]`. Write the whole address,
    /// or a network as `10.0.0.0/8`.
    NotAnAddress {
        /// As written.
        written: String,
    },
    /// The default of a setting is not of the setting's kind.
    ///
    /// Example: `{kind: number, default: many}`. Write what the message expects.
    BadDefault {
        /// `a whole number`.
        expected: String,
    },
    /// Defaults of settings need one another in a circle, so none of them has a value.
    ///
    /// Example: `a: {default: "{setting.b}"}` and `b: {default: "{setting.a}"}`. Write one of them out.
    DefaultInCircle,
    /// `{now}` without the form in which it is written.
    ///
    /// Example: `{now}`. Put it through dates of the profile, `epoch`, `epoch_ms` or `iso`: `{now | iso}`.
    TimeWithoutForm,
    /// Values are read for an event that no rule of the route gives.
    ///
    /// Example: `abort: {may: …}` and no `abort` among the rules. Add the rule, or take the values out.
    EventNeverGiven {
        /// The event.
        event: &'static str,
    },
    /// A setting, a map, dates, a pattern, a signature, a namespace or a preset that nothing uses. A warning.
    ///
    /// Example: `maps: {outcome: {…}}` and no `| outcome`. Use it where it was meant, or take it out: an operator
    /// would look for what a setting changes.
    NeverUsed {
        /// `the setting`, `the map`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A call that needs a sender and does not send one.
    ///
    /// Example: `sender: needed` and no `{from}` in query, headers or body. Put `{from}` where the aggregator reads
    /// it, or take `sender` out.
    SenderNotSent,
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
            Self::UnknownFilter { .. } => "G010",
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
            Self::TwoBodies { .. } => "G021",
            Self::WordWithoutMap { .. } => "G022",
            Self::NotAMediaType { .. } => "G023",
            Self::NotAHeader { .. } => "G024",
            Self::UnknownSetting { .. } => "G025",
            Self::SecretInFile { .. } => "G026",
            Self::NotAPattern { .. } => "G027",
            Self::NotADate { .. } => "G028",
            Self::NotAnElement { .. } => "G029",
            Self::UndeclaredPrefix { .. } => "G030",
            Self::BodyAsText { .. } => "G031",
            Self::AnswerUndefined { .. } => "G032",
            Self::AnswerUnused { .. } => "G033",
            Self::NameTaken { .. } => "G034",
            Self::NotAName { .. } => "G035",
            Self::NotKept { .. } => "G036",
            Self::MisplacedNew => "G037",
            Self::RouteTwice { .. } => "G038",
            Self::BodyOfGet => "G039",
            Self::NotAnAddress { .. } => "G040",
            Self::BadDefault { .. } => "G041",
            Self::DefaultInCircle => "G042",
            Self::TimeWithoutForm => "G043",
            Self::EventNeverGiven { .. } => "G044",
            Self::NeverUsed { .. } => "G045",
            Self::SenderNotSent => "G046",
        }
    }

    /// What is wrong, in one sentence without its final point.
    fn message(&self) -> String {
        match self {
            Self::NotYaml { message, .. } => format!("this is no YAML that we read: {message}"),
            Self::UnknownKey { key, place, .. } => format!("{place} has no key `{key}`"),
            Self::KeyTwice { key } => format!("`{key}` stands here twice"),
            Self::WrongType { expected, found } => format!("{expected} is expected, not {found}"),
            Self::MissingKey { key, place } => format!("{place} needs `{key}`"),
            Self::UnknownWord { word, kind, .. } => format!("`{word}` is no {kind}"),
            Self::UnknownPreset { name, .. } => format!("there is no preset `{name}`"),
            Self::NotAField { written, .. } => {
                format!("`{written}` is no place that a value can be taken from here")
            }
            Self::NotATest { written } => format!("`{written}` is no test"),
            Self::UnknownFilter { name, .. } => format!("there is no filter or map `{name}`"),
            Self::UnknownEvent { event, .. } => {
                format!("there is no event or result `{event}` here")
            }
            Self::RuleNeverMatches { because } => format!("this rule never matches: {because}"),
            Self::NoDefault => "what passes none of these rules has no meaning".to_owned(),
            Self::EventLacksValue { event, name } => {
                format!("`{event}` needs `{name}`, which is not read here")
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
            Self::BodyNotOne => {
                "a body is one of `text`, `json`, `xml`, `rpc` and `form`".to_owned()
            }
            Self::TwoBodies { one, other } => {
                format!("one body is read both as {one} and as {other}")
            }
            Self::WordWithoutMap { name } => format!("`{name}` is read without a map"),
            Self::NotAMediaType { written } => format!(
                "`{written}` is no media type, or one of another character set than this is written in"
            ),
            Self::NotAHeader { written } => format!("`{written}` is no name of a header"),
            Self::UnknownSetting { name, .. } => format!("there is no setting `{name}`"),
            Self::SecretInFile { what } => format!("{what} stands in the file itself"),
            Self::NotAPattern { message } => format!("this is no pattern: {message}"),
            Self::NotADate { written } => format!("`{written}` is no format of a date, or no zone"),
            Self::NotAnElement { written } => {
                format!("`{written}` is no name of an element or attribute")
            }
            Self::UndeclaredPrefix { prefix } => {
                format!("the prefix `{prefix}` stands for no namespace here")
            }
            Self::BodyAsText { kind } => {
                format!("this text is {kind}, which what is filled in can break")
            }
            Self::AnswerUndefined { event, answer } => {
                format!("`{event}` can come, and `reply` has no `{answer}`")
            }
            Self::AnswerUnused { name, .. } => format!("no rule chooses the answer `{name}`"),
            Self::NameTaken { name, by } => format!("the name `{name}` is taken by {by}"),
            Self::NotAName { written } => format!("`{written}` is no name"),
            Self::NotKept { name } => format!("the session does not keep `{name}`"),
            Self::MisplacedNew => {
                "`session is new` can be asked only by a `begin` just before a last `input`"
                    .to_owned()
            }
            Self::RouteTwice { other } => format!("`{other}` takes the same requests"),
            Self::BodyOfGet => "a GET has no body".to_owned(),
            Self::NotAnAddress { written } => format!("`{written}` is no address"),
            Self::BadDefault { expected } => format!("this default must be {expected}"),
            Self::DefaultInCircle => "this default needs itself".to_owned(),
            Self::TimeWithoutForm => "a time has no form here".to_owned(),
            Self::EventNeverGiven { event } => format!("no rule of this route gives `{event}`"),
            Self::NeverUsed { what, name } => format!("{what} `{name}` is never used"),
            Self::SenderNotSent => "this call needs a sender and sends none".into(),
        }
    }

    /// What to do instead, in the imperative.
    fn help(&self) -> String {
        match self {
            Self::NotYaml { help, .. } => (*help).to_owned(),
            Self::UnknownKey { nearest, .. } => meant(nearest.as_ref(), "take it out, or see gateways/README.md"),
            Self::KeyTwice { .. } => "keep one of the two".to_owned(),
            Self::WrongType { expected, .. } => format!("write {expected}"),
            Self::MissingKey { key, .. } => format!("add `{key}:`"),
            Self::UnknownWord { words, .. } => format!("write one of {words}"),
            Self::UnknownPreset { nearest, .. } => meant(nearest.as_ref(), "add it to presets/"),
            Self::NotAField { nearest, .. } => meant(nearest.as_ref(), "write form.NAME, query.NAME, header.NAME, json.NAME, xml.ELEMENT or another place of the manual"),
            Self::NotATest { .. } => "write a value and then `is X`, `is not X`, `starts X`, `in 1..9`, `matches PATTERN`, `is present`, `is absent` or `is empty`".to_owned(),
            Self::UnknownFilter { nearest, .. } => meant(nearest.as_ref(), "write it under `maps`, `dates`, `patterns` or `signatures`"),
            Self::UnknownEvent { nearest, words, .. } => meant(nearest.as_ref(), &format!("write one of {words}")),
            Self::RuleNeverMatches { .. } => "move it up, mend it, or take it out".to_owned(),
            Self::NoDefault => "add a last one without a test, such as `- input` or `- by_status`".to_owned(),
            Self::EventLacksValue { name, .. } => if matches!(name.as_str(), "text" | "request") { format!("add `{name}` under `read`, not under `may`") } else { format!("add `{name}` under `read`") },
            Self::UnknownPlaceholder { words, .. } => if words.is_empty() { "nothing can be filled in here but settings".to_owned() } else { format!("write one of {words}") },
            Self::LooseBrace => "close the placeholder, or write `{{` or `}}` for a brace".to_owned(),
            Self::MapLacksWord { word, .. } => format!("add `{word}` or `default` to it"),
            Self::OutOfRange { .. } => "write a number in that range, without a unit".to_owned(),
            Self::NotAPath { .. } => "write it as `/`, `/events` or `/session/{session}`".to_owned(),
            Self::BodyNotOne => "write one of them; an answer without a body has at least a `status`".to_owned(),
            Self::TwoBodies { .. } => "take all values of the body from one of the two".to_owned(),
            Self::WordWithoutMap { name } => format!("put it through a map, such as `form.status | {name}`"),
            Self::NotAMediaType { .. } => "write it as `text/plain`; what goes out is UTF-8, or ISO 8859-1 with `charset: latin1`".to_owned(),
            Self::NotAHeader { .. } => "write letters, digits and `-`".to_owned(),
            Self::UnknownSetting { nearest, .. } => meant(nearest.as_ref(), "write it under `settings`"),
            Self::SecretInFile { .. } => "make it a setting of kind `secret`, without a default, and write `{setting.NAME}` here".to_owned(),
            Self::NotAPattern { .. } => "mend it; look-around and back-references are not part of it".to_owned(),
            Self::NotADate { .. } => "write a format as `%Y-%m-%d %H:%M:%S` and a zone as `+03:00`".to_owned(),
            Self::NotAnElement { .. } => "begin it with a letter or `_`; letters, digits, `-`, `_` and `.` may follow".to_owned(),
            Self::UndeclaredPrefix { prefix } => format!("add `\"@xmlns:{prefix}\"` with its address to this element or one above"),
            Self::BodyAsText { kind } => format!("write it as a tree, under `{kind}:`"),
            Self::AnswerUndefined { answer, .. } => format!("add `{answer}:` under `reply`"),
            Self::AnswerUnused { nearest, .. } => meant(nearest.as_ref(), "choose it in a rule by `reply:`, or take it out"),
            Self::NameTaken { .. } => "take another name".to_owned(),
            Self::NotAName { .. } => "write lower-case letters, digits and `_`, a letter first".to_owned(),
            Self::NotKept { name } => format!("add `{name}` to `keep` under `session`"),
            Self::MisplacedNew => "end the rules with `- begin: session is new` and `- input`; use `reply.unknown` or `reply.lost` for other events".to_owned(),
            Self::RouteTwice { .. } => "keep one of the two, or give them different methods".to_owned(),
            Self::BodyOfGet => "use `query`, or another method".to_owned(),
            Self::NotAnAddress { .. } => "write `https://…` for what is called, `10.0.0.1` or `10.0.0.0/8` for callers".to_owned(),
            Self::BadDefault { expected } => format!("write {expected}"),
            Self::DefaultInCircle => "write it out".to_owned(),
            Self::TimeWithoutForm => "write `{now | iso}`, `{now | epoch}` or `{now | DATES}`".to_owned(),
            Self::EventNeverGiven { event } => format!("add a rule that gives `{event}`, or take this out"),
            Self::NeverUsed { .. } => "use it where it was meant, or take it out".into(),
            Self::SenderNotSent => "put `{from}` where the aggregator reads the sender, or take this out".into(),
        }
    }

    fn severity(&self) -> Severity {
        if matches!(self, Self::NeverUsed { .. }) {
            Severity::Warning
        } else {
            Severity::Error
        }
    }

    /// As its author gets it.
    pub fn report(&self, span: Span) -> Report {
        Report {
            code: self.code(),
            severity: self.severity(),
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
