//! A confirm screen is not reached by its own key, so that an input that comes twice confirms
//! nothing.
//!
//! A key leads through calls and opened menus to the next screen that waits. Going back leads to
//! every screen from which this one is reached; from a call, to the screen whose key made it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Draft,
    graph::{Node, edges, landings, name, nodes, waits},
    report,
};
use crate::menu::{
    MenuId, MenuSet, Target, Verb,
    problem::{Found, Problem},
    syntax,
};

/// The screens before each screen.
type Before = BTreeMap<Node, BTreeSet<Node>>;

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let set = &draft.set;
    let before = before(set);
    let mut ways = BTreeSet::new();
    for (from, verb) in nodes(set).filter(|(_, verb)| waits(verb)) {
        for edge in edges(verb, &set.keys) {
            for to in shown(set, from, edge.to, &before) {
                let key = confirm_key(set, to);
                let by_key = |key: &&str| edge.by.could_be(key, set);
                ways.extend(key.filter(by_key).map(|_| (to, from)));
            }
        }
    }
    for (to, from) in ways {
        found(draft, to, from, problems);
    }
}

fn confirm_key(set: &MenuSet, node: Node) -> Option<&str> {
    if let Verb::Confirm { key, .. } = &set.screen(node.0, node.1)?.verb {
        Some(key)
    } else {
        None
    }
}

fn found(draft: &Draft<'_>, to: Node, from: Node, problems: &mut Vec<Found>) {
    let written = draft.written.menus.get(usize::from(to.0));
    let written = written.and_then(|menu| menu.screens.get(usize::from(to.1)));
    let Some(syntax::Verb::Confirm { key, .. }) = written.and_then(|screen| screen.verb.as_ref())
    else {
        return;
    };
    let from = name(&draft.set, from);
    let problem = Problem::ConfirmByItsOwnKey(key.text.clone(), from);
    report(problems, key.at, problem);
}

/// The screens that a caller may read next when a menu is entered at its start.
pub(super) fn from_start(set: &MenuSet, menu: MenuId) -> BTreeSet<Node> {
    let start = set.menu(menu).map_or(0, |menu| menu.start);
    let target = Target::Screen(start);
    shown(set, (menu, start), &target, &Before::new())
}

/// The screens that wait which a target of `from` leads to.
fn shown(set: &MenuSet, from: Node, target: &Target, before: &Before) -> BTreeSet<Node> {
    if matches!(target, Target::Back) {
        return before.get(&from).cloned().unwrap_or_default();
    }
    let mut shown = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = landings(set, from.0, target);
    while let Some(node) = open.pop() {
        let Some(screen) = set.screen(node.0, node.1) else {
            continue;
        };
        if waits(&screen.verb) {
            shown.insert(node);
        } else if seen.insert(node) {
            for edge in edges(&screen.verb, &set.keys) {
                let next = landings(set, node.0, edge.to);
                if next.is_empty() {
                    shown.insert(from);
                }
                open.extend(next);
            }
        }
    }
    shown
}

fn before(set: &MenuSet) -> Before {
    let mut before = Before::new();
    let none = Before::new();
    for (from, verb) in nodes(set).filter(|(_, verb)| waits(verb)) {
        for edge in edges(verb, &set.keys) {
            for to in shown(set, from, edge.to, &none) {
                before.entry(to).or_default().insert(from);
            }
        }
    }
    before
}

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::{found, found_in, root, source};

    const AGREE: &str =
        "  agree: {confirm: Lipa?, key: \"1\", yes: bye, no: home}\n  bye: {end: Kwaheri}\n";

    fn by_own_key(main: &str) -> bool {
        let found = found_in(&format!("{main}{AGREE}"));
        let codes: Vec<&str> = found.iter().map(|(code, _)| *code).collect();
        assert!(codes.iter().all(|code| *code == "M049"), "{found:?}");
        !codes.is_empty()
    }

    #[test]
    fn a_way_with_another_key_is_fine() {
        assert!(!by_own_key(
            "  main: {menu: Habari, options: {\"2\": {text: Lipa, go: agree}}}\n"
        ));
    }

    #[test]
    fn a_key_counts_through_a_call() {
        assert!(by_own_key(
            "  main: {menu: Habari, options: {\"1\": {text: Lipa, go: me}}}
  me: {call: caller.member, on: {linked: agree, unlinked: bye, down: bye}}\n"
        ));
    }

    #[test]
    fn an_answer_counts_where_its_type_takes_the_key() {
        let ask = |of: &str| {
            format!(
                "  main: {{ask: Ngapi?, type: {of}, as: x, wrong: Si sahihi., go: agree, exhausted: bye}}\n"
            )
        };
        assert!(by_own_key(&ask("{number: {min: 1, max: 9}}")));
        assert!(by_own_key(&ask("{digits: {length: 1}}")));
        assert!(!by_own_key(&ask("{number: {min: 2, max: 9}}")));
        assert!(!by_own_key(&ask("{digits: {length: 4}}")));
        assert!(!by_own_key(&ask("member_number")));
    }

    #[test]
    fn a_wrong_answer_can_be_any_key() {
        assert!(by_own_key(
            "  main: {ask: Namba?, type: member_number, as: x, wrong: Si sahihi., go: bye, exhausted: agree}\n"
        ));
    }

    #[test]
    fn a_language_and_a_row_count_by_their_numbers() {
        assert!(by_own_key("  main: {language: Lugha, go: agree}\n"));
        assert!(by_own_key(
            "  main: {call: payment.bills, as: bills, on: {found: pick, nothing: bye, down: bye}}
  pick: {list: bills, as: bill, text: Chagua, row: \"{bill.number}\", go: agree}\n"
        ));
    }

    #[test]
    fn going_back_counts_as_going_there() {
        assert!(by_own_key(
            "  main: {menu: Habari, options: {\"2\": {text: Lipa, go: agree}, \"3\": {text: Rudi, go: again}}}
  again: {menu: Rudi, options: {\"1\": {text: Lipa, go: agree}}}\n"
        ));
        let screens = "  main: {menu: Habari, options: {\"2\": {text: Lipa, go: agree}}}
  agree: {confirm: Lipa?, key: \"1\", yes: more, no: home}
  more: {show: Asante, options: {\"1\": {text: Rudi, go: back}}}\n";
        assert_eq!(found_in(screens), [("M049", "\"1\"".to_owned())]);
    }

    #[test]
    fn a_failed_call_must_not_lead_back_to_what_was_just_confirmed() {
        let screens = "  main: {menu: Habari, options: {\"2\": {text: Lipa, go: agree}}}
  agree: {confirm: Lipa?, key: \"1\", yes: me, no: home}
  me: {call: caller.member, on: {linked: bye, unlinked: bye, down: agree}}
  bye: {end: Asante}\n";
        assert_eq!(found_in(screens), [("M049", "\"1\"".to_owned())]);
    }

    #[test]
    fn a_key_counts_into_another_menu() {
        let main = root("  main: {menu: Habari, options: {\"1\": {text: Lipa, open: pay}}}\n");
        let pay = source(
            "pay",
            "menu: pay\nstart: agree\nscreens:\n  agree: {confirm: Lipa?, yes: bye, no: home}\n  bye: {end: Asante}\n",
        );
        assert_eq!(found(&[main, pay]), [("M049", "Lipa?".to_owned())]);
    }
}
