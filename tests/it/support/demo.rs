//! The demo as a newcomer starts it: the real program, with no settings but a free port, in a folder
//! of its own.
//!
//! 1. [`Demo::start`] starts it in a new folder; [`Home::start`] in one that may have been used.
//! 2. [`Demo::kill`] ends it as a power cut does and gives the folder back.
//! 3. [`Home::run`] runs one command to its end.

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    task::JoinHandle,
    time::timeout,
};

use super::{PATIENCE, phone::client, records::Records, until};

/// A folder to start the program in, with our menus and profiles. Clones are the same folder, so that
/// several nodes can be started in it; it goes with the last.
#[derive(Clone)]
pub(crate) struct Home {
    folder: Arc<TempDir>,
    /// The database, where it is no file in the folder.
    database: Option<String>,
}

/// A running demo. Dropping it ends it.
pub(crate) struct Demo {
    /// Where it serves: `http://127.0.0.1:41237`.
    pub(crate) address: String,
    home: Home,
    process: Child,
    said: Arc<Mutex<String>>,
    reading: [JoinHandle<()>; 2],
}

impl Home {
    /// A new one, without data.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = env!("CARGO_MANIFEST_DIR");
        for files in ["menus", "gateways"] {
            std::os::unix::fs::symlink(format!("{root}/{files}"), folder.path().join(files))
                .unwrap();
        }
        Self {
            folder: Arc::new(folder),
            database: None,
        }
    }

    /// The same with a database elsewhere.
    pub(crate) fn on(mut self, database: &str) -> Self {
        self.database = Some(database.to_owned());
        self
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the data that the demo keeps.
    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// What was written there.
    pub(crate) async fn records(&self) -> Records {
        match &self.database {
            Some(url) => Records::at(url, &self.data().join("nyota.keys")).await,
            None => Records::open(&self.data().join("nyota.db")).await,
        }
    }

    /// Starts the demo and waits until it says where it serves.
    pub(crate) async fn start(self, environment: &[(&str, &str)]) -> Demo {
        let command = self.command(environment);
        self.started(command).await
    }

    /// Starts the demo with files that cannot grow where the test says so ([`Demo::limit_files`]):
    /// the program is told of a full disk, and not killed for it.
    pub(crate) async fn start_on_a_small_disk(self) -> Demo {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\""]);
        command.arg(env!("CARGO_BIN_EXE_nyota"));
        self.prepare(&mut command, &[]);
        self.started(command).await
    }

    async fn started(self, mut command: Command) -> Demo {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::<Mutex<String>>::default();
        let reading = [
            tokio::spawn(listen(process.stdout.take().unwrap(), Arc::clone(&said))),
            tokio::spawn(listen(process.stderr.take().unwrap(), Arc::clone(&said))),
        ];
        let address = until("where the demo serves", async || {
            address(&said.lock().unwrap())
        });
        Demo {
            address: address.await,
            home: self,
            process,
            said,
            reading,
        }
    }

    /// Runs one command to its end.
    pub(crate) async fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let mut command = self.command(environment);
        let ended = timeout(PATIENCE, command.args(arguments).output()).await;
        ended.expect("the command ends").unwrap()
    }

    fn command(&self, environment: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nyota"));
        self.prepare(&mut command, environment);
        command
    }

    fn prepare(&self, command: &mut Command, environment: &[(&str, &str)]) {
        command
            .current_dir(self.path())
            .env("NYOTA_LISTEN", "127.0.0.1:0")
            .envs(self.database.iter().map(|url| ("DATABASE_URL", url)))
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true);
    }
}

impl Demo {
    /// Starts it in a new folder.
    pub(crate) async fn start() -> Self {
        Home::new().start(&[]).await
    }

    /// What it wrote into its database.
    pub(crate) async fn records(&self) -> Records {
        self.home.records().await
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id().unwrap()
    }

    /// Tells it to end, as a service manager does, and does not wait.
    pub(crate) async fn tell_to_end(&self) {
        let id = self.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(told.unwrap().success());
    }

    /// Waits until it has ended by itself, and says how.
    pub(crate) async fn ended(mut self, patience: Duration) -> ExitStatus {
        let ended = timeout(patience, self.process.wait()).await;
        ended.expect("the demo ends in time").unwrap()
    }

    /// Everything that it has printed and logged until now.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// The folder of the data that it keeps.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.data()
    }

    /// Runs one command to its end, in the folder where it serves.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Output {
        self.home.run(arguments, &[]).await
    }

    /// Lets its files be no longer than so many bytes; `unlimited` ends that.
    pub(crate) async fn limit_files(&self, bytes: &str) {
        let id = self.process.id().unwrap().to_string();
        let mut command = Command::new("prlimit");
        command.args(["--pid", &id, &format!("--fsize={bytes}:unlimited")]);
        assert!(command.status().await.unwrap().success());
    }

    /// Whether it says that it can serve, and which of its parts does not.
    pub(crate) async fn ready(&self) -> (u16, String) {
        let url = format!("{}/health/ready", self.address);
        let answer = client().get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Waits until it says that it can serve.
    pub(crate) async fn is_ready(&self) {
        until("a demo that is ready", async || {
            (self.ready().await.0 == 200).then_some(())
        })
        .await;
    }

    /// Kills it, as a power cut does.
    pub(crate) async fn kill(mut self) -> Home {
        self.process.kill().await.unwrap();
        self.home
    }

    /// Asks it to end, as a service manager does, and says how it did: within `patience`, or it
    /// never would have.
    pub(crate) async fn end(mut self, patience: Duration) -> ExitStatus {
        self.ask_to_end(patience).await
    }

    /// Asks it to end; gives its folder, and everything that it printed and logged.
    pub(crate) async fn end_and_tell(mut self) -> (Home, String) {
        assert!(self.ask_to_end(PATIENCE).await.success());
        for reading in self.reading {
            reading.await.unwrap();
        }
        let said = std::mem::take(&mut *self.said.lock().unwrap());
        (self.home, said)
    }

    async fn ask_to_end(&mut self, patience: Duration) -> ExitStatus {
        self.tell_to_end().await;
        let ended = timeout(patience, self.process.wait()).await;
        ended.expect("the demo ends in time").unwrap()
    }
}

/// Keeps all that the program says, so that it never waits for a reader.
async fn listen(from: impl AsyncRead + Unpin, said: Arc<Mutex<String>>) {
    let mut lines = BufReader::new(from).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut said = said.lock().unwrap();
        said.push_str(&line);
        said.push('\n');
    }
}

/// The address before `/simulator`.
fn address(said: &str) -> Option<String> {
    let (before, _) = said.split_once("/simulator\n")?;
    let begin = before.rfind("http://127.0.0.1:")?;
    before.get(begin..).map(str::to_owned)
}
