//! A real Redis for tests: its own ports, its own folder, gone with the test.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
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
    folder: TempDir,
    /// What `redis-cli` needs to be let in.
    entry: Vec<String>,
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
        let at = ["--port", &port.to_string()];
        Self::start_in(folder, port, &[&at, further].concat())
    }

    fn start_in(folder: TempDir, port: u16, further: &[&str]) -> Self {
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", ""])
            .arg("--dir")
            .arg(folder.path())
            .args(further)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server starts: tests/run installs it");
        Self {
            port,
            process,
            folder,
            entry: Vec::new(),
        }
    }

    fn ask(&self, command: &[&str]) -> String {
        let answer = Command::new("redis-cli")
            .args(["-p", &self.port.to_string()])
            .args(&self.entry)
            .args(command)
            .output()
            .unwrap();
        String::from_utf8_lossy(&answer.stdout).into_owned()
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

    /// One that speaks TLS only, with a certificate that a CA of its own vouches for, and lets in who
    /// knows the password.
    pub(super) async fn start_tls(password: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_certificates(folder.path());
        let port = free_port();
        let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (certificate, key, ca) = (file("server.pem"), file("server.key"), file("ca.pem"));
        let further = [
            "--port",
            "0",
            "--tls-port",
            &port.to_string(),
            "--tls-cert-file",
            &certificate,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            &ca,
            "--tls-auth-clients",
            "no",
            "--requirepass",
            password,
        ];
        let mut node = Node::start_in(folder, port, &further);
        let entry = [
            "--tls",
            "--cacert",
            &ca,
            "--no-auth-warning",
            "-a",
            password,
        ];
        node.entry = entry.map(str::to_owned).to_vec();
        node.ready().await;
        Self { nodes: vec![node] }
    }

    /// Who vouches for the server.
    pub(super) fn ca_file(&self) -> PathBuf {
        self.nodes[0].folder.path().join("ca.pem")
    }

    /// The address of a server with TLS.
    pub(super) fn tls_url(&self, password: &str) -> String {
        format!("rediss://:{password}@127.0.0.1:{}", self.nodes[0].port)
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
                if node.ask(&["CLUSTER", "INFO"]).contains("cluster_state:ok") {
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
            node.ask(command);
        }
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

/// A CA, and a certificate for this machine's loopback address that it vouches for.
fn make_certificates(folder: &Path) {
    let make = |arguments: &str| {
        let made = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success(), "openssl {arguments}");
    };
    let request = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
    make(&format!(
        "{request} -x509 -subj /CN=test-ca -keyout ca.key -out ca.pem"
    ));
    make(&format!(
        "{request} -x509 -CA ca.pem -CAkey ca.key -subj /CN=redis -addext subjectAltName=IP:127.0.0.1 \
         -addext basicConstraints=critical,CA:FALSE -keyout server.key -out server.pem"
    ));
}

fn cluster_node() -> Node {
    let (port, bus) = (free_port(), free_port().to_string());
    Node::start(port, &["--cluster-enabled", "yes", "--cluster-port", &bus])
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
