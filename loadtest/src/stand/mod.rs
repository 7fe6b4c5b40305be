//! Servers to be measured, started here and ended with what started them: only by their own ids.
//!
//! 1. [`Stand::start`] makes a folder, a Redis and a Postgres for a whole measurement.
//! 2. [`Stand::node`] starts a nyota on them, [`Stand::bare`] the bare server.
//! 3. [`usage`] reads what a process has used.

mod find;
mod nyota;
mod postgres;
mod process;
mod redis;
pub(crate) mod usage;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use tempfile::TempDir;

use self::postgres::Postgres;
pub(crate) use self::{
    nyota::{Node, Setting},
    process::Process,
    redis::Redis,
};

/// How long a server may take to start: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(90);

/// With what is measured.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// The program that is measured. Left out: the one beside this program, or target/release/nyota.
    #[arg(long, env = "LOADTEST_NYOTA", value_name = "FILE")]
    pub(crate) nyota: Option<PathBuf>,
    /// The folder that has nyota's `menus` and `gateways`.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) project: PathBuf,
    /// Measure on SQLite, where there is no Postgres: one node's database, in its own process.
    #[arg(long)]
    pub(crate) sqlite: bool,
}

/// A folder with servers.
#[derive(Debug)]
pub(crate) struct Stand {
    /// Where sessions are.
    pub(crate) redis: Redis,
    postgres: Option<Postgres>,
    program: PathBuf,
    project: PathBuf,
    // Last, so that the servers are gone before their folder.
    folder: TempDir,
}

impl Stand {
    /// Starts Redis and Postgres.
    pub(crate) async fn start(options: &Options) -> anyhow::Result<Self> {
        let program = find::nyota(options.nyota.as_deref())?;
        let project = options.project.canonicalize();
        let project =
            project.with_context(|| format!("{} is no folder", options.project.display()))?;
        let folder = tempfile::Builder::new().prefix("loadtest-").tempdir()?;
        // Postgres may run as another user, who has to come through.
        find::open_to_all(folder.path())?;
        let postgres = if options.sqlite {
            None
        } else {
            Some(Postgres::start(folder.path()).await?)
        };
        Ok(Self {
            redis: Redis::start(folder.path()).await?,
            postgres,
            program,
            project,
            folder,
        })
    }

    /// Starts a node. Those of one name share a folder, so keys and, where it is SQLite, the database.
    pub(crate) async fn node(&self, name: &str, settings: &[Setting<'_>]) -> anyhow::Result<Node> {
        let home = self.folder.path().join(name);
        nyota::prepare(&home, &self.project)?;
        let mut command = nyota::command(&self.program, &home);
        command.env("REDIS_URL", self.redis.url());
        if let Some(postgres) = &self.postgres {
            command.env("DATABASE_URL", postgres.database(name).await?);
        }
        command.envs(settings.iter().copied());
        nyota::start(command, &home).await
    }

    /// A Redis of its own, for what must not be beside others' lines.
    pub(crate) async fn further_redis(&self) -> anyhow::Result<Redis> {
        Redis::start(self.folder.path()).await
    }

    /// Starts the bare server.
    pub(crate) async fn bare(&self) -> anyhow::Result<Node> {
        let own = std::env::current_exe().context("this program does not know its own file")?;
        let mut command = std::process::Command::new(own);
        command.args(["bare", "--redis", &self.redis.url()]);
        let home = self.folder.path().join("bare");
        nyota::start(command, &home).await
    }

    /// The first process of Postgres, if there is one.
    pub(crate) fn postgres(&self) -> Option<u32> {
        self.postgres.as_ref().map(Postgres::id)
    }

    /// Has Postgres run statements in a node's database; none where there is no Postgres.
    pub(crate) async fn sql(&self, name: &str, sql: &str) -> anyhow::Result<Option<String>> {
        match &self.postgres {
            Some(postgres) => Ok(Some(postgres.run(name, sql).await?)),
            None => Ok(None),
        }
    }

    /// What is measured.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// A folder for files of the measurement's own.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}
