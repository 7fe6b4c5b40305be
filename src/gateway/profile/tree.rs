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
                let filled =
                    |(name, tree): &(String, Self)| Some((name.clone(), tree.fill(sources)?));
                Filled::Map(entries.iter().filter_map(filled).collect())
            }
        })
    }
}

impl Template {
    /// The template filled, with the type of a place that stands alone; `None` where that has no value. `null` is none.
    pub(super) fn typed(&self, sources: &dyn Sources) -> Option<Json> {
        let value = self.value(sources).ok().flatten().map(Datum::into_json);
        value.filter(|value| !value.is_null())
    }

    /// The template filled, as a text; `None` where it is one place without a value.
    pub(super) fn entry(&self, sources: &dyn Sources) -> Option<String> {
        self.value(sources)
            .ok()
            .flatten()
            .and_then(Datum::into_text)
    }
}

/// The pairs whose values are there.
pub(super) fn entries(
    pairs: &[(String, Template)],
    sources: &dyn Sources,
) -> Vec<(String, String)> {
    let filled =
        |(name, template): &(String, Template)| Some((name.clone(), template.entry(sources)?));
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::gateway::profile::{
        fixture::{template, told},
        value::Datum,
    };

    fn map(entries: &[(&str, Tree)]) -> Tree {
        let entries = entries
            .iter()
            .map(|(name, tree)| ((*name).to_owned(), tree.clone()));
        Tree::Map(entries.collect())
    }

    fn filled(text: &str) -> Tree {
        Tree::Filled(template(text))
    }

    fn written(tree: &Tree, values: &[(&str, Datum)]) -> Option<String> {
        tree.fill(&told(values)).map(|filled| filled.to_string())
    }

    #[test]
    fn a_tree_is_written_compact_and_in_its_own_order() {
        let tree = map(&[
            ("z", filled("{a}")),
            ("a", Tree::Fixed(json!(1))),
            (
                "list",
                Tree::List(vec![filled("x{a}"), Tree::Fixed(json!(null))]),
            ),
            ("b\"", map(&[])),
        ]);
        assert_eq!(
            written(&tree, &[("a", "v".into())]).unwrap(),
            r#"{"z":"v","a":1,"list":["xv",null],"b\"":{}}"#
        );
    }

    #[test]
    fn a_place_that_stands_alone_keeps_its_type_and_within_a_text_it_is_text() {
        let tree = map(&[
            ("alone", filled("{n}")),
            ("within", filled("{n}.")),
            ("typed", filled("{t | number}")),
            ("truth", filled("{b | bool}")),
            ("list", filled("{l}")),
        ]);
        let values = [
            ("n", Datum::Json(json!(7))),
            ("t", Datum::from("8250397020021226786")),
            ("b", Datum::from("true")),
            ("l", Datum::Json(json!(["MSC", "DEST"]))),
        ];
        assert_eq!(
            written(&tree, &values).unwrap(),
            r#"{"alone":7,"within":"7.","typed":8250397020021226786,"truth":true,"list":["MSC","DEST"]}"#
        );
    }

    #[test]
    fn an_entry_without_a_value_is_left_out_and_an_empty_text_is_not() {
        let tree = map(&[
            ("missing", filled("{a}")),
            ("null", filled("{n}")),
            ("empty", filled("{e}")),
            ("within", filled("<{a}>")),
            ("list", Tree::List(vec![filled("{a}"), filled("{e}")])),
        ]);
        let values = [("n", Datum::Json(json!(null))), ("e", Datum::from(""))];
        assert_eq!(
            written(&tree, &values).unwrap(),
            r#"{"empty":"","within":"<>","list":[""]}"#
        );
        assert_eq!(written(&filled("{a}"), &[]), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_from_the_json(text in any::<String>(), name in any::<String>()) {
            let list = Tree::List(vec![filled("-{a}")]);
            let tree = map(&[(name.as_str(), filled("{a}")), ("list", list)]);
            let json = written(&tree, &[("a", text.as_str().into())]).unwrap();
            let read: Json = serde_json::from_str(&json).unwrap();
            if name != "list" {
                prop_assert_eq!(read[&name].as_str(), Some(text.as_str()));
            }
            let listed = format!("-{text}");
            prop_assert_eq!(read["list"][0].as_str(), Some(listed.as_str()));
            prop_assert!(!json.contains(['\n', '\r']));
        }
    }
}
