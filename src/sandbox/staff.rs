//! Who may sit at a facility's desk: the registry knows each facility's PIN, and counts wrong ones.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

/// The PIN of every facility of the demo.
const PIN: &str = "4321";

/// How many wrong PINs in a row lock a facility.
const TRIES: usize = 5;

/// How a desk's PIN was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entered {
    /// It is the facility's.
    Right,
    /// It is not.
    Wrong,
    /// Too many were wrong in a row, so none is looked at any more.
    Locked,
}

/// Wrong PINs by facility, for as long as the process lives: the keys of the requests that had them,
/// so that one that is sent twice counts once.
#[derive(Clone, Debug, Default)]
pub(super) struct Doors {
    wrong: Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>,
}

impl Doors {
    /// Looks at a PIN that came with the request `key`.
    pub(super) fn enter(&self, facility: &str, pin: &str, key: &str) -> Entered {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = wrong.entry(facility.to_owned()).or_default();
        if so_far.len() >= TRIES && !so_far.contains(key) {
            return Entered::Locked;
        }
        if pin == PIN {
            so_far.clear();
            return Entered::Right;
        }
        so_far.insert(key.to_owned());
        Entered::Wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong_five_times(doors: &Doors) {
        for key in ["a", "b", "c", "d", "e"] {
            assert_eq!(doors.enter("110224", "1111", key), Entered::Wrong);
        }
    }

    #[test]
    fn five_wrong_pins_in_a_row_lock_their_facility_and_no_other() {
        let doors = Doors::default();
        wrong_five_times(&doors);
        assert_eq!(doors.enter("110224", PIN, "f"), Entered::Locked);
        assert_eq!(doors.enter("110305", PIN, "g"), Entered::Right);
    }

    #[test]
    fn a_right_pin_begins_the_count_anew() {
        let doors = Doors::default();
        assert_eq!(doors.enter("110224", "1111", "0"), Entered::Wrong);
        assert_eq!(doors.enter("110224", PIN, "1"), Entered::Right);
        wrong_five_times(&doors);
    }

    #[test]
    fn a_wrong_pin_that_is_sent_twice_counts_once() {
        let doors = Doors::default();
        for _ in 0..6 {
            assert_eq!(doors.enter("110224", "1111", "a"), Entered::Wrong);
        }
        assert_eq!(doors.enter("110224", PIN, "b"), Entered::Right);
    }
}
