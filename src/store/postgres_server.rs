//! A real Postgres for tests: its own port, its own folder, gone with the process that started it.
//!
//! 1. [`PostgresServer::shared`] is one server for all tests of a process, made by the first of them;
//!    [`PostgresServer::start`] is one of the test's own, to be stopped and paused.
//! 2. [`PostgresServer::database`] makes an empty database in it and gives its URL.
//!
//! A shell keeps each server. It reads from us, and when nobody is left at the other end, however
//! this process ended, it stops the server and removes its folder. Postgres refuses to run as root,
//! so then it runs as `postgres` or `nobody`.
//!
//! The integration tests include this file as their own module, so it knows nothing of the crate.

use std::{
    fs,
    io::Write,
    net::TcpListener,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Ends with its input.
const KEEPER: &str = r#"
folder=$1; shift
server=
while read -r word; do
    case $word in
        start) "$@" >>"$folder/log" 2>&1 & server=$! ;;
        stop) kill -CONT $server; kill -QUIT $server; wait $server ;;
    esac
done
kill -CONT $server; kill -QUIT $server; wait $server
rm -rf "$folder"
"#;

/// How often half a tenth of a second is waited for a server; the machine may be busy.
const TRIES: u32 = 1_200;

/// A server with its folder.
pub(crate) struct PostgresServer {
    port: u16,
    folder: PathBuf,
    programs: PathBuf,
    keeper: Mutex<Child>,
    databases: AtomicU32,
}

impl PostgresServer {
    /// The one that all tests of this process share: it is never stopped or paused.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(|| Self::start_with(&["fsync=off"]))
    }

    /// One of the test's own.
    pub(crate) fn start() -> Self {
        Self::start_with(&["fsync=off"])
    }

    /// One with these settings.
    pub(crate) fn start_with(settings: &[&str]) -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("nyota-pg-").tempdir();
        let folder = folder.unwrap().keep();
        let user = user();
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let made = as_user(user, &programs.join("initdb"))
            .args(["--auth=trust", "--username=nyota", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pgdata"])
            .arg(folder.join("data"))
            .stdout(Stdio::null())
            .status();
        assert!(made.unwrap().success(), "initdb did not make a database");
        let port = free_port();
        let server = Self {
            keeper: Mutex::new(keep(user, &folder, &programs, port, settings)),
            port,
            folder,
            programs,
            databases: AtomicU32::new(0),
        };
        server.start_again();
        server
    }

    /// Where a database of it is.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://nyota@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database and gives where it is.
    pub(crate) async fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        self.run(&format!("CREATE DATABASE {name}")).await;
        self.url(&name)
    }

    /// Runs a statement as its superuser.
    pub(crate) async fn run(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Ends it as a crash of its machine does: what was not committed is lost.
    pub(crate) fn stop(&self) {
        self.tell("stop");
        self.wait_until(false);
    }

    /// Starts it after [`Self::stop`], at the same port.
    pub(crate) fn start_again(&self) {
        self.tell("start");
        self.wait_until(true);
    }

    /// Has it hang: it listens, and answers nothing.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn tell(&self, word: &str) {
        let mut keeper = self.keeper.lock().unwrap();
        writeln!(keeper.stdin.as_mut().unwrap(), "{word}").unwrap();
    }

    fn wait_until(&self, ready: bool) {
        for _ in 0..TRIES {
            let answer = Command::new(self.programs.join("pg_isready"))
                .args([
                    "-h",
                    "127.0.0.1",
                    "-U",
                    "nyota",
                    "-p",
                    &self.port.to_string(),
                ])
                .stdout(Stdio::null())
                .status();
            // 0 accepts connections, 2 does not answer; 1 starts or stops.
            let wanted = if ready { 0 } else { 2 };
            if answer.unwrap().code() == Some(wanted) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("postgres did not become ready ({ready}): {log}");
    }

    /// To the server, which then starts no more processes, and to those that it has.
    fn signal(&self, signal: &str) {
        let lock = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let server = lock.lines().next().unwrap().to_owned();
        let signalled = Command::new("kill").args([signal, &server]).status();
        assert!(signalled.unwrap().success());
        let children = fs::read_to_string(format!("/proc/{server}/task/{server}/children"));
        let children = children.unwrap();
        // One may have ended meanwhile.
        _ = Command::new("kill")
            .arg(signal)
            .args(children.split_whitespace())
            .stderr(Stdio::null())
            .status();
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Ok(keeper) = self.keeper.get_mut() {
            drop(keeper.stdin.take());
            _ = keeper.wait();
        }
    }
}

fn keep(
    user: Option<(u32, u32)>,
    folder: &Path,
    programs: &Path,
    port: u16,
    settings: &[&str],
) -> Child {
    let mut keeper = as_user(user, Path::new("sh"));
    keeper
        .args(["-c", KEEPER, "keeper"])
        .arg(folder)
        .arg(programs.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "max_connections=200"])
        .arg("-c")
        .arg(format!("unix_socket_directories={}", folder.display()));
    for setting in settings {
        keeper.args(["-c", setting]);
    }
    // What the terminal sends to the tests does not reach it: it ends by its input alone.
    std::os::unix::process::CommandExt::process_group(&mut keeper, 0);
    keeper
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The folder of `initdb` and `postgres`, the newest where there are several.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            versions
                .map(|entry| entry.unwrap().path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    found.sort();
    found.splice(0..0, std::env::split_paths(&path));
    found.retain(|folder| folder.join("initdb").exists());
    found
        .pop()
        .expect("Postgres is there: tests/run installs it")
}

/// Whom it runs as, where this process is root.
fn user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let ids = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2).map(|id| id.parse().ok());
        Some((fields.next()??, fields.next()??))
    };
    let user = ids("postgres").or_else(|| ids("nobody"));
    Some(user.expect("there is a user `postgres` or `nobody`"))
}

fn as_user(user: Option<(u32, u32)>, program: &Path) -> Command {
    let Some((uid, gid)) = user else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .args(["--clear-groups", "--reuid", &uid.to_string()])
        .args(["--regid", &gid.to_string()])
        .arg(program);
    // It may not be let into ours.
    command.current_dir("/");
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
