use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Demo, DemoOptions, logs, menu};
use crate::{
    catalogue::{Catalogue, FilesStand},
    config::Settings,
};

/// Files that the program opens besides its callers' connections: database, Redis, schemes, menus.
const OTHER_FILES: usize = 256;
/// Connections that are taken however few files there are.
const FEWEST: usize = 64;

/// Serves the demo until it is told to stop.
pub(super) async fn serve(settings: &Settings, live: bool) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    settings.check(live)?;
    let quiet = logs::start("info");
    let telling = tokio::spawn(quiet.tell());
    let mut options = DemoOptions::of(settings)?;
    let door = &mut options.sections.door;
    door.places = places(door.places);
    let mut signals = Signals::new()?;
    let demo = tokio::select! {
        started = Demo::start(options) => started?,
        // Nobody is served yet.
        () = signals.next() => return Ok(ExitCode::SUCCESS),
    };
    welcome(&demo, settings, begun);
    signals.next().await;
    println!("\nEnding: turns that have begun get their answer. A second signal ends at once.");
    let ended = tokio::select! {
        () = end(demo, settings.drain()) => ExitCode::SUCCESS,
        () = signals.next() => {
            println!("Ended at once: what was under way is cut off.");
            ExitCode::FAILURE
        }
    };
    telling.abort();
    Ok(ended)
}

/// Goes on serving for as long as a balancer needs to see that it leaves, then ends.
async fn end(demo: Demo, drain: Duration) {
    demo.leave();
    tokio::time::sleep(drain).await;
    demo.stop().await;
}

/// How many connections there may be: as wished where the system has files for them, which it is asked
/// for, and for those that the rest of the program needs.
fn places(wished: usize) -> usize {
    let needed = wished + OTHER_FILES;
    let files = rlimit::increase_nofile_limit(needed.try_into().unwrap_or(u64::MAX));
    let files = usize::try_from(files.unwrap_or_default()).unwrap_or(usize::MAX);
    if files >= needed {
        return wished;
    }
    let places = files.saturating_sub(OTHER_FILES).max(FEWEST);
    tracing::warn!(
        files,
        places,
        "only {places} connections are taken at one time, because this process may open {files} files: raise its limit (LimitNOFILE) to {needed}"
    );
    places
}

fn welcome(demo: &Demo, settings: &Settings, begun: Instant) {
    let address = demo.address();
    println!(
        "nyota {} serves the DEMO: no real member, no real money.",
        env!("CARGO_PKG_VERSION")
    );
    let services = demo.services();
    let code = services.first().map_or("", |(_, code)| code);
    println!();
    for (name, code) in &services {
        println!("  Dial {code:<12} {name:<8} {address}/simulator");
    }
    println!("  What runs here             {address}/");
    println!("  In a terminal              cargo run -- dial '{code}'");
    println!();
    println!("  Data      {}", demo.database());
    println!("  Menus     {}", settings.menus.display());
    println!("  Profiles  {}", settings.gateways.display());
    println!(
        "  Edition   {}",
        menu::short(&demo.catalogue().current().name)
    );
    for told in of_catalogue(demo.catalogue()) {
        println!();
        println!("  {told}");
    }
    for need in demo.lacking() {
        println!();
        println!("  A declared call fails: {}.", need.lacks());
        println!("  To have it made, {}.", need.help());
    }
    println!();
    println!(
        "  Ready after {} ms. Ctrl-C ends it.",
        begun.elapsed().as_millis()
    );
}

/// What tells the process to end: a service manager, or a person at a terminal.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// What is not as the files here would have it.
fn of_catalogue(catalogue: &Catalogue) -> Vec<String> {
    let files = match catalogue.files() {
        FilesStand::Served => None,
        FilesStand::Mistaken(mistakes) => Some(format!(
            "These files have {mistakes} mistakes, so what was published before is still served.\n  `nyota check` shows them."
        )),
        FilesStand::Differ => Some(
            "The files differ from what is served; `nyota menu publish` makes them current."
                .to_owned(),
        ),
    };
    let refused = catalogue.refused().map(|refused| {
        format!(
            "Publication {} does not compile with this version of nyota; an older one is served.",
            refused.number
        )
    });
    files.into_iter().chain(refused).collect()
}
