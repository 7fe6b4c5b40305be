//! Nothing that a caller comes for is further from the first page than a few entries.

use std::collections::{BTreeMap, VecDeque};

use super::{
    Draft,
    graph::{By, Node, edges, lands, root_start, waits},
    report, screens,
};
use crate::menu::{
    MenuSet,
    problem::{Found, Problem},
};

/// More entries than this are too many (`facts/limits.md`, B2: networks bound the stages of a
/// dialogue, and it often drops on the way).
const MOST: usize = 5;

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let entries = entries(&draft.set);
    for (menu, written, of) in draft.menus() {
        for (screen, named, compiled) in screens(written, of) {
            // What lies behind the first that is too far is too far as well.
            let far = entries.get(&(menu, screen)) == Some(&(MOST + 1));
            if far && waits(&compiled.verb) {
                report(problems, named.name.at, Problem::FarAway(MOST + 1));
            }
        }
    }
}

/// The fewest entries from the root's start to each screen. Wrong answers are no way to anything, and
/// going back is none forward; what shows nothing takes no entry.
fn entries(set: &MenuSet) -> BTreeMap<Node, usize> {
    let mut entries = BTreeMap::new();
    let mut open = VecDeque::from([(root_start(set), 0)]);
    while let Some((node, made)) = open.pop_front() {
        if entries.contains_key(&node) {
            continue;
        }
        entries.insert(node, made);
        let Some(screen) = set.screen(node.0, node.1) else {
            continue;
        };
        let waits = waits(&screen.verb);
        for edge in edges(&screen.verb, &set.keys) {
            if matches!(edge.by, By::WrongAnswer) {
                continue;
            }
            match lands(set, node.0, edge.to) {
                Some(next) if waits => open.push_back((next, made + 1)),
                Some(next) => open.push_front((next, made)),
                None => {}
            }
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::menu::check::sketch::found_in;

    /// A start and so many pages behind each other, the last of which is reached by `call`.
    fn pages(count: usize) -> String {
        let mut screens =
            String::from("  main: {menu: Moja, options: {\"1\": {text: Tena, go: s1}}}\n");
        for page in 1..count {
            let next = page + 1;
            _ = writeln!(
                screens,
                "  s{page}: {{menu: Tena, options: {{\"1\": {{text: Tena, go: s{next}}}}}}}"
            );
        }
        _ = writeln!(screens, "  s{count}: {{end: Kwaheri}}");
        screens
    }

    #[test]
    fn five_entries_are_borne_and_the_sixth_is_told_once() {
        assert_eq!(found_in(&pages(5)), []);
        assert_eq!(found_in(&pages(6)), [("M102", "s6".to_owned())]);
        assert_eq!(found_in(&pages(9)), [("M102", "s6".to_owned())]);
    }

    #[test]
    fn a_shorter_way_counts() {
        let screens = pages(6).replace(
            "Moja, options: {",
            "Moja, options: {\"2\": {text: Mwisho, go: s6}, ",
        );
        assert_eq!(found_in(&screens), []);
    }

    #[test]
    fn a_call_takes_no_entry() {
        let screens = pages(5).replace("s5: {end: Kwaheri}", "s5: {call: caller.member, on: {linked: s6, unlinked: s6, down: s6}}\n  s6: {end: Kwaheri}");
        assert_eq!(found_in(&screens), []);
    }

    #[test]
    fn wrong_answers_are_no_journey() {
        let screens = pages(5).replace("s5: {end: Kwaheri}", "s5: {ask: Namba?, type: member_number, as: m, wrong: Si sahihi., exhausted: s6, go: home}\n  s6: {end: Kwaheri}");
        assert_eq!(found_in(&screens), []);
    }
}
