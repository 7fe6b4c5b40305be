//! What must be set on entering a screen: a backward analysis over the ways of each menu.
//!
//! A variable is live where the screen itself reads it, or one that it leads to before setting it.
//! After a return the opener goes on at `then:`, so what that screen needs is live where the other
//! menu is opened.

use std::collections::BTreeSet;

use super::graph::{Edge, edges, targets};
use crate::menu::{
    Choice, Keys, Menu, MenuSet, Part, Path, Screen, ScreenId, Target, Texts, VarId, Verb,
};

/// The variables that must be set.
type Needs = BTreeSet<VarId>;

/// Notes at each screen what must be set on entering it.
pub(super) fn fill(set: &mut MenuSet) {
    let keys = set.keys.clone();
    for menu in &mut set.menus {
        let needs = needs(menu, &keys);
        for (screen, needs) in menu.screens.iter_mut().zip(needs) {
            screen.live = needs.into_iter().collect();
        }
    }
}

/// What each screen of a menu needs.
fn needs(menu: &Menu, keys: &Keys) -> Vec<Needs> {
    let mut before: Vec<Vec<ScreenId>> = vec![Vec::new(); menu.screens.len()];
    for (id, screen) in (0..).zip(&menu.screens) {
        for edge in edges(&screen.verb, keys) {
            let next = goes_on(&edge).map(|(to, _)| usize::from(to));
            if let Some(before) = next.and_then(|next| before.get_mut(next)) {
                before.push(id);
            }
        }
    }
    let mut needs = vec![Needs::new(); menu.screens.len()];
    let mut open: Vec<ScreenId> = (0..).take(menu.screens.len()).collect();
    while let Some(id) = open.pop() {
        let Some(screen) = menu.screens.get(usize::from(id)) else {
            continue;
        };
        let found = on_entering(screen, keys, &needs);
        if let Some(known) = needs.get_mut(usize::from(id))
            && *known != found
        {
            *known = found;
            open.extend(before.get(usize::from(id)).into_iter().flatten());
        }
    }
    needs
}

/// The screen of the same menu that a way leads to, and what a return sets before.
fn goes_on<'a>(edge: &Edge<'a>) -> Option<(ScreenId, &'a [VarId])> {
    match edge.to {
        Target::Screen(to) => Some((*to, &[])),
        Target::Open {
            then: Some(to),
            into,
            ..
        } => Some((*to, into)),
        Target::Open { then: None, .. } | Target::Back | Target::Home | Target::Return(_) => None,
    }
}

fn on_entering(screen: &Screen, keys: &Keys, known: &[Needs]) -> Needs {
    let mut needs = itself(screen);
    for edge in edges(&screen.verb, keys) {
        let handed = handed_over(edge.to).collect::<Needs>();
        let ahead = goes_on(&edge).and_then(|(to, set)| {
            let ahead = known.get(usize::from(to))?;
            Some(ahead.iter().filter(|variable| !set.contains(variable)))
        });
        let ahead = ahead.into_iter().flatten().copied();
        let wanted = handed.into_iter().chain(ahead);
        needs.extend(wanted.filter(|variable| edge.sets != Some(*variable)));
    }
    needs
}

/// What a target hands over or returns with.
fn handed_over(target: &Target) -> impl Iterator<Item = VarId> {
    let values: &[Path] = match target {
        Target::Open { arguments, .. } | Target::Return(arguments) => arguments,
        Target::Screen(_) | Target::Back | Target::Home => &[],
    };
    values.iter().map(|path| path.variable)
}

/// What a screen itself reads, its targets aside.
fn itself(screen: &Screen) -> Needs {
    let sms = screen.sms.iter().flat_map(in_texts);
    let mut needs: Needs = sms.collect();
    match &screen.verb {
        Verb::Menu { text, options } | Verb::Show { text, options, .. } => {
            needs.extend(in_texts(text).chain(in_choices(options)));
        }
        Verb::List {
            text,
            items,
            item,
            row,
            options,
            ..
        } => {
            let row = in_texts(row).filter(|variable| variable != item);
            needs.extend(in_texts(text).chain(row).chain(in_choices(options)));
            needs.insert(*items);
        }
        Verb::Ask {
            text,
            wrong,
            options,
            ..
        } => {
            needs.extend(in_texts(text).chain(in_texts(wrong)));
            needs.extend(in_choices(options));
        }
        Verb::Confirm { text, .. } | Verb::End { text } | Verb::Language { text, .. } => {
            needs.extend(in_texts(text));
        }
        Verb::Call {
            arguments,
            into,
            on,
            ..
        } => {
            needs.extend(arguments.iter().map(|path| path.variable));
            for way in on {
                let own = way.sms.iter().flat_map(in_texts);
                let given = into.filter(|_| way.gives);
                needs.extend(own.filter(|variable| Some(*variable) != given));
            }
        }
    }
    needs
}

fn in_choices(choices: &[Choice]) -> impl Iterator<Item = VarId> {
    choices.iter().flat_map(|choice| in_texts(&choice.text))
}

fn in_texts(texts: &Texts) -> impl Iterator<Item = VarId> {
    let parts = texts.0.iter().flat_map(|template| &template.parts);
    parts.filter_map(|part| match part {
        Part::Literal(_) => None,
        Part::Value { path, .. } => Some(path.variable),
    })
}

/// Whether a screen of the menu can be read, so that a dialogue may be dropped on it.
fn can_be_read(verb: &Verb) -> bool {
    !matches!(verb, Verb::Call { .. } | Verb::End { .. })
}

/// The variables that a dropped dialogue may hold for a screen that it can come back to.
pub(super) fn held(menu: &Menu) -> Needs {
    let read = menu
        .screens
        .iter()
        .filter(|screen| can_be_read(&screen.verb));
    read.flat_map(|screen| screen.live.iter().copied())
        .collect()
}

/// Everywhere that the screens of a menu lead.
pub(super) fn leads(menu: &Menu) -> impl Iterator<Item = &Target> {
    menu.screens.iter().flat_map(|screen| targets(&screen.verb))
}

#[cfg(test)]
mod tests {
    use crate::menu::{
        MenuSet,
        check::sketch::{compiled, root, source},
    };

    /// The names of what a screen of a menu needs.
    fn needs(set: &MenuSet, menu: &str, screen: &str) -> Vec<String> {
        let menu = set.menus.iter().find(|known| known.name == menu).unwrap();
        let screen = menu.screens.iter().find(|known| known.name == screen);
        let live = screen.unwrap().live.iter();
        live.map(|id| menu.variables[usize::from(*id)].name.clone())
            .collect()
    }

    #[test]
    fn what_a_later_screen_reads_is_needed_until_something_sets_it() {
        let screens = "  main: {ask: Namba?, type: member_number, as: member, wrong: Tena., go: middle}
  middle: {show: Kati, options: {\"1\": {text: Endelea, go: told}}}
  told: {show: \"{member}\", options: {\"1\": {text: Tena, go: main}, \"2\": {text: Kati, go: middle}}}\n";
        let set = compiled(&[root(screens)]).set.unwrap();
        assert!(needs(&set, "chf", "main").is_empty());
        assert_eq!(needs(&set, "chf", "middle"), ["member"]);
        assert_eq!(needs(&set, "chf", "told"), ["member"]);
    }

    #[test]
    fn what_the_opener_reads_after_a_return_is_needed_where_it_opens() {
        let main = root(
            "  main: {ask: Namba?, type: member_number, as: member, wrong: Tena., go: menu}
  menu: {menu: Habari, options: {\"1\": {text: Tafuta, open: finder, as: [other], then: told}}}
  told: {show: \"{member} {other}\"}\n",
        );
        let finder = source(
            "finder",
            "menu: finder\ngives: {found: member_number}\nstart: ask\nscreens:\n  ask: {ask: Namba?, type: member_number, as: x, wrong: Tena., go: {return: {found: x}}}\n",
        );
        let set = compiled(&[main, finder]).set.unwrap();
        assert_eq!(needs(&set, "chf", "menu"), ["member"]);
        assert_eq!(needs(&set, "chf", "told"), ["member", "other"]);
        assert!(needs(&set, "finder", "ask").is_empty());
    }

    #[test]
    fn what_a_call_gives_is_needed_only_where_an_outcome_gives_nothing() {
        let screens = "  main: {menu: Habari, options: {\"1\": {text: Malipo, go: look}}}
  look: {call: payment.bills, as: bills, on: {found: pick, nothing: bye, down: bye}}
  pick: {list: bills, as: bill, text: Chagua, row: \"{bill.number}\", go: bye}
  bye: {end: Kwaheri}\n";
        let set = compiled(&[root(screens)]).set.unwrap();
        assert!(needs(&set, "chf", "look").is_empty());
        assert_eq!(needs(&set, "chf", "pick"), ["bills"]);
    }
}
