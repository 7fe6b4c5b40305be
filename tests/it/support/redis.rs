//! A real Redis for tests: its own port, its own folder, gone with the test.
//!
//! 1. [`Redis::start`] is one server.
//! 2. [`Redis::kill`] ends it as a crash does, [`Redis::start_again`] starts it at the same port, empty.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::until;

/// One server.
pub(crate) struct Redis {
    /// Where it listens, on loopback.
    pub(crate) port: u16,
    further: Vec<String>,
    process: Option<Child>,
    folder: TempDir,
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Redis {
    /// An empty one.
    pub(crate) async fn start() -> Self {
        Self::with(Vec::new()).await
    }

    async fn with(further: Vec<String>) -> Self {
        let mut redis = Self {
            port: free_port(),
            further,
            process: None,
            folder: tempfile::tempdir().unwrap(),
        };
        redis.start_again().await;
        redis
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it as a crash does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            _ = process.kill();
            _ = process.wait();
        }
    }

    /// Starts it at the port that it had.
    pub(crate) async fn start_again(&mut self) {
        let started = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--repl-diskless-sync-delay", "0", "--dir"])
            .arg(self.folder.path())
            .args(&self.further)
            .stdout(Stdio::null())
            .spawn();
        self.process = Some(started.expect("redis-server starts: tests/run installs it"));
        until("an answer of Redis", async || {
            (self.ask(&["PING"]) == "PONG\n").then_some(())
        })
        .await;
    }

    /// Asks it something.
    pub(crate) fn ask(&self, command: &[&str]) -> String {
        let answer = Command::new("redis-cli")
            .args(["-p", &self.port.to_string()])
            .args(command)
            .output();
        String::from_utf8_lossy(&answer.unwrap().stdout).into_owned()
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
