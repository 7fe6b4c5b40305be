//! What a dial brings along: the keys behind the code, and the dialogue that it may go on with.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::line::Line;
use crate::{
    dialogue::{self, State},
    menu::MenuSet,
    model::MenusName,
};

/// How a dialogue begins in place of what stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// By a dial: what was dialled behind the code counts, and what was dropped is offered.
    Dialled,
    /// In place of a turn that was lost: at the start. A path is never replayed.
    Anew,
}

impl Opening {
    /// Of what was dialled behind the set's own code, what counts.
    pub(super) fn keys(self, rest: &[String]) -> &[String] {
        match self {
            Self::Dialled => rest,
            Self::Anew => &[],
        }
    }
}

/// The state of a dialogue of the same menus that was dropped a short while ago, where its menu
/// says that it can be gone on with.
///
/// It goes on in a dialogue of its own, with a new id: so no effect of it bears the key of one of
/// the dropped dialogue, whichever turn and ask they were.
pub(super) fn dropped<'a>(
    line: Option<&'a Line>,
    menus: &MenusName,
    set: &MenuSet,
    opening: Opening,
    now: DateTime<Utc>,
) -> Option<&'a State> {
    let line = line.filter(|_| opening == Opening::Dialled)?;
    let whole = !line.over && line.asking.is_none() && line.menus == *menus;
    let within = TimeDelta::from_std(dialogue::within(set, &line.state)?).ok()?;
    let soon = now.signed_duration_since(line.at()) <= within;
    (whole && soon).then_some(&line.state)
}

/// For how long a line is kept after its turn: as its menu can be resumed, and at least `usual`.
pub(super) fn kept_for(line: &Line, set: &MenuSet, usual: Duration) -> Duration {
    let resumed = dialogue::within(set, &line.state).filter(|_| !line.over);
    resumed.map_or(usual, |within| within.max(usual))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    fn menus(edition: &str) -> MenusName {
        MenusName {
            edition: edition.into(),
            set: "chf".into(),
        }
    }

    #[test]
    fn only_a_dial_brings_keys_along() {
        let rest = ["1".to_owned(), "070707081".to_owned()];
        assert_eq!(Opening::Dialled.keys(&rest), rest);
        assert!(Opening::Anew.keys(&rest).is_empty());
    }

    /// A line on the screen of a menu that is kept for ten minutes.
    fn line(set: &MenuSet) -> Line {
        let greeting = dialogue::Greeting {
            language: Some(set.fallback()),
            waiting: None,
        };
        let scene = dialogue::Scene {
            now: DateTime::default(),
            page: crate::model::PageSize::default(),
            banner: "",
        };
        let (state, _) = dialogue::open(set, &greeting, &scene);
        Line {
            menus: menus("one"),
            dialogue: crate::model::DialogueId(1),
            turn: 0,
            session: [0; 8],
            previous: None,
            seen: crate::turn::Seen::of(
                &Position::Bare {
                    text: String::new(),
                },
                None,
                &|_| [0; 8],
            ),
            at: 0,
            took: 0,
            over: false,
            unread: None,
            asking: None,
            state,
        }
    }

    fn resumed_set() -> MenuSet {
        let show = crate::menu::fixture::show("main", "CHF");
        let mut root = crate::menu::fixture::menu("chf", Vec::new(), vec![show]);
        root.resume = Some(crate::menu::Resume {
            within: Duration::from_mins(10),
            keep: Vec::new(),
            ask_again: Vec::new(),
            from_start: false,
        });
        crate::menu::fixture::set(vec![root])
    }

    fn is_offered(line: &Line, set: &MenuSet, opening: Opening, seconds: i64) -> bool {
        let now = DateTime::default() + TimeDelta::seconds(seconds);
        dropped(Some(line), &menus("one"), set, opening, now).is_some()
    }

    #[test]
    fn a_dropped_dialogue_is_offered_for_as_long_as_its_menu_says() {
        let set = resumed_set();
        let line = line(&set);
        assert!(is_offered(&line, &set, Opening::Dialled, 600));
        assert!(!is_offered(&line, &set, Opening::Dialled, 601));
        assert!(!is_offered(&line, &set, Opening::Anew, 1));
        let kept = kept_for(&line, &set, Duration::from_mins(4));
        assert_eq!(kept, Duration::from_mins(10));
        let kept = kept_for(&line, &set, Duration::from_mins(15));
        assert_eq!(kept, Duration::from_mins(15));
    }

    #[test]
    fn what_is_over_asks_or_began_with_other_menus_is_not_offered() {
        let set = resumed_set();
        let over = Line {
            over: true,
            ..line(&set)
        };
        let asking = Line {
            asking: Some(0),
            ..line(&set)
        };
        let other = Line {
            menus: menus("two"),
            ..line(&set)
        };
        for line in [over, asking, other] {
            assert!(!is_offered(&line, &set, Opening::Dialled, 1));
        }
    }
}
