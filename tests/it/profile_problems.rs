//! Every problem of a profile: one broken file each, that makes it and no other.

use std::{collections::BTreeSet, fs};

use nyota::{gateway::profile::Profile, model::source::Source};

const BROKEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateways/broken");

/// The broken files by name: `g001_not_yaml`.
fn broken() -> Vec<(String, String)> {
    let paths = fs::read_dir(BROKEN)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn code_of(name: &str) -> String {
    name.split('_').next().unwrap().to_uppercase()
}

#[test]
fn a_broken_file_makes_its_own_problem_and_no_other() {
    for (name, text) in broken() {
        let sources = [Source {
            name: "example.yaml".to_owned(),
            text,
        }];
        let reports = Profile::compile(&sources).reports;
        let printed: Vec<_> = reports
            .iter()
            .map(|report| report.print(&sources))
            .collect();
        let printed = printed.join("\n");
        let codes: BTreeSet<_> = reports.iter().map(|report| report.code).collect();
        assert_eq!(
            codes,
            BTreeSet::from([code_of(&name).as_str()]),
            "{name}\n{printed}"
        );
        insta::assert_snapshot!(name, printed);
    }
}

#[test]
fn every_problem_has_a_broken_file() {
    let problems = include_str!("../../src/gateway/profile/problem.rs");
    let codes = problems.split("=> \"G").skip(1);
    let codes: BTreeSet<_> = codes
        .map(|rest| format!("G{}", rest.split('"').next().unwrap()))
        .collect();
    let files: BTreeSet<_> = broken().iter().map(|(name, _)| code_of(name)).collect();
    assert_eq!(codes, files);
}
