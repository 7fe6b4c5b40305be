use std::time::Duration;

use crate::{http, model::gsm7, scheme::SchemeError};

/// How much of what openIMIS said is kept.
const SAID: usize = 200;
/// From so many digits on it may be someone's number.
const NUMBER: usize = 5;

/// Why a request came to nothing. Nothing in it names a member.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// Nothing came back.
    #[error("openIMIS cannot be reached: {0}")]
    Unreached(http::Failure),
    /// Nothing came back in time.
    #[error("openIMIS gave no answer within {} s", .0.as_secs())]
    Late(Duration),
    /// Something else than 200 came, without a reason.
    #[error("openIMIS answered with status {0}")]
    Status(u16),
    /// What came is no JSON, as the page of a proxy.
    #[error("openIMIS answered with something that is no JSON")]
    NotJson,
    /// What came lacks a part, or has it in another shape.
    #[error("openIMIS answered without {0} that can be read")]
    Unreadable(&'static str),
    /// It does not know us any more: session or token are to be made anew.
    #[error("openIMIS does not accept the session: {0}")]
    Stale(String),
    /// It gave a reason that may pass.
    #[error("openIMIS failed: {0}")]
    Failed(String),
    /// It took the mutation and has not said what became of it.
    #[error("openIMIS has not yet done what it was told; it may be without a worker")]
    Pending,
    /// It is asked too often.
    #[error("openIMIS is asked too often")]
    Busy(Duration),
    /// It gave a reason that will be the same next time.
    #[error("{0}")]
    Refused(String),
}

impl Failure {
    /// What `errors` mean, whatever the status they came with.
    pub(super) fn of_errors(status: u16, said: &str) -> Self {
        let has = |part: &str| said.contains(part);
        let session = [
            "Error decoding signature",
            "unauthorized",
            "csrftoken",
            "CSRF",
            "has expired",
        ];
        if has("valid credentials") || has("INCORRECT_CREDENTIALS") {
            Self::Refused("openIMIS does not know this user and password".to_owned())
        } else if status == 401 || session.iter().any(|part| has(part)) {
            Self::Stale(bounded(said))
        } else if has("ValidationMessageGQLType") {
            Self::Refused("openIMIS holds this number for none of its own".to_owned())
        } else if status == 400 {
            Self::Refused(format!(
                "openIMIS does not understand the question: {}",
                bounded(said)
            ))
        } else {
            Self::Failed(bounded(said))
        }
    }

    /// As the rest of nyota knows it.
    pub(super) fn into_error(self, asked: &'static str) -> SchemeError {
        match self {
            Self::Busy(after) => SchemeError::Busy { asked, after },
            Self::Refused(why) => SchemeError::refused(asked, why),
            other @ (Self::Unreached(_)
            | Self::Late(_)
            | Self::Status(_)
            | Self::NotJson
            | Self::Unreadable(_)
            | Self::Stale(_)
            | Self::Failed(_)
            | Self::Pending) => SchemeError::unavailable(asked, other),
        }
    }
}

/// A text of openIMIS's on one line, cut where it gets long. It may repeat what it was asked, so what could be
/// a member's number or a phone goes.
pub(super) fn bounded(said: &str) -> String {
    let head: String = said.chars().take(SAID * 4).collect();
    let mut kept = String::with_capacity(SAID);
    for word in gsm7::clean(&head).split_inclusive(|character: char| !character.is_ascii_digit()) {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if digits < NUMBER {
            kept.push_str(word);
        } else {
            kept.push_str("***");
            kept.extend(word.chars().skip(digits));
        }
    }
    kept.chars().take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_will_be_the_same_next_time_is_told_from_what_may_pass() {
        let of = |status, said| Failure::of_errors(status, said);
        assert!(matches!(
            of(200, "INCORRECT_CREDENTIALS"),
            Failure::Refused(_)
        ));
        assert!(matches!(
            of(401, "Please enter valid credentials"),
            Failure::Refused(_)
        ));
        assert!(matches!(
            of(401, "Error decoding signature"),
            Failure::Stale(_)
        ));
        assert!(matches!(of(200, "'csrftoken'"), Failure::Stale(_)));
        assert!(matches!(of(400, "Cannot query field"), Failure::Refused(_)));
        assert!(matches!(
            of(200, "server closed the connection"),
            Failure::Failed(_)
        ));
    }

    #[test]
    fn a_text_of_theirs_is_one_bounded_line() {
        let long = bounded(&format!("a\nb\u{202e}{}", "c".repeat(5_000)));
        assert_eq!(long.chars().count(), SAID);
        assert!(long.starts_with("a bc"));
        let repeated = "got invalid value \"+255712345678\" for 070707070 at line 12";
        assert_eq!(
            bounded(repeated),
            "got invalid value \"+***\" for *** at line 12"
        );
    }
}
