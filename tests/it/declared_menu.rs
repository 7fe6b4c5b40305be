//! A menu with calls of its own, dialled: the demo's registry answers them, right, wrong and late.

use std::fs;

use nyota::{
    menu::{self, CheckOptions, Found},
    model::source::Source,
};

use crate::support::{phone::Phone, stage::Stage};

/// A phone that no member has.
const PHONE: &str = "+255700000077";
const MENUS: &str = "tests/menus/registry";
const SORRY: &str = "Samahani, jaribu tena baadaye.";

async fn facility(phone: &mut Phone, code: &str) -> String {
    phone.dial().await;
    phone.press(code).await.text
}

#[tokio::test]
async fn a_facility_is_looked_up_and_what_goes_wrong_has_its_screen() {
    let stage = Stage::serving(MENUS).await;
    let mut phone = stage.phone(PHONE);
    let found = facility(&mut phone, "110224").await;
    assert!(found.starts_with("Kituo cha Afya A, ngazi 2"), "{found}");
    assert_eq!(
        facility(&mut phone, "130108").await,
        "Zahanati D kimefungwa."
    );
    assert_eq!(
        facility(&mut phone, "999999").await,
        "Hakuna kituo chenye namba hii."
    );
    // Too late, an error, a page of a network in between.
    for code in ["155555", "166666", "177777"] {
        assert_eq!(facility(&mut phone, code).await, SORRY, "{code}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn staff_read_whether_a_member_is_covered_and_nothing_of_who_she_is() {
    let stage = Stage::serving(MENUS).await;
    let mut phone = stage.phone(PHONE);
    for (member, says) in [
        ("070707081", "ANALIPIWA hadi ngazi 2."),
        ("100000014", "HALIPIWI leo."),
        ("999999991", "Namba hii haipo."),
        ("666666663", SORRY),
    ] {
        facility(&mut phone, "110224").await;
        let page = phone.press_all(&["1", member]).await;
        assert_eq!(page.text, says);
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_declared_call_that_is_late_is_promised_and_told_by_sms() {
    let stage = Stage::serving(MENUS).await;
    let mut phone = stage.phone(PHONE);
    facility(&mut phone, "110224").await;
    let page = phone.press_all(&["1", "555555556"]).await;
    assert_eq!(page.text, "Jibu litakuja kwa SMS.");
    stage
        .records
        .sms(PHONE, "Namba uliyohakiki: ANALIPIWA")
        .await;
    stage.records.settled().await;
    // A redial asks for the number's last four digits before it shows the answer.
    assert!(phone.dial().await.text.contains("tarakimu 4 za mwisho"));
    assert_eq!(phone.press("5556").await.text, "ANALIPIWA hadi ngazi 2.");
    stage.stop().await;
}

#[test]
fn the_manual_s_calls_are_those_that_are_dialled_here() {
    let read = |name: &str| {
        let path = format!("{}/{MENUS}/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).unwrap()
    };
    let manual = include_str!("../../menus/README.md");
    let calls = read("calls");
    let (first, second) = calls.split_once("  member.entitlement:\n").unwrap();
    assert!(manual.contains(first), "the manual shows the first call");
    assert!(manual.contains(&format!("calls:\n  member.entitlement:\n{second}")));
    let sources = ["calls", "registry"].map(|name| Source {
        name: format!("registry/{name}.yaml"),
        text: read(name),
    });
    let compilation = menu::compile(&sources, CheckOptions::default());
    let printed: Vec<String> = compilation
        .problems
        .iter()
        .map(|found| Found::report(found).print(&sources))
        .collect();
    assert_eq!(printed, Vec::<String>::new());
}
