//! The keys that mean the same on every page.

use std::collections::BTreeMap;

use super::{journey::Journey, names::Names};
use crate::{menu::Keys, model::source::yaml::Node};

/// `98` goes on and `00` goes back as in ussd_airflow, `0` home; others where an option of a menu has
/// one of these for something else.
pub(super) fn choose(journey: &Journey<'_>, start: &str, names: &Names) -> Keys {
    let used = used(journey, names);
    let only_home = |key: &&&str| {
        used.get(**key)
            .is_none_or(|all| all.iter().all(|to| to == start))
    };
    let free = |key: &&&str| !used.contains_key(**key);
    let pick = |found: Option<&&str>, usual: &str| found.map_or(usual, |key| *key).to_owned();
    let home = pick(["0", "000", "99", "999"].iter().find(only_home), "0");
    let back = ["00", "09", "97", "997"].iter().filter(|key| **key != home);
    Keys {
        back: pick(back.clone().find(free), "00"),
        home,
        more: pick(["98", "96", "998"].iter().find(free), "98"),
    }
}

/// The keys that options of menus have in so many words, and where they lead.
fn used(journey: &Journey<'_>, names: &Names) -> BTreeMap<String, Vec<String>> {
    let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let menus = journey
        .screens
        .iter()
        .filter(|screen| screen.fields.peek("type").and_then(Node::text) == Some("menu_screen"));
    for option in menus.flat_map(|menu| {
        let options = menu.fields.peek("options").and_then(Node::list);
        options.unwrap_or_default()
    }) {
        let value = |key: &str| {
            let mut entries = option.map()?.iter();
            entries.find(|(name, _)| name.text() == Some(key))?.1.text()
        };
        if let Some(key) = value("input_value") {
            let to = value("next_screen").and_then(|theirs| names.get(theirs));
            used.entry(key.trim().to_owned())
                .or_default()
                .push(to.unwrap_or_default().to_owned());
        }
    }
    used
}
