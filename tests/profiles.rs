//! The profiles of `gateways/`: without a mistake, and true to the requests recorded beside them.

#[path = "support/sources.rs"]
mod sources;

use nyota::gateway::recorded;

#[test]
fn every_profile_passes_every_request_recorded_for_it() {
    let sources = sources::below("gateways");
    let run = recorded::play(&sources);
    let reports: String = run.reports.iter().map(|it| it.print(&sources)).collect();
    assert!(reports.is_empty(), "{reports}");
    assert!(
        run.unproved.is_empty(),
        "nothing is recorded for {:?}",
        run.unproved
    );
    let failed = run.played.iter().filter(|it| !it.differences.is_empty());
    let failed: String = failed.map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{failed}");
    assert!(!run.played.is_empty(), "no request is recorded");
}
