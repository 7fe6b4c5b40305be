use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A text as it is written: `no`, `N` and `007` stay so. An editor has typed it already, so a text
/// may be a number to it.
#[derive(Debug, JsonSchema)]
#[schemars(extend("type" = ["string", "number", "boolean"]))]
pub struct Text(pub String);

/// A text with placeholders: `{phone}`, `{go | open}`, `{setting.username}`. `{{` and `}}` are braces.
#[derive(Debug, JsonSchema)]
#[schemars(extend("type" = ["string", "number", "boolean"]))]
pub struct Template(pub String);

/// Where a value stands and what is done to it: `form.status | outcome`. A text with braces puts
/// several together.
#[derive(Debug, JsonSchema)]
pub struct Place(pub String);

/// Where a value stands: one place, or a list of which the first that is there counts.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Value {
    /// `form.status | outcome`.
    One(Place),
    /// The first that is there.
    First(Vec<Place>),
}

/// A test, `form.text is empty`, or a list of tests that must all pass.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Tests {
    /// `form.text is empty`.
    One(String),
    /// All must pass.
    All(Vec<String>),
}

/// One, or a list of several.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum OneOrMore<T> {
    /// One.
    One(T),
    /// Several.
    More(Vec<T>),
}

/// Kind of a body that is read.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Body {
    /// Names and values, as a web form sends them.
    Form,
    /// JSON.
    Json,
    /// XML, SOAP among it.
    Xml,
    /// XML-RPC.
    Rpc,
    /// Read as `body` only.
    Text,
    /// None.
    None,
}

/// JSON with placeholders; one that stands alone keeps its type, and without a value leaves out its
/// entry.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Tree {
    /// A text, a number, `true` or `false`.
    Scalar(Template),
    /// `null`, or nothing.
    Null(Null),
    /// A list.
    List(Vec<Tree>),
    /// Members in this order.
    Map(std::collections::BTreeMap<String, Tree>),
}

/// `null`, or nothing.
#[derive(Debug)]
pub struct Null;

impl JsonSchema for Null {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Null".into()
    }

    /// No type: one that is `null` is taken out where a key may be left out.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"const": null})
    }
}
