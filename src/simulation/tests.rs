use std::{collections::BTreeMap, io::Write};

use super::{plan::Bug, run::run, stage::Record};

/// How many seeds the ordinary run of the tests has.
const SEEDS: u64 = 60;
/// Within so many seeds each planted bug is found.
const FOUND_WITHIN: u64 = 200;

#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the simulation says how long"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn tell(what: &str) {
    writeln!(std::io::stderr(), "{what}").unwrap();
}

/// Runs a seed and panics with its number and its events where the judge finds something wrong.
fn judged(seed: u64) -> Record {
    let record = run(seed, None, false);
    if let Some(violation) = &record.violation {
        let trace = run(seed, None, true).trace.join("\n");
        panic!(
            "{trace}\n\nseed {seed}: {violation}\nreplay it: NYOTA_SEED={seed} cargo test --lib simulation::tests::every_seed -- --nocapture"
        );
    }
    record
}

#[test]
fn every_seed_is_judged_right() {
    if let Some(seed) = setting("NYOTA_SEED") {
        let record = run(seed, None, true);
        tell(&record.trace.join("\n"));
        assert_eq!(record.violation, None);
        return;
    }
    let first = setting("NYOTA_FIRST_SEED").unwrap_or_default();
    let seeds = setting("NYOTA_SEEDS").unwrap_or(SEEDS);
    if setting("NYOTA_ALL").is_some() {
        for seed in first..first + seeds {
            if let Some(violation) = run(seed, None, false).violation {
                tell(&format!("seed {seed}: {violation}"));
            }
        }
        return;
    }
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    for seed in first..first + seeds {
        for (what, times) in judged(seed).counts {
            *counts.entry(what).or_default() += times;
        }
        if (seed + 1 - first).is_multiple_of(1000) {
            tell(&format!("{} of {seeds} seeds", seed + 1 - first));
        }
    }
    tell(&format!("{seeds} seeds: {counts:#?}"));
}

#[test]
fn two_runs_of_one_seed_are_the_same() {
    for seed in 0..12 {
        assert_eq!(run(seed, None, true), run(seed, None, true), "seed {seed}");
    }
}

#[test]
fn every_planted_bug_is_found() {
    for bug in Bug::ALL {
        let found = (0..FOUND_WITHIN).find_map(|seed| {
            let violation = run(seed, Some(bug), false).violation?;
            assert_eq!(run(seed, None, false).violation, None, "seed {seed}");
            Some((seed, violation))
        });
        let (seed, violation) = found.unwrap_or_else(|| panic!("{bug:?} was not found"));
        tell(&format!("{bug:?}: found by seed {seed}: {violation}"));
    }
}
