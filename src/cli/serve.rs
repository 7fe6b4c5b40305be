use std::{process::ExitCode, time::Instant};

use tokio::signal::unix::{SignalKind, signal};

use super::{Demo, DemoOptions, logs};
use crate::config::Settings;

/// Serves the demo until it is told to stop.
pub(super) async fn serve(settings: &Settings, live: bool) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    settings.check(live)?;
    let quiet = logs::start("info");
    let telling = tokio::spawn(quiet.tell());
    let demo = Demo::start(DemoOptions::of(settings)?).await?;
    welcome(&demo, settings, begun);
    wait_for_end().await?;
    println!("\nEnding: turns that have begun get their answer.");
    demo.stop().await;
    telling.abort();
    Ok(ExitCode::SUCCESS)
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
    if demo.mistakes() > 0 {
        println!();
        println!(
            "  These files have {} mistakes, so what was published before is still served.",
            demo.mistakes()
        );
        println!("  `nyota check` shows them.");
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

async fn wait_for_end() -> anyhow::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminated.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}
