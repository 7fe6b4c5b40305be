//! A real Redis for tests: its own ports, its own folder, gone with the test.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// One server, or the three nodes of a Cluster.
pub(super) struct RedisServer {
    nodes: Vec<Node>,
}

struct Node {
    port: u16,
    process: Child,
    _folder: TempDir,
}

impl Drop for Node {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

impl Node {
    fn start(port: u16, further: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
            ])
            .arg("--dir")
            .arg(folder.path())
            .args(further)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server starts: tests/run installs it");
        Self {
            port,
            process,
            _folder: folder,
        }
    }

    async fn ready(&self) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port))
                .await
                .is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("redis-server does not listen");
    }
}

impl RedisServer {
    pub(super) async fn start() -> Self {
        let node = Node::start(free_port(), &[]);
        node.ready().await;
        Self { nodes: vec![node] }
    }

    pub(super) async fn start_cluster() -> Self {
        let nodes: Vec<_> = (0..3).map(|_| cluster_node()).collect();
        for node in &nodes {
            node.ready().await;
        }
        let server = Self { nodes };
        let addresses = server
            .nodes
            .iter()
            .map(|node| format!("127.0.0.1:{}", node.port));
        let joined = Command::new("redis-cli")
            .args(["--cluster", "create", "--cluster-yes"])
            .args(addresses)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(joined.success());
        server.settled().await;
        server
    }

    /// Waits until every node of the Cluster knows that it is whole.
    async fn settled(&self) {
        for node in &self.nodes {
            for _ in 0..200 {
                if ask(node.port, &["CLUSTER", "INFO"]).contains("cluster_state:ok") {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    pub(super) fn urls(&self) -> Vec<String> {
        let nodes = self.nodes.iter();
        nodes
            .map(|node| format!("redis://127.0.0.1:{}", node.port))
            .collect()
    }

    /// Forgets everything.
    pub(super) fn flush(&self) {
        self.ask(&["FLUSHALL"]);
    }

    /// Asks every node.
    pub(super) fn ask(&self, command: &[&str]) {
        for node in &self.nodes {
            ask(node.port, command);
        }
    }

    /// Asks the first node, and gives its answer.
    pub(super) fn ask_one(&self, command: &[&str]) -> String {
        let node = self.nodes.first().unwrap();
        ask(node.port, command)
    }

    /// Ends it as a crash does, and starts it again at the same port, empty.
    pub(super) async fn restart(mut self) -> Self {
        let port = self.nodes.remove(0).port;
        let node = Node::start(port, &[]);
        node.ready().await;
        Self { nodes: vec![node] }
    }

    /// Has it hang for two seconds.
    pub(super) fn pause(&self) {
        self.ask(&["CLIENT", "PAUSE", "2000", "ALL"]);
    }
}

fn ask(port: u16, command: &[&str]) -> String {
    let answer = Command::new("redis-cli")
        .args(["-p", &port.to_string()])
        .args(command)
        .output()
        .unwrap();
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

fn cluster_node() -> Node {
    let (port, bus) = (free_port(), free_port().to_string());
    Node::start(port, &["--cluster-enabled", "yes", "--cluster-port", &bus])
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
