use std::{collections::BTreeMap, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::Rate;

/// Rates of routes that the options say nothing of. A name stands for all routes that begin with it
/// and a colon, too.
const RATES: [(&str, Rate); 4] = [
    // What an aggregator's account commonly bears.
    ("sms", rate(30, 60)),
    // The simulator's own phones.
    ("sms:handset", rate(1000, 1000)),
    ("gepg", rate(50, 200)),
    ("scheme", rate(20, 200)),
];

const fn rate(per_second: u32, burst: u32) -> Rate {
    Rate { per_second, burst }
}

/// How the outbox works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many jobs of one route run at one time in one node. Each route has its own room, so that a
    /// scheme that is slow to answer keeps no SMS and no payment waiting.
    #[schemars(range(min = 1))]
    pub at_once: u32,
    /// How many urgent ones may run beside them, so that no backlog of slow work holds up one for
    /// whom someone waits.
    #[schemars(range(min = 1))]
    pub urgent_at_once: u32,
    /// For how many seconds a job is leased, from its claim and from each renewal. So long its caller
    /// waits where a process died.
    #[schemars(range(min = 3))]
    pub lease_seconds: u32,
    /// How many milliseconds it rests when nothing is due and nobody rings.
    #[schemars(range(min = 1))]
    pub rest_millis: u64,
    /// For how many seconds what runs is waited for at the end. What is cut off then is claimed again
    /// when its lease is over.
    pub grace_seconds: u64,
    /// How fast routes may be used by all nodes together: by their names, or by what stands before
    /// the colon for all of them, each with the rate: `{sms: 30/60}` is 30 jobs a second, and 60 at
    /// once after a rest. What is not here has the program's own: sms 30/60, gepg 50/200, scheme
    /// 20/200.
    pub rates: BTreeMap<String, Rate>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            at_once: 8,
            urgent_at_once: 4,
            lease_seconds: 15,
            rest_millis: 500,
            grace_seconds: 8,
            rates: BTreeMap::new(),
        }
    }
}

impl Options {
    /// How fast this route may be used; `None` for as fast as there is room.
    pub fn rate(&self, route: &str) -> Option<Rate> {
        let group = route.split_once(':').map_or(route, |(group, _)| group);
        let given = |name| self.rates.get(name).copied();
        let ours = |name| {
            let known = RATES.iter().find(|(known, _)| *known == name);
            known.map(|(_, rate)| *rate)
        };
        given(route)
            .or_else(|| given(group))
            .or_else(|| ours(route))
            .or_else(|| ours(group))
    }
}

/// The rate of a route, as an operator writes it: `sms=30` a second, or `sms:handset=30/60` with what
/// may go at once after a rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRate {
    /// The route, or what stands before the colon of several.
    pub route: String,
    /// Its rate.
    pub rate: Rate,
}

/// What is no [`RouteRate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write a route and how many jobs a second it bears, such as sms=30, or sms=30/60 with how many at once after a rest; both from 1 to 100000"
)]
pub struct RouteRateError;

impl FromStr for RouteRate {
    type Err = RouteRateError;

    fn from_str(text: &str) -> Result<Self, RouteRateError> {
        let (route, rate) = text.split_once('=').ok_or(RouteRateError)?;
        if route.is_empty() {
            return Err(RouteRateError);
        }
        Ok(Self {
            route: route.to_owned(),
            rate: rate.parse().map_err(|_| RouteRateError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_the_rate_of_its_name_before_that_of_its_group() {
        let mut options = Options::default();
        assert_eq!(options.rate("sms:handset"), Some(rate(1000, 1000)));
        assert_eq!(options.rate("sms:other"), Some(rate(30, 60)));
        assert_eq!(options.rate("finish_effect"), None);
        options.rates.insert("sms".to_owned(), rate(5, 5));
        assert_eq!(options.rate("sms:handset"), Some(rate(5, 5)));
        options.rates.insert("sms:handset".to_owned(), rate(7, 7));
        assert_eq!(options.rate("sms:handset"), Some(rate(7, 7)));
        assert_eq!(options.rate("sms:other"), Some(rate(5, 5)));
    }

    #[test]
    fn a_rate_is_read_as_it_is_written() {
        let read = |text: &str| text.parse::<RouteRate>();
        let given = read("sms:handset=30/60").unwrap();
        assert_eq!(
            (given.route.as_str(), given.rate),
            ("sms:handset", rate(30, 60))
        );
        assert_eq!(read("gepg=20").unwrap().rate, rate(20, 20));
        for text in ["gepg", "=3", "gepg=0", "gepg=1/0", "gepg=fast", "gepg=-1"] {
            assert_eq!(read(text), Err(RouteRateError), "{text}");
        }
    }
}
