//! A caller can always get out, and nothing goes round without her.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Draft,
    graph::{Node, circles, edges, landings, name, nodes, reachable, root_start, waits},
    report, screens,
};
use crate::{
    menu::{
        MenuSet, Target, Verb,
        problem::{Found, Problem},
        syntax::{self, Set},
    },
    model::source::Span,
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    no_way_out(draft, problems);
    loops(draft, problems);
    menus_in_circle(draft.written, problems);
}

/// Screens from which no way leads to an end or to a screen with back and home.
fn no_way_out(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let set = &draft.set;
    let mut out: BTreeSet<Node> = BTreeSet::new();
    // Backwards: from each screen to those that lead to it.
    let mut ways: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
    for (node, verb) in nodes(set) {
        if leads_out(set, node, verb) {
            out.insert(node);
        }
        for edge in edges(verb, &set.keys) {
            for next in landings(set, node.0, edge.to) {
                ways.entry(next).or_default().insert(node);
            }
        }
    }
    out.extend(reachable(&ways, out.iter().copied()));
    for (menu, written, of) in draft.menus() {
        for (screen, named, _) in screens(written, of) {
            if !out.contains(&(menu, screen)) {
                let problem = Problem::NoWayOut(named.name.text.clone());
                report(problems, named.name.at, problem);
            }
        }
    }
}

/// Whether a caller gets out from this very screen.
fn leads_out(set: &MenuSet, node: Node, verb: &Verb) -> bool {
    match verb {
        Verb::End { .. } | Verb::Menu { .. } | Verb::List { .. } | Verb::Show { .. } => true,
        Verb::Language { .. }
        | Verb::Ask { .. }
        | Verb::Confirm { .. }
        | Verb::Call { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => {
            let ways = edges(verb, &set.keys);
            // Where a dialogue begins there is nothing to go back to. Home from a first dial is
            // the root's start, which gets out or does not; the graph knows.
            let begins = [root_start(set), (0, set.first_dial)].contains(&node);
            let mut ways = ways.iter().map(|edge| edge.to);
            let leads = ways.any(|to| matches!(to, Target::Back | Target::Home));
            !begins && (leads || has_exits(verb))
        }
    }
}

/// Whether a question offers back and home: one that is a choice does.
fn has_exits(verb: &Verb) -> bool {
    matches!(verb, Verb::Ask { answer, .. } if !answer.alternatives().is_empty())
}

/// Calls, routes and sets that lead to each other only. Going back or home from one before any
/// screen was shown leads to the root's start.
fn loops(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let set = &draft.set;
    let mut ways: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
    let complete = |menu: u16| draft.complete.get(usize::from(menu)) == Some(&true);
    let calls = nodes(set).filter(|(node, verb)| !waits(verb) && complete(node.0));
    for (node, verb) in calls {
        let mut next = BTreeSet::new();
        for edge in edges(verb, &set.keys) {
            let known = landings(set, node.0, edge.to);
            let unknown = known.is_empty().then(|| root_start(set));
            next.extend(known.into_iter().chain(unknown));
        }
        ways.insert(node, next);
    }
    for circle in circles(&ways) {
        let names = circle.iter().map(|node| name(set, *node)).collect();
        let at = circle
            .first()
            .and_then(|(menu, screen)| set.screen(*menu, *screen));
        let at = at.map_or(Span::default(), |screen| screen.span);
        report(problems, at, Problem::LoopWithoutKey(names));
    }
}

fn menus_in_circle(set: &Set, problems: &mut Vec<Found>) {
    let mut ways: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for menu in &set.menus {
        ways.insert(menu.name.text.as_str(), menu.opens().collect());
    }
    for circle in circles(&ways) {
        let first = |menu: &&syntax::Menu| circle.first() == Some(&menu.name.text.as_str());
        let at = set.menus.iter().find(first);
        let at = at.map_or(Span::default(), |menu| menu.name.at);
        let names = circle.into_iter().map(str::to_owned).collect();
        report(problems, at, Problem::MenusInCircle(names));
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        menu::check::sketch::{found, found_in, root, source},
        model::source::Source,
    };

    #[test]
    fn going_home_from_a_call_at_the_start_is_a_loop() {
        for target in ["home", "back"] {
            let screens = format!(
                "  main: {{call: caller.member, on: {{linked: bye, unlinked: bye, down: {target}}}}}\n  bye: {{end: Kwaheri}}\n"
            );
            assert_eq!(found_in(&screens), [("M045", "main".to_owned())]);
        }
    }

    #[test]
    fn going_back_from_a_call_behind_a_screen_is_none() {
        let screens = "  main: {menu: Habari, options: {\"1\": {text: Namba, go: me}}}
  me: {call: caller.member, on: {linked: bye, unlinked: back, down: home}}
  bye: {end: Kwaheri}\n";
        assert_eq!(found_in(screens), []);
    }

    #[test]
    fn calls_in_two_menus_can_make_a_loop() {
        let main = root(
            "  main: {call: caller.member, on: {linked: {open: pay}, unlinked: bye, down: bye}}\n  bye: {end: Kwaheri}\n",
        );
        let pay = source(
            "pay",
            "menu: pay\nstart: last\nscreens:\n  last: {call: payment.last, on: {settled: home, received: bye, held: bye, nothing: bye, down: bye}}\n  bye: {end: Kwaheri}\n",
        );
        assert_eq!(found(&[main, pay]), [("M045", "main".to_owned())]);
    }

    #[test]
    fn a_question_bears_wrong_answers_and_leads_home_by_itself() {
        let screens = "  main: {menu: Habari, options: {\"1\": {text: Namba, go: ask}}}
  ask: {ask: Namba?, type: member_number, as: member, wrong: Si sahihi., go: ask}\n";
        assert_eq!(found_in(screens), []);
    }

    #[test]
    fn a_first_dial_has_no_screen_to_go_back_to() {
        let first = |target: &str| {
            let screens = format!(
                "  main: {{menu: Habari, options: {{\"1\": {{text: Kwaheri, go: home}}}}}}
  first: {{language: Chagua, go: {target}}}\n"
            );
            let root = root(&screens);
            Source {
                text: root.text.replace("first_dial: main", "first_dial: first"),
                ..root
            }
        };
        assert_eq!(found(&[first("back")]), [("M044", "first".to_owned())]);
        assert_eq!(found(&[first("home")]), []);
    }

    #[test]
    fn a_menu_that_opens_itself_is_a_circle() {
        let main = root("  main: {menu: Habari, options: {\"1\": {text: Tena, open: chf}}}\n");
        assert_eq!(found(&[main]), [("M046", "chf".to_owned())]);
    }
}
