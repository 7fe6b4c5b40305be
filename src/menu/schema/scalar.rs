//! Texts, numbers and names, and maps with keys of their author's.
//!
//! nyota reads every value as it is written; an editor has typed it already, so a text may be a
//! number to it.

use std::{borrow::Cow, collections::BTreeMap};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A text as callers read it. `{cover.to}` prints a value, `{quote.name:20}` at most 20 of its
/// characters; a brace that is meant as one is written twice.
#[derive(Debug, JsonSchema)]
#[schemars(extend("type" = ["string", "number", "boolean"]))]
pub struct Text(pub String);

/// A value: a text, a number, `true` or `false`.
#[derive(Debug, JsonSchema)]
#[schemars(extend("type" = ["string", "number", "boolean"]))]
pub struct Scalar(pub String);

/// A name: small letters, digits and `_`, a letter first.
#[derive(Debug, JsonSchema)]
pub struct Name(#[schemars(regex(pattern = "^[a-z][a-z0-9_]*$"))] pub String);

/// A key that callers press: one to three digits, in quotes.
#[derive(Debug, JsonSchema)]
#[schemars(extend("type" = ["string", "integer"], "minimum" = 0, "maximum" = 999))]
pub struct Key(#[schemars(regex(pattern = "^[0-9]{1,3}$"))] pub String);

/// A code that callers dial, in quotes: `"*152*00#"`.
#[derive(Debug, JsonSchema)]
pub struct ServiceCode(#[schemars(regex(pattern = r"^\*[0-9]+(\*[0-9]+)*#$"))] pub String);

/// A language's tag: two or three small letters, `sw`, with a script where it has two, `ne-Latn`.
#[derive(Debug, JsonSchema)]
pub struct Tag(#[schemars(regex(pattern = "^[a-z]{2,3}(-[A-Z][a-z]{3})?$"))] pub String);

/// A variable, a field of one or a setting: `member`, `bill.number`, `setting.hotline`.
#[derive(Debug, JsonSchema)]
pub struct ValuePath(
    #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"))] pub String,
);

/// One comparison: `offers.count > 1`, `setting.renewal == closed`, `quote.to < today`.
#[derive(Debug, JsonSchema)]
pub struct Condition(#[schemars(regex(pattern = r"^\s*\S.*?(==|!=|<=|>=|<|>)\s*\S"))] pub String);

/// A length of time: `500ms`, `30s`, `10m`, `2h`, `3d`.
#[derive(Debug, JsonSchema)]
pub struct Span(#[schemars(regex(pattern = "^[0-9]+ ?(ms|s|m|h|d)$"))] pub String);

/// The type of what a menu takes or gives: `member_number`, `control_number`, `number`, `text`,
/// `amount`, `date`, `phone`, `pin`, `word`, or a record that a call gives, such as `bill`.
#[derive(Debug, JsonSchema)]
pub struct TypeName(#[schemars(regex(pattern = "^[a-z][a-z0-9_]*$"))] pub String);

/// `yes` or `no`.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum YesOrNo {
    /// As if it were left out.
    Yes,
    /// Not so.
    No,
}

/// A map whose keys are names of its author's.
#[derive(Debug)]
pub struct Named<T>(pub BTreeMap<String, T>);

/// A map whose keys are pressed.
#[derive(Debug)]
pub struct Keyed<T>(pub BTreeMap<String, T>);

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("NamesOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        map::<T>(generator, "^[a-z][a-z0-9_]*$")
    }
}

impl<T: JsonSchema> JsonSchema for Keyed<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("KeysOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        map::<T>(generator, "^[0-9]{1,3}$")
    }
}

fn map<T: JsonSchema>(generator: &mut SchemaGenerator, keys: &str) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": generator.subschema_for::<T>(),
        "propertyNames": {"pattern": keys},
    })
}
