//! Settings: what the command line and the environment say, checked before anything starts.
//!
//! 1. [`Settings`] has every setting with its default, its environment variable and its help; the
//!    command line is read into it.
//! 2. [`Settings::check`] refuses what cannot be served, with a sentence that says what to do.
//!
//! 3. [`Settings::calls`] reads the secrets of declared calls: `NYOTA_SECRET_NAME`, or the file that
//!    `NYOTA_SECRET_NAME_FILE` names.
//!
//! With no settings at all it is the demo. A database or Redis that is named and cannot be used is
//! refused, never replaced by another.

mod secrets;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Args;

use crate::effect::declared::{self, CallHost};

pub use secrets::SecretsError;

/// Every setting.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Where the database is: a file, made if it is missing.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite:data/nyota.db",
        global = true
    )]
    pub database_url: String,

    /// The folder of the menu sets that are served, or of one of them.
    #[arg(long, env = "NYOTA_MENUS", default_value = "menus", global = true)]
    pub menus: PathBuf,

    /// The folder of aggregator profiles.
    #[arg(
        long,
        env = "NYOTA_GATEWAYS",
        default_value = "gateways",
        global = true
    )]
    pub gateways: PathBuf,

    /// Where to listen. The demo listens on loopback only.
    #[arg(
        long,
        env = "NYOTA_LISTEN",
        default_value = "127.0.0.1:8080",
        global = true
    )]
    pub listen: SocketAddr,

    /// Hosts that the calls which menus declare may go to: registry.example,openimis.example:8443.
    #[arg(long, env = "NYOTA_CALL_HOSTS", value_delimiter = ',', global = true)]
    pub call_hosts: Vec<CallHost>,

    /// Hosts that such calls may go to although their addresses are private or this machine's own.
    #[arg(
        long,
        env = "NYOTA_CALL_PRIVATE_HOSTS",
        value_delimiter = ',',
        global = true
    )]
    pub call_private_hosts: Vec<CallHost>,

    /// Where the sessions are: `redis://[:password@]host:port`, `rediss://` with TLS; several addresses,
    /// with commas between them, are a Redis Cluster. Left out, they are in the process.
    #[arg(
        long,
        env = "REDIS_URL",
        hide_env_values = true,
        value_delimiter = ',',
        global = true
    )]
    pub redis_url: Vec<String>,

    /// The certificates, as PEM, of the authority that vouches for a `rediss://` server; left out, those
    /// that this machine knows.
    #[arg(long, env = "REDIS_CA_FILE", global = true)]
    pub redis_ca_file: Option<PathBuf>,

    /// How many lines of callers a node keeps a copy of beside Redis, which spares most turns a round
    /// trip; 0 for none.
    #[arg(
        long,
        env = "NYOTA_LINE_COPIES",
        default_value_t = 40_000,
        global = true
    )]
    pub line_copies: u64,
}

/// A setting that cannot be served.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The demo is for this machine's own browser.
    #[error(
        "the demo listens on loopback only, and {0} is not: set NYOTA_LISTEN to an address such as 127.0.0.1:8080"
    )]
    NotLoopback(SocketAddr),
    /// Not a database of ours.
    #[error("DATABASE_URL must be sqlite:PATH; this version keeps its data in SQLite only")]
    Database,
    /// Not an address of Redis.
    #[error(
        "REDIS_URL must be redis://host:port or rediss://host:port, several with commas between them"
    )]
    Redis,
    /// A live service was asked for.
    #[error(
        "this version has no live scheme and no live payment gateway yet, so --live cannot be served: it runs the demo only"
    )]
    Live,
}

impl Settings {
    /// Refuses what cannot be served.
    pub fn check(&self, live: bool) -> Result<(), SettingsError> {
        if live {
            return Err(SettingsError::Live);
        }
        self.redis()?;
        self.database()?;
        if self.listen.ip().is_loopback() {
            Ok(())
        } else {
            Err(SettingsError::NotLoopback(self.listen))
        }
    }

    /// Where calls that menus declare may go, and with which secrets.
    pub fn calls(&self) -> Result<declared::Options, SecretsError> {
        Ok(declared::Options {
            hosts: self.call_hosts.clone(),
            private_hosts: self.call_private_hosts.clone(),
            secrets: secrets::read(std::env::vars_os())?,
            ..declared::Options::default()
        })
    }

    /// The addresses of Redis; none for sessions in the process.
    pub fn redis(&self) -> Result<&[String], SettingsError> {
        let is_redis = |url: &String| {
            let known = ["redis://", "rediss://"];
            known
                .iter()
                .any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
        };
        if self.redis_url.iter().all(is_redis) {
            Ok(&self.redis_url)
        } else {
            Err(SettingsError::Redis)
        }
    }

    /// The database's file.
    pub fn database(&self) -> Result<&Path, SettingsError> {
        let path = self.database_url.strip_prefix("sqlite:");
        let path = path.map(|path| path.strip_prefix("//").unwrap_or(path));
        match path.filter(|path| !path.is_empty() && !path.contains('?')) {
            Some(path) => Ok(Path::new(path)),
            None => Err(SettingsError::Database),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn settings(arguments: &[&str]) -> Settings {
        let line = std::iter::once("nyota").chain(arguments.iter().copied());
        Line::parse_from(line).settings
    }

    #[test]
    fn no_settings_are_the_demo() {
        let settings = settings(&[]);
        assert_eq!(settings.check(false), Ok(()));
        assert_eq!(settings.database(), Ok(Path::new("data/nyota.db")));
    }

    #[test]
    fn the_demo_listens_on_loopback_only() {
        let open = settings(&["--listen", "0.0.0.0:8080"]);
        assert!(matches!(
            open.check(false),
            Err(SettingsError::NotLoopback(_))
        ));
    }

    #[test]
    fn what_is_named_and_cannot_be_used_is_refused() {
        let postgres = settings(&["--database-url", "postgres://localhost/nyota"]);
        assert_eq!(postgres.check(false), Err(SettingsError::Database));
        let redis = settings(&["--redis-url", "localhost:6379"]);
        assert_eq!(redis.check(false), Err(SettingsError::Redis));
        assert_eq!(settings(&[]).check(true), Err(SettingsError::Live));
    }
}
