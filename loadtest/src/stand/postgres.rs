use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, ensure};

use super::{Process, find};

/// A Postgres with all that makes a commit durable.
#[derive(Debug)]
pub(super) struct Postgres {
    process: Process,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// An empty one. It refuses to run as root, so then it runs as `postgres` or `nobody`.
    pub(super) async fn start(folder: &Path) -> anyhow::Result<Self> {
        let programs = programs()?;
        let (home, port) = (folder.join("postgres"), find::free_port()?);
        fs::create_dir(&home)?;
        let user = user(&home)?;
        if let Some((uid, gid)) = user {
            chown(&home, Some(uid), Some(gid))?;
        }
        let files = home.join("data");
        let mut initdb = as_user(user, &programs.join("initdb"));
        initdb.args(["--auth=trust", "--username=nyota", "--encoding=UTF8"]);
        let made = initdb.args(["--locale=C", "--pgdata"]).arg(&files).output();
        succeeded("initdb", &made?)?;
        let mut command = as_user(user, &programs.join("postgres"));
        command
            .arg("-D")
            .arg(&files)
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"])
            .arg(&home);
        let log = folder.join("postgres.log");
        let mut process = Process::start(command, &log)?.ended_by("-QUIT");
        let ready = process.until(("postgres", &log), async || {
            let mut look = Command::new(programs.join("pg_isready"));
            look.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
            look.status()
                .is_ok_and(|status| status.success())
                .then_some(())
        });
        ready.await?;
        Ok(Self {
            process,
            programs,
            port,
        })
    }

    /// Its first process.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Where a database of it is, made if it is missing.
    pub(super) async fn database(&self, name: &str) -> anyhow::Result<String> {
        let create = format!("CREATE DATABASE \"{name}\"");
        if let Err(error) = self.run("postgres", &create).await {
            let there = format!("{error:#}").contains("already exists");
            ensure!(there, error);
        }
        Ok(format!("postgres://nyota@127.0.0.1:{}/{name}", self.port))
    }

    /// Runs statements, and gives what they tell, a row a line.
    pub(super) async fn run(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args([
            "-h",
            "127.0.0.1",
            "-U",
            "nyota",
            "-At",
            "-v",
            "ON_ERROR_STOP=1",
        ]);
        psql.args(["-p", &self.port.to_string(), "-d", database, "-c", sql]);
        let output = tokio::task::spawn_blocking(move || psql.output()).await??;
        succeeded("psql", &output)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn succeeded(what: &str, output: &Output) -> anyhow::Result<()> {
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{what}: {}", said.trim());
    Ok(())
}

/// Where its programs are; Debian keeps them out of the PATH.
fn programs() -> anyhow::Result<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = debian.flatten().map(|version| version.path().join("bin"));
    let others = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
    let mut places = debian.chain(others.map(PathBuf::from));
    let found = places.find(|place| place.join("initdb").exists());
    found.context("there is no Postgres here: install it, or measure with --sqlite")
}

/// The user that it runs as, where we are root.
fn user(folder: &Path) -> anyhow::Result<Option<(u32, u32)>> {
    if fs::metadata(folder)?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let ids = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = ids("postgres").or_else(|| ids("nobody"));
    let found = found.context("Postgres does not run as root, and there is no user for it")?;
    Ok(Some(found))
}

fn as_user(user: Option<(u32, u32)>, program: &Path) -> Command {
    let Some((uid, gid)) = user else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .args([format!("--reuid={uid}"), format!("--regid={gid}")])
        .arg("--clear-groups")
        .arg(program);
    command
}
