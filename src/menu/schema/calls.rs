use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{Condition, Name, Named, Scalar, Span};

/// `calls.yaml`: the calls that a set declares itself. Their hosts are allowed by the configuration.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Calls {
    /// The calls by name, two words with a dot between: `facility.find`.
    #[schemars(extend("propertyNames" = {"pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"}))]
    pub calls: BTreeMap<String, Call>,
}

/// A call.
#[derive(Debug, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = [{"required": ["get"]}, {"required": ["post"]}, {"required": ["put"]}])
)]
pub struct Call {
    /// What it takes: names and their types, in order. A menu hands it over with `with:`.
    pub takes: Option<Named<Taken>>,
    /// The address that is fetched. `{code}` prints what it takes, `{setting.x}` a setting.
    pub get: Option<String>,
    /// The address that is posted to.
    pub post: Option<String>,
    /// The address that is put to.
    pub put: Option<String>,
    /// What is added to the address behind `?`.
    pub query: Option<BTreeMap<String, Scalar>>,
    /// Headers. Only here a secret may stand, `{secret.registry}`, from the environment or a file.
    pub headers: Option<BTreeMap<String, Scalar>>,
    /// The body of a post or put, as a tree. A placeholder alone keeps its type.
    pub json: Option<serde_json::Value>,
    /// How long one try may take: `2s`. The turn's own deadline holds in any case.
    pub timeout: Option<Span>,
    /// How often it is tried again, for a get or with `idempotency_key`.
    #[schemars(range(min = 0, max = 3))]
    pub retries: Option<u8>,
    /// Whether the server knows a repeated request by the header `Idempotency-Key`.
    pub idempotency_key: Option<bool>,
    /// How old an answer of a get may be: `10m`.
    pub cache: Option<Span>,
    /// Whether the answer may come late, by SMS. It then has the outcome `slow`.
    pub late: Option<bool>,
    /// How it can end; the first that fits counts. `down` is always there.
    pub outcomes: Named<Outcome>,
    /// What it gives.
    pub gives: Option<Gives>,
}

/// A type of what is taken.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Taken {
    /// A type of its usual length.
    Bare(TakenName),
    /// A type with its length.
    Bounded(TakenType),
}

/// A type of its usual length.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum TakenName {
    /// A member's number.
    MemberNumber,
    /// A control number.
    ControlNumber,
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// Digits.
    Digits,
    /// A day.
    Date,
    /// A phone number.
    Phone,
    /// A secret.
    Pin,
    /// An amount of money.
    Amount,
    /// One of some words.
    Word,
}

/// A type with its length.
#[derive(Debug, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = [{"required": ["text"]}, {"required": ["digits"]}, {"required": ["number"]}])
)]
pub struct TakenType {
    /// A text of at most so many characters.
    #[schemars(range(min = 1, max = 160))]
    pub text: Option<u16>,
    /// At most so many digits, zeros at the front included.
    #[schemars(range(min = 1, max = 160))]
    pub digits: Option<u16>,
    /// A whole number of at most so many digits.
    #[schemars(range(min = 1, max = 18))]
    pub number: Option<u8>,
    /// Whether it is a secret.
    pub secret: Option<bool>,
}

/// When an outcome is it.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Outcome {
    /// The HTTP status.
    pub status: Statuses,
    /// A comparison on the answer: `active == true`.
    pub when: Option<Condition>,
    /// Whether it gives what the call gives.
    pub gives: Option<bool>,
}

/// One status or several.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Statuses {
    /// One.
    One(Status),
    /// Several.
    Several(Vec<Status>),
}

/// A status such as 200, or all of a class such as `2xx`.
#[derive(Debug, JsonSchema)]
#[schemars(extend("type" = ["string", "integer"], "minimum" = 200, "maximum" = 599))]
pub struct Status(#[schemars(regex(pattern = "^([2-5][0-9][0-9]|[2-5]xx)$"))] pub String);

/// What a call gives: the name of a record, and its fields. With `list:` one record for each item.
#[derive(Debug, JsonSchema)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 2))]
pub struct Gives {
    /// Where in the answer the items stand: `data.items`.
    pub list: Option<String>,
    /// The record.
    #[schemars(flatten)]
    pub record: BTreeMap<String, Named<Field>>,
}

/// A field of a record.
#[derive(Debug, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = [
        {"required": ["text"]}, {"required": ["number"]}, {"required": ["amount"]},
        {"required": ["one_of"]}, {"required": ["type"]}
    ])
)]
pub struct Field {
    /// A text of at most so many characters.
    #[schemars(range(min = 1, max = 160))]
    pub text: Option<u16>,
    /// A whole number of at most so many digits.
    #[schemars(range(min = 1, max = 18))]
    pub number: Option<u8>,
    /// An amount of this currency: `TZS`.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub amount: Option<String>,
    /// One of these words.
    pub one_of: Option<Vec<Name>>,
    /// A type without a length.
    pub r#type: Option<FieldType>,
    /// Where it stands in the answer: `facility.level`, `items[0].name`; its own name where it is left
    /// out.
    pub at: Option<String>,
}

/// A type without a length.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum FieldType {
    /// A day: `2026-12-31`.
    Date,
    /// A member's number.
    MemberNumber,
    /// A control number.
    ControlNumber,
    /// A phone number.
    Phone,
}
