//! A real Redis for tests: its own port, its own folder, gone with the test.
//!
//! 1. [`Redis::start`] is one server, [`Redis::start_cluster`] three that are a Cluster.
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

    /// Three that share the lines among them. One that is away takes its lines with it, no others.
    pub(crate) async fn start_cluster() -> [Self; 3] {
        let [one, two, three] = [cluster_node(), cluster_node(), cluster_node()];
        let nodes = [one.await, two.await, three.await];
        let addresses = nodes
            .each_ref()
            .map(|node| format!("127.0.0.1:{}", node.port));
        let joined = Command::new("redis-cli")
            .args(["--cluster", "create", "--cluster-yes"])
            .args(addresses)
            .stdout(Stdio::null())
            .status();
        assert!(joined.unwrap().success());
        for node in &nodes {
            node.is_whole().await;
        }
        nodes
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

    /// Has it follow another, and waits until it does.
    pub(crate) async fn follow(&self, primary: &Self) {
        let port = primary.port.to_string();
        self.ask(&["REPLICAOF", "127.0.0.1", &port]);
        until("a replica in step", async || {
            let told = self.ask(&["INFO", "replication"]);
            told.contains("master_link_status:up").then_some(())
        })
        .await;
    }

    /// Waits until it knows its Cluster to be whole.
    pub(crate) async fn is_whole(&self) {
        until("a whole Cluster", async || {
            let told = self.ask(&["CLUSTER", "INFO"]);
            told.contains("cluster_state:ok").then_some(())
        })
        .await;
    }
}

async fn cluster_node() -> Redis {
    let bus = free_port().to_string();
    let cluster = ["--cluster-enabled", "yes", "--cluster-port", &bus];
    let partial = ["--cluster-require-full-coverage", "no"];
    let further = cluster.into_iter().chain(partial).map(str::to_owned);
    Redis::with(further.collect()).await
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
