//! A page always has something to choose.

use std::collections::BTreeSet;

use super::{
    Draft,
    graph::{Node, edges, lands, root_start, waits},
    report,
};
use crate::menu::{
    MenuSet, Verb,
    problem::{Found, Problem},
};

/// Reports menus that may be without an option where there is no way back either: on the first page
/// of a dialogue.
pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    let set = &draft.set;
    for (menu, screen) in first_pages(set) {
        let Some(of) = set.screen(menu, screen) else {
            continue;
        };
        if let Verb::Menu { options, .. } = &of.verb
            && options.iter().all(|choice| choice.when.is_some())
        {
            report(problems, of.span, Problem::MayBeEmpty(of.name.clone()));
        }
    }
}

/// The screens that a dialogue may begin with.
fn first_pages(set: &MenuSet) -> BTreeSet<Node> {
    let mut open = vec![root_start(set), (0, set.first_dial)];
    let (mut seen, mut pages) = (BTreeSet::new(), BTreeSet::new());
    while let Some(node) = open.pop() {
        let Some(screen) = set.screen(node.0, node.1) else {
            continue;
        };
        if waits(&screen.verb) {
            pages.insert(node);
        } else if seen.insert(node) {
            let ways = edges(&screen.verb, &set.keys).into_iter();
            open.extend(ways.filter_map(|edge| lands(set, node.0, edge.to)));
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::found_in;

    #[test]
    fn a_menu_behind_another_page_has_a_way_back() {
        let screens = "  main: {menu: Habari, options: {\"1\": {text: Zaidi, go: more}}}
  more: {menu: Zaidi, options: {\"1\": {text: Kwaheri, go: bye, when: today > 2026-03-02}}}
  bye: {end: Kwaheri}\n";
        assert_eq!(found_in(screens), []);
    }

    #[test]
    fn the_first_page_keeps_an_option_behind_a_route_too() {
        let menu = |second: &str| {
            found_in(&format!(
                "  main: {{route: [{{when: today > 2026-03-02, go: page}}], else: bye}}
  page: {{menu: Habari, options: {{\"1\": {{text: Kwaheri, go: bye, when: today > 2026-03-05}}{second}}}}}
  bye: {{end: Kwaheri}}\n"
            ))
        };
        assert_eq!(menu(", \"2\": {text: Msaada, go: bye}"), []);
        assert_eq!(menu(""), [("M059", "page".to_owned())]);
    }
}
