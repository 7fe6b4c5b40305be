use schemars::JsonSchema;

use super::{Keyed, Late, Messages, Named, Sms, Text, Words};

/// The texts of a menu in another language: the same tree, texts only. What holds nothing but
/// placeholders may be left out.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Texts {
    /// The root's words.
    pub words: Option<Words>,
    /// The root's texts for a late answer.
    pub late: Option<Late>,
    /// The root's SMS that no screen sends.
    pub messages: Option<Messages>,
    /// What is shown while the menu is switched off.
    pub off: Option<OptionText>,
    /// The texts of its screens by name.
    pub screens: Option<Named<ScreenTexts>>,
}

/// The texts of a screen.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenTexts {
    /// The text above the options.
    pub menu: Option<Text>,
    /// The text above the rows.
    pub text: Option<Text>,
    /// What a row shows of its record.
    pub row: Option<Text>,
    /// The question.
    pub ask: Option<Text>,
    /// Above the page after an answer that is not right.
    pub wrong: Option<Text>,
    /// The answers to choose from at a question.
    pub r#type: Option<TypeTexts>,
    /// What is read back.
    pub confirm: Option<Text>,
    /// The information.
    pub show: Option<Text>,
    /// The last page.
    pub end: Option<Text>,
    /// The text above the languages.
    pub language: Option<Text>,
    /// Its SMS; below a call one for each outcome.
    pub sms: Option<Sms>,
    /// Its options by key.
    pub options: Option<Keyed<OptionText>>,
}

/// The texts of a question's type.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TypeTexts {
    /// The answers to choose from, by key.
    pub choice: Option<Keyed<OptionText>>,
}

/// An option's text, which may be written short: `"1": Another number`.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum OptionText {
    /// Its text.
    Short(Text),
    /// The same as a map.
    Long(OptionTexts),
}

/// An option's text as a map.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OptionTexts {
    /// Its text.
    pub text: Text,
}
