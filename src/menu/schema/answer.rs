use schemars::JsonSchema;

use super::{Keyed, Name, Scalar, Text};

/// What is right to answer.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum AnswerType {
    /// A type that needs no limits.
    Bare(BareType),
    /// A whole number: `{number: {min: 1, max: 9}}`.
    Number(NumberAnswer),
    /// So many digits: `{digits: {length: 4}}`.
    Digits(DigitsAnswer),
    /// Money: `{amount: {min: 1000, max: 50000}}`.
    Amount(AmountAnswer),
    /// A day within limits: `{date: {min: 1900-01-01, max: today}}`.
    Date(DateAnswer),
    /// A phone number of another country: `{phone: {country: "254"}}`.
    Phone(PhoneAnswer),
    /// One of some answers, which are shown: `{choice: {"1": {is: nida, text: NIDA}}}`.
    Choice(ChoiceAnswer),
    /// A PIN of other lengths: `{pin: {min: 4, max: 4}}`.
    Pin(PinAnswer),
    /// A text: `{text: {max: 40}}`.
    Text(TextAnswer),
}

/// A type that needs no limits.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum BareType {
    /// Nine digits, the last of which fits the others.
    MemberNumber,
    /// Twelve digits that begin with 99.
    ControlNumber,
    /// A day: `31122026`, `31/12/2026`, `31-12-2026` or `31.12.2026`.
    Date,
    /// A phone number as it is dialled in the country, or with its calling code.
    Phone,
    /// Four to six digits that are never shown, sent, stored or logged.
    Pin,
}

/// A whole number.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct NumberAnswer {
    /// Its limits, both included.
    pub number: Limits,
}

/// Limits, both included.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Limits {
    /// The least.
    #[schemars(range(min = 0, max = 999_999_999))]
    pub min: u32,
    /// The most.
    #[schemars(range(min = 0, max = 999_999_999))]
    pub max: u32,
}

/// So many digits.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DigitsAnswer {
    /// How many, and which.
    pub digits: Digits,
}

/// How many digits, and which.
#[derive(Debug, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = [{"required": ["length"]}, {"required": ["min", "max"]}])
)]
pub struct Digits {
    /// So many.
    #[schemars(range(min = 1, max = 20))]
    pub length: Option<u8>,
    /// At least so many, instead of `length`.
    #[schemars(range(min = 1, max = 20))]
    pub min: Option<u8>,
    /// At most so many, instead of `length`.
    #[schemars(range(min = 1, max = 20))]
    pub max: Option<u8>,
    /// A regular expression that the whole answer must match.
    pub pattern: Option<String>,
    /// Whether it is a secret, which is never shown, sent or logged.
    pub sensitive: Option<bool>,
}

/// An amount of money, in whole units.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AmountAnswer {
    /// Its limits, both included.
    pub amount: AmountLimits,
}

/// Limits of an amount, both included, in whole units.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AmountLimits {
    /// The least.
    #[schemars(range(min = 0, max = 99_999_999))]
    pub min: u32,
    /// The most.
    #[schemars(range(min = 0, max = 99_999_999))]
    pub max: u32,
    /// The currency, TZS where it is left out.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
}

/// A day within limits.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DateAnswer {
    /// Its limits, both included.
    pub date: DateLimits,
}

/// Limits of a day, both included: a day such as `1900-01-01`, `today`, `today + 30d`, `today - 120y`.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DateLimits {
    /// The first.
    #[schemars(regex(pattern = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today( *[-+] *[0-9]+ *[dmy])?)$"))]
    pub min: Option<String>,
    /// The last.
    #[schemars(regex(pattern = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today( *[-+] *[0-9]+ *[dmy])?)$"))]
    pub max: Option<String>,
}

/// A phone number of another country.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PhoneAnswer {
    /// Which numbers.
    pub phone: Phone,
}

/// The numbers of a country.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Phone {
    /// The country's calling code, in quotes: `"255"`.
    #[schemars(extend("type" = ["string", "integer"]), regex(pattern = "^[1-9][0-9]{0,2}$"))]
    pub country: Option<String>,
    /// How many digits a number has behind it.
    #[schemars(range(min = 5, max = 12))]
    pub digits: Option<u8>,
}

/// One of some answers, which are shown with the question.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ChoiceAnswer {
    /// The answers by their keys.
    pub choice: Keyed<Choice>,
}

/// An answer to choose.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Choice {
    /// The word that the variable gets; conditions compare with it.
    pub is: Name,
    /// What callers read.
    pub text: Text,
}

/// A PIN.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PinAnswer {
    /// How many digits, both included.
    pub pin: PinLimits,
}

/// How many digits a PIN has, both included.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PinLimits {
    /// At least.
    #[schemars(range(min = 3, max = 12))]
    pub min: u8,
    /// At most.
    #[schemars(range(min = 3, max = 12))]
    pub max: u8,
}

/// A text.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TextAnswer {
    /// How long, and which.
    pub text: TextLimits,
}

/// How long a text is, and which.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TextLimits {
    /// Its fewest characters, 1 where it is left out.
    #[schemars(range(min = 1, max = 100))]
    pub min: Option<u8>,
    /// Its most characters, 40 where it is left out.
    #[schemars(range(min = 1, max = 100))]
    pub max: Option<u8>,
    /// A regular expression that the whole answer must match.
    pub pattern: Option<Scalar>,
    /// Whether it is a secret, which is never shown, sent or logged.
    pub sensitive: Option<bool>,
}
