use super::super::Profile;
use crate::model::source::Source;

/// What a profile of this text is told, one line each: its code, line and message.
fn told(text: &str) -> Vec<String> {
    let sources = [Source {
        name: "gateways/a.yaml".into(),
        text: text.into(),
    }];
    let compiled = Profile::compile(&sources);
    let reports = compiled.reports.iter().map(|report| {
        let line = sources[0].position(report.span.start).0;
        format!("{} {line} {}", report.code, report.message)
    });
    reports.collect()
}


/// Prints what is wrong in the profiles of the folder that `PROFILES` names.
#[test]
#[ignore = "by hand"]
fn scratch() {
    let folder = std::env::var("PROFILES").unwrap();
    let mut sources = Vec::new();
    for folder in [folder.clone(), format!("{folder}/presets")] {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|it| it == "yaml") {
                let name = path.to_str().unwrap().to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                sources.push(Source { name, text });
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let compiled = Profile::compile(&sources);
    for report in &compiled.reports {
        println!("{}", report.print(&sources));
    }
    println!("{} profiles, {} reports", compiled.profiles.len(), compiled.reports.len());
}

/// The broken files by name, `g001_not_yaml`, with what they are told.
fn broken() -> Vec<(String, Vec<Source>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateways/broken");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let source = Source {
                name: "example.yaml".to_owned(),
                text,
            };
            (name, vec![source])
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

#[test]
fn a_broken_file_makes_its_own_problem_and_no_other() {
    let mut wrong = Vec::new();
    for (name, sources) in broken() {
        let reports = Profile::compile(&sources).reports;
        let code = name.get(..4).unwrap().to_uppercase();
        let printed: Vec<_> = reports.iter().map(|report| report.print(&sources)).collect();
        println!("=== {name}\n{}", printed.concat());
        if reports.is_empty() || reports.iter().any(|report| report.code != code) {
            wrong.push(name);
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// XX
#[cfg(feature = "vectors")]
#[test]
#[ignore = "by hand"]
fn vectors() {
    let folder = std::env::var("PROFILES").unwrap();
    let mut sources = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path.to_str().unwrap().to_owned());
            } else if path.extension().is_some_and(|it| it == "yaml" || it == "json") {
                let name = path.to_str().unwrap().to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                sources.push(Source { name, text });
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let run = crate::gateway::vectors::play(&sources);
    for report in &run.reports {
        println!("{}", report.print(&sources));
    }
    let mut failed = 0;
    for played in &run.played {
        let printed = played.to_string();
        if !played.passed() { println!("{}\n{printed}{}", played.name, played.traced()); failed += 1; }
    }
    println!("{} played, {} printed", run.played.len(), failed);
}
