use std::fmt;

use serde_json::Value as Json;

use super::{
    Template, Tree,
    value::{Datum, Sources},
};

/// A tree whose places are filled. Members stay in the profile's order, which some aggregators sign.
#[derive(Clone, PartialEq)]
pub(super) enum Filled {
    /// A text, a number, a truth value, `null`, or what a map or a setting made of those.
    Plain(Json),
    List(Vec<Filled>),
    Map(Vec<(String, Filled)>),
}

impl Tree {
    /// The tree with its places filled; `None` where it is one place without a value, so that its entry is left out.
    pub(super) fn fill(&self, sources: &dyn Sources) -> Option<Filled> {
        Some(match self {
            Self::Fixed(value) => Filled::Plain(value.clone()),
            Self::Filled(template) => Filled::Plain(template.typed(sources)?),
            Self::List(items) => {
                Filled::List(items.iter().filter_map(|item| item.fill(sources)).collect())
            }
            Self::Map(entries) => {
                let filled = |(name, tree): &(String, Self)| Some((name.clone(), tree.fill(sources)?));
                Filled::Map(entries.iter().filter_map(filled).collect())
            }
        })
    }
}

impl Template {
    /// The template filled, with the type of a place that stands alone; `None` where that has no value. `null` is none.
    pub(super) fn typed(&self, sources: &dyn Sources) -> Option<Json> {
        let Some(alone) = self.alone() else {
            return self.text(sources).ok().map(Json::String);
        };
        let value = alone.get(sources).ok().flatten().map(Datum::into_json);
        value.filter(|value| !value.is_null())
    }

    /// The template filled, as a text; `None` where it is one place without a value.
    pub(super) fn entry(&self, sources: &dyn Sources) -> Option<String> {
        match self.alone() {
            Some(alone) => alone.get(sources).ok().flatten().and_then(Datum::into_text),
            None => self.text(sources).ok(),
        }
    }
}

/// The pairs whose values are there.
pub(super) fn entries(
    pairs: &[(String, Template)],
    sources: &dyn Sources,
) -> Vec<(String, String)> {
    let filled = |(name, template): &(String, Template)| Some((name.clone(), template.entry(sources)?));
    pairs.iter().filter_map(filled).collect()
}

impl fmt::Display for Filled {
    /// As JSON, compact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => write!(f, "{value}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (place, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", comma(place))?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (place, (name, value)) in entries.iter().enumerate() {
                    write!(f, "{}{}:{value}", comma(place), Json::from(name.as_str()))?;
                }
                f.write_str("}")
            }
        }
    }
}

fn comma(place: usize) -> &'static str {
    if place == 0 { "" } else { "," }
}
