use std::{path::Path, process::Command};

use anyhow::Context;
use redis::{Client, aio::ConnectionManager};

use super::{Process, find};

/// A Redis without a disk.
#[derive(Debug)]
pub(crate) struct Redis {
    process: Process,
    port: u16,
    asked: Asked,
}

/// The connection, which has nothing to tell of itself.
struct Asked(ConnectionManager);

impl std::fmt::Debug for Asked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Asked")
    }
}

impl Redis {
    /// An empty one.
    pub(crate) async fn start(folder: &Path) -> anyhow::Result<Self> {
        let port = find::free_port()?;
        let mut command = Command::new("redis-server");
        command
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(folder);
        let log = folder.join("redis.log");
        let mut process = Process::start(command, &log)?;
        let client = Client::open(format!("redis://127.0.0.1:{port}"))?;
        let connected = process.until(("redis-server", &log), async || {
            let mut one = client.get_multiplexed_async_connection().await.ok()?;
            let answer: Result<String, _> = redis::cmd("PING").query_async(&mut one).await;
            answer.ok()
        });
        connected.await?;
        Ok(Self {
            process,
            port,
            asked: Asked(ConnectionManager::new(client).await?),
        })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks it something that it answers with a text.
    pub(crate) async fn ask(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(*word);
        }
        let answer = command.query_async(&mut self.asked.0.clone()).await;
        answer.with_context(|| format!("Redis refuses {}", words.join(" ")))
    }

    /// How many keys it has.
    pub(crate) async fn keys(&self) -> anyhow::Result<u64> {
        let mut connection = self.asked.0.clone();
        let keys = redis::cmd("DBSIZE").query_async(&mut connection).await?;
        Ok(keys)
    }

    /// A figure of `INFO`, such as `used_memory`.
    pub(crate) async fn figure(&self, section: &str, name: &str) -> anyhow::Result<u64> {
        let told = self.ask(&["INFO", section]).await?;
        let line = told
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let figure = line.and_then(|figure| figure.trim().parse().ok());
        figure.with_context(|| format!("Redis does not tell {name}"))
    }

    /// Round trips since the last time: commands that came over the wire, not those inside of scripts.
    pub(crate) async fn trips(&self) -> anyhow::Result<u64> {
        let told = self.ask(&["INFO", "commandstats"]).await?;
        self.ask(&["CONFIG", "RESETSTAT"]).await?;
        let calls = |command: &str| {
            let counted = told.lines().find_map(|line| {
                let rest = line.strip_prefix(&format!("cmdstat_{command}:calls="))?;
                rest.split(',').next()?.parse::<u64>().ok()
            });
            counted.unwrap_or_default()
        };
        // A commit is a script that reads the line, and sets it where it wins. What these do inside is no
        // trip, so of the reads and writes only those beyond the commits' count.
        let commits = calls("evalsha");
        let others: u64 = ["eval", "getex", "get", "setex", "expire"]
            .map(calls)
            .iter()
            .sum();
        let read = calls("getrange").saturating_sub(commits);
        let set = calls("set").saturating_sub(commits);
        Ok(commits + others + read + set)
    }
}
