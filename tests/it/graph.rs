//! `nyota graph`: the menus as pictures.

use std::fs;

use nyota::{
    catalogue::{self, Limits},
    menu::{
        MenuSet,
        picture::{Picture, Style},
    },
};
use quick_xml::{Reader, events::Event};

use crate::support::{demo::Home, sources};

const FINE: Option<i32> = Some(0);
const USED_WRONGLY: Option<i32> = Some(2);

/// What a command prints, where it ends well.
async fn printed(arguments: &[&str]) -> String {
    let output = Home::new().run(arguments, &[]).await;
    assert_eq!(output.status.code(), FINE, "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn assert_well_formed(svg: &str) {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    while reader.read_event().unwrap() != Event::Eof {}
}

#[tokio::test]
async fn a_menu_is_drawn_in_a_language_and_written_to_a_file() {
    let home = Home::new();
    let arguments = [
        "graph",
        "renewal",
        "--language",
        "en",
        "--output",
        "renewal.svg",
    ];
    let output = home.run(&arguments, &[]).await;
    assert_eq!(output.status.code(), FINE);
    assert_eq!(output.stdout, b"");
    let svg = fs::read_to_string(home.path().join("renewal.svg")).unwrap();
    assert_well_formed(&svg);
    assert!(svg.contains("data-screen=\"renewal.quote\"") && svg.contains("Is this right?"));
    assert!(!svg.contains("data-screen=\"cover.look\""));
}

#[tokio::test]
async fn a_set_is_printed_as_a_flowchart_of_all_its_menus() {
    let chart = printed(&["graph", "--set", "chf", "--format", "mermaid"]).await;
    assert!(chart.starts_with("flowchart LR\n"));
    for way in [
        "cover.active -->|\"2 Huisha\"| renewal.quote\n",
        "renewal.quote -->|\"slow\"| renewal.later\n",
    ] {
        assert!(chart.contains(way), "{way} is not in:\n{chart}");
    }
}

#[tokio::test]
async fn a_name_that_nothing_has_is_answered_with_those_that_there_are() {
    for (arguments, says) in [
        (&["graph", "renewl"][..], "chf, cover, help"),
        (&["graph", "--set", "nobody"], "(in the set chf)"),
        (&["graph", "cover", "--language", "de"], "it has sw, en, fr"),
    ] {
        let output = Home::new().run(arguments, &[]).await;
        assert_eq!(output.status.code(), USED_WRONGLY, "{arguments:?}");
        let complained = String::from_utf8(output.stderr).unwrap();
        assert!(complained.contains(says), "{complained}");
    }
}

#[tokio::test]
async fn menus_with_mistakes_are_not_drawn() {
    let broken = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/menus/broken/m026_unknown_screen"
    );
    let output = Home::new().run(&["graph", "--menus", broken], &[]).await;
    assert_eq!(output.status.code(), Some(1));
    let complained = String::from_utf8(output.stderr).unwrap();
    assert!(
        complained.contains("`nyota check` shows them"),
        "{complained}"
    );
}

#[tokio::test]
async fn the_picture_of_the_readme_is_the_menu_as_it_is() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/renewal.svg");
    let now = printed(&["graph", "renewal", "--set", "chf", "--language", "en"]).await;
    assert!(
        fs::read_to_string(file).unwrap() == now,
        "make it anew: nyota graph renewal --set chf --language en --output docs/renewal.svg"
    );
}

fn sets(folder: &str) -> Vec<std::sync::Arc<MenuSet>> {
    let sources = sources::below(folder);
    let compiled = catalogue::compile(&sources, &Limits::default());
    let edition = compiled.edition.unwrap();
    edition.sets().cloned().collect()
}

#[test]
fn every_menu_of_ours_is_drawn_in_every_language() {
    for set in sets("menus") {
        for known in &set.languages {
            let picture = Picture::of(&set, None, known.language);
            let svg = picture.svg(Style::Inside);
            assert_well_formed(&svg);
            let screens: usize = set.menus.iter().map(|menu| menu.screens.len()).sum();
            assert_eq!(svg.matches("data-screen=").count(), screens);
            assert!(!picture.mermaid().is_empty());
        }
    }
}
