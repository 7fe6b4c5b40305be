//! What processes have used, as Linux tells it in `/proc`.

use std::{fs, time::Duration};

use anyhow::{Context, ensure};

/// The kernel's ticks a second, the same on every Linux that people run.
const TICKS: u64 = 100;

/// CPU time of a process until now, user's and kernel's.
pub(crate) fn cpu(id: u32) -> anyhow::Result<Duration> {
    let told = read(id, "stat")?;
    // The name may have spaces, so the fields are counted behind its bracket.
    let (_, fields) = told.rsplit_once(") ").context("/proc has changed")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks = |place: usize| {
        fields
            .get(place)
            .and_then(|field| field.parse::<u64>().ok())
    };
    let ticks = ticks(11).zip(ticks(12)).context("/proc has changed")?;
    Ok(Duration::from_millis((ticks.0 + ticks.1) * 1_000 / TICKS))
}

/// CPU time of a process and of its children, those that have ended included.
pub(crate) fn cpu_of_all(id: u32) -> anyhow::Result<Duration> {
    let mut whole = cpu(id)?;
    let told = read(id, "stat")?;
    let (_, fields) = told.rsplit_once(") ").context("/proc has changed")?;
    let ended: u64 = fields
        .split(' ')
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    whole += Duration::from_millis(ended * 1_000 / TICKS);
    for child in children(id) {
        // One that has just ended is counted above the next time.
        whole += cpu(child).unwrap_or_default();
    }
    Ok(whole)
}

fn children(id: u32) -> Vec<u32> {
    let told = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
    let told = told.unwrap_or_default();
    told.split_whitespace()
        .filter_map(|child| child.parse().ok())
        .collect()
}

/// Its resident memory, in KiB.
pub(crate) fn memory(id: u32) -> anyhow::Result<u64> {
    let told = read(id, "status")?;
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    figure.context("/proc has changed")
}

/// How many files it has open.
pub(crate) fn files(id: u32) -> anyhow::Result<usize> {
    let folder = fs::read_dir(format!("/proc/{id}/fd"));
    Ok(folder.context("a measured process is gone")?.count())
}

fn read(id: u32, file: &str) -> anyhow::Result<String> {
    ensure!(
        cfg!(target_os = "linux"),
        "what a process uses is read from Linux's /proc"
    );
    fs::read_to_string(format!("/proc/{id}/{file}")).context("a measured process is gone")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_something() {
        let id = std::process::id();
        let mut figure = 0_u64;
        while cpu(id).unwrap().is_zero() {
            figure = std::hint::black_box(figure + 1);
        }
        assert!(cpu_of_all(id).unwrap() >= cpu(id).unwrap());
        assert!(memory(id).unwrap() > 0);
        assert!(files(id).unwrap() >= 3);
    }
}
