use serde_json::{Map, Number, Value as Answer};

use super::{
    Wording,
    encode::plain,
    fill::{Filling, Unfit},
};
use crate::menu::Value;

/// A body as it is declared.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// The same each time: a number, `true`, `false`, `null`.
    Constant(Answer),
    /// One argument, with its own type: a number stays one.
    Argument(usize),
    /// A text.
    Text(Wording),
    /// A list.
    List(Vec<Json>),
    /// Fields in order.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// The body with its arguments.
    pub(super) fn fill(&self, with: &Filling<'_>) -> Result<Answer, Unfit> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Argument(position) => typed(with.argument(*position)?)?,
            Self::Text(wording) => Answer::String(with.text(wording, str::to_owned)?),
            Self::List(items) => {
                let items = items.iter().map(|item| item.fill(with));
                Answer::Array(items.collect::<Result<_, _>>()?)
            }
            Self::Map(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, field)| Ok((name.clone(), field.fill(with)?)));
                Answer::Object(fields.collect::<Result<Map<_, _>, Unfit>>()?)
            }
        })
    }
}

fn typed(value: &Value) -> Result<Answer, Unfit> {
    match value {
        Value::Number(number) => Ok(Answer::Number(Number::from(*number))),
        Value::Text(_)
        | Value::Amount(_)
        | Value::Date(_)
        | Value::Member(_)
        | Value::Control(_)
        | Value::Phone(_)
        | Value::Record(_)
        | Value::List(_) => plain(value).map(Answer::String).ok_or(Unfit::NotPrintable),
    }
}
