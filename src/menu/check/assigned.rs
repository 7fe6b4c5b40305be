//! A value is used only where every way has set it: a forward analysis over the ways of each menu.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Draft,
    graph::{Edge, edges},
    report, screens,
};
use crate::menu::{
    Keys, Menu, ScreenId, Target, VarId,
    problem::{Found, Problem},
    syntax::{self, Argument, Name, Text, Verb},
};

/// The variables that are surely set.
type Set = BTreeSet<VarId>;

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (id, written, menu) in draft.menus() {
        let complete = draft.complete.get(usize::from(id)).copied();
        if !complete.unwrap_or_default() {
            continue;
        }
        let off = written.off.as_ref().and_then(|off| off.when.as_ref());
        for used in off.into_iter().flat_map(in_condition) {
            check_use(&used, &(0..).take(menu.takes).collect(), menu, problems);
        }
        let first_dial = (id == 0).then_some(draft.set.first_dial);
        let set = surely_set(menu, first_dial, &draft.set.keys);
        for (screen, of, _) in screens(written, menu) {
            let Some(set) = set.get(&screen) else {
                continue;
            };
            for used in uses(draft.written, of) {
                check_use(&used, set, menu, problems);
            }
        }
    }
}

/// What is surely set on entering each screen that is reached.
fn surely_set(menu: &Menu, first_dial: Option<ScreenId>, keys: &Keys) -> BTreeMap<ScreenId, Set> {
    let taken: Set = (0..).take(menu.takes).collect();
    let mut known = BTreeMap::from([(menu.start, taken.clone())]);
    let mut open = vec![menu.start];
    if let Some(first_dial) = first_dial {
        known.insert(first_dial, taken);
        open.push(first_dial);
    }
    if let Some(off) = &menu.off {
        known.insert(off.screen, (0..).take(menu.takes).collect());
    }
    while let Some(from) = open.pop() {
        let Some(screen) = menu.screens.get(usize::from(from)) else {
            continue;
        };
        let set = known.get(&from).cloned().unwrap_or_default();
        for edge in edges(&screen.verb, keys) {
            open.extend(flow(&set, &edge, &mut known));
        }
    }
    known
}

/// Carries `set` along a way; the screen it leads to, where that learnt something.
fn flow(set: &Set, edge: &Edge<'_>, known: &mut BTreeMap<ScreenId, Set>) -> Option<ScreenId> {
    let (to, returned) = match edge.to {
        Target::Screen(to) => (to, &[][..]),
        // What is returned is set where the opener goes on.
        Target::Open {
            then: Some(to),
            into,
            ..
        } => (to, into.as_slice()),
        Target::Open { then: None, .. } | Target::Back | Target::Home | Target::Return(_) => {
            return None;
        }
    };
    let mut carried = set.clone();
    carried.extend(edge.sets.iter().chain(returned).copied());
    let before = known.get(to);
    let after = match before {
        Some(before) => before.intersection(&carried).copied().collect(),
        None => carried,
    };
    if before == Some(&after) {
        return None;
    }
    known.insert(*to, after);
    Some(*to)
}

/// A value that a screen uses, and the variable that is set by then besides those on entering.
struct Use<'a> {
    value: &'a Argument,
    also: Option<&'a Name>,
}

fn check_use(used: &Use<'_>, set: &Set, menu: &Menu, problems: &mut Vec<Found>) {
    let name = &used.value.variable;
    let mut variables = (0..).zip(&menu.variables);
    let found = variables.find(|(_, variable)| variable.name == *name);
    let also = used.also.is_some_and(|also| also.text == *name);
    // One that nothing sets was reported as unknown.
    if let Some((id, _)) = found
        && !also
        && !set.contains(&id)
    {
        let problem = Problem::UnsetVariable(name.clone());
        report(problems, used.value.at, problem);
    }
}

fn uses<'a>(set: &syntax::Set, screen: &'a syntax::Screen) -> Vec<Use<'a>> {
    let mut uses = Vec::new();
    let texts = screen.text().into_iter().chain(&screen.sms);
    uses.extend(texts.flat_map(|text| in_text(text, None)));
    for choice in screen.options() {
        uses.extend(in_text(&choice.text, None));
        uses.extend(in_target(&choice.go, None));
        uses.extend(choice.when.iter().flat_map(in_condition));
    }
    if let Some(verb) = &screen.verb {
        uses.extend(in_verb(set, verb));
    }
    uses
}

/// The uses of a verb beside its own text and options.
fn in_verb<'a>(set: &syntax::Set, verb: &'a Verb) -> Vec<Use<'a>> {
    match verb {
        Verb::List {
            items,
            item,
            row,
            go,
            ..
        } => {
            let row = in_text(row, Some(item));
            let items = plain(std::slice::from_ref(items));
            items.chain(row).chain(in_target(go, Some(item))).collect()
        }
        Verb::Ask {
            wrong,
            into,
            go,
            exhausted,
            ..
        } => in_text(wrong, None)
            .chain(in_target(go, Some(into)))
            .chain(in_target(exhausted, None))
            .collect(),
        Verb::Confirm { yes, no, .. } => in_target(yes, None).chain(in_target(no, None)).collect(),
        Verb::Language { go, .. } => in_target(go, None).collect(),
        Verb::Call {
            operation,
            arguments,
            into,
            on,
            sms,
        } => {
            let given = |outcome: &Name| {
                let gives = gives(set, operation, outcome);
                into.as_ref().filter(|_| gives)
            };
            let mut uses: Vec<Use<'_>> = plain(arguments).collect();
            for (outcome, target) in on {
                uses.extend(in_target(target, given(outcome)));
            }
            for (outcome, text) in sms {
                uses.extend(in_text(text, given(outcome)));
            }
            uses
        }
        Verb::Route { ways, otherwise } => {
            let conditions = ways.iter().flat_map(|(when, _)| in_condition(when));
            let targets = ways.iter().map(|(_, go)| go).chain([otherwise]);
            let targets = targets.flat_map(|target| in_target(target, None));
            conditions.chain(targets).collect()
        }
        Verb::Set { values, go } => {
            let named = values.iter().filter_map(|(_, operand)| operand.named());
            let named = named.map(|value| Use { value, also: None });
            let given = in_target(go, None).filter(|used| {
                let mut set = values.iter().map(|(name, _)| &name.text);
                !set.any(|name| *name == used.value.variable)
            });
            named.chain(given).collect()
        }
        Verb::Menu { .. } | Verb::Show { .. } | Verb::End { .. } => Vec::new(),
    }
}

fn in_condition(condition: &syntax::Condition) -> impl Iterator<Item = Use<'_>> {
    condition.values().map(|value| Use { value, also: None })
}

fn gives(set: &syntax::Set, operation: &Name, outcome: &Name) -> bool {
    let called = set.call(&operation.text);
    called.is_some_and(|(_, signature)| {
        let mut kinds = signature.outcomes.iter();
        kinds.any(|kind| kind.gives && kind.written == outcome.text)
    })
}

fn plain(arguments: &[Argument]) -> impl Iterator<Item = Use<'_>> {
    arguments.iter().map(|value| Use { value, also: None })
}

fn in_text<'a>(text: &'a Text, also: Option<&'a Name>) -> impl Iterator<Item = Use<'a>> {
    let values = text.languages().flat_map(|(_, written)| written.values());
    values.map(move |value| Use { value, also })
}

fn in_target<'a>(
    target: &'a syntax::Target,
    also: Option<&'a Name>,
) -> impl Iterator<Item = Use<'a>> {
    target.values().map(move |value| Use { value, also })
}

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::{found, found_in, root, source};

    #[test]
    fn what_a_question_asks_is_set_by_a_right_answer_only() {
        let screens = |exhausted: &str| {
            format!(
                "  main: {{ask: Namba?, type: member_number, as: member, wrong: Si sahihi., go: told, exhausted: {exhausted}}}
  told: {{end: \"Namba {{member}}\"}}\n"
            )
        };
        assert_eq!(found_in(&screens("home")), []);
        assert_eq!(
            found_in(&screens("told")),
            [("M034", "{member}".to_owned())]
        );
    }

    #[test]
    fn a_value_that_one_way_of_two_sets_is_not_set_where_they_meet() {
        let screens = "  main: {menu: Habari, options: {\"1\": {text: Namba, go: ask}, \"2\": {text: Kati, go: middle}}}
  ask: {ask: Namba?, type: member_number, as: member, wrong: Si sahihi., go: middle}
  middle: {show: Kati, options: {\"1\": {text: Namba, go: told}}}
  told: {end: \"Namba {member}\"}\n";
        assert_eq!(found_in(screens), [("M034", "{member}".to_owned())]);
    }

    #[test]
    fn a_way_round_does_not_unset_what_was_set_before() {
        let screens =
            "  main: {ask: Namba?, type: member_number, as: member, wrong: Si sahihi., go: told}
  told: {show: \"Namba {member}\", options: {\"1\": {text: Tena, go: again}}}
  again: {show: \"Namba {member}\", options: {\"1\": {text: Tena, go: told}}}\n";
        assert_eq!(found_in(screens), []);
    }

    #[test]
    fn what_is_handed_over_must_be_set() {
        let main = root(
            "  main: {call: caller.member, as: me, on: {linked: {open: cover, with: [me]}, unlinked: {open: cover, with: [me]}, down: home}}\n",
        );
        let cover = source(
            "cover",
            "menu: cover\ntakes: {member: member_number}\nstart: told\nscreens:\n  told: {end: \"{member}\"}\n",
        );
        let found: Vec<&str> = found(&[main, cover]).iter().map(|found| found.0).collect();
        // Home from the root's first call is a loop, too.
        assert_eq!(found, ["M045", "M034"]);
    }
}
