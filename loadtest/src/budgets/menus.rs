//! Menus of any size, made to be measured. nyota's benchmarks include this file as their own module.

use std::fmt::Write as _;

/// How many screens one menu has at most.
const EACH: usize = 1_000;

const HEAD: &str = r#"menu: large
service: "*152*88#"
languages: {sw: Kiswahili}
keys: {back: "0", home: "00", more: "98"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo.}
first_dial: s0
"#;

/// The files of a set named `large`, each with its name and its text, which has so many screens: some
/// up to a thousand, or whole thousands.
pub(super) fn files(screens: usize) -> Vec<(String, String)> {
    let each = screens.clamp(1, EACH);
    let names: Vec<String> = (1..screens / each).map(|menu| format!("m{menu}")).collect();
    let root = format!("{HEAD}{}", menu(0, each, &names));
    let others = (1..).zip(&names).map(|(number, name)| {
        let text = format!("menu: {name}\n{}", menu(number, each, &[]));
        (format!("{name}.yaml"), text)
    });
    let root = ("large.yaml".to_owned(), root);
    std::iter::once(root).chain(others).collect()
}

/// Screens that fan out four ways; the first ones open the other menus.
fn menu(number: usize, screens: usize, opens: &[String]) -> String {
    let mut text = String::from("start: s0\nscreens:\n");
    for screen in 0..screens {
        _ = writeln!(
            text,
            "  s{screen}:\n    menu: Chagua huduma ya {number} {screen}\n    options:"
        );
        for (key, child) in (1..=4).map(|key| (key, screen * 4 + key)) {
            let to = if child < screens {
                format!("go: s{child}")
            } else {
                "go: home".to_owned()
            };
            _ = writeln!(text, "      \"{key}\": {{text: Huduma {child}, {to}}}");
        }
        if let Some(opened) = opens.get(screen) {
            _ = writeln!(text, "      \"5\": {{text: Zaidi, open: {opened}}}");
        }
    }
    text
}
