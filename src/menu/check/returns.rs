//! A menu that is opened comes back as its opener expects.

use super::{Draft, graph::waits, live::leads, report, screens, types::TYPES};
use crate::menu::{
    Menu, Target,
    problem::{Found, Problem, Unknown},
    syntax::{self, Name, Set},
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (id, written, menu) in draft.menus() {
        gives(draft.written, written, problems);
        if id == 0 {
            root(written, problems);
        } else if draft.complete.get(usize::from(id)) == Some(&true) {
            never(written, menu, problems);
        }
        for (_, screen, of) in screens(written, menu) {
            for target in screen.targets() {
                opens(draft, target, waits(&of.verb), problems);
            }
        }
    }
}

/// What a menu gives has a type.
fn gives(set: &Set, menu: &syntax::Menu, problems: &mut Vec<Found>) {
    for (_, of) in &menu.gives {
        if super::types::taken(set, &of.text).is_none() {
            let records = set.records().map(|record| record.name.as_ref());
            let unknown = Unknown::new(&of.text, TYPES.into_iter().chain(records));
            report(problems, of.at, Problem::UnknownType(unknown));
        }
    }
}

fn root(menu: &syntax::Menu, problems: &mut Vec<Found>) {
    for (at, _) in menu.returns() {
        report(problems, at, Problem::ReturnInRoot);
    }
    if let Some((name, _)) = menu.gives.first()
        && menu.returns().next().is_none()
    {
        report(problems, name.at, Problem::ReturnInRoot);
    }
}

/// A menu that gives something and never returns.
fn never(written: &syntax::Menu, menu: &Menu, problems: &mut Vec<Found>) {
    if let Some((name, _)) = written.gives.first()
        && !returns(menu)
    {
        let problem = Problem::NeverReturns(written.name.text.clone());
        report(problems, name.at, problem);
    }
}

fn returns(menu: &Menu) -> bool {
    leads(menu).any(|target| matches!(target, Target::Return(_)))
}

/// What stands beside `open:`.
fn opens(draft: &Draft<'_>, target: &syntax::Target, waits: bool, problems: &mut Vec<Found>) {
    let syntax::Target::Open {
        menu,
        results,
        then,
        ..
    } = target
    else {
        return;
    };
    let mut menus = draft.menus();
    let Some((id, written, opened)) = menus.find(|(_, known, _)| known.name.text == menu.text)
    else {
        return;
    };
    if draft.complete.get(usize::from(id)) != Some(&true) {
        return;
    }
    let place = results.first().or(then.as_ref());
    match (returns(opened), place) {
        (false, Some(place)) => {
            let problem = Problem::ThenWithoutReturn(menu.text.clone());
            report(problems, place.at, problem);
        }
        (true, _) if then.is_none() && !waits => {
            report(
                problems,
                menu.at,
                Problem::NothingToReturnTo(menu.text.clone()),
            );
        }
        (true | false, _) => {}
    }
    too_many(written, results, problems);
}

fn too_many(opened: &syntax::Menu, results: &[Name], problems: &mut Vec<Found>) {
    let returns = opened.returns().next().is_some();
    if let Some(name) = results.get(opened.gives.len()).filter(|_| returns) {
        let gives = opened.gives.iter().map(|(name, _)| name.text.clone());
        let problem =
            Problem::TooManyResults(opened.name.text.clone(), gives.collect(), results.len());
        report(problems, name.at, problem);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        menu::check::sketch::{found, root, source},
        model::source::Source,
    };

    fn finder(screens: &str) -> Source {
        source(
            "finder",
            &format!(
                "menu: finder\ngives: {{member: member_number}}\nstart: ask\nscreens:\n{screens}"
            ),
        )
    }

    const ASK: &str = "  ask: {ask: Namba?, type: member_number, as: x, wrong: Tena., go: {return: {member: x}}}\n";

    #[test]
    fn what_a_menu_gives_is_set_only_where_its_opener_goes_on() {
        let main = |then: &str| {
            root(&format!(
                "  main: {{menu: Habari, options: {{\"1\": {{text: Tafuta, open: finder, as: [who]{then}}}, \"2\": {{text: Namba, go: told}}}}}}
  told: {{show: \"Namba {{who}}\"}}\n"
            ))
        };
        // By key 2 nobody was found.
        let unset = [("M034", "{who}".to_owned())];
        assert_eq!(found(&[main(", then: told"), finder(ASK)]), unset);
        assert_eq!(found(&[main(""), finder(ASK)]), unset);
    }

    #[test]
    fn the_last_names_after_as_may_be_left_out() {
        let main = root(
            "  main: {menu: Habari, options: {\"1\": {text: Tafuta, open: finder, then: bye}}}
  bye: {end: Kwaheri}\n",
        );
        assert_eq!(found(&[main, finder(ASK)]), []);
    }

    #[test]
    fn calls_that_return_to_each_other_go_round() {
        let main = root(
            "  main: {call: caller.member, on: {linked: {open: look, then: main}, unlinked: bye, down: bye}}
  bye: {end: Kwaheri}\n",
        );
        let look = source(
            "look",
            "menu: look\nstart: last\nscreens:\n  last: {call: payment.last, on: {settled: return, received: bye, held: bye, nothing: bye, down: bye}}\n  bye: {end: Kwaheri}\n",
        );
        assert_eq!(found(&[main, look]), [("M045", "main".to_owned())]);
    }

    #[test]
    fn a_key_counts_through_a_return_for_a_confirm_screen() {
        let main = root(
            "  main: {menu: Habari, options: {\"2\": {text: Tafuta, open: finder, then: agree}}}
  agree: {confirm: Lipa?, key: \"7\", yes: bye, no: home}
  bye: {end: Kwaheri}\n",
        );
        let sure = "  ask: {ask: Namba?, type: member_number, as: x, wrong: Tena., go: sure}
  sure: {menu: Sawa?, options: {\"7\": {text: Ndiyo, return: {member: x}}}}\n";
        assert_eq!(found(&[main, finder(sure)]), [("M049", "\"7\"".to_owned())]);
    }

    #[test]
    fn a_secret_is_not_returned() {
        let main = root("  main: {menu: Habari, options: {\"1\": {text: Siri, open: pin}}}\n");
        let pin = source(
            "pin",
            "menu: pin\ngives: {pin: text}\nstart: ask\nscreens:\n  ask: {ask: Siri?, type: {digits: {length: 4, sensitive: true}}, as: pin, wrong: Tena., go: {return: {pin: pin}}}\n",
        );
        assert_eq!(found(&[main, pin]), [("M077", "pin".to_owned())]);
    }

    #[test]
    fn what_is_returned_is_of_the_type_that_is_given() {
        let main = root("  main: {menu: Habari, options: {\"1\": {text: Tafuta, open: finder}}}\n");
        let other = ASK.replace("member_number", "control_number");
        assert_eq!(found(&[main, finder(&other)]), [("M037", "x".to_owned())]);
    }
}
