//! A small client of the `WebDriver` protocol: a headless Chromium that a test drives and that is gone afterwards.
//!
//! 1. [`Browser::start`] starts Debian's `chromedriver` on a free port and a window in it.
//! 2. [`Browser::find`], [`Browser::click`] and [`Browser::text`] take CSS selectors;
//!    [`Browser::wait_for_text`] waits until an element says something.
//! 3. Dropping it kills the driver and every browser it started, whatever the test did.
//!
//! Left out: everything else of the protocol (<https://www.w3.org/TR/webdriver2/>).

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    time::{sleep, timeout},
};

const DRIVER: &str = "chromedriver";
const PATIENCE: Duration = Duration::from_secs(20);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1340,1030",
];

/// A window of a headless Chromium.
pub(crate) struct Browser {
    http: reqwest::Client,
    session: String,
    group: ProcessGroup,
    _profile: TempDir,
}

/// An element of the page that is shown.
#[derive(Clone, Debug)]
pub(crate) struct Element(String);

impl Browser {
    /// Starts one, with nothing in it.
    pub(crate) async fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut group = ProcessGroup::start(profile.path());
        let driver = group.address().await;
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE * 2)
            .build()
            .unwrap();
        let mut args: Vec<_> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let opened = send(&http, Method::POST, &format!("{driver}/session"), wanted).await;
        let id = opened.unwrap()["sessionId"].as_str().unwrap().to_owned();
        Self {
            http,
            session: format!("{driver}/session/{id}"),
            group,
            _profile: profile,
        }
    }

    /// Opens an address.
    pub(crate) async fn open(&self, url: &str) {
        self.post("url", json!({ "url": url })).await.unwrap();
    }

    /// The first element that `css` selects; waits until there is one.
    pub(crate) async fn find(&self, css: &str) -> Element {
        let wanted = json!({"using": "css selector", "value": css});
        let found = until(css, async || {
            self.post("element", wanted.clone()).await.ok()
        });
        Element(found.await[ELEMENT].as_str().unwrap().to_owned())
    }

    /// Clicks it, as a mouse would: it must be seen and nothing may lie over it. A page that is drawn
    /// anew in between is met again.
    pub(crate) async fn click(&self, css: &str) {
        until(css, async || {
            let Element(id) = self.find(css).await;
            let command = format!("element/{id}/click");
            self.post(&command, json!({})).await.ok()
        })
        .await;
    }

    /// The text of it, as it is seen.
    pub(crate) async fn text(&self, css: &str) -> String {
        let text = until(css, async || {
            let Element(id) = self.find(css).await;
            self.get(&format!("element/{id}/text")).await.ok()
        });
        text.await.as_str().unwrap().to_owned()
    }

    /// Its text, once it contains `part`; what it says instead where it never does.
    pub(crate) async fn wait_for_text(&self, css: &str, part: &str) -> String {
        let began = Instant::now();
        loop {
            let text = self.text(css).await;
            if text.contains(part) {
                return text;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{css} never said {part:?}; it says:\n{text}"
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// What a script gives.
    pub(crate) async fn script(&self, script: &str) -> Value {
        let script = json!({"script": script, "args": []});
        self.post("execute/sync", script).await.unwrap()
    }

    /// Presses keys into whatever has the focus.
    pub(crate) async fn press(&self, keys: &str) {
        let actions: Vec<_> = keys
            .chars()
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key.to_string()}))
            })
            .collect();
        let keyboard = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.post("actions", keyboard).await.unwrap();
    }

    /// What the page complained of: errors of scripts, things that its policy refused.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.post("se/log", json!({"type": "browser"})).await;
        log.unwrap()
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Writes a picture of the window, a PNG.
    pub(crate) async fn screenshot(&self, file: &Path) {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let picture = self.get("screenshot").await.unwrap();
        let png = BASE64_STANDARD.decode(picture.as_str().unwrap()).unwrap();
        std::fs::write(file, png).unwrap();
    }

    /// Closes the window and ends the driver.
    pub(crate) async fn quit(mut self) {
        let closed = send(&self.http, Method::DELETE, &self.session, Value::Null).await;
        closed.unwrap();
        self.group.end();
    }

    async fn post(&self, command: &str, body: Value) -> Result<Value, String> {
        let url = format!("{}/{command}", self.session);
        send(&self.http, Method::POST, &url, body).await
    }

    async fn get(&self, command: &str) -> Result<Value, String> {
        let url = format!("{}/{command}", self.session);
        send(&self.http, Method::GET, &url, Value::Null).await
    }
}

async fn send(
    http: &reqwest::Client,
    method: Method,
    url: &str,
    body: Value,
) -> Result<Value, String> {
    let mut request = http.request(method, url);
    if !body.is_null() {
        request = request.json(&body);
    }
    let response = request.send().await.map_err(|error| error.to_string())?;
    let succeeded = response.status().is_success();
    let mut answer: Value = response.json().await.map_err(|error| error.to_string())?;
    let value = answer["value"].take();
    if succeeded {
        Ok(value)
    } else {
        Err(value.to_string())
    }
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "never found, or never free to use: {what}"
        );
        sleep(Duration::from_millis(50)).await;
    }
}

/// The driver and all that it starts: a process group of its own, so that one signal ends all.
struct ProcessGroup {
    driver: Child,
    id: Option<u32>,
}

impl ProcessGroup {
    fn start(home: &Path) -> Self {
        let started = Command::new(DRIVER)
            .arg("--port=0")
            .current_dir(home)
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let driver = started.unwrap_or_else(|error| {
            panic!(
                "{DRIVER} cannot be started ({error}): install Chromium and its driver, on Debian \
                 `apt-get install chromium chromium-driver`; tests/run does it when it may"
            )
        });
        let id = driver.id();
        Self { driver, id }
    }

    /// Where it listens: it says so itself when it is ready.
    async fn address(&mut self) -> String {
        let stdout = self.driver.stdout.take().unwrap();
        let port = timeout(PATIENCE, port(stdout)).await;
        format!(
            "http://127.0.0.1:{}",
            port.expect("chromedriver says its port")
        )
    }

    fn end(&mut self) {
        if let Some(id) = self.id.take() {
            // Only the group that was made for this driver.
            _ = std::process::Command::new("kill")
                .args(["-KILL", "--", &format!("-{id}")])
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.end();
    }
}

/// The port in `ChromeDriver was started successfully on port 41237.`; what follows is read away, so
/// that the driver never waits for a reader.
async fn port(stdout: ChildStdout) -> u16 {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
    panic!("{DRIVER} ended without listening");
}
