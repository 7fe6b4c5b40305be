//! An author decides about every variable that a dropped dialogue may hold.

use super::{Draft, confirm, live::held, report};
use crate::menu::{
    CARRY_ON, Menu, MenuSet, Verb,
    problem::{Found, Problem},
    syntax::{self, Name},
};

/// Notes which menus a resumed dialogue may go on in from their start: where no page that it then
/// reads takes the key that went on for a "yes".
pub(super) fn from_start(set: &mut MenuSet) {
    let agrees = |set: &MenuSet, node: (u16, u16)| {
        let screen = set.screen(node.0, node.1);
        screen.is_some_and(|screen| confirms_by(&screen.verb, CARRY_ON))
    };
    for id in (0..).take(set.menus.len()) {
        let resumed = set.menu(id).is_some_and(|menu| menu.resume.is_some());
        let safe = resumed && {
            let read = confirm::from_start(set, id);
            !read.into_iter().any(|node| agrees(set, node))
        };
        let menu = set.menus.get_mut(usize::from(id));
        if let Some(resume) = menu.and_then(|menu| menu.resume.as_mut()) {
            resume.from_start = safe;
        }
    }
}

fn confirms_by(verb: &Verb, key: &str) -> bool {
    matches!(verb, Verb::Confirm { key: own, .. } if own == key)
}

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (id, written, menu) in draft.menus() {
        let Some(resume) = &written.resume else {
            continue;
        };
        if draft.set.resume.is_none() {
            report(problems, resume.at, Problem::ResumeWithoutWords);
        }
        if draft.complete.get(usize::from(id)) == Some(&true) {
            undecided(resume, menu, problems);
        }
    }
}

/// Variables that stand in none of the three lists, or in two.
fn undecided(resume: &syntax::Resume, menu: &Menu, problems: &mut Vec<Found>) {
    let lists = [&resume.keep, &resume.ask_again, &resume.forget];
    let named: Vec<&Name> = lists.into_iter().flatten().collect();
    let held = held(menu);
    for (id, variable) in (0..).zip(&menu.variables) {
        let mut places = named.iter().filter(|name| name.text == variable.name);
        let problem = || Problem::ResumeUndecided(variable.name.clone());
        match (places.next(), places.next()) {
            (None, _) if held.contains(&id) => report(problems, resume.at, problem()),
            (Some(_), Some(twice)) => report(problems, twice.at, problem()),
            (None | Some(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        menu::check::sketch::{compiled, found, root, source},
        model::source::Source,
    };

    /// A root with the words of the page that offers to go on.
    fn resumable(screens: &str) -> Source {
        let root = root(screens);
        let words = "wrong_number: Haipo., resume: Uendelee?, carry_on: Endelea, start_again: Anza";
        Source {
            text: root.text.replace("wrong_number: Haipo.", words),
            ..root
        }
    }

    const MAIN: &str = "  main: {menu: Habari, options: {\"2\": {text: Lipa, open: pay}}}\n";

    fn pay(resume: &str, key: &str) -> Source {
        let text = format!(
            "menu: pay\nresume: {resume}\nstart: bills\nscreens:
  bills: {{call: payment.bills, as: bills, on: {{found: pick, nothing: none, down: none}}}}
  none: {{confirm: Hakuna, key: \"{key}\", yes: home, no: home}}
  pick: {{list: bills, as: bill, text: Chagua, row: \"{{bill.number}}\", go: told}}
  told: {{show: \"{{bill.number}}\"}}\n"
        );
        source("pay", &text)
    }

    const LISTS: &str = "{within: 10m, keep: [bill], forget: [bills]}";

    #[test]
    fn each_variable_that_a_page_needs_is_decided_about_once() {
        let codes = |resume: &str| {
            let found = found(&[resumable(MAIN), pay(resume, "9")]);
            found.into_iter().map(|found| found.0).collect::<Vec<_>>()
        };
        assert_eq!(codes(LISTS), Vec::<&str>::new());
        assert_eq!(codes("{within: 10m}"), ["M086", "M086"]);
        assert_eq!(
            codes("{within: 10m, keep: [bill, bills], forget: [bills]}"),
            ["M086"]
        );
        assert_eq!(
            codes("{within: 10m, keep: [bill, bils], forget: [bills]}"),
            ["M032"]
        );
        assert_eq!(
            codes("{within: 2h, keep: [bill], forget: [bills]}"),
            ["M013"]
        );
    }

    #[test]
    fn a_start_that_leads_to_a_confirm_screen_of_the_same_key_is_not_begun_at() {
        let begins = |key: &str| {
            let set = compiled(&[resumable(MAIN), pay(LISTS, key)]).set.unwrap();
            set.menus[1].resume.as_ref().unwrap().from_start
        };
        assert!(begins("9"));
        assert!(!begins("1"));
    }

    #[test]
    fn a_secret_is_not_kept() {
        let screens = "  ask: {ask: Siri?, type: {digits: {length: 4, sensitive: true}}, as: pin, wrong: Tena., go: ask}\n";
        let pin = source(
            "pay",
            &format!(
                "menu: pay\nresume: {{within: 10m, keep: [pin]}}\nstart: ask\nscreens:\n{screens}"
            ),
        );
        assert_eq!(found(&[resumable(MAIN), pin]), [("M077", "pin".to_owned())]);
    }
}
