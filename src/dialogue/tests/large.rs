//! A step costs no more in a large menu.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use crate::{
    dialogue::{Greeting, Input, Step, open, step, tests::phone::scene},
    menu::{CheckOptions, MenuSet, compile, page::PageSize},
    model::source::Source,
};

/// A root without its screens.
const ROOT: &str = "menu: chf
service: \"*152*00#\"
languages: {sw: Kiswahili}
keys: {back: \"0\", home: \"00\", more: \"98\"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo.}
first_dial: main
start: main
screens:
";

/// A set of so many screens, each with a key to the next.
fn set(screens: usize) -> MenuSet {
    let mut text = String::new();
    for screen in 0..screens {
        let (name, next) = (named(screen), named((screen + 1) % screens));
        _ = writeln!(
            text,
            "  {name}: {{menu: Habari, options: {{\"1\": {{text: Endelea, go: {next}}}}}}}"
        );
    }
    let source = Source {
        name: "chf/chf.yaml".to_owned(),
        text: format!("{ROOT}{text}"),
    };
    compile(&[source], CheckOptions::default()).set.unwrap()
}

fn named(screen: usize) -> String {
    if screen == 0 {
        "main".to_owned()
    } else {
        format!("s{screen}")
    }
}

/// The time of the fastest of many steps from the first screens on.
fn fastest(set: &MenuSet) -> Duration {
    let scene = scene(PageSize::default(), "");
    let greeting = Greeting {
        language: Some(set.fallback()),
        waiting: None,
    };
    let begun = open(set, &greeting, &scene).0;
    let once = |_| {
        let state = begun.clone();
        let started = Instant::now();
        let (_, shown) = step(set, state, Input::Text("1".to_owned()), &scene);
        let took = started.elapsed();
        assert!(matches!(shown, Step::Show(_)));
        took
    };
    (0..2000).map(once).min().unwrap()
}

#[test]
fn a_step_costs_no_more_in_a_menu_of_ten_thousand_screens() {
    let (small, large) = (fastest(&set(10)), fastest(&set(10_000)));
    assert!(large < small * 2, "{small:?} and {large:?}");
}
