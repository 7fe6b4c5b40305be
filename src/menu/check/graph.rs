//! A set as screens and the ways between them.

use std::collections::{BTreeMap, BTreeSet};

use crate::menu::{AnswerType, Choice, Keys, MenuId, MenuSet, ScreenId, Target, VarId, Verb};

/// A screen of a set.
pub(super) type Node = (MenuId, ScreenId);

/// One way that leads from a screen.
pub(in crate::menu) struct Edge<'a> {
    pub(in crate::menu) by: By<'a>,
    pub(in crate::menu) to: &'a Target,
    /// The variables that are set by going this way.
    pub(super) sets: Vec<VarId>,
}

/// What makes the dialogue go a way.
#[derive(Clone, Copy, Debug)]
pub(in crate::menu) enum By<'a> {
    /// This key.
    Key(&'a str),
    /// A row of a list, by its number; the options' keys are no rows.
    Row(&'a [Choice]),
    /// A language, by its number.
    Language,
    /// A right answer.
    Answer(&'a AnswerType),
    /// One wrong answer too many.
    WrongAnswer,
    /// An outcome or a condition, without the caller.
    Outcome,
}

/// The ways from a screen, but for the keys that every screen has.
pub(in crate::menu) fn edges<'a>(verb: &'a Verb, keys: &'a Keys) -> Vec<Edge<'a>> {
    match verb {
        Verb::Menu { options, .. } | Verb::Show { options, .. } => by_keys(options).collect(),
        Verb::List {
            go, options, item, ..
        } => {
            let row = edge(By::Row(options), go, Some(*item));
            by_keys(options).chain([row]).collect()
        }
        Verb::Ask {
            go,
            options,
            into,
            answer,
            exhausted,
            ..
        } => {
            let right = edge(By::Answer(answer), go, Some(*into));
            let wrong = edge(By::WrongAnswer, exhausted, None);
            by_keys(options).chain([right, wrong]).collect()
        }
        Verb::Confirm { key, yes, no, .. } => vec![
            edge(By::Key(key), yes, None),
            edge(By::Key(&keys.back), no, None),
        ],
        Verb::End { .. } => Vec::new(),
        Verb::Call { on, into, .. } => {
            let ways = on.iter().map(|outcome| {
                let sets = into.filter(|_| outcome.gives);
                edge(By::Outcome, &outcome.target, sets)
            });
            ways.collect()
        }
        Verb::Language { go, .. } => vec![edge(By::Language, go, None)],
        Verb::Route { ways, otherwise } => {
            let ways = ways.iter().map(|way| &way.go).chain([otherwise]);
            ways.map(|to| edge(By::Outcome, to, None)).collect()
        }
        Verb::Set { values, go } => {
            let sets = values.iter().map(|(variable, _)| *variable);
            vec![edge(By::Outcome, go, sets)]
        }
    }
}

/// Everywhere that a screen leads.
pub(super) fn targets(verb: &Verb) -> impl Iterator<Item = &Target> {
    let (choices, ways): (&[Choice], Vec<&Target>) = match verb {
        Verb::Menu { options, .. } | Verb::Show { options, .. } => (options, Vec::new()),
        Verb::List { options, go, .. } => (options, vec![go]),
        Verb::Ask {
            options,
            go,
            exhausted,
            ..
        } => (options, vec![go, exhausted]),
        Verb::Confirm { yes, no, .. } => (&[], vec![yes, no]),
        Verb::Call { on, .. } => (&[], on.iter().map(|way| &way.target).collect()),
        Verb::Language { go, .. } | Verb::Set { go, .. } => (&[], vec![go]),
        Verb::Route { ways, otherwise } => {
            let ways = ways.iter().map(|way| &way.go);
            (&[], ways.chain([otherwise]).collect())
        }
        Verb::End { .. } => (&[], Vec::new()),
    };
    let choices = choices.iter().map(|choice| &choice.go);
    choices.chain(ways)
}

fn edge<'a>(by: By<'a>, to: &'a Target, sets: impl IntoIterator<Item = VarId>) -> Edge<'a> {
    let sets = sets.into_iter().collect();
    Edge { by, to, sets }
}

fn by_keys(options: &[Choice]) -> impl Iterator<Item = Edge<'_>> {
    let options = options.iter();
    options.map(|choice| edge(By::Key(&choice.key), &choice.go, None))
}

impl By<'_> {
    /// Whether a caller who types `key` may go this way.
    pub(super) fn could_be(self, key: &str, set: &MenuSet) -> bool {
        let number = key.parse::<usize>().ok();
        let number = number.filter(|_| !key.starts_with('0'));
        match self {
            By::Key(own) => own == key,
            By::Row(options) => {
                let Keys { back, home, more } = &set.keys;
                let reserved = [back, home, more].into_iter();
                let mut taken = reserved.chain(options.iter().map(|choice| &choice.key));
                number.is_some() && !taken.any(|taken| taken == key)
            }
            By::Language => number.is_some_and(|number| number <= set.languages.len()),
            By::Answer(answer) => answer.takes(key),
            By::WrongAnswer => true,
            By::Outcome => false,
        }
    }
}

/// A screen as it is shown to a menu's author: `chf.main`.
pub(super) fn name(set: &MenuSet, (menu, screen): Node) -> String {
    let of = set.menu(menu).map_or("", |menu| &menu.name);
    let screen = set.screen(menu, screen);
    format!("{of}.{}", screen.map_or("", |screen| &screen.name))
}

/// Whether a screen waits for a key.
pub(super) fn waits(verb: &Verb) -> bool {
    !matches!(verb, Verb::Call { .. }) && !passes(verb)
}

/// Whether a dialogue goes on from a screen by itself, without asking anything.
pub(super) fn passes(verb: &Verb) -> bool {
    matches!(verb, Verb::Route { .. } | Verb::Set { .. })
}

/// The start of the root.
pub(super) fn root_start(set: &MenuSet) -> Node {
    (0, set.menus.first().map_or(0, |root| root.start))
}

/// Every screen of a set.
pub(super) fn nodes(set: &MenuSet) -> impl Iterator<Item = (Node, &Verb)> {
    let menus = (0..).zip(&set.menus);
    menus.flat_map(|(menu, of)| {
        let screens = (0..).zip(&of.screens);
        screens.map(move |(screen, of)| ((menu, screen), &of.verb))
    })
}

/// The screen that a target of a screen in `menu` leads to; none where that depends on the way that
/// was come.
pub(super) fn lands(set: &MenuSet, menu: MenuId, target: &Target) -> Option<Node> {
    match target {
        Target::Screen(screen) => Some((menu, *screen)),
        Target::Open { menu, .. } => set.menu(*menu).map(|opened| (*menu, opened.start)),
        Target::Home => Some(root_start(set)),
        Target::Back | Target::Return(_) => None,
    }
}

/// The screens that a target of a screen in `menu` may lead to: a return leads to each that opens
/// its menu, or to where that one goes on. None where it depends on the way that was come.
pub(super) fn landings(set: &MenuSet, menu: MenuId, target: &Target) -> Vec<Node> {
    if !matches!(target, Target::Return(_)) {
        return lands(set, menu, target).into_iter().collect();
    }
    let openers = set.menu(menu).map_or(&[][..], |menu| &menu.openers);
    let openers = openers
        .iter()
        .map(|opener| (opener.menu, opener.then.unwrap_or(opener.screen)));
    // Below a menu that a shortcut begins in lies the root's start.
    let dialled = set.shortcuts.iter().any(|shortcut| shortcut.menu == menu);
    openers.chain(dialled.then(|| root_start(set))).collect()
}

/// Everything that stands in a circle, circle by circle, each from its least.
pub(super) fn circles<T: Copy + Ord>(ways: &BTreeMap<T, BTreeSet<T>>) -> Vec<Vec<T>> {
    let mut found = BTreeSet::new();
    for from in in_or_behind_a_circle(ways) {
        let ahead = reachable(ways, [from]);
        if !ahead.contains(&from) {
            continue;
        }
        let circle = ahead.into_iter().filter(|other| {
            let behind = reachable(ways, [*other]);
            behind.contains(&from)
        });
        found.insert(circle.collect::<Vec<T>>());
    }
    found.into_iter().collect()
}

/// What is left when those that nothing leads to are taken away, again and again; nothing in a
/// sound set, in one pass over it.
fn in_or_behind_a_circle<T: Copy + Ord>(ways: &BTreeMap<T, BTreeSet<T>>) -> BTreeSet<T> {
    let mut leading: BTreeMap<T, usize> = ways.keys().map(|node| (*node, 0)).collect();
    for next in ways.values().flatten() {
        *leading.entry(*next).or_default() += 1;
    }
    let beginnings = leading.iter().filter(|(_, count)| **count == 0);
    let mut open: Vec<T> = beginnings.map(|(node, _)| *node).collect();
    while let Some(node) = open.pop() {
        leading.remove(&node);
        for next in ways.get(&node).into_iter().flatten() {
            if let Some(count) = leading.get_mut(next) {
                *count -= 1;
                if *count == 0 {
                    open.push(*next);
                }
            }
        }
    }
    leading.into_keys().collect()
}

/// What is reached in one step or more.
pub(super) fn reachable<T: Copy + Ord>(
    ways: &BTreeMap<T, BTreeSet<T>>,
    from: impl IntoIterator<Item = T>,
) -> BTreeSet<T> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<T> = from.into_iter().collect();
    while let Some(node) = open.pop() {
        let next = ways.get(&node).into_iter().flatten();
        open.extend(next.filter(|node| reached.insert(**node)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_once_and_what_leads_to_one_is_not_in_it() {
        let ways = [(0, 1), (1, 2), (2, 1), (2, 3), (4, 4)];
        let mut graph: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
        for (from, to) in ways {
            graph.entry(from).or_default().insert(to);
        }
        assert_eq!(circles(&graph), [vec![1, 2], vec![4]]);
    }
}
