//! A set of ten thousand screens is checked while its author waits.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use nyota::{
    menu::{CheckOptions, Found, compile},
    model::source::{Severity, Source},
};

const HEAD: &str = r#"menu: large
service: "*152*88#"
languages: {sw: Kiswahili, en: English, fr: Francais}
keys: {back: "0", home: "00", more: "98"}
"#;

const WORDS: &str = "words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo.}
";

/// How many screens each menu has.
const EACH: usize = 1_000;
/// How many menus the root opens.
const OPENED: usize = 9;

/// Checking takes this long at most, with optimisation.
const OPTIMISED: Duration = Duration::from_secs(2);
/// And without, on a busy machine.
const PLAIN: Duration = Duration::from_mins(1);

fn source(name: &str, text: String) -> Source {
    Source {
        name: format!("large/{name}.yaml"),
        text,
    }
}

/// Screens that fan out four ways, each with options; the last ones ask, show a call's answer or end.
fn screens(menu: usize, opens: &[String]) -> String {
    let mut text = String::from("start: s0\nscreens:\n");
    for screen in 0..EACH {
        _ = writeln!(
            text,
            "  s{screen}:\n    menu: Chagua huduma ya {menu} {screen}\n    options:"
        );
        for (key, child) in (1..=4).map(|key| (key, screen * 4 + key)) {
            let to = if child < EACH {
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

fn translated(menu: usize, words: &str) -> String {
    let mut text = String::from("screens:\n");
    for screen in 0..EACH {
        _ = write!(
            text,
            "  s{screen}: {{menu: \"{words} {menu} {screen}\", options: {{"
        );
        for key in 1..=4 {
            _ = write!(text, "\"{key}\": {words} {}, ", screen * 4 + key);
        }
        // Only the root opens other menus, from its first screens.
        let opens = menu == 0 && screen < OPENED;
        text.push_str(if opens { "\"5\": More}}\n" } else { "}}\n" });
    }
    text
}

/// Ten menus of a thousand screens in three languages; the root opens the other nine.
fn large() -> Vec<Source> {
    let names: Vec<String> = (1..=OPENED).map(|menu| format!("m{menu}")).collect();
    let root = format!("{HEAD}{WORDS}first_dial: s0\n{}", screens(0, &names));
    let mut sources = vec![source("large", root)];
    for (menu, name) in (1..).zip(&names) {
        sources.push(source(
            name,
            format!("menu: {name}\n{}", screens(menu, &[])),
        ));
    }
    for (menu, name) in (0..).zip(["large".to_owned()].iter().chain(&names)) {
        for (tag, words) in [("en", "Service"), ("fr", "Aide")] {
            let mut text = translated(menu, words);
            if menu == 0 {
                text.insert_str(0, WORDS);
            }
            sources.push(source(&format!("{name}.{tag}"), text));
        }
    }
    sources
}

#[test]
fn a_set_of_ten_thousand_screens_with_options_in_three_languages_is_checked_in_two_seconds() {
    let sources = large();
    let begun = Instant::now();
    let compilation = compile(&sources, CheckOptions::default());
    let took = begun.elapsed();
    let errors = compilation.problems.iter().map(Found::report);
    let errors: Vec<_> = errors.filter(|it| it.severity == Severity::Error).collect();
    let first = errors.iter().take(3).map(|it| it.print(&sources));
    assert!(
        errors.is_empty(),
        "{} errors\n{}",
        errors.len(),
        first.collect::<String>()
    );
    let screens = compilation
        .set
        .unwrap()
        .menus
        .iter()
        .map(|menu| menu.screens.len())
        .sum::<usize>();
    assert_eq!(screens, 10 * EACH);
    let most = if cfg!(debug_assertions) {
        PLAIN
    } else {
        OPTIMISED
    };
    assert!(took < most, "{took:?}");
}
