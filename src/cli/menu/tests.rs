use chrono::{DateTime, Utc};

use super::{
    callers,
    switch::Said,
    told,
    until::until,
    words::{self, Words},
};
use crate::{
    catalogue::{Difference, Edition, Limits, compile, difference, read_files},
    model::{Language, source::Source},
    store::LiveLines,
};

/// The files that the package serves.
fn files() -> Vec<Source> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["menus", "gateways"].map(|folder| read_files(&root.join(folder)).unwrap());
    folders.concat()
}

fn edition() -> Edition {
    compile(&files(), &Limits::default()).edition.unwrap()
}

/// The files after a few edits of `(file, from, to)`.
fn edited(edits: &[(&str, &str, &str)]) -> Vec<Source> {
    let mut files = files();
    for (name, from, to) in edits {
        let file = files.iter_mut().find(|file| file.name == *name).unwrap();
        assert!(file.text.contains(from), "{name} has no {from}");
        file.text = file.text.replacen(from, to, 1);
    }
    files
}

fn changes() -> Difference {
    let mut new = edited(&[
        (
            "menus/chf/chf.yaml",
            "service: \"*152*00#\"",
            "service: \"*152*07#\"",
        ),
        ("menus/chf/renewal.yaml", "  agree:\n", "  consent:\n"),
        ("menus/chf/renewal.yaml", "within: 10m", "within: 20m"),
        ("menus/chf/renewal.en.yaml", "once paid", "when paid"),
        ("menus/chf/chf.yaml", "Karibu CHF", "Karibu sana CHF"),
        ("menus/chf/cover.yaml", "on:\n", "on:\n      # A comment.\n"),
        (
            "gateways/africastalking.yaml",
            "class: accumulated",
            "class: bare",
        ),
    ]);
    new.retain(|file| !file.name.starts_with("menus/kituo/"));
    difference(&files(), &new)
}

#[test]
fn files_that_say_the_same_do_not_differ() {
    let again = edited(&[(
        "menus/chf/chf.yaml",
        "menu: chf",
        "# A comment.\nmenu:  \"chf\"",
    )]);
    assert!(difference(&files(), &again).is_none());
}

#[test]
fn a_difference_is_told_name_by_name() {
    insta::assert_snapshot!(told::whole(&changes()));
}

#[test]
fn a_difference_is_told_in_short() {
    insta::assert_snapshot!(told::in_short(&changes()));
}

#[test]
fn callers_are_told_of_whose_screen_goes() {
    let lines = |screen: &str, lines| LiveLines {
        set: "chf".to_owned(),
        screen: screen.to_owned(),
        lines,
    };
    let live = [
        lines("chf.main", 1),
        lines("cover.active", 7),
        lines("renewal.agree", 3),
    ];
    insta::assert_snapshot!(callers::tell(&changes(), &live));
    let elsewhere = callers::tell(&changes(), &live[1..2]);
    assert_eq!(
        elsewhere,
        "7 callers are in a dialogue now, on screens that stay as they are.\n"
    );
    assert_eq!(
        callers::tell(&changes(), &[]),
        "Nobody is in a dialogue now.\n"
    );
}

fn said(texts: &[&str]) -> Result<Words, Vec<String>> {
    let texts: Vec<Said> = texts.iter().map(|text| text.parse().unwrap()).collect();
    let edition = edition();
    words::check(&texts, edition.set("chf").unwrap(), &edition)
}

#[test]
fn a_text_for_a_service_that_is_off_is_checked_like_a_page() {
    let words = said(&[
        "en=Closed. Dial again tomorrow.",
        "sw=Imefungwa. Piga kesho.",
    ])
    .unwrap();
    let languages: Vec<Language> = words.texts.iter().map(|(language, _)| *language).collect();
    assert_eq!(languages, [Language::SWAHILI, Language::ENGLISH]);
    insta::assert_snapshot!(words.notes);
    let long = format!("en={}", "a".repeat(300));
    let refused = said(&[&long, "en=", "ne=Banda", "en=Fermé ł"]).unwrap_err();
    insta::assert_snapshot!(refused.join("\n"));
}

#[test]
fn a_text_that_is_wide_has_less_room() {
    let wide = format!("sw={}ł", "a".repeat(80));
    let refused = said(&[&wide]).unwrap_err();
    assert!(refused[0].contains("because of `ł`"), "{refused:?}");
}

#[test]
fn a_time_is_written_as_people_say_it() {
    let now: DateTime<Utc> = "2026-03-02T14:30:00Z".parse().unwrap();
    let told = |text| until(text, now).map(|time| time.to_rfc3339()).ok();
    // 17:30 in East Africa.
    assert_eq!(told("18:00").as_deref(), Some("2026-03-02T15:00:00+00:00"));
    assert_eq!(told("08:00").as_deref(), Some("2026-03-03T05:00:00+00:00"));
    assert_eq!(told("90m").as_deref(), Some("2026-03-02T16:00:00+00:00"));
    assert_eq!(told("2d").as_deref(), Some("2026-03-04T14:30:00+00:00"));
    let day = told("2026-12-24 18:00");
    assert_eq!(day.as_deref(), Some("2026-12-24T15:00:00+00:00"));
    for wrong in [
        "",
        "soon",
        "25:00",
        "-1h",
        "2025-12-24 18:00",
        "9999999999999d",
        "ö",
    ] {
        assert_eq!(told(wrong), None, "{wrong}");
    }
}
