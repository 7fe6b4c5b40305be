use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::line::Mark;
use crate::model::Position;

/// Where the last turn stood, by the class of its gateway. It holds no text: PINs come back in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// The accumulated text's length in bytes, and its mark.
    Accumulated {
        /// How long the text was.
        length: u32,
        /// A mark of it.
        mark: Mark,
    },
    /// A mark of the aggregator's id of the request.
    Identified {
        /// The mark.
        request: Mark,
    },
    /// A mark of the input.
    Bare {
        /// The mark.
        input: Mark,
    },
}

/// What a text is, next to what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Newest {
    /// It adds this input.
    Input(String),
    /// It is the last turn again.
    Repeat,
    /// It is a turn before the last.
    Older,
    /// It is further on than one turn, or another text: a turn in between was lost.
    Gap,
}

/// For how long after its reply a bare gateway's same input is taken for a repeat.
const REPEAT_WITHIN: TimeDelta = TimeDelta::seconds(2);

/// Where `position` stands.
pub(super) fn seen(position: &Position, mark: &dyn Fn(&str) -> Mark) -> Seen {
    match position {
        Position::Accumulated { text } => Seen::Accumulated {
            length: u32::try_from(text.len()).unwrap_or(u32::MAX),
            mark: mark(text),
        },
        Position::Identified { request, .. } => Seen::Identified {
            request: mark(request),
        },
        Position::Bare { text } => Seen::Bare { input: mark(text) },
    }
}

/// What `position` adds to what was `seen` at `at`. A gateway that changed its class is a gap.
pub(super) fn newest(
    position: &Position,
    seen: Seen,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    mark: &dyn Fn(&str) -> Mark,
) -> Newest {
    match (position, seen) {
        (Position::Accumulated { text }, Seen::Accumulated { length, mark: seen }) => {
            added(text, length as usize, |prefix| mark(prefix) == seen)
        }
        (Position::Identified { text, request }, Seen::Identified { request: seen }) => {
            repeat_or_input(mark(request) == seen, text)
        }
        (Position::Bare { text }, Seen::Bare { input }) => {
            let soon = now.signed_duration_since(at) < REPEAT_WITHIN;
            repeat_or_input(soon && mark(text) == input, text)
        }
        (
            Position::Accumulated { .. } | Position::Identified { .. } | Position::Bare { .. },
            Seen::Accumulated { .. } | Seen::Identified { .. } | Seen::Bare { .. },
        ) => Newest::Gap,
    }
}

fn repeat_or_input(repeat: bool, text: &str) -> Newest {
    if repeat {
        Newest::Repeat
    } else {
        Newest::Input(text.to_owned())
    }
}

/// The input that an accumulated text adds to the `length` bytes that were seen: what follows them
/// and one `*`. An input may hold `*` itself, so the text is never split.
fn added(text: &str, length: usize, is_seen: impl Fn(&str) -> bool) -> Newest {
    let Some((prefix, rest)) = text.split_at_checked(length) else {
        return if text.len() < length {
            Newest::Older
        } else {
            Newest::Gap
        };
    };
    if !is_seen(prefix) {
        return Newest::Gap;
    }
    match (rest, prefix.is_empty()) {
        ("", _) => Newest::Repeat,
        (first, true) => Newest::Input(first.to_owned()),
        (rest, false) => rest
            .strip_prefix('*')
            .map_or(Newest::Gap, |input| Newest::Input(input.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(text: &str) -> Mark {
        let sum = text
            .bytes()
            .fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        sum.to_be_bytes()
    }

    fn accumulated(text: &str) -> Position {
        Position::Accumulated { text: text.into() }
    }

    fn after(seen_text: &str, text: &str) -> Newest {
        let now = DateTime::default();
        newest(&accumulated(text), seen(&accumulated(seen_text), &mark), now, now, &mark)
    }

    #[test]
    fn an_input_is_what_was_added() {
        assert_eq!(after("", "1"), Newest::Input("1".into()));
        assert_eq!(after("1", "1*2"), Newest::Input("2".into()));
        assert_eq!(after("1*2", "1*2*3*4"), Newest::Input("3*4".into()));
        assert_eq!(after("1", "1*"), Newest::Input(String::new()));
    }

    #[test]
    fn the_same_text_is_a_repeat_and_a_shorter_one_older() {
        assert_eq!(after("1*2", "1*2"), Newest::Repeat);
        assert_eq!(after("1*2", "1"), Newest::Older);
        assert_eq!(after("1*2", ""), Newest::Older);
    }

    #[test]
    fn another_text_is_a_gap() {
        assert_eq!(after("1", "2*2"), Newest::Gap);
        assert_eq!(after("1", "12"), Newest::Gap);
        assert_eq!(after("1*2", "1*3"), Newest::Gap);
    }

    #[test]
    fn a_bare_gateways_same_input_is_a_repeat_only_for_two_seconds() {
        let position = Position::Bare { text: "1".into() };
        let at = DateTime::default();
        let seen = seen(&position, &mark);
        let soon = at + TimeDelta::milliseconds(1999);
        assert_eq!(newest(&position, seen, at, soon, &mark), Newest::Repeat);
        let later = at + TimeDelta::seconds(2);
        let input = Newest::Input("1".into());
        assert_eq!(newest(&position, seen, at, later, &mark), input);
    }

    #[test]
    fn a_request_id_is_the_position_whatever_was_typed() {
        let identified = |text: &str, request: &str| Position::Identified {
            text: text.into(),
            request: request.into(),
        };
        let at = DateTime::default();
        let seen = seen(&identified("1", "a"), &mark);
        assert_eq!(newest(&identified("1", "a"), seen, at, at, &mark), Newest::Repeat);
        let next = newest(&identified("1", "b"), seen, at, at, &mark);
        assert_eq!(next, Newest::Input("1".into()));
    }

    proptest! {
        #[test]
        fn accumulated_texts_give_back_their_inputs(
            inputs in prop::collection::vec("[0-9*#a-z]{1,6}", 1..8)
        ) {
            let mut text = String::new();
            for (index, input) in inputs.iter().enumerate() {
                let before = text.clone();
                if index > 0 {
                    text.push('*');
                }
                text.push_str(input);
                prop_assert_eq!(after(&before, &text), Newest::Input(input.clone()));
                prop_assert_eq!(after(&text, &text), Newest::Repeat);
                prop_assert_eq!(after(&text, &before), Newest::Older);
            }
        }

        #[test]
        fn any_two_texts_never_panic(one in ".{0,12}", two in ".{0,12}") {
            after(&one, &two);
        }
    }
}
