use std::time::Duration;

use crate::http::Answer;

/// How many cookies are kept, and how long one may be.
const KEPT: usize = 8;
const LONGEST: usize = 4_096;

/// The cookies of one login. Paths and hosts do not matter: they go to one address only.
#[derive(Clone, Default)]
pub(super) struct Cookies {
    held: Vec<(String, String)>,
    shortest: Option<Duration>,
}

impl std::fmt::Debug for Cookies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cookies", self.held.len())
    }
}

impl Cookies {
    /// Keeps what an answer sets.
    pub(super) fn keep(&mut self, answer: &Answer) {
        let set = answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie");
        for (_, value) in set {
            if let Ok(text) = std::str::from_utf8(value) {
                self.set(text);
            }
        }
    }

    fn set(&mut self, text: &str) {
        let mut parts = text.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        // The token goes in a header of its own; as a cookie it would be a second one that ages.
        let fits = !name.is_empty() && text.len() <= LONGEST && name != "JWT";
        if !fits || (self.held.len() >= KEPT && self.get(name).is_none()) {
            return;
        }
        self.held.retain(|(held, _)| held != name);
        self.held.push((name.to_owned(), value.to_owned()));
        let age = parts.find_map(|part| part.strip_prefix("Max-Age="));
        let age = age
            .and_then(|age| age.parse().ok())
            .map(Duration::from_secs);
        self.shortest = [self.shortest, age].into_iter().flatten().min();
    }

    /// One's value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.held.iter().find(|(held, _)| held == name);
        found.map(|(_, value)| value.as_str())
    }

    /// How long the one lives that ends first, where one says so.
    pub(super) fn shortest(&self) -> Option<Duration> {
        self.shortest
    }

    /// The header that gives them back.
    pub(super) fn header(&self) -> String {
        let pairs: Vec<String> = self
            .held
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_cookie_goes_back_and_the_shortest_life_counts() {
        let mut cookies = Cookies::default();
        cookies.set("csrftoken=a; expires=Sat, 20 Nov 2027 05:56:59 GMT; Max-Age=31449600; Path=/");
        cookies.set("openimis_session=s; HttpOnly; Max-Age=28800; Path=/; Secure");
        cookies.set("csrftoken=b; Max-Age=31449600");
        cookies.set("JWT=x; Max-Age=86400");
        cookies.set("nonsense");
        assert_eq!(cookies.header(), "openimis_session=s; csrftoken=b");
        assert_eq!(cookies.get("csrftoken"), Some("b"));
        assert_eq!(cookies.shortest(), Some(Duration::from_hours(8)));
    }

    #[test]
    fn they_are_bounded() {
        let mut cookies = Cookies::default();
        cookies.set(&format!("long={}", "x".repeat(LONGEST)));
        assert_eq!(cookies.header(), "");
        for number in 0..20 {
            cookies.set(&format!("c{number}=x"));
        }
        assert_eq!(cookies.held.len(), KEPT);
    }
}
