//! A real Kannel for tests: its own ports, its own folder, gone with the test.
//!
//! 1. [`Ports::free`] first: a server's settings name the one where SMS are sent.
//! 2. [`Kannel::start`] runs it with the settings that the profile `kannel` asks for.
//! 3. [`Kannel::network`] connects a network of phones, Kannel's `fakesmsc`. Until then SMS wait.
//!
//! All of it listens on loopback.

use std::{
    array, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use tempfile::{NamedTempFile, TempDir};
use tokio::net::TcpStream;

use super::{phone::client, until};

const BEARERBOX: &str = "/usr/sbin/bearerbox";
const SMSBOX: &str = "/usr/sbin/smsbox";
const FAKESMSC: &str = "/usr/lib/kannel/test/fakesmsc";
/// Its head says how Kannel is set up.
const PROFILE: &str = include_str!("../../../gateways/kannel.yaml");

/// Where it listens, on loopback.
#[derive(Clone, Copy)]
pub(crate) struct Ports {
    /// For SMS that are sent.
    pub(crate) sendsms: u16,
    admin: u16,
    boxes: u16,
    network: u16,
}

impl Ports {
    /// Ports that were free a moment ago, each another.
    pub(crate) fn free() -> Self {
        let held: [TcpListener; 4] = array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
        let [sendsms, admin, boxes, network] = held
            .each_ref()
            .map(|listener| listener.local_addr().unwrap().port());
        Self {
            sendsms,
            admin,
            boxes,
            network,
        }
    }
}

/// A process that ends with its owner.
struct Program(Child);

impl Program {
    fn start(command: &mut Command) -> Self {
        let started = command.stdin(Stdio::null()).spawn();
        Self(started.expect("kannel and kannel-extras are there: tests/run installs them"))
    }

    fn runs(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// A running Kannel.
pub(crate) struct Kannel {
    ports: Ports,
    // Ended in this order.
    _smsbox: Program,
    _bearerbox: Program,
    folder: TempDir,
}

impl Kannel {
    /// One that tells the server at `nyota`, `http://…`, of the SMS that come; up when this returns.
    pub(crate) async fn start(ports: Ports, nyota: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("kannel.conf");
        fs::write(&settings, written(ports, nyota, folder.path())).unwrap();
        let mut bearerbox = started(BEARERBOX, &settings);
        until("a bearerbox that takes its smsbox", async || {
            assert!(bearerbox.runs(), "{}", log(folder.path(), "bearerbox"));
            listens(ports.boxes).await
        })
        .await;
        let mut smsbox = started(SMSBOX, &settings);
        until("an smsbox that takes SMS", async || {
            assert!(smsbox.runs(), "{}", log(folder.path(), "smsbox"));
            listens(ports.sendsms).await
        })
        .await;
        let kannel = Self {
            ports,
            _smsbox: smsbox,
            _bearerbox: bearerbox,
            folder,
        };
        kannel.says("smsbox:").await;
        kannel
    }

    /// Connects the network, which says nothing by itself.
    pub(crate) async fn network(&self) -> Network {
        self.connected(&["-m", "0"], "1 1 text -").await
    }

    /// Connects the network, where a phone sends an SMS.
    pub(crate) async fn network_with(&self, sms: &Sms) -> Network {
        let Sms { from, to, text } = sms;
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        let units: Vec<u8> = units.collect();
        let line = if text.is_ascii() {
            format!("{from} {to} text {text}")
        } else {
            format!(
                "{from} {to} ucs2 {}",
                percent_encode(&units, NON_ALPHANUMERIC)
            )
        };
        self.connected(&["-m", "1"], &line).await
    }

    async fn connected(&self, count: &[&str], line: &str) -> Network {
        let said = NamedTempFile::new_in(self.folder.path()).unwrap();
        let (file, said) = said.keep().unwrap();
        let port = self.ports.network.to_string();
        let program = Program::start(
            Command::new(FAKESMSC)
                .args(["-H", "127.0.0.1", "-r", &port])
                .args(count)
                .arg(line)
                .stdout(Stdio::null())
                .stderr(file),
        );
        self.says("(online").await;
        Network {
            said,
            _program: program,
        }
    }

    /// Waits until its status holds a word.
    async fn says(&self, word: &str) {
        let url = format!("http://127.0.0.1:{}/status.txt", self.ports.admin);
        until(&format!("{word} in Kannel's status"), async || {
            let status = client().get(&url).send().await.ok()?.text().await.ok()?;
            status.contains(word).then_some(())
        })
        .await;
    }
}

async fn listens(port: u16) -> Option<()> {
    let connected = TcpStream::connect(("127.0.0.1", port)).await;
    connected.ok().map(drop)
}

fn started(program: &str, settings: &Path) -> Program {
    let mut command = Command::new(program);
    // Its log has what it would print.
    command.args(["-v", "4"]).arg(settings);
    Program::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
}

fn log(folder: &Path, program: &str) -> String {
    let read = fs::read_to_string(log_of(folder, program));
    format!("{program} ended:\n{}", read.unwrap_or_default())
}

fn log_of(folder: &Path, program: &str) -> PathBuf {
    folder.join(format!("{program}.log"))
}

/// The settings of the profile's head, for these ports, with a fake network.
fn written(ports: Ports, nyota: &str, folder: &Path) -> String {
    let shown = PROFILE.lines().take_while(|line| line.starts_with('#'));
    let shown = shown.filter_map(|line| line.strip_prefix("#     "));
    let mut shown = shown.fold(String::new(), |all, line| all + line + "\n");
    let Ports {
        sendsms,
        admin,
        boxes,
        network,
    } = ports;
    let [bearer_log, sms_log] = ["bearerbox", "smsbox"].map(|program| log_of(folder, program));
    let (bearer_log, sms_log) = (bearer_log.display(), sms_log.display());
    for (there, here) in [
        ("https://nyota.example", nyota.to_owned()),
        (
            "sendsms-port = 13013",
            format!(
                "sendsms-port = {sendsms}\nsendsms-interface = 127.0.0.1\n\
                 bearerbox-port = {boxes}\nlog-file = \"{sms_log}\""
            ),
        ),
        ("http-queue-delay = 30", "http-queue-delay = 1".to_owned()),
    ] {
        assert!(
            shown.contains(there),
            "{there} is not in the profile's head"
        );
        shown = shown.replace(there, &here);
    }
    let shown = shown.replace("group =", "\ngroup =");
    format!(
        "group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = none
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-file = \"{bearer_log}\"

group = smsc
smsc = fake
smsc-id = fake
our-host = 127.0.0.1
port = {network}
connect-allow-ip = 127.0.0.1
{shown}"
    )
}

/// A network of phones that is connected to a Kannel. Dropping it ends the connection.
pub(crate) struct Network {
    said: PathBuf,
    _program: Program,
}

/// An SMS as the network has it, its parts put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sms {
    /// Who sent it.
    pub(crate) from: String,
    /// Who gets it.
    pub(crate) to: String,
    /// What.
    pub(crate) text: String,
}

impl Sms {
    /// An SMS.
    pub(crate) fn new(from: &str, to: &str, text: &str) -> Self {
        let [from, to, text] = [from, to, text].map(str::to_owned);
        Self { from, to, text }
    }
}

impl Network {
    /// The SMS that came out of Kannel so far.
    pub(crate) fn received(&self) -> Vec<Sms> {
        let said = fs::read_to_string(&self.said).unwrap();
        let mut received: Vec<Sms> = Vec::new();
        for line in said.lines() {
            // The last line may still be written.
            let Some(sms) = printed(line) else { continue };
            let (sms, part) = read(sms);
            match received.last_mut().filter(|_| part > 1) {
                Some(first) => first.text.push_str(&sms.text),
                None => received.push(sms),
            }
        }
        received
    }

    /// The same, once there are so many.
    pub(crate) async fn receives(&self, count: usize) -> Vec<Sms> {
        until(&format!("{count} SMS at the network"), async || {
            let received = self.received();
            (received.len() >= count).then_some(received)
        })
        .await
    }
}

/// What stands between the brackets of a line of `fakesmsc` on an SMS.
fn printed(line: &str) -> Option<&str> {
    let (_, line) = line.split_once("Got message ")?;
    line.split_once(": <")?.1.strip_suffix('>')
}

/// An SMS as `fakesmsc` prints it, `FROM TO KIND TEXT`, and which part of its text this is.
fn read(line: &str) -> (Sms, u8) {
    let [from, to, kind, text] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
        panic!("no SMS: {line}")
    };
    let (text, part) = match kind {
        "text" => (text.to_owned(), 1),
        "ucs-2" => (of_utf16(&decoded(text)), 1),
        // A header, of which the last byte counts the parts, and what it stands before.
        "udh" => {
            let (header, text) = text.split_once(" data ").unwrap();
            let text = String::from_utf8(decoded(text)).unwrap();
            (text, *decoded(header).last().unwrap())
        }
        _ => panic!("an SMS of another kind: {line}"),
    };
    (Sms::new(from, to, &text), part)
}

fn decoded(text: &str) -> Vec<u8> {
    percent_decode_str(&text.replace('+', " ")).collect()
}

fn of_utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
}
