use schemars::JsonSchema;

use super::{Condition, Key, Name, Scalar, Span, Text};

/// The keys that mean the same on every screen. No option may have one of them.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Keys {
    /// To the screen before: `"0"`.
    pub back: Key,
    /// To the root's start: `"00"`.
    pub home: Key,
    /// To the next page of a long text or list: `"98"`.
    pub more: Key,
}

/// What stands beside the keys, and what the engine says by itself.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Words {
    /// Beside the key that confirms.
    pub yes: Text,
    /// Beside the key that does not.
    pub no: Text,
    /// Beside the back key.
    pub back: Text,
    /// Beside the home key.
    pub home: Text,
    /// Beside the key to the next page.
    pub more: Text,
    /// Above a page after a wrong key.
    pub choose_again: Text,
    /// The last page where an answer is still being fetched.
    pub busy: Text,
    /// The last page where a turn cannot be served.
    pub unavailable: Text,
    /// The last page on a code that is nobody's.
    pub wrong_number: Text,
    /// The last page for who comes too often in a short time. Without it: `unavailable`.
    pub too_many: Option<Text>,
    /// The last page of a caller of whom nothing is kept any more: to dial again. Left out, it is
    /// `unavailable`.
    pub forgotten: Option<Text>,
    /// The page that offers to go on with a dropped dialogue. It names nobody.
    pub resume: Option<Text>,
    /// Beside its key that goes on.
    pub carry_on: Option<Text>,
    /// Beside its key that begins anew.
    pub start_again: Option<Text>,
}

/// How a late answer is opened on a phone that is not the member's.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Late {
    /// Asks for the last four digits of the member's number.
    pub ask: Text,
    /// Above the question after wrong digits.
    pub wrong: Text,
}

/// The SMS that no screen sends.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Messages {
    /// When money has come. Knows `{amount}`, `{number}`, `{receipt}` and `{date}`.
    pub payment_received: Text,
    /// When cover has become active. Knows `{first_name}`, `{initial}`, `{from}` and `{to}`.
    pub cover_active: Text,
    /// When less money has come than the bill asks. Knows `{amount}`, `{missing}`, `{number}` and
    /// `{pay_by}`.
    pub payment_short: Option<Text>,
    /// When money has come that pays no open bill, and promises no cover. Knows `{amount}`, `{number}`
    /// and `{date}`.
    pub payment_late: Option<Text>,
    /// When a bill gets its control number while nobody waits for it. Knows `{number}`, `{amount}` and
    /// `{pay_by}`.
    pub bill_numbered: Option<Text>,
    /// When a bill can be paid for a few days only. Knows `{number}`, `{amount}` and `{pay_by}`.
    pub bill_expiring: Option<Text>,
    /// When a member was enrolled. Knows `{first_name}`, `{initial}` and `{product}`.
    pub enrolled: Option<Text>,
    /// When a cover was renewed. Knows `{first_name}`, `{initial}`, `{from}` and `{to}`.
    pub renewed: Option<Text>,
    /// When a cover ends in a few days. Knows `{first_name}`, `{initial}` and `{to}`.
    pub cover_expiring: Option<Text>,
    /// When a cover has ended a few days ago. Knows `{first_name}`, `{initial}` and `{to}`.
    pub cover_expired: Option<Text>,
    /// When a report was written down. Knows `{reference}`.
    pub report_filed: Option<Text>,
    /// A code by which a phone proves whose it is. Knows `{code}` and `{minutes}`.
    pub one_time_code: Option<Text>,
}

/// What an installation may set.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Setting {
    /// One of some words: `{one_of: [open, closed], default: open}`.
    OneOf(SettingOneOf),
    /// A text: `{text: 20, default: "0800 110 110"}`.
    Text(SettingText),
    /// An amount: `{amount: TZS, default: 30000}`.
    Amount(SettingAmount),
    /// A whole number: `{number: 3, default: 6}`.
    Number(SettingNumber),
}

/// What a setting is where nothing is set.
pub type SettingValue = Scalar;

/// One of some words.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SettingOneOf {
    /// The words.
    pub one_of: Vec<Name>,
    /// The word where nothing is set.
    pub default: SettingValue,
}

/// A text.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SettingText {
    /// Its most characters.
    #[schemars(range(min = 1, max = 160))]
    pub text: u16,
    /// The text where nothing is set.
    pub default: SettingValue,
}

/// An amount of money.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SettingAmount {
    /// Its currency: `TZS`.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub amount: String,
    /// The amount where nothing is set, in whole units.
    pub default: SettingValue,
}

/// A whole number.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SettingNumber {
    /// Its most digits.
    #[schemars(range(min = 1, max = 18))]
    pub number: u8,
    /// The number where nothing is set.
    pub default: SettingValue,
}

/// When a menu is switched off, and what is shown instead.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Off {
    /// Always off: what is shown.
    Always(Text),
    /// Off while something holds.
    While(OffText),
}

/// When a menu is off, and its text.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OffText {
    /// When it is off; always where it is left out.
    pub when: Option<Condition>,
    /// What is shown instead.
    pub text: Text,
}

/// What is left of a dialogue that was dropped. Every variable of the menu stands in one of the lists.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Resume {
    /// How soon the code must be dialled again: `10m`, an hour at most.
    pub within: Span,
    /// Variables that are kept.
    pub keep: Option<Vec<Name>>,
    /// Variables that are asked for again.
    pub ask_again: Option<Vec<Name>>,
    /// Variables that are forgotten.
    pub forget: Option<Vec<Name>>,
}
