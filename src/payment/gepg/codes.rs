//! GePG's status codes as data.
//!
//! To add a code: its line in `CLASSES`. A code that is not there is [`Class::Permanent`]: it
//! needs a person and is never taken for success.
//!
//! Source: `GepgCodeResponses.cs` of openIMIS's payment module and a public enumeration to 7337.

use std::fmt;

/// Success.
pub const SUCCESS: u16 = 7101;
/// General failure: says nothing where a specific code follows.
const FAILURE: u16 = 7201;
/// The data of a request is not right.
pub const INVALID_REQUEST: u16 = 7242;
/// The signature is not right.
pub const INVALID_SIGNATURE: u16 = 7303;
/// The service provider is not one that the gateway knows.
pub const UNKNOWN_PROVIDER: u16 = 7203;
/// The provider's code in the header is not that of the body.
pub const HEADER_MISMATCH: u16 = 7323;

/// What a code asks of us. The order is that of severity: of several codes the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// It worked.
    Success,
    /// It is there already, which is success where it is our own.
    Known,
    /// Something to know, neither success nor failure.
    Information,
    /// The same again, later.
    Retry,
    /// The bill is paid already: nothing to submit, its notice is to come.
    Paid,
    /// Our settings or keys are not right: a person must act.
    Configuration,
    /// It will not work, now or later.
    Permanent,
}

/// The class of every known code; ranges include both ends.
const CLASSES: &[(u16, u16, Class)] = &[
    (7101, 7101, Class::Success),
    (7201, 7201, Class::Permanent),
    (7202, 7203, Class::Configuration),
    (7204, 7204, Class::Permanent),
    (7205, 7206, Class::Configuration),
    (7207, 7207, Class::Known),
    (7210, 7219, Class::Permanent),
    (7220, 7220, Class::Configuration),
    (7221, 7222, Class::Permanent),
    (7223, 7223, Class::Configuration),
    (7224, 7225, Class::Permanent),
    (7226, 7226, Class::Known),
    (7227, 7227, Class::Permanent),
    (7228, 7229, Class::Configuration),
    (7230, 7234, Class::Permanent),
    (7235, 7238, Class::Information),
    (7240, 7241, Class::Retry),
    (7242, 7278, Class::Permanent),
    (7279, 7279, Class::Paid),
    (7280, 7282, Class::Permanent),
    (7283, 7283, Class::Information),
    (7284, 7285, Class::Permanent),
    (7286, 7286, Class::Retry),
    (7301, 7302, Class::Information),
    (7303, 7304, Class::Configuration),
    (7311, 7311, Class::Configuration),
    (7317, 7317, Class::Retry),
    (7318, 7320, Class::Permanent),
    (7321, 7321, Class::Retry),
    (7322, 7323, Class::Configuration),
    (7324, 7324, Class::Information),
    (7325, 7330, Class::Retry),
    (7331, 7331, Class::Information),
    (7332, 7332, Class::Retry),
    (7333, 7333, Class::Permanent),
    (7334, 7334, Class::Information),
    (7335, 7336, Class::Permanent),
    (7337, 7337, Class::Retry),
];

/// The codes of one answer, such as `7201;7226`. The general failure is dropped where a specific
/// code stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes(Vec<u16>);

impl Codes {
    /// One code.
    pub fn one(code: u16) -> Self {
        Self(vec![code])
    }

    /// Reads numbers joined by `;`; `None` where there is none, or something else.
    pub fn parse(text: &str) -> Option<Self> {
        let codes: Vec<u16> = text
            .split(';')
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(|code| code.parse().ok())
            .collect::<Option<_>>()?;
        let specific: Vec<u16> = codes
            .iter()
            .copied()
            .filter(|code| *code != FAILURE)
            .collect();
        let kept = if specific.is_empty() { codes } else { specific };
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// What they ask of us together: the most severe of them.
    pub fn class(&self) -> Class {
        self.0
            .iter()
            .map(|code| class(*code))
            .max()
            .unwrap_or(Class::Permanent)
    }

    /// Whether they say success and nothing else.
    pub fn is_success(&self) -> bool {
        self.0.iter().all(|code| *code == SUCCESS)
    }
}

fn class(code: u16) -> Class {
    CLASSES
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&code))
        .map_or(Class::Permanent, |(_, _, class)| *class)
}

impl fmt::Display for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, code) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ";" };
            write!(f, "{separator}{code}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_general_failure_is_dropped_where_a_specific_code_stands_beside_it() {
        assert_eq!(Codes::parse("7201;7226").unwrap().to_string(), "7226");
        assert_eq!(Codes::parse("7201").unwrap().to_string(), "7201");
        assert_eq!(Codes::parse("7242;7267").unwrap().to_string(), "7242;7267");
        for text in ["", ";", "x", "7101;x", "99999999"] {
            assert_eq!(Codes::parse(text), None, "{text}");
        }
    }

    #[test]
    fn of_several_codes_the_most_severe_counts() {
        let class = |text| Codes::parse(text).unwrap().class();
        assert_eq!(class("7101"), Class::Success);
        assert_eq!(class("7201;7226"), Class::Known);
        assert_eq!(class("7226;7242"), Class::Permanent);
        assert_eq!(class("7223"), Class::Configuration);
        assert_eq!(class("7201;7223;7268"), Class::Permanent);
        assert_eq!(class("7317"), Class::Retry);
    }

    #[test]
    fn an_unknown_code_is_never_success() {
        let known = CLASSES
            .iter()
            .filter(|(_, _, class)| *class == Class::Success);
        assert_eq!(known.count(), 1);
        for code in [0, 1, 200, 7100, 7102, 7239, 7338, 9999] {
            assert_eq!(class(code), Class::Permanent, "{code}");
        }
    }

    #[test]
    fn the_table_is_in_order_and_names_no_code_twice() {
        for pair in CLASSES.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{} and {}", pair[0].1, pair[1].0);
        }
    }
}
