//! No text shows a number that a member could have.

use super::{Draft, report};
use crate::{
    menu::{
        problem::{Found, Problem},
        syntax::{Piece, Screen, Text, Written},
    },
    model::NumberRule,
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let numbers = draft.set.numbers;
    // Of numbers without a check digit any other number of their length could be one.
    if !numbers.has_check_digit() {
        return;
    }
    let menus = &draft.written.menus;
    let screens = menus.iter().flat_map(|menu| &menu.screens);
    let texts = screens.flat_map(Screen::texts);
    for text in texts.chain(draft.written.root.texts()) {
        of_text(text, numbers, problems);
    }
}

fn of_text(text: &Text, numbers: NumberRule, problems: &mut Vec<Found>) {
    for (_, written) in text.languages() {
        if literals(written).any(|text| holds_a_member_number(text, numbers)) {
            report(problems, written.at, Problem::MemberNumberInText);
        }
    }
}

fn literals(written: &Written) -> impl Iterator<Item = &str> {
    written.pieces.iter().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(text.as_str()),
        Piece::Placeholder { .. } => None,
    })
}

/// Whether a number stands in it, perhaps in groups with single spaces between, whose last digit fits
/// the others.
fn holds_a_member_number(text: &str, numbers: NumberRule) -> bool {
    let mut runs = text.split(|character: char| !character.is_ascii_digit() && character != ' ');
    let is_one = |digits: &str| numbers.read(digits).is_ok();
    runs.any(|run| {
        let whole = run.trim();
        let grouped = !whole.contains("  ") && is_one(whole);
        grouped || run.split(' ').any(is_one)
    })
}

#[cfg(test)]
mod tests {
    use super::{NumberRule, holds_a_member_number};
    use crate::menu::check::sketch::found_in;

    #[test]
    fn a_number_whose_last_digit_fits_is_one_in_groups_too() {
        for text in [
            "Mfano: 070707081",
            "070 707 081.",
            "Piga 152 100000014",
            "namba100000014",
        ] {
            assert!(holds_a_member_number(text, NumberRule::Chf), "{text}");
        }
        for text in [
            "Mfano: 123456789",
            "991000000001",
            "0800 110 110",
            "*152*00#",
            "07070708",
        ] {
            assert!(!holds_a_member_number(text, NumberRule::Chf), "{text}");
        }
    }

    #[test]
    fn a_value_is_no_example() {
        let screens = "  main: {ask: \"Mfano 123456789\", type: member_number, as: m, wrong: Tena, go: told, exhausted: told}
  told: {end: Kwaheri}\n";
        assert_eq!(found_in(screens), []);
        let screens = screens.replace("123456789", "070707081");
        let expected = [("M100", "\"Mfano 070707081\"".to_owned())];
        assert_eq!(found_in(&screens), expected);
    }
}
