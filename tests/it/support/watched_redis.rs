//! A real Redis that lets be seen all that it is told.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::until;

/// A server on a port of its own, gone with the test.
pub(crate) struct WatchedRedis {
    port: u16,
    process: Child,
    told: Arc<Mutex<Vec<u8>>>,
    _folder: TempDir,
}

impl Drop for WatchedRedis {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl WatchedRedis {
    /// Starts it, and watches from then on.
    pub(crate) async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string()])
            .args(["--bind", "127.0.0.1", "--save", "", "--dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server starts: tests/run installs it");
        let server = Self {
            port,
            process,
            told: Arc::default(),
            _folder: folder,
        };
        server.watch().await;
        server
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// All commands that it got, as MONITOR prints them.
    pub(crate) fn told(&self) -> Vec<u8> {
        self.told.lock().unwrap().clone()
    }

    /// Every key with its value, as bytes.
    pub(crate) async fn contents(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let keys: Vec<Vec<u8>> = redis::cmd("KEYS")
            .arg("*")
            .query_async(&mut connection)
            .await
            .unwrap();
        let mut contents = Vec::new();
        for key in keys {
            // Whatever its type is; a value of ours is too short to be compressed in it, and
            // ciphertext does not get shorter.
            let value: Vec<u8> = redis::cmd("DUMP")
                .arg(&key)
                .query_async(&mut connection)
                .await
                .unwrap();
            contents.push((key, value));
        }
        contents
    }

    async fn watch(&self) {
        let port = self.port;
        let mut connection = until("redis-server listens", async || {
            TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        connection.write_all(b"MONITOR\r\n").await.unwrap();
        let mut answer = [0; 5];
        connection.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"+OK\r\n");
        let told = Arc::clone(&self.told);
        tokio::spawn(async move {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(read @ 1..) = connection.read(&mut bytes).await {
                told.lock().unwrap().extend_from_slice(&bytes[..read]);
            }
        });
    }

    /// Waits until a command has been seen that is sent now: all before it have been seen too.
    pub(crate) async fn caught_up(&self) {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        connection.write_all(b"ECHO that-is-all\r\n").await.unwrap();
        until("the end of what Redis was told", async || {
            let told = self.told();
            let mut windows = told.windows(11);
            windows.any(|window| window == b"that-is-all").then_some(())
        })
        .await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
