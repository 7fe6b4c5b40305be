use std::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, SeqAccess, Visitor},
};

/// A JSON value as an aggregator sent it. Unlike `serde_json::Value` a map keeps a key that comes
/// twice, so that a request that says two things can be refused.
#[derive(Clone, PartialEq)]
pub(super) enum Json {
    /// `null`.
    Null,
    /// A text, a whole number, `true` or `false`, as text.
    Plain(String),
    /// A number with a fraction, or too large to be kept exactly.
    Fraction,
    /// A list. Nothing of today reads into one.
    List,
    /// Names and values in the order they came.
    Map(Vec<(String, Json)>),
}

impl fmt::Debug for Json {
    /// The shape only: phone and text are among the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Plain(_) => "Plain",
            Self::Fraction => "Fraction",
            Self::List => "List",
            Self::Map(_) => "Map",
        })
    }
}

impl Json {
    /// Reads one document.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// Every value at a path of names: several where a name comes twice.
    pub(super) fn at(&self, path: &[String]) -> Vec<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return vec![self];
        };
        let Self::Map(entries) = self else {
            return Vec::new();
        };
        let named = entries.iter().filter(|(name, _)| name == first);
        named.flat_map(|(_, value)| value.at(rest)).collect()
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Plain(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Plain(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Plain(value.to_string()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Fraction)
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Plain(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        while items.next_element::<Json>()?.is_some() {}
        Ok(Json::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Json {
        Json::Plain(text.into())
    }

    #[test]
    fn values_are_found_by_path_and_a_name_that_comes_twice_is_seen() {
        let json =
            Json::read(br#"{"a": {"b": 1, "b": "x"}, "c": true, "d": [1], "e": 1.5}"#).unwrap();
        let at = |path: &[&str]| {
            let path: Vec<_> = path.iter().map(|&name| name.to_owned()).collect();
            json.at(&path).into_iter().cloned().collect::<Vec<_>>()
        };
        assert_eq!(at(&["a", "b"]), [plain("1"), plain("x")]);
        assert_eq!(at(&["c"]), [plain("true")]);
        assert_eq!(at(&["d"]), [Json::List]);
        assert_eq!(at(&["e"]), [Json::Fraction]);
        assert_eq!(at(&["c", "x"]), []);
    }

    #[test]
    fn a_long_number_stays_exact_and_deep_nesting_is_refused() {
        assert_eq!(
            Json::read(b"16590115252429751"),
            Some(plain("16590115252429751"))
        );
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(Json::read(deep.as_bytes()), None);
        assert_eq!(Json::read(b"{} {}"), None);
    }
}
