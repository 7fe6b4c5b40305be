use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{
    Position,
    accumulated::{self, Mark, Newest},
};

/// Where the last turn stood, by the class of its gateway. It holds no text: PINs come back in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// The accumulated text's length and mark.
    Accumulated(accumulated::Seen),
    /// A mark of the aggregator's id of the request.
    Identified(Mark),
    /// A mark of the input.
    Bare(Mark),
}

/// For how long after its reply a bare gateway's same input is taken for a repeat.
const REPEAT_WITHIN: TimeDelta = TimeDelta::seconds(2);

/// Where `position` stands.
pub(super) fn seen(position: &Position, mark: &dyn Fn(&str) -> Mark) -> Seen {
    match position {
        Position::Accumulated { text } => Seen::Accumulated(accumulated::Seen::of(text, mark)),
        Position::Identified { request, .. } => Seen::Identified(mark(request)),
        Position::Bare { text } => Seen::Bare(mark(text)),
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
        (Position::Accumulated { text }, Seen::Accumulated(seen)) => {
            accumulated::newest(text, seen, mark)
        }
        (Position::Identified { text, request }, Seen::Identified(seen)) => {
            repeat_or_input(mark(request) == seen, text)
        }
        (Position::Bare { text }, Seen::Bare(seen)) => {
            let soon = now.signed_duration_since(at) < REPEAT_WITHIN;
            repeat_or_input(soon && mark(text) == seen, text)
        }
        (
            Position::Accumulated { .. } | Position::Identified { .. } | Position::Bare { .. },
            Seen::Accumulated(_) | Seen::Identified(_) | Seen::Bare(_),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Mark {
        let sum = text.bytes().fold(7_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        sum.to_be_bytes()
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
        assert_eq!(
            newest(&identified("1", "a"), seen, at, at, &mark),
            Newest::Repeat
        );
        let next = newest(&identified("1", "b"), seen, at, at, &mark);
        assert_eq!(next, Newest::Input("1".into()));
    }

    #[test]
    fn a_gateway_that_changed_its_class_is_a_gap() {
        let at = DateTime::default();
        let seen = seen(&Position::Bare { text: "1".into() }, &mark);
        let now = Position::Accumulated { text: "1*1".into() };
        assert_eq!(newest(&now, seen, at, at, &mark), Newest::Gap);
    }
}
