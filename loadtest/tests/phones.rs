//! Phones dial a real server: all is right, and what is wrong is noticed.
//!
//! The server is the program `nyota` that Cargo builds beside this one (`cargo test --workspace`), or the
//! one that `LOADTEST_NYOTA` names.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A server with SQLite and its sessions in the process, in a folder of its own. Dropping it ends it.
struct Server {
    process: Child,
    address: String,
    folder: TempDir,
}

impl Server {
    fn start() -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let folder = tempfile::tempdir().unwrap();
        for files in ["menus", "gateways"] {
            std::os::unix::fs::symlink(project.join(files), folder.path().join(files)).unwrap();
        }
        let mut process = Command::new(nyota())
            .current_dir(folder.path())
            .env("NYOTA_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines
                .next()
                .expect("the server says where it serves")
                .unwrap();
            if let Some((_, rest)) = line.split_once("http://") {
                break format!("http://{}", rest.split('/').next().unwrap());
            }
        };
        // Read on, so that the server never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            address,
            folder,
        }
    }

    /// Runs a scenario on it, which is `text`.
    fn load(&self, text: &str, further: &[&str]) -> Output {
        let file = self.scenario(text);
        run(&[&["run", &file, "--to", &self.address], further].concat())
    }

    fn scenario(&self, text: &str) -> String {
        let file = self.folder.path().join("scenario.yaml");
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn nyota() -> PathBuf {
    if let Some(named) = env::var_os("LOADTEST_NYOTA") {
        return named.into();
    }
    let own = PathBuf::from(env!("CARGO_BIN_EXE_loadtest"));
    let beside = own.with_file_name("nyota");
    assert!(beside.exists(), "build nyota first: cargo build");
    beside
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadtest"));
    command.args(arguments).output().unwrap()
}

fn scenario(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn phones_find_every_page_right_and_notice_one_that_is_not() {
    let server = Server::start();
    all_is_right(&server);
    an_interrupted_run_ends_with_its_summary(&server);
    a_wrong_page_is_noticed(&server);
    a_page_that_should_be_the_last_is_noticed(&server);
}

fn all_is_right(server: &Server) {
    let json = server.folder.path().join("summary.json");
    let picture = server.folder.path().join("summary.svg");
    let ended = server.load(
        &scenario("first.yaml"),
        &[
            "--dialogues",
            "20",
            "--seed",
            "7",
            "--json",
            json.to_str().unwrap(),
            "--picture",
            picture.to_str().unwrap(),
        ],
    );
    let told = text(&ended.stdout);
    assert!(ended.status.success(), "{told}{}", text(&ended.stderr));
    assert!(told.contains("Every page was right."), "{told}");
    let summary: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    assert_eq!(summary["right"], true, "{summary}");
    assert_eq!(summary["dialogues"]["begun"], 20, "{summary}");
    let again = summary["again"]["count"].as_u64().unwrap();
    assert!(again > 0, "{summary}");
    let picture = fs::read_to_string(picture).unwrap();
    assert!(picture.starts_with("<svg") && picture.ends_with("</svg>\n"));
}

/// Callers who read a page are not waited for at the end, and the summary comes all the same.
fn an_interrupted_run_ends_with_its_summary(server: &Server) {
    let mut running = Command::new(env!("CARGO_BIN_EXE_loadtest"))
        .args(["run", &server.scenario(&scenario("morning.yaml"))])
        .args(["--to", &server.address, "--rate", "60", "--for", "10m"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut seconds = BufReader::new(running.stderr.take().unwrap()).lines();
    let line = seconds.next().expect("a live line").unwrap();
    assert!(line.contains("turns/s"), "{line}");
    let id = running.id().to_string();
    let signal = Command::new("kill").args(["-INT", &id]).status();
    assert!(signal.unwrap().success());
    seconds.for_each(drop);
    let ended = running.wait_with_output().unwrap();
    let told = text(&ended.stdout);
    assert!(ended.status.success(), "{told}");
    for part in [
        ", interrupted",
        "cut off at the end",
        "Every page was right.",
    ] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
}

fn a_wrong_page_is_noticed(server: &Server) {
    let wrong = scenario("first.yaml").replace("^CHF help$", "^CHF no help$");
    let ended = server.load(&wrong, &["--dialogues", "2", "--quiet"]);
    let told = text(&ended.stdout);
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("/^CHF no help$/ is not in it"), "{told}");
    assert!(told.contains("| CON CHF help"), "{told}");
    assert!(ended.stderr.is_empty(), "{}", text(&ended.stderr));
}

fn a_page_that_should_be_the_last_is_noticed(server: &Server) {
    let wrong = scenario("first.yaml").replace(r#"press: "4", see"#, r#"press: "4", end"#);
    let ended = server.load(&wrong, &["--dialogues", "2", "--quiet"]);
    let told = text(&ended.stdout);
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("should be the last"), "{told}");
}

#[test]
fn what_is_used_wrongly_is_refused_before_anything_is_dialled() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.yaml");
    let file = file.to_str().unwrap();
    fs::write(file, scenario("first.yaml")).unwrap();
    let refused = |arguments: &[&str], why: &str| {
        let ended = run(arguments);
        let told = text(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{told}");
        assert!(told.contains(why), "{told}");
    };
    refused(&["run", file, "--to", "http://192.0.2.1:80"], "--anywhere");
    refused(&["run", file, "--rate", "0"], "a rate is more than 0");
    refused(&["run", file, "--for", "soon"], "is no time such as");
    refused(&["run", "nowhere.yaml"], "nowhere.yaml cannot be read");
    fs::write(file, scenario("first.yaml").replace("dial:", "dail:")).unwrap();
    refused(&["run", file], "scenario.yaml:");
}

#[test]
fn a_server_that_is_not_there_is_an_error_not_a_success() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.yaml");
    fs::write(&file, scenario("first.yaml")).unwrap();
    // Port 1 is nobody's.
    let arguments = ["run", file.to_str().unwrap(), "--to", "http://127.0.0.1:1"];
    let ended = run(&[&arguments[..], &["--dialogues", "1", "--quiet"]].concat());
    let told = text(&ended.stdout);
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("No request was answered."), "{told}");
}

/// A server that counts its answers, each on a connection of its own. It ends with the test.
fn forgetful() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (number, connection) in listener.incoming().enumerate() {
            let mut connection = connection.unwrap();
            let mut request = Vec::new();
            let mut part = [0; 4096];
            while !String::from_utf8_lossy(&request).contains("&text=") {
                let read = connection.read(&mut part).unwrap();
                request.extend_from_slice(&part[..read]);
            }
            let page = format!("CON Page {number}");
            let answer = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{page}",
                page.len()
            );
            // Whoever dropped the connection reads nothing.
            _ = connection.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn another_answer_to_the_same_request_is_noticed() {
    let address = forgetful();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.yaml");
    for misdeed in ["repeat: 100", "twice: 100"] {
        let one = "scenario: one\ngateways: [{name: at, dialect: africastalking}]\nphones: {first: \"+255710000000\", count: 1}\njourneys: [{name: dials, silent: true, steps: [{dial: \"*1#\", see: Page}]}]\n";
        fs::write(&file, format!("{one}people: {{{misdeed}}}\n")).unwrap();
        let arguments = ["run", file.to_str().unwrap(), "--to", &address, "--quiet"];
        let ended = run(&[&arguments[..], &["--dialogues", "1", "--callers", "1"]].concat());
        let told = text(&ended.stdout);
        assert_eq!(ended.status.code(), Some(1), "{misdeed}: {told}");
        assert!(
            told.contains("the same request has another answer"),
            "{told}"
        );
    }
}

/// What it measures is no matter here: that it starts all, compares all and ends all.
#[test]
fn the_limit_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("limit.json");
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let nyota = nyota();
    let ended = run(&[
        &["limit", "--sqlite", "--rounds", "1", "--time", "100ms"][..],
        &["--phones", "8", "--callers", "2"],
        &["--nyota", nyota.to_str().unwrap()],
        &["--project", project.to_str().unwrap()],
        &["--json", json.to_str().unwrap()],
    ]
    .concat());
    let told = text(&ended.stdout);
    assert!(ended.status.success(), "{told}{}", text(&ended.stderr));
    for part in ["bare", "with copy", "cold", "CPU, us a turn"] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    let figures: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    assert!(figures["cold"][0]["rate"].as_f64().unwrap() > 0.0);
}
