//! Nothing asks more of the world between two keys than a dialogue does.

use std::collections::BTreeSet;

use super::{
    Draft,
    graph::{Node, edges, landings, name, nodes, passes, root_start, waits},
    report,
};
use crate::{
    menu::{
        MOST_ASKS, MenuId, MenuSet, Target, Verb,
        problem::{Found, Problem},
    },
    model::source::Span,
};

/// Reports each screen that a chain of too many asks begins with. Loops are reported as such, and
/// have no chain to speak of.
pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let loops = |found: &Found| matches!(found.problem, Problem::LoopWithoutKey(_));
    if problems.iter().any(loops) {
        return;
    }
    let Asking { most, more } = Asking::of(draft);
    let too_many = nodes(&draft.set).filter(|(node, verb)| {
        let before = asks_before(&draft.set, *node, verb);
        let behind = asked(&draft.set, before);
        more.contains(node) || !behind.is_disjoint(&most)
    });
    let too_many: Vec<(Node, &Verb)> = too_many.collect();
    let led_to: BTreeSet<Node> = too_many
        .iter()
        .flat_map(|(node, verb)| after(&draft.set, *node, verb))
        .collect();
    for (node, _) in too_many {
        if !led_to.contains(&node) {
            let screen = draft.set.screen(node.0, node.1);
            let at = screen.map_or(Span::default(), |screen| screen.span);
            report(problems, at, Problem::TooManyAsks(name(&draft.set, node)));
        }
    }
}

/// The screens from which as many asks follow each other as a dialogue does, and from which more do.
struct Asking {
    most: BTreeSet<Node>,
    more: BTreeSet<Node>,
}

impl Asking {
    fn of(draft: &Draft<'_>) -> Self {
        let set = &draft.set;
        let complete = |menu: u16| draft.complete.get(usize::from(menu)) == Some(&true);
        let known: Vec<(Node, &Verb)> = nodes(set).filter(|(node, _)| complete(node.0)).collect();
        let asks = known
            .iter()
            .filter(|(node, verb)| matches!(verb, Verb::Call { .. }) || sends(set, *node));
        let mut most: BTreeSet<Node> = asks.map(|(node, _)| *node).collect();
        let mut more = one_more(set, &known, &most);
        for _ in 1..MOST_ASKS {
            most = more;
            more = one_more(set, &known, &most);
        }
        Self { most, more }
    }
}

/// The calls that lead to one of `asking`.
fn one_more(set: &MenuSet, known: &[(Node, &Verb)], asking: &BTreeSet<Node>) -> BTreeSet<Node> {
    let calls = known
        .iter()
        .filter(|(_, verb)| matches!(verb, Verb::Call { .. }));
    let calls = calls.filter(|(node, verb)| {
        let mut next = after(set, *node, verb);
        next.any(|next| asking.contains(&next))
    });
    calls.map(|(node, _)| *node).collect()
}

/// Where a call leads; nowhere from other screens, which wait for a key. Back from a call before
/// the first screen is the root's start.
fn after<'a>(set: &'a MenuSet, node: Node, verb: &'a Verb) -> impl Iterator<Item = Node> + 'a {
    let ways = if waits(verb) {
        Vec::new()
    } else {
        edges(verb, &set.keys)
    };
    let next = ways.into_iter().map(|edge| edge.to);
    let next = next.flat_map(move |to| landed(set, node.0, to));
    asked(set, next).into_iter()
}

/// Where a target leads; the root's start where that depends on the way that was come.
fn landed(set: &MenuSet, menu: MenuId, to: &Target) -> Vec<Node> {
    let known = landings(set, menu, to);
    if known.is_empty() {
        vec![root_start(set)]
    } else {
        known
    }
}

/// These screens, but in place of those from which a dialogue goes on by itself the ones behind them.
fn asked(set: &MenuSet, from: impl IntoIterator<Item = Node>) -> BTreeSet<Node> {
    let mut open: Vec<Node> = from.into_iter().collect();
    let (mut seen, mut asked) = (BTreeSet::new(), BTreeSet::new());
    while let Some(node) = open.pop() {
        let screen = set.screen(node.0, node.1);
        match screen
            .map(|screen| &screen.verb)
            .filter(|verb| passes(verb))
        {
            Some(verb) if seen.insert(node) => {
                let ways = edges(verb, &set.keys).into_iter();
                open.extend(ways.flat_map(|edge| landed(set, node.0, edge.to)));
            }
            Some(_) => {}
            None => _ = asked.insert(node),
        }
    }
    asked
}

/// The screen that follows an ask of the engine's own: a language is remembered before the screen
/// that its choice leads to, and a late answer is looked for before a dialogue begins.
fn asks_before(set: &MenuSet, node: Node, verb: &Verb) -> Vec<Node> {
    if let Verb::Language { go, .. } = verb {
        return landings(set, node.0, go);
    }
    let begins = [root_start(set), (0, set.first_dial)].contains(&node);
    begins.then_some(node).into_iter().collect()
}

fn sends(set: &MenuSet, (menu, screen): Node) -> bool {
    let screen = set.screen(menu, screen);
    screen.is_some_and(|screen| screen.sms.is_some())
}

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::{found, found_in, root, source};

    /// So many calls one after the other, from `c1` on; the last leads to `then`.
    fn calls(count: usize, then: &str) -> String {
        let call = |number: usize| {
            let next = if number == count {
                then.to_owned()
            } else {
                format!("c{}", number + 1)
            };
            format!(
                "  c{number}: {{call: caller.member, on: {{linked: {next}, unlinked: bye, down: bye}}}}\n"
            )
        };
        (1..=count).map(call).collect()
    }

    fn behind_a_key(calls: &str) -> String {
        format!(
            "  main: {{menu: Habari, options: {{\"1\": {{text: Namba, go: c1}}}}}}\n{calls}  bye: {{end: Kwaheri}}\n"
        )
    }

    #[test]
    fn as_many_calls_as_a_dialogue_asks_may_follow_a_key() {
        assert_eq!(found_in(&behind_a_key(&calls(8, "bye"))), []);
        let found = found_in(&behind_a_key(&calls(9, "bye")));
        assert_eq!(found, [("M055", "c1".to_owned())]);
    }

    #[test]
    fn only_the_first_screen_of_a_chain_is_named() {
        let found = found_in(&behind_a_key(&calls(12, "bye")));
        assert_eq!(found, [("M055", "c1".to_owned())]);
    }

    #[test]
    fn the_sms_of_the_screen_at_the_end_counts() {
        let told = |count| {
            let calls = calls(count, "told");
            found_in(&behind_a_key(&format!(
                "{calls}  told: {{end: Habari, sms: Habari}}\n"
            )))
        };
        assert_eq!(told(7), []);
        assert_eq!(told(8), [("M055", "c1".to_owned())]);
    }

    #[test]
    fn a_language_is_remembered_first() {
        let language = |count| {
            let main = "  main: {language: Chagua, go: c1}\n";
            found_in(&format!(
                "{main}{}  bye: {{end: Kwaheri}}\n",
                calls(count, "bye")
            ))
        };
        assert_eq!(language(7), []);
        assert_eq!(language(8), [("M055", "main".to_owned())]);
    }

    #[test]
    fn a_late_answer_is_looked_for_before_the_start() {
        let start = |count: usize| {
            let main =
                "  main: {call: caller.member, on: {linked: c1, unlinked: bye, down: bye}}\n";
            found_in(&format!(
                "{main}{}  bye: {{end: Kwaheri}}\n",
                calls(count, "bye")
            ))
        };
        assert_eq!(start(6), []);
        assert_eq!(start(7), [("M055", "main".to_owned())]);
    }

    #[test]
    fn a_chain_goes_on_in_the_menu_that_is_opened() {
        let open = "{open: more}";
        let main = root(&behind_a_key(&calls(5, open)));
        let screens = calls(4, "bye");
        let more = source(
            "more",
            &format!("menu: more\nstart: c1\nscreens:\n{screens}  bye: {{end: Kwaheri}}\n"),
        );
        assert_eq!(found(&[main, more]), [("M055", "c1".to_owned())]);
    }
}
