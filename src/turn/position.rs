use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::line::Line;
use crate::model::{
    DialogueId, Position,
    accumulated::{self, Mark, Newest},
};

/// Where the last turn stood, by the class of its gateway. It holds no text: PINs come back in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// The accumulated text's length and mark.
    Accumulated(accumulated::Seen),
    /// The aggregator's ids of the last requests.
    Identified(Requests),
    /// Marks of the last inputs.
    Bare(Inputs),
}

/// What is remembered of the ids of requests: a mark of the last, and of some before it.
///
/// An id says nothing of its order, so a late repeat is known by its id alone. One that comes after
/// [`EARLIER`] further turns is taken for an input: no aggregator's patience is that long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    last: Mark,
    /// The latest first. Half a mark each: were two alike, an input would be answered with the page as
    /// it stands, and typed again.
    earlier: [HalfMark; EARLIER],
}

/// What is remembered of the inputs of a bare gateway: a mark of the last, and of some before it.
///
/// The same key is pressed again and again, so one of an earlier turn is known for a copy of it only
/// where it came before the turn that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    last: Mark,
    /// The latest first. A quarter of a mark each: were two alike, a rival would be answered with the
    /// page as it stands.
    earlier: [QuarterMark; EARLIER_INPUTS],
}

type HalfMark = [u8; 4];
type QuarterMark = [u8; 2];

/// How many requests before the last are known again.
const EARLIER: usize = 3;
/// How many inputs before the last are: more than anybody types while a copy of the first is taken.
const EARLIER_INPUTS: usize = 4;

/// For how long after its reply a bare gateway's same input is taken for a repeat.
const REPEAT_WITHIN: TimeDelta = TimeDelta::seconds(2);
/// For how long a call may have been on its way while others overtook it. What is further back was so
/// by a clock that was set.
const OVERTAKEN_WITHIN: TimeDelta = TimeDelta::seconds(5);

impl Seen {
    /// What is remembered of `position`, which comes after what was seen in the same session
    /// (`before`).
    pub(super) fn of(
        position: &Position,
        before: Option<Self>,
        mark: &dyn Fn(&str) -> Mark,
    ) -> Self {
        match position {
            Position::Accumulated { text } => Self::Accumulated(accumulated::Seen::of(text, mark)),
            Position::Identified { request, .. } => {
                let before = before.and_then(Self::requests);
                Self::Identified(Requests::after(before, mark(request)))
            }
            // The line itself says which page stands: of the input only its text is needed, to tell a copy.
            Position::Shown { text, .. } | Position::Bare { text } => {
                let before = before.and_then(Self::inputs);
                Self::Bare(Inputs::after(before, mark(text)))
            }
        }
    }

    fn requests(self) -> Option<Requests> {
        match self {
            Self::Identified(requests) => Some(requests),
            Self::Accumulated(_) | Self::Bare(_) => None,
        }
    }

    fn inputs(self) -> Option<Inputs> {
        match self {
            Self::Bare(inputs) => Some(inputs),
            Self::Accumulated(_) | Self::Identified(_) => None,
        }
    }
}

impl Inputs {
    #[cfg(test)]
    pub(super) fn last(&self) -> Mark {
        self.last
    }

    fn after(before: Option<Self>, last: Mark) -> Self {
        let mut earlier = [QuarterMark::default(); EARLIER_INPUTS];
        let known = before.iter().flat_map(|before| {
            let last = quarter(before.last);
            std::iter::once(last).chain(before.earlier)
        });
        for (slot, known) in earlier.iter_mut().zip(known) {
            *slot = known;
        }
        Self { last, earlier }
    }

    fn newest(&self, text: &str, mark: Mark, line: &Line, now: DateTime<Utc>) -> Newest {
        if mark == self.last && repeats(line, now) {
            Newest::Repeat
        } else if self.earlier.contains(&quarter(mark)) && came_before(line, now) {
            Newest::Older
        } else {
            Newest::Input(text.to_owned())
        }
    }
}

impl Requests {
    #[cfg(test)]
    pub(super) fn last(&self) -> Mark {
        self.last
    }

    fn after(before: Option<Self>, last: Mark) -> Self {
        let mut earlier = [HalfMark::default(); EARLIER];
        let known = before.iter().flat_map(|before| {
            let last = half(before.last);
            std::iter::once(last).chain(before.earlier)
        });
        for (slot, known) in earlier.iter_mut().zip(known) {
            *slot = known;
        }
        Self { last, earlier }
    }

    fn newest(&self, request: Mark, text: &str) -> Newest {
        if request == self.last {
            Newest::Repeat
        } else if self.earlier.contains(&half(request)) {
            Newest::Older
        } else {
            Newest::Input(text.to_owned())
        }
    }
}

fn half(mark: Mark) -> HalfMark {
    let [one, two, three, four, ..] = mark;
    [one, two, three, four]
}

fn quarter(mark: Mark) -> QuarterMark {
    let [one, two, ..] = mark;
    [one, two]
}

/// What `position` adds at `now` to what the line has seen. A gateway that changed its class is a gap.
pub(super) fn newest(
    position: &Position,
    line: &Line,
    now: DateTime<Utc>,
    mark: &dyn Fn(&str) -> Mark,
) -> Newest {
    match (position, line.seen) {
        (Position::Accumulated { text }, Seen::Accumulated(seen)) => {
            accumulated::newest(text, seen, mark)
        }
        (Position::Identified { text, request }, Seen::Identified(seen)) => {
            seen.newest(mark(request), text)
        }
        (Position::Bare { text }, Seen::Bare(seen)) => seen.newest(text, mark(text), line, now),
        (
            Position::Shown {
                text,
                pages,
                dialogue,
            },
            seen,
        ) => {
            let page = (*pages, *dialogue);
            typed_on(text, page, line).unwrap_or_else(|| again(text, seen, mark))
        }
        (
            Position::Accumulated { .. } | Position::Identified { .. } | Position::Bare { .. },
            Seen::Accumulated(_) | Seen::Identified(_) | Seen::Bare(_),
        ) => Newest::Gap,
    }
}

/// What was typed on a page, by the page alone; `None` on the one before that which stands.
fn typed_on(text: &str, (pages, dialogue): (u32, DialogueId), line: &Line) -> Option<Newest> {
    if dialogue != line.dialogue {
        return Some(Newest::Older);
    }
    match pages.cmp(&line.turn.saturating_add(1)) {
        Ordering::Equal => Some(Newest::Input(text.to_owned())),
        // A page that the line knows nothing of was lost with the line that showed it.
        Ordering::Greater => Some(Newest::Gap),
        Ordering::Less if pages == line.turn => None,
        Ordering::Less => Some(Newest::Older),
    }
}

/// Of a page that was typed on: the same key again, or another in its place.
fn again(text: &str, seen: Seen, mark: &dyn Fn(&str) -> Mark) -> Newest {
    match seen.inputs() {
        Some(inputs) if inputs.last == mark(text) => Newest::Repeat,
        Some(_) | None => Newest::Rival,
    }
}

/// Whether the same bare input at `now` is the same turn: it runs, or its reply has hardly left.
///
/// What came before the turn itself did so by a clock that was set back, or one of another node: a
/// little of that is a rival that this turn overtook, more of it must not keep a key from working.
fn repeats(line: &Line, now: DateTime<Utc>) -> bool {
    let runs = line.asking.is_some();
    runs || (line.at() - REPEAT_WITHIN <= now && now < line.replied_at() + REPEAT_WITHIN)
}

/// Whether what came at `now` did so before the turn that stands, and was overtaken by it.
fn came_before(line: &Line, now: DateTime<Utc>) -> bool {
    line.at() - OVERTAKEN_WITHIN <= now && now < line.at()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialogue::State,
        model::{Language, MenusName},
    };

    fn mark(text: &str) -> Mark {
        let sum = text.bytes().fold(7_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        sum.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()
    }

    fn bare(text: &str) -> Position {
        Position::Bare { text: text.into() }
    }

    fn identified(text: &str, request: &str) -> Position {
        Position::Identified {
            text: text.into(),
            request: request.into(),
        }
    }

    /// A line whose last turn came at 0 and was replied to after three seconds.
    fn line(seen: Seen) -> Line {
        Line {
            menus: MenusName {
                edition: String::new(),
                set: String::new(),
            },
            dialogue: DialogueId(1),
            turn: 1,
            session: Mark::default(),
            previous: None,
            seen,
            at: 0,
            took: 3_000,
            over: false,
            unread: None,
            asking: None,
            off_by: None,
            state: State::new(Language::SWAHILI),
        }
    }

    fn after(seen: &Line, position: &Position, milliseconds: i64) -> Newest {
        let now = DateTime::default() + TimeDelta::milliseconds(milliseconds);
        newest(position, seen, now, &mark)
    }

    fn input(text: &str) -> Newest {
        Newest::Input(text.into())
    }

    #[test]
    fn a_bare_gateways_same_input_is_a_repeat_until_two_seconds_after_its_reply() {
        let line = line(Seen::of(&bare("1"), None, &mark));
        assert_eq!(after(&line, &bare("1"), 4_999), Newest::Repeat);
        assert_eq!(after(&line, &bare("1"), 5_000), input("1"));
        assert_eq!(after(&line, &bare("2"), 0), input("2"));
    }

    #[test]
    fn a_bare_gateways_same_input_is_a_repeat_for_as_long_as_its_turn_runs() {
        let line = Line {
            asking: Some(0),
            ..line(Seen::of(&bare("1"), None, &mark))
        };
        assert_eq!(after(&line, &bare("1"), 60_000), Newest::Repeat);
        assert_eq!(after(&line, &bare("2"), 60_000), input("2"));
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_no_key_from_working() {
        let line = line(Seen::of(&bare("1"), None, &mark));
        assert_eq!(after(&line, &bare("1"), -2_000), Newest::Repeat);
        assert_eq!(after(&line, &bare("1"), -3_600_000), input("1"));
    }

    #[test]
    fn a_copy_of_a_bare_input_that_came_before_the_turn_that_stands_is_known() {
        let mut seen = None;
        for text in ["", "1", "2", "3", "4"] {
            seen = Some(Seen::of(&bare(text), seen, &mark));
        }
        let line = line(seen.unwrap());
        for text in ["", "1", "2", "3"] {
            assert_eq!(after(&line, &bare(text), -1), Newest::Older);
            assert_eq!(after(&line, &bare(text), -5_000), Newest::Older);
            assert_eq!(after(&line, &bare(text), -5_001), input(text));
            assert_eq!(after(&line, &bare(text), 0), input(text));
        }
        assert_eq!(after(&line, &bare("9"), -1), input("9"));
    }

    #[test]
    fn a_request_id_is_the_position_whatever_was_typed() {
        let line = line(Seen::of(&identified("1", "a"), None, &mark));
        assert_eq!(after(&line, &identified("1", "a"), 0), Newest::Repeat);
        assert_eq!(after(&line, &identified("1", "b"), 0), input("1"));
    }

    #[test]
    fn the_ids_of_the_last_four_requests_are_known_again() {
        let mut seen = None;
        for request in ["a", "b", "c", "d", "e"] {
            seen = Some(Seen::of(&identified("1", request), seen, &mark));
        }
        let line = line(seen.unwrap());
        assert_eq!(after(&line, &identified("1", "e"), 0), Newest::Repeat);
        for earlier in ["b", "c", "d"] {
            assert_eq!(after(&line, &identified("1", earlier), 0), Newest::Older);
        }
        for other in ["a", "f"] {
            assert_eq!(after(&line, &identified("1", other), 0), input("1"));
        }
    }

    #[test]
    fn a_page_that_comes_back_says_what_its_input_was_typed_on() {
        let line = Line {
            turn: 3,
            ..line(Seen::of(&bare("7"), None, &mark))
        };
        let shown = |text: &str, pages, dialogue| Position::Shown {
            text: text.into(),
            pages,
            dialogue: DialogueId(dialogue),
        };
        // However late: the page says it all.
        for at in [-3_600_000, 0, 3_600_000] {
            assert_eq!(after(&line, &shown("7", 4, 1), at), input("7"));
            assert_eq!(after(&line, &shown("7", 3, 1), at), Newest::Repeat);
            assert_eq!(after(&line, &shown("8", 3, 1), at), Newest::Rival);
            assert_eq!(after(&line, &shown("7", 2, 1), at), Newest::Older);
            assert_eq!(after(&line, &shown("7", 4, 2), at), Newest::Older);
            assert_eq!(after(&line, &shown("7", 5, 1), at), Newest::Gap);
        }
    }

    #[test]
    fn a_gateway_that_changed_its_class_is_a_gap() {
        let line = line(Seen::of(&bare("1"), None, &mark));
        let now = Position::Accumulated { text: "1*1".into() };
        assert_eq!(after(&line, &now, 0), Newest::Gap);
    }
}
