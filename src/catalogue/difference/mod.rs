//! What publishing files would change, told in the words of those who write them: sets, screens, texts,
//! profiles. Pure.
//!
//! 1. [`difference`] compares the files of two editions.
//! 2. [`Difference::screen`] says what becomes of a screen that a caller is on.
//!
//! Files of menus are compared as trees, so comments and quotes change nothing; profiles file by file.
//! A fragment's screens count in each menu that includes them.

mod compare;
mod shape;

pub use compare::{Changes, Difference, SetDifference, SetFate, difference};

/// What becomes of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenFate {
    /// It is as it was.
    Same,
    /// It does or says something else.
    Changed,
    /// It is not there any more.
    Gone,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Source;

    /// The set that uses the whole language, with one edit.
    fn whole(edited: &str, from: &str, to: &str) -> Vec<Source> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/menus/whole");
        let mut files = crate::catalogue::read_files(&folder).unwrap();
        if let Some(file) = files.iter_mut().find(|file| file.name == edited) {
            assert!(file.text.contains(from), "{edited} has no {from}");
            file.text = file.text.replacen(from, to, 1);
        }
        files
    }

    fn of(edited: &str, from: &str, to: &str) -> Difference {
        difference(&whole("", "", ""), &whole(edited, from, to))
    }

    #[test]
    fn a_screen_of_a_fragment_changes_where_it_is_included() {
        let changed = of("whole/shared.en.yaml", "it is free", "free of charge");
        assert_eq!(
            changed.screen("whole", "house.call_us"),
            ScreenFate::Changed
        );
        assert_eq!(changed.screen("whole", "shared.call_us"), ScreenFate::Same);
        let gone = of("whole/shared.yaml", "call_us:", "ring_us:");
        assert_eq!(gone.screen("whole", "house.call_us"), ScreenFate::Gone);
        assert_eq!(gone.screen("whole", "house.ring_us"), ScreenFate::Same);
    }

    #[test]
    fn a_page_that_becomes_the_last_is_changed_not_only_its_text() {
        let changed = of("whole/shared.yaml", "{show:", "{end:");
        let [set] = &changed.sets[..] else {
            panic!("one set is expected: {changed:?}");
        };
        assert_eq!(set.screens.changed, ["house.call_us"]);
    }

    #[test]
    fn a_set_that_goes_takes_its_screens_along() {
        let gone = difference(&whole("", "", ""), &[]);
        assert_eq!(gone.screen("whole", "house.call_us"), ScreenFate::Gone);
        assert_eq!(gone.sets[0].fate, SetFate::Removed);
    }
}
