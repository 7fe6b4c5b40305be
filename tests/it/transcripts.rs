//! `nyota test`: what it plays, what it finds uncovered, and what it records.

use std::{fs, path::PathBuf, process::Output};

use crate::support::demo::Home;

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A file of the home that holds this transcript.
fn transcript(home: &Home, steps: &str) -> String {
    let text =
        format!("transcript: A story\nlanguage: en\nsteps:\n  - dial: \"*152*00#\"\n{steps}");
    let file = home.path().join("story.yaml");
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Plays a transcript that fails; what is printed of it.
async fn failing(steps: &str) -> String {
    let home = Home::new();
    let file = transcript(&home, steps);
    let output = home.run(&["test", &file], &[]).await;
    let printed = printed(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    printed
}

#[tokio::test]
async fn what_no_transcript_comes_to_is_named() {
    let home = Home::new();
    let file = transcript(&home, "  - press: \"4\"\n");
    let output = home.run(&["test", "--coverage", &file], &[]).await;
    assert_eq!(output.status.code(), Some(0));
    let printed = printed(&output);
    for part in [
        "Coverage of chf: 1 % (",
        "cover.limited: the page in en, the page in fr, the page in sw",
        "chf.main: the page in fr, the page in sw, the key 1, the key 2, the key 3\n",
        "renewal.bill: the outcome changed",
    ] {
        assert!(printed.contains(part), "{part} is not in\n{printed}");
    }
}

#[tokio::test]
async fn coverage_that_is_less_than_wanted_is_a_failure() {
    let home = Home::new();
    let file = transcript(&home, "  - press: \"4\"\n");
    let arguments = ["test", "--coverage=2", "--format", "json", &file];
    let output = home.run(&arguments, &[]).await;
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["passed"], &told["failed"]), (&1.into(), &0.into()));
    let coverage = &told["coverage"][0];
    assert_eq!(
        (&coverage["set"], &coverage["percent"]),
        (&"chf".into(), &1.into())
    );
    let missing = coverage["missing"].as_array().unwrap();
    let limited = missing.iter().find(|it| it["screen"] == "limited").unwrap();
    assert_eq!(
        (&limited["menu"], &limited["what"]),
        (&"cover".into(), &"page".into())
    );
}

#[tokio::test]
async fn an_answer_that_is_not_used_is_a_failure() {
    let printed = failing("  - answer: {call: scheme.cover, with: nobody}\n").await;
    assert!(
        printed.contains("scheme.cover was not asked any more"),
        "{printed}"
    );
}

#[tokio::test]
async fn an_answer_to_a_call_that_no_set_declares_is_a_failure() {
    let printed = failing("  - answer: {call: facility.find, status: 200, json: {}}\n").await;
    assert!(
        printed.contains("no call of the menus is named facility.find"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_a_failure() {
    let home = Home::new();
    let file = home.path().join("story.yaml");
    let text = "transcript: T\ngateway: pigeon\nsteps: [{dial: \"*152*00#\"}]\n";
    fs::write(&file, text).unwrap();
    let output = home.run(&["test", file.to_str().unwrap()], &[]).await;
    assert!(printed(&output).contains("there is no gateway pigeon"));
}

#[tokio::test]
async fn dial_speaks_through_every_gateway_and_names_those_it_has() {
    for gateway in [
        "africastalking",
        "safaricom_direct",
        "truroute",
        "trueafrican",
        "arkesel",
    ] {
        let arguments = ["dial", "*152*00#", "--gateway", gateway, "--keys", "2 1"];
        let output = Home::new().run(&arguments, &[]).await;
        assert!(
            printed(&output).contains("Enter the CHF number"),
            "{gateway}"
        );
    }
    let output = Home::new()
        .run(&["dial", "*152*00#", "--gateway", "pigeon"], &[])
        .await;
    assert_eq!(output.status.code(), Some(2));
    let complained = String::from_utf8(output.stderr).unwrap();
    assert!(
        complained.contains("known: africastalking, "),
        "{complained}"
    );
}

/// Records the last dialogue of a home into a file.
async fn recorded(
    home: &Home,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> (String, PathBuf) {
    let all = [&["test", "--record", "last"], arguments].concat();
    let output = home.run(&all, environment).await;
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{complained}");
    let file = home.path().join("recorded.yaml");
    fs::write(&file, printed(&output)).unwrap();
    (printed(&output), file)
}

#[tokio::test]
async fn a_journaled_dialogue_is_recorded_and_plays() {
    let home = Home::new();
    let keys = "2 1 400000042 2 1";
    let dialled = home.run(&["dial", "*152*00#", "--keys", keys], &[]).await;
    assert_eq!(dialled.status.code(), Some(0));
    let (text, file) = recorded(&home, &[], &[]).await;
    assert!(!text.contains("language:"), "a first dial:\n{text}");
    assert!(
        text.contains("press: \"400000042\"") && text.contains("  - sms: |"),
        "{text}"
    );
    let output = home.run(&["test", file.to_str().unwrap()], &[]).await;
    assert!(
        printed(&output).contains("1 passed, 0 failed"),
        "{}",
        printed(&output)
    );
}

#[tokio::test]
async fn a_recording_masks_whom_it_was_about() {
    let home = Home::new();
    let keys = "2 1 123456782";
    home.run(&["dial", "*152*00#", "--keys", keys], &[]).await;
    let (text, _) = recorded(&home, &[], &[]).await;
    assert!(!text.contains("123456782"), "{text}");
    assert!(
        text.contains("# Another member's number was typed here."),
        "{text}"
    );
    let (text, _) = recorded(&home, &["--keep"], &[]).await;
    assert!(text.contains("press: \"123456782\""), "{text}");
}

const SECRET: &str = "  main:\n    ask: Namba ya siri\n    type: {digits: {length: 4, sensitive: true}}\n    as: code\n    wrong: Si sahihi.\n    go: bye\n    exhausted: bye\n";

#[tokio::test]
async fn what_is_sensitive_is_not_in_the_journal() {
    let home = Home::new();
    let manual = include_str!("../../menus/README.md");
    let set = manual.split("```yaml\n").nth(1).unwrap();
    let (set, _) = set.split_once("  main:\n").unwrap();
    let folder = home.path().join("salamu");
    fs::create_dir(&folder).unwrap();
    let text = format!("{set}{SECRET}  bye:\n    end: Asante\n");
    fs::write(folder.join("salamu.yaml"), text).unwrap();
    let menus = [("NYOTA_MENUS", "salamu")];
    let keys = ["dial", "*152*77#", "--keys", "7392"];
    let dialled = home.run(&keys, &menus).await;
    assert!(
        printed(&dialled).contains("Asante"),
        "{}",
        printed(&dialled)
    );
    let (text, _) = recorded(&home, &["--keep"], &menus).await;
    assert!(!text.contains("7392"), "{text}");
    assert!(
        text.contains("# What was typed here is sensitive and was not kept."),
        "{text}"
    );
    assert!(text.contains("  - end: |\n      Asante\n"), "{text}");
}
