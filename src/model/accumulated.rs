//! The newest input of an aggregator that sends all inputs of a dialogue every time, joined by `*`.
//!
//! 1. After a turn the line remembers [`Seen::of`] the text: its length and a mark of it, never the
//!    text itself, because PINs come back in it.
//! 2. [`newest`] compares the next text with that.
//!
//! Splitting at `*` and taking the last part would be wrong: an input may itself contain `*`.
//!
//! Left out: what an input does, and the mark's key; the caller brings a keyed function.

use serde::{Deserialize, Serialize};

/// A keyed mark of a text (the first bytes of a MAC).
pub type Mark = [u8; 8];

/// What a line remembers of the text that it has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its length in bytes; 0 when the dialogue has just begun.
    pub length: usize,
    /// Its mark; not looked at when the length is 0.
    pub mark: Mark,
}

/// What an accumulated text says, given what was seen.
#[derive(Clone, PartialEq, Eq)]
pub enum Newest {
    /// The caller typed this.
    Input(String),
    /// The text is the one already seen: the aggregator asks again.
    Repeat,
    /// The text is shorter than the one seen: a late repeat of an earlier turn.
    Older,
    /// The text is as long as the one seen, and another. It is not ahead: of two turns at one place
    /// the other was taken.
    Rival,
    /// The text does not continue the one seen: a turn was lost, or the session id was used anew.
    Gap,
}

impl std::fmt::Debug for Newest {
    /// Without the input, which may be a PIN.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Input(text) => write!(f, "Input({} characters)", text.chars().count()),
            Self::Repeat => f.write_str("Repeat"),
            Self::Older => f.write_str("Older"),
            Self::Rival => f.write_str("Rival"),
            Self::Gap => f.write_str("Gap"),
        }
    }
}

impl Seen {
    /// What to remember of `text`.
    pub fn of(text: &str, mark: &dyn Fn(&str) -> Mark) -> Self {
        Self {
            length: text.len(),
            mark: mark(text),
        }
    }

    /// What a line remembers before the first input.
    pub fn nothing() -> Self {
        Self {
            length: 0,
            mark: Mark::default(),
        }
    }
}

/// The newest input of `accumulated`: what follows the text seen and one `*`.
///
/// An empty first input cannot be told from none: it reads as [`Newest::Repeat`] of the begin.
pub fn newest(accumulated: &str, seen: Seen, mark: &dyn Fn(&str) -> Mark) -> Newest {
    if accumulated.len() < seen.length {
        return Newest::Older;
    }
    let Some((before, added)) = accumulated.split_at_checked(seen.length) else {
        return Newest::Gap;
    };
    if seen.length > 0 && mark(before) != seen.mark {
        return if added.is_empty() {
            Newest::Rival
        } else {
            Newest::Gap
        };
    }
    if added.is_empty() {
        return Newest::Repeat;
    }
    let input = if seen.length == 0 {
        Some(added)
    } else {
        added.strip_prefix('*')
    };
    input.map_or(Newest::Gap, |input| Newest::Input(input.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    use proptest::prelude::*;

    use super::*;

    fn mark(text: &str) -> Mark {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish().to_be_bytes()
    }

    fn after(seen: &str, accumulated: &str) -> Newest {
        newest(accumulated, Seen::of(seen, &mark), &mark)
    }

    #[test]
    fn the_newest_input_may_contain_a_star() {
        assert_eq!(after("1*2", "1*2*3*4"), Newest::Input("3*4".into()));
        assert_eq!(after("", "*7"), Newest::Input("*7".into()));
        assert_eq!(after("1", "1*"), Newest::Input(String::new()));
    }

    #[test]
    fn a_text_that_does_not_continue_the_one_seen_is_a_gap() {
        assert_eq!(after("1*2", "1*3*1"), Newest::Gap);
        assert_eq!(after("1", "12"), Newest::Gap);
        assert_eq!(after("1", "2*3"), Newest::Gap);
        assert_eq!(after("a", "é*1"), Newest::Gap);
    }

    #[test]
    fn a_text_as_long_as_the_one_seen_is_not_ahead_of_it() {
        assert_eq!(after("1*2", "1*3"), Newest::Rival);
        assert_eq!(after("1*2", "3*2"), Newest::Rival);
    }

    #[test]
    fn an_input_never_prints() {
        assert_eq!(format!("{:?}", after("1", "1*4821")), "Input(4 characters)");
    }

    proptest! {
        #[test]
        fn accumulated_texts_give_back_their_inputs(
            first in "[^\u{0}]{1,6}",
            rest in prop::collection::vec("[0-9*#é]{0,6}", 0..8),
        ) {
            let mut texts = vec![first.clone()];
            for input in &rest {
                texts.push(format!("{}*{input}", texts[texts.len() - 1]));
            }
            let mut seen = Seen::nothing();
            for (turn, input) in std::iter::once(&first).chain(&rest).enumerate() {
                prop_assert_eq!(newest(&texts[turn], seen, &mark), Newest::Input(input.clone()));
                seen = Seen::of(&texts[turn], &mark);
                prop_assert_eq!(newest(&texts[turn], seen, &mark), Newest::Repeat);
                for earlier in &texts[..turn] {
                    prop_assert_eq!(newest(earlier, seen, &mark), Newest::Older);
                }
            }
        }

        #[test]
        fn any_text_after_any_other_is_read(seen in ".{0,20}", text in ".{0,20}") {
            let read = after(&seen, &text);
            if let Newest::Input(input) = read {
                prop_assert!(text.starts_with(&seen) && text.ends_with(&input));
            }
        }
    }
}
