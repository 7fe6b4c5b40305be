//! JSON as an aggregator sent it.

use std::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{JsonStep, Refused, parsed::Limits};

/// A JSON value. Unlike `serde_json::Value` a map keeps a key that comes twice, so that a request that says two
/// things can be refused, and a number keeps all its digits.
#[derive(Clone, PartialEq)]
pub(super) enum Json {
    /// `null`.
    Null,
    /// A text, a number, `true` or `false`, as text.
    Plain(String),
    List(Vec<Json>),
    /// Names and values in the order they came.
    Map(Vec<(String, Json)>),
}

impl fmt::Debug for Json {
    /// The shape only: phone and text are among the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Plain(_) => "Plain",
            Self::List(_) => "List",
            Self::Map(_) => "Map",
        })
    }
}

impl Json {
    /// Reads one document.
    pub(super) fn read(text: &str, limits: Limits) -> Result<Self, Refused> {
        // Checked as a whole first: what is read below is then only taken apart.
        let raw: &RawValue = parsed(text)?;
        let mut left = limits.fields;
        value(raw.get(), limits, limits.depth, &mut left)
    }

    /// Every value at a place: several where a name comes twice.
    pub(super) fn at(&self, steps: &[JsonStep], any_case: bool) -> Vec<&Self> {
        let Some((first, rest)) = steps.split_first() else {
            return vec![self];
        };
        let next = self.step(first, any_case).into_iter();
        next.flat_map(|value| value.at(rest, any_case)).collect()
    }

    fn step(&self, step: &JsonStep, any_case: bool) -> Vec<&Self> {
        match (self, step) {
            (Self::Map(entries), JsonStep::Name(name)) => {
                let named = |known: &str| same(known, name, any_case);
                let entries = entries.iter().filter(|(known, _)| named(known));
                entries.map(|(_, value)| value).collect()
            }
            (Self::List(items), JsonStep::Index(index)) => items.get(*index).into_iter().collect(),
            (Self::List(items), JsonStep::Where(name, wanted)) => {
                let name = [JsonStep::Name(name.clone())];
                let is = |item: &&Self| {
                    let values = item.at(&name, any_case);
                    values.into_iter().any(|value| value.is(wanted))
                };
                items.iter().find(is).into_iter().collect()
            }
            (Self::Null | Self::Plain(_) | Self::List(_) | Self::Map(_), _) => Vec::new(),
        }
    }

    fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Plain(text) if text == wanted)
    }
}

/// Whether a name is the one that is looked for.
pub(super) fn same(known: &str, wanted: &str, any_case: bool) -> bool {
    known == wanted || any_case && known.to_lowercase() == wanted.to_lowercase()
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Refused> {
    serde_json::from_str(text).map_err(|_| Refused::Malformed("JSON"))
}

fn value(text: &str, limits: Limits, depth: usize, left: &mut usize) -> Result<Json, Refused> {
    let Some(deeper) = depth.checked_sub(1) else {
        return Err(Refused::TooDeep(limits.depth));
    };
    match text.as_bytes().first() {
        Some(b'{') => {
            let members: Members<'_> = parsed(text)?;
            take(left, members.0.len(), limits)?;
            let members = members.0.into_iter();
            let read =
                members.map(|(name, raw)| Ok((name, value(raw.get(), limits, deeper, left)?)));
            Ok(Json::Map(read.collect::<Result<_, Refused>>()?))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = parsed(text)?;
            take(left, items.len(), limits)?;
            let items = items.into_iter();
            let read = items.map(|raw| value(raw.get(), limits, deeper, left));
            Ok(Json::List(read.collect::<Result<_, Refused>>()?))
        }
        Some(b'"') => Ok(Json::Plain(parsed(text)?)),
        _ if text == "null" => Ok(Json::Null),
        _ => Ok(Json::Plain(text.to_owned())),
    }
}

fn take(left: &mut usize, fields: usize, limits: Limits) -> Result<(), Refused> {
    *left = left.checked_sub(fields).ok_or(Refused::TooMany {
        part: "body",
        limit: limits.fields,
    })?;
    Ok(())
}

/// The members of an object, in the order they came, with those that come twice.
pub(super) struct Members<'t>(pub(super) Vec<(String, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnyMembers).map(Members)
    }
}

struct AnyMembers;

impl<'de> Visitor<'de> for AnyMembers {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Json, Refused> {
        Json::read(text, Limits::USSD)
    }

    fn texts(json: &Json, steps: &[JsonStep]) -> Vec<String> {
        let plain = |json: &Json| match json {
            Json::Plain(text) => text.clone(),
            other @ (Json::Null | Json::List(_) | Json::Map(_)) => format!("{other:?}"),
        };
        json.at(steps, false).into_iter().map(plain).collect()
    }

    fn name(name: &str) -> JsonStep {
        JsonStep::Name(name.into())
    }

    #[test]
    fn values_are_found_by_their_place_and_a_name_that_comes_twice_is_seen() {
        let json = read(
            r#" {"a": {"b": 1, "b": "x\u0041"}, "c": true, "d": [{"id": 5}, {"id": 6, "v": "y"}], "e": null} "#,
        )
        .unwrap();
        assert_eq!(texts(&json, &[name("a"), name("b")]), ["1", "xA"]);
        assert_eq!(texts(&json, &[name("c")]), ["true"]);
        assert_eq!(
            texts(&json, &[name("d"), JsonStep::Index(0), name("id")]),
            ["5"]
        );
        let sixth = JsonStep::Where("id".into(), "6".into());
        assert_eq!(texts(&json, &[name("d"), sixth, name("v")]), ["y"]);
        assert_eq!(texts(&json, &[name("e")]), ["Null"]);
        assert_eq!(texts(&json, &[name("A")]), [""; 0]);
        assert_eq!(json.at(&[name("A"), name("B")], true).len(), 2);
    }

    #[test]
    fn a_number_keeps_all_its_digits() {
        for number in [
            "16590115252429751",
            "123456789012345678901234567890",
            "1.50",
            "-3",
        ] {
            assert_eq!(read(number), Ok(Json::Plain(number.into())));
        }
    }

    #[test]
    fn what_is_no_json_or_too_much_of_it_is_refused() {
        for text in [
            "",
            "{",
            "{} {}",
            "{\"a\" 1}",
            "[1,]",
            "nul",
            "\"\\ud800\"",
            "01",
        ] {
            assert_eq!(read(text), Err(Refused::Malformed("JSON")), "{text}");
        }
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(63)).is_ok());
        assert_eq!(read(&nested(64)), Err(Refused::TooDeep(64)));
        assert_eq!(read(&nested(8_000)), Err(Refused::TooDeep(64)));
        let wide = format!("[{}1]", "1,".repeat(1_000));
        assert!(matches!(read(&wide), Err(Refused::TooMany { .. })));
    }
}
