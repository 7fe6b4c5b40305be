use std::fmt::Write as _;

use super::{Summary, milliseconds};
use crate::tally::{Latency, Wrong};

/// The summary that is printed.
pub(crate) fn text(summary: &Summary) -> String {
    let counts = &summary.counts;
    let mut told = format!(
        "{}\n{}, seed {}, {:.1} s{}\n\n",
        summary.scenario,
        summary.pace,
        summary.seed,
        counts.took,
        if summary.interrupted {
            ", interrupted"
        } else {
            ""
        }
    );
    told.push_str("              requests       p50       p90       p99     p99.9       max\n");
    for (name, latency) in [
        ("dials", &counts.begins),
        ("keys", &counts.inputs),
        ("sent again", &counts.again),
        ("all", &counts.all),
    ] {
        told.push_str(&row(name, latency));
    }
    _ = writeln!(told, "\n{:.0} turns a second", summary.rate);
    let dialogues = &counts.dialogues;
    _ = writeln!(
        told,
        "{} dialogues: {} whole, {} hung up, {} lost, {} cut off at the end; {} requests dropped",
        dialogues.begun,
        dialogues.whole,
        dialogues.hung_up,
        dialogues.lost,
        dialogues.cut_off,
        counts.dropped
    );
    if dialogues.not_begun > 0 {
        _ = writeln!(
            told,
            "{} times no phone was free: give the scenario more, or a lower rate",
            dialogues.not_begun
        );
    }
    for (why, times) in &counts.failed {
        _ = writeln!(told, "{times} requests failed: {why}");
    }
    verdict(&mut told, summary);
    told
}

fn verdict(told: &mut String, summary: &Summary) {
    let counts = &summary.counts;
    if summary.right {
        told.push_str("Every page was right.\n");
        return;
    }
    if counts.all.count == 0 {
        told.push_str("No request was answered.\n");
    }
    if counts.wrong > 0 {
        _ = writeln!(told, "\n{} pages were wrong. The first:", counts.wrong);
    }
    for wrong in counts.wrongs.iter().take(5) {
        told.push_str(&shown(wrong));
    }
}

fn shown(wrong: &Wrong) -> String {
    let page = wrong.page.replace('\n', "\n    | ");
    format!(
        "\n  {} through {}, after {}\n  {}\n    | {page}\n",
        wrong.journey, wrong.gateway, wrong.keys, wrong.why
    )
}

fn row(name: &str, latency: &Latency) -> String {
    let figures = [
        latency.p50_us,
        latency.p90_us,
        latency.p99_us,
        latency.p999_us,
        latency.max_us,
    ];
    let figures = figures.map(|figure| format!("{:>10}", milliseconds(figure)));
    format!("{name:<12}{:>10}{}\n", latency.count, figures.concat())
}
