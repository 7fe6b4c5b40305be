use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use super::Process;

/// A variable of a node's environment.
pub(crate) type Setting<'a> = (&'a str, &'a str);

/// Its gateways, each with the proof of its caller that a live service asks for.
const SETTINGS: &str = "\
gateways:
  africastalking:
    addresses: [127.0.0.0/8]
    settings: {username: loadtest, api_key: loadtest}
  hubtel:
    addresses: [127.0.0.0/8]
    sender: NYOTA
    settings: {client_id: loadtest, client_secret: loadtest}
";

/// A server that serves.
#[derive(Debug)]
pub(crate) struct Node {
    process: Process,
    /// Where: `http://127.0.0.1:41237`.
    pub(crate) address: String,
    /// How long it took until it said so.
    pub(crate) started_in: Duration,
}

impl Node {
    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

/// Makes a folder to start it in, with the project's menus and profiles.
pub(super) fn prepare(home: &Path, project: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(home)?;
    fs::write(home.join("nyota.yaml"), SETTINGS)?;
    for files in ["menus", "gateways"] {
        let link = home.join(files);
        if !link.exists() {
            symlink(project.join(files), link)?;
        }
    }
    Ok(())
}

/// As it is started in production, with its limits out of the way: a load is no flood.
pub(super) fn command(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .arg("serve")
        .current_dir(home)
        .env("NYOTA_LISTEN", "127.0.0.1:0")
        .env("NYOTA_PHONE_TURNS", "1000000")
        .env("NYOTA_GATEWAY_TURNS", "1000000")
        // And its patience is longer: that the machine is busy with measuring is no outage.
        .env("NYOTA_REDIS_ANSWER_MILLISECONDS", "5000")
        .env("NYOTA_POSTGRES_ACQUIRE_MILLIS", "5000");
    command
}

/// Starts it, and waits until it says where it serves.
pub(super) async fn start(command: Command, home: &Path) -> anyhow::Result<Node> {
    fs::create_dir_all(home)?;
    let nodes = fs::read_dir(home)?.count();
    let log = home.join(format!("{nodes}.log"));
    let began = Instant::now();
    let mut process = Process::start(command, &log)?;
    let said = process.until(("the server", &log), async || {
        address(&fs::read_to_string(&log).ok()?)
    });
    let address = said.await?;
    Ok(Node {
        process,
        address,
        started_in: began.elapsed(),
    })
}

/// The first address of a whole line.
fn address(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("http://127.0.0.1:")?;
    let port = rest.split(|character: char| !character.is_ascii_digit());
    let port = port.into_iter().next()?;
    let complete = rest.len() > port.len();
    (complete && !port.is_empty()).then(|| format!("http://127.0.0.1:{port}"))
}
