//! Menus of any size, made to be measured.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::ensure;

/// How many screens one menu has at most.
const EACH: usize = 1_000;

const HEAD: &str = r#"menu: large
service: "*152*88#"
languages: {sw: Kiswahili}
keys: {back: "0", home: "00", more: "98"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo.}
"#;

/// What callers of such a set do: keys that are all there, down from screen to screen.
pub(super) const SCENARIO: &str = r#"
scenario: Keys through a large menu
gateways: [{name: africastalking, dialect: africastalking}]
phones: {first: "+255750000000", count: 5000}
values: {a: ["1", "2"], b: ["1", "2", "3", "4"], c: ["1", "2", "3", "4"], d: ["1", "2", "3", "4"]}
journeys:
  - name: goes down
    silent: true
    steps:
      - {dial: "*152*88#", see: "Chagua huduma"}
      - {press: "{a}", see: "Chagua huduma"}
      - {press: "{b}", see: "Chagua huduma"}
      - {press: "{c}", see: "Chagua huduma"}
      - {press: "{d}", see: "Chagua huduma"}
      - {press: "00", see: "Chagua huduma"}
"#;

/// Writes a set of so many screens into a folder.
pub(super) fn write(screens: usize, folder: &Path) -> anyhow::Result<()> {
    ensure!(
        screens <= EACH || screens.is_multiple_of(EACH),
        "no whole menus"
    );
    let set = folder.join("large");
    fs::create_dir_all(&set)?;
    let each = screens.min(EACH);
    let names: Vec<String> = (1..screens / each).map(|menu| format!("m{menu}")).collect();
    fs::write(
        set.join("large.yaml"),
        format!("{HEAD}first_dial: s0\n{}", menu(0, each, &names)),
    )?;
    for (number, name) in (1..).zip(&names) {
        let text = format!("menu: {name}\n{}", menu(number, each, &[]));
        fs::write(set.join(format!("{name}.yaml")), text)?;
    }
    Ok(())
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
