use std::{fmt, time::Duration};

use async_trait::async_trait;
use redis::{
    Client, FromRedisValue, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Committed, LineKey, SessionError, Sessions, Versioned};

/// How long Redis may take. A line is asked at most twice a turn, so both limits together leave a
/// turn of 4 s most of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// For one answer, in milliseconds.
    pub answer_milliseconds: u64,
    /// For a new connection, in milliseconds.
    pub connect_milliseconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            answer_milliseconds: 150,
            connect_milliseconds: 500,
        }
    }
}

impl Options {
    fn answer(self) -> Duration {
        Duration::from_millis(self.answer_milliseconds)
    }

    fn connect(self) -> Duration {
        Duration::from_millis(self.connect_milliseconds)
    }
}

/// How often one asking is repeated after it failed: a connection that went away while it was idle
/// must not end a dialogue.
const AGAIN: usize = 2;

/// The version, eight bytes, stands before the line's own bytes.
const VERSION: usize = size_of::<u64>();

/// Sets the line where its version is the one that was stepped from (`ARGV[1]`, empty where there
/// was none), and gives nothing; else gives the line as it stands, empty where there is none.
const COMMIT: &str = "\
local stands = redis.call('GET', KEYS[1])
if (stands and string.sub(stands, 1, 8) or '') == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return false
end
return stands or ''";

/// Lines in Redis: a single server, or a Cluster, where each line lies in one slot.
///
/// A load is one round trip (`GET`), a commit is one (a script). Versions are random, so a line that
/// went and came back is not taken for the one before, and a commit whose answer was lost is known
/// by its version when it is tried again.
pub struct RedisSessions {
    connection: Connection,
    commit: Script,
}

#[derive(Clone)]
enum Connection {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

impl fmt::Debug for RedisSessions {
    /// Without its address, in which a password may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.connection {
            Connection::Single(_) => "a server",
            Connection::Cluster(_) => "a Cluster",
        };
        f.debug_struct("RedisSessions")
            .field("connection", &kind)
            .finish_non_exhaustive()
    }
}

impl RedisSessions {
    /// Connects to the server at `urls`, or to the Cluster of which several nodes are named.
    ///
    /// A URL is `redis://[:password@]host:port[/database]`, `rediss://` with TLS.
    pub async fn connect(urls: &[String], options: Options) -> Result<Self, SessionError> {
        let connection = match urls {
            [url] => single(url, options).await,
            urls => cluster(urls, options).await,
        };
        Ok(Self {
            connection: connection.map_err(|error| failed("connect", error))?,
            commit: Script::new(COMMIT),
        })
    }

    async fn get(&self, key: LineKey) -> Result<Option<Vec<u8>>, RedisError> {
        let mut command = redis::cmd("GET");
        command.arg(name(key).as_slice());
        match self.connection.clone() {
            Connection::Single(mut connection) => command.query_async(&mut connection).await,
            Connection::Cluster(mut connection) => command.query_async(&mut connection).await,
        }
    }

    async fn set<T: FromRedisValue>(&self, write: &Write<'_>) -> Result<T, RedisError> {
        let mut script = self.commit.prepare_invoke();
        script
            .key(name(write.key).as_slice())
            .arg(write.from.as_slice())
            .arg(write.value)
            .arg(u64::try_from(write.ttl.as_millis()).unwrap_or(u64::MAX));
        match self.connection.clone() {
            Connection::Single(mut connection) => script.invoke_async(&mut connection).await,
            Connection::Cluster(mut connection) => script.invoke_async(&mut connection).await,
        }
    }
}

/// One commit, as it is sent.
struct Write<'a> {
    key: LineKey,
    /// The version that is replaced, empty for none.
    from: Vec<u8>,
    value: &'a [u8],
    ttl: Duration,
}

#[async_trait]
impl Sessions for RedisSessions {
    async fn load(&self, key: LineKey) -> Result<Option<Versioned>, SessionError> {
        let mut tries = 0;
        loop {
            match self.get(key).await {
                Ok(stands) => return Ok(stands.as_deref().and_then(versioned)),
                Err(error) if tries < AGAIN && may_pass(&error) => tries += 1,
                Err(error) => return Err(failed("load a line", error)),
            }
        }
    }

    async fn answer(&self) -> Result<(), SessionError> {
        self.load(LineKey([0; 16])).await.map(drop)
    }

    async fn commit(
        &self,
        key: LineKey,
        from: Option<u64>,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<Committed, SessionError> {
        let version: u64 = rand::random_range(..=u64::MAX);
        let mut value = version.to_be_bytes().to_vec();
        value.extend(bytes);
        let write = Write {
            key,
            from: from.map_or_else(Vec::new, |from| from.to_be_bytes().to_vec()),
            value: &value,
            ttl,
        };
        let mut tries = 0;
        loop {
            match self.set::<Option<Vec<u8>>>(&write).await {
                Ok(None) => return Ok(Committed::Won(version)),
                Ok(Some(stands)) => return Ok(lost(versioned(&stands), version)),
                Err(error) if tries < AGAIN && may_pass(&error) => tries += 1,
                Err(error) => return Err(failed("commit a line", error)),
            }
        }
    }
}

/// Where the line bears our own version, an earlier try was heard and only its answer was lost.
fn lost(stands: Option<Versioned>, version: u64) -> Committed {
    match stands {
        Some(stands) if stands.version == version => Committed::Won(version),
        stands => Committed::Lost(stands),
    }
}

fn versioned(stands: &[u8]) -> Option<Versioned> {
    let (version, bytes) = stands.split_first_chunk::<VERSION>()?;
    Some(Versioned {
        version: u64::from_be_bytes(*version),
        bytes: bytes.to_vec(),
    })
}

/// The key in Redis: short, since it counts for every live caller.
fn name(key: LineKey) -> Vec<u8> {
    let mut name = b"l:".to_vec();
    name.extend(key.0);
    name
}

/// Whether asking again may help: a connection that broke, a server that is failing over.
fn may_pass(error: &RedisError) -> bool {
    let connection =
        error.is_io_error() || error.is_connection_dropped() || error.is_cluster_error();
    connection && !error.is_timeout()
}

fn failed(tried: &'static str, error: RedisError) -> SessionError {
    SessionError {
        tried,
        source: Some(Box::new(error)),
    }
}

async fn single(url: &str, options: Options) -> Result<Connection, RedisError> {
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(Some(options.answer()))
        .set_connection_timeout(Some(options.connect()))
        .set_number_of_retries(1)
        .set_max_delay(Duration::from_millis(50));
    let manager = ConnectionManager::new_with_config(Client::open(url)?, config).await?;
    Ok(Connection::Single(manager))
}

async fn cluster(urls: &[String], options: Options) -> Result<Connection, RedisError> {
    let client = ClusterClient::builder(urls.iter().map(String::as_str))
        .response_timeout(options.answer())
        .connection_timeout(options.connect())
        .retries(2)
        .max_retry_wait(50)
        .build()?;
    client.get_async_connection().await.map(Connection::Cluster)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::session::{contract, redis_server::RedisServer};

    async fn sessions(server: &RedisServer) -> RedisSessions {
        let urls = server.urls();
        RedisSessions::connect(&urls, Options::default())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_server_passes_the_contract() {
        let server = RedisServer::start().await;
        contract::commits_form_one_chain(&sessions(&server).await).await;
        server.flush();
        contract::one_of_many_wins(Arc::new(sessions(&server).await)).await;
        server.flush();
        contract::a_line_lives_for_its_ttl(&sessions(&server).await).await;
    }

    #[tokio::test]
    async fn a_cluster_passes_the_contract() {
        let server = RedisServer::start_cluster().await;
        let sessions = Arc::new(sessions(&server).await);
        contract::commits_form_one_chain(&*sessions).await;
        server.flush();
        contract::one_of_many_wins(sessions).await;
    }

    #[tokio::test]
    async fn a_server_that_lost_its_scripts_is_given_them_again() {
        let server = RedisServer::start().await;
        let sessions = sessions(&server).await;
        let ttl = Duration::from_secs(9);
        let key = LineKey([1; 16]);
        sessions.commit(key, None, vec![1], ttl).await.unwrap();
        server.ask(&["SCRIPT", "FLUSH", "SYNC"]);
        let stands = sessions.load(key).await.unwrap().unwrap();
        let again = sessions
            .commit(key, Some(stands.version), vec![2], ttl)
            .await;
        assert!(matches!(again, Ok(Committed::Won(_))));
    }

    #[tokio::test]
    async fn a_server_that_came_back_is_used_again_without_a_restart_of_ours() {
        let server = RedisServer::start().await;
        let sessions = sessions(&server).await;
        let (key, ttl) = (LineKey([2; 16]), Duration::from_secs(9));
        let server = server.restart().await;
        let mut tries = 0;
        while let Err(error) = sessions.commit(key, None, vec![1], ttl).await {
            assert!(tries < 40, "{error:?}");
            tries += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        drop(server);
    }

    #[tokio::test]
    async fn a_server_that_hangs_fails_within_its_time() {
        let server = RedisServer::start().await;
        let sessions = sessions(&server).await;
        server.pause();
        let begun = std::time::Instant::now();
        let load = sessions.load(LineKey([3; 16])).await;
        assert!(load.is_err());
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{:?}",
            begun.elapsed()
        );
    }

    #[test]
    fn our_own_version_in_the_line_means_that_an_earlier_try_was_heard() {
        let line = |version| Versioned {
            version,
            bytes: vec![1],
        };
        assert_eq!(lost(Some(line(7)), 7), Committed::Won(7));
        assert_eq!(lost(Some(line(8)), 7), Committed::Lost(Some(line(8))));
        assert_eq!(lost(None, 7), Committed::Lost(None));
    }
}
