use regex::Regex;
use serde::{Deserialize, Deserializer, de::Error};

/// Regular expressions that all match somewhere in a page. `^` and `$` are the ends of a line.
#[derive(Clone, Debug)]
pub(crate) struct Patterns(Vec<Regex>);

/// One, or several in a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    One(String),
    Several(Vec<String>),
}

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = match Written::deserialize(deserializer)? {
            Written::One(pattern) => vec![pattern],
            Written::Several(patterns) => patterns,
        };
        let compiled = written
            .iter()
            .map(|pattern| Regex::new(&format!("(?m){pattern}")));
        let compiled: Result<Vec<_>, _> = compiled.collect();
        match compiled {
            Ok(patterns) if patterns.is_empty() => Err(Error::custom("a pattern is missing")),
            Ok(patterns) => Ok(Self(patterns)),
            Err(error) => Err(Error::custom(error)),
        }
    }
}

impl Patterns {
    /// The first that does not match.
    pub(crate) fn missing_in(&self, page: &str) -> Option<&str> {
        let missing = self.0.iter().find(|pattern| !pattern.is_match(page));
        missing.map(|pattern| pattern.as_str().trim_start_matches("(?m)"))
    }

    /// Whether all match.
    pub(crate) fn match_in(&self, page: &str) -> bool {
        self.missing_in(page).is_none()
    }
}
