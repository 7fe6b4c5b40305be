//! The shape of transcripts as JSON Schema, for editors. See [`crate::menu::schema`].

use schemars::JsonSchema;

use crate::menu::schema::{ServiceCode, Span, Tag, Text, made_of};

/// A transcript: what callers press and read, word for word.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Transcript {
    /// What is told, in one sentence.
    pub transcript: Text,
    /// The caller's phone; nobody's where it is left out.
    pub phone: Option<Phone>,
    /// The language that this phone chose before; left out for a first dial.
    pub language: Option<Tag>,
    /// The day on which it plays: `2026-03-02`.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub today: Option<String>,
    /// The gateway that phones dial through.
    pub gateway: Option<String>,
    /// The page's size, where it is not the gateway's.
    pub page: Option<Page>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// A phone number, in quotes: `"+255700000001"`.
#[derive(Debug, JsonSchema)]
pub struct Phone(#[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"))] pub String);

/// The size of a page, in characters.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Page {
    /// In the phones' plain alphabet.
    #[schemars(range(min = 40, max = 1000))]
    pub gsm7: Option<u16>,
    /// In the wide one.
    #[schemars(range(min = 40, max = 1000))]
    pub ucs2: Option<u16>,
}

/// One thing that is done, or that a phone gets.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Step {
    /// One that needs no more than its name.
    Bare(BareStep),
    /// One with its text.
    Whole(Box<WholeStep>),
}

/// A step that needs no more than its name.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum BareStep {
    /// The network drops the dialogue.
    #[schemars(rename = "hang up")]
    HangUp,
    /// The aggregator sends its last request once more.
    Again,
}

/// A step, with exactly one of these keys.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
pub struct WholeStep {
    /// The phone dials this code, in quotes: `"*152*00#"`.
    pub dial: Option<ServiceCode>,
    /// The caller types this and sends it, in quotes: `"1"`.
    pub press: Option<Text>,
    /// This page has come and waits for a key. `[...]` stands for anything within its line.
    pub see: Option<Text>,
    /// This page has come and is the last.
    pub end: Option<Text>,
    /// This is the next SMS of this phone; it is waited for.
    pub sms: Option<Text>,
    /// This phone pays a control number.
    #[schemars(extend("type" = ["string", "integer"]))]
    pub pay: Option<String>,
    /// The story goes on as this phone.
    pub phone: Option<Phone>,
    /// A call is answered with this, in the world's place.
    pub answer: Option<Answer>,
    /// The aggregator sends its last request so often once more, at once.
    #[schemars(range(min = 1, max = 20))]
    pub again: Option<u8>,
    /// Time passes: `10m`.
    pub wait: Option<Span>,
}

/// What a call is answered with.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Answer {
    /// The call: `scheme.cover`.
    pub call: String,
    /// `slow`, `down`, `nonsense`, an outcome that gives nothing, or an outcome with what it gives.
    pub with: Option<serde_json::Value>,
    /// The HTTP status that a declared call is answered with, instead of `with`.
    pub status: Option<u16>,
    /// The JSON beside that status.
    pub json: Option<serde_json::Value>,
    /// The text beside that status, instead of `json`.
    pub body: Option<Text>,
}

/// The JSON Schema of a transcript.
pub fn schema() -> serde_json::Value {
    made_of::<Transcript>()
}
