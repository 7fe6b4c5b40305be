use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use redis::{
    Client, Cmd, ErrorKind, FromRedisValue, IntoConnectionInfo, RedisError, Script,
    TlsCertificates,
    aio::{ConnectionManager, ConnectionManagerConfig},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AliasKey, Committed, LONGEST_LINE, LimitKey, LineKey, SessionError, Sessions, Versioned,
};
use crate::model::Rate;

/// How Redis is asked, and how long it may take. A line is asked at most twice a turn, so both limits
/// together leave a turn of 4 s most of its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// For one answer, in milliseconds.
    #[schemars(range(min = 1))]
    pub answer_milliseconds: u64,
    /// For a new connection, in milliseconds.
    #[schemars(range(min = 1))]
    pub connect_milliseconds: u64,
    /// The certificates, as PEM, of who vouches for a `rediss://` server. Left out, this machine's own
    /// are believed.
    pub ca_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            answer_milliseconds: 150,
            connect_milliseconds: 500,
            ca_file: None,
        }
    }
}

impl Options {
    fn answer(&self) -> Duration {
        Duration::from_millis(self.answer_milliseconds)
    }

    fn connect(&self) -> Duration {
        Duration::from_millis(self.connect_milliseconds)
    }
}

/// How often one asking is repeated after it failed: a connection that went away while it was idle
/// must not end a dialogue.
const AGAIN: usize = 2;

/// The version, eight bytes, stands before the line's own bytes.
const VERSION: usize = size_of::<u64>();

/// What is read of a value: one byte more than a line can have tells that it is none.
const READ: usize = VERSION + LONGEST_LINE + 1;

/// Sets the line where its version is the one that was stepped from (`ARGV[1]`, empty where there
/// was none), and gives nothing; else gives the line as it stands, empty where there is none.
const COMMIT: &str = "\
local stands = redis.call('GETRANGE', KEYS[1], 0, ARGV[4])
if string.sub(stands, 1, 8) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return false
end
return stands";

/// Counts one more where that is within the rate: `ARGV[1]` microseconds each, at most `ARGV[2]` of
/// them ahead of now. What is kept is when all is as good as new, by the server's own clock, for as
/// long as that is to come. Gives 1 where it was counted, else 0.
const ALLOW: &str = "\
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local new_again = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + ARGV[1]
if new_again - now > tonumber(ARGV[2]) then
  return 0
end
local kept = math.ceil((new_again - now) / 1000)
redis.call('SET', KEYS[1], string.format('%.0f', new_again), 'PX', string.format('%.0f', kept))
return 1";

/// Lines in Redis: a single server, or a Cluster, where each line lies in one slot.
///
/// A load is one round trip (`GETRANGE`), a commit is one (a script). Versions are random, so a line that
/// went and came back is not taken for the one before, and a commit whose answer was lost is known
/// by its version when it is tried again.
pub struct RedisSessions {
    server: Arc<Server>,
    commit: Script,
    allow: Script,
}

/// Where Redis is, and the connection to it.
struct Server {
    urls: Vec<String>,
    options: Options,
    connection: RwLock<Connection>,
    /// How many askings in a row Redis did not answer.
    silent: AtomicU32,
    /// Whether another connection is being made.
    renewing: AtomicBool,
}

/// After so many askings in a row without an answer of Redis the connection is taken to be dead: a
/// machine that lost its power, or a wall between that forgot it, ends no connection, and the kernel
/// waits for a quarter of an hour. One that gives other bytes is not read right any more either.
const SILENT: u32 = 5;

#[derive(Clone)]
enum Connection {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

impl fmt::Debug for RedisSessions {
    /// Without its address, in which a password may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.server.connection() {
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
        let connection = connect(urls, &options).await?;
        let server = Server {
            urls: urls.to_vec(),
            options,
            connection: RwLock::new(connection),
            silent: AtomicU32::new(0),
            renewing: AtomicBool::new(false),
        };
        Ok(Self {
            server: Arc::new(server),
            commit: Script::new(COMMIT),
            allow: Script::new(ALLOW),
        })
    }

    /// Asks a command that may be asked twice.
    async fn ask<T: FromRedisValue>(
        &self,
        tried: &'static str,
        command: &Cmd,
    ) -> Result<T, SessionError> {
        let mut failures = 0;
        loop {
            match self.ask_once(command).await {
                Ok(answer) => return Ok(answer),
                Err(error) if failures < AGAIN && may_pass(&error) => failures += 1,
                Err(error) => return Err(failed(tried, error)),
            }
        }
    }

    async fn ask_once<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let answer = match self.server.connection() {
            Connection::Single(mut connection) => command.query_async(&mut connection).await,
            Connection::Cluster(mut connection) => command.query_async(&mut connection).await,
        };
        self.server.heard(answer)
    }

    async fn set<T: FromRedisValue>(&self, write: &Write<'_>) -> Result<T, RedisError> {
        let mut script = self.commit.prepare_invoke();
        script
            .key(name(write.key).as_slice())
            .arg(write.from.as_slice())
            .arg(write.value)
            .arg(milliseconds(write.ttl))
            .arg(READ - 1);
        let answer = match self.server.connection() {
            Connection::Single(mut connection) => script.invoke_async(&mut connection).await,
            Connection::Cluster(mut connection) => script.invoke_async(&mut connection).await,
        };
        self.server.heard(answer)
    }

    /// Counts one more.
    async fn count(&self, key: LimitKey, rate: Rate) -> Result<bool, RedisError> {
        let each = u64::try_from(rate.each().as_micros()).unwrap_or(u64::MAX);
        let mut script = self.allow.prepare_invoke();
        script
            .key(limit_name(key).as_slice())
            .arg(each)
            .arg(each.saturating_mul(rate.times.get().into()));
        let answer = match self.server.connection() {
            Connection::Single(mut connection) => script.invoke_async(&mut connection).await,
            Connection::Cluster(mut connection) => script.invoke_async(&mut connection).await,
        };
        self.server.heard(answer)
    }
}

impl Server {
    fn connection(&self) -> Connection {
        let connection = self.connection.read();
        connection.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts the askings that Redis did not answer.
    fn heard<T>(self: &Arc<Self>, answer: Result<T, RedisError>) -> Result<T, RedisError> {
        match &answer {
            Err(error) if !is_answer(error) => {
                let silent = self.silent.fetch_add(1, Ordering::Relaxed) + 1;
                if silent.is_multiple_of(SILENT) {
                    self.renew();
                }
            }
            Ok(_) | Err(_) => self.silent.store(0, Ordering::Relaxed),
        }
        answer
    }

    /// Makes another connection beside the one there is, and then uses that.
    fn renew(self: &Arc<Self>) {
        if self.renewing.swap(true, Ordering::AcqRel) {
            return;
        }
        let server = Arc::clone(self);
        tokio::spawn(async move {
            match connect(&server.urls, &server.options).await {
                Ok(made) => {
                    let connection = server.connection.write();
                    *connection.unwrap_or_else(PoisonError::into_inner) = made;
                }
                Err(error) => tracing::debug!(%error, "no other connection to the sessions"),
            }
            server.renewing.store(false, Ordering::Release);
        });
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
        let mut command = redis::cmd("GETRANGE");
        command.arg(name(key).as_slice()).arg(0).arg(READ - 1);
        let stands: Vec<u8> = self.ask("load a line", &command).await?;
        versioned(&stands)
    }

    async fn answer(&self) -> Result<(), SessionError> {
        self.load(LineKey([0; 16])).await.map(drop)
    }

    async fn allow(&self, key: LimitKey, rate: Rate) -> Result<bool, SessionError> {
        let mut tries = 0;
        loop {
            match self.count(key, rate).await {
                Ok(allowed) => return Ok(allowed),
                Err(error) if tries < AGAIN && may_pass(&error) => tries += 1,
                Err(error) => return Err(failed("count what is limited", error)),
            }
        }
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
                Ok(Some(stands)) => return Ok(lost(versioned(&stands)?, version)),
                Err(error) if tries < AGAIN && may_pass(&error) => tries += 1,
                Err(error) => return Err(failed("commit a line", error)),
            }
        }
    }

    async fn remember(
        &self,
        alias: AliasKey,
        bytes: Vec<u8>,
        ttl: Duration,
    ) -> Result<(), SessionError> {
        let mut command = redis::cmd("SET");
        command.arg(alias_name(alias).as_slice()).arg(bytes);
        command.arg("PX").arg(milliseconds(ttl));
        self.ask("remember a caller", &command).await
    }

    async fn remembered(
        &self,
        alias: AliasKey,
        ttl: Duration,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        let mut command = redis::cmd("GETEX");
        command.arg(alias_name(alias).as_slice());
        command.arg("PX").arg(milliseconds(ttl));
        self.ask("recall a caller", &command).await
    }
}

/// Where the line bears our own version, an earlier try was heard and only its answer was lost.
fn lost(stands: Option<Versioned>, version: u64) -> Committed {
    match stands {
        Some(stands) if stands.version == version => Committed::Won(version),
        stands => Committed::Lost(stands),
    }
}

/// A value as a line; one that is too short to be any reads as none.
fn versioned(stands: &[u8]) -> Result<Option<Versioned>, SessionError> {
    let Some((version, bytes)) = stands.split_first_chunk::<VERSION>() else {
        return Ok(None);
    };
    if bytes.len() > LONGEST_LINE {
        return Err(SessionError {
            tried: "read a line: what stands in its place is longer than any",
            source: None,
            told: false,
        });
    }
    Ok(Some(Versioned {
        version: u64::from_be_bytes(*version),
        bytes: bytes.to_vec(),
    }))
}

fn milliseconds(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX)
}

/// The key in Redis: short, since it counts for every live caller.
fn name(key: LineKey) -> Vec<u8> {
    let mut name = b"l:".to_vec();
    name.extend(key.0);
    name
}

fn alias_name(alias: AliasKey) -> Vec<u8> {
    let mut name = b"a:".to_vec();
    name.extend(alias.0);
    name
}

/// As [`name`], for what is counted.
fn limit_name(key: LimitKey) -> Vec<u8> {
    let mut name = b"d:".to_vec();
    name.extend(key.0);
    name
}

/// Whether Redis said no, itself.
fn is_answer(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

/// Whether asking again may help: a connection that broke, a server that is failing over.
fn may_pass(error: &RedisError) -> bool {
    let connection =
        error.is_io_error() || error.is_connection_dropped() || error.is_cluster_error();
    connection && !error.is_timeout()
}

async fn connect(urls: &[String], options: &Options) -> Result<Connection, SessionError> {
    let certificates = certificates(options)?;
    let connection = match urls {
        [url] => single(url, options, certificates).await,
        urls => cluster(urls, options, certificates).await,
    };
    connection.map_err(|error| failed("connect", error))
}

fn failed(tried: &'static str, error: RedisError) -> SessionError {
    SessionError {
        tried,
        source: Some(Box::new(error)),
        told: false,
    }
}

/// The certificates that are believed instead of this machine's own.
fn certificates(options: &Options) -> Result<Option<TlsCertificates>, SessionError> {
    let Some(path) = &options.ca_file else {
        return Ok(None);
    };
    let read = std::fs::read(path).map_err(|error| SessionError {
        tried: "read the file of Redis's certificates",
        source: Some(Box::new(error)),
        told: false,
    })?;
    Ok(Some(TlsCertificates {
        client_tls: None,
        root_cert: Some(read),
    }))
}

async fn single(
    url: &str,
    options: &Options,
    certificates: Option<TlsCertificates>,
) -> Result<Connection, RedisError> {
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(Some(options.answer()))
        .set_connection_timeout(Some(options.connect()))
        .set_number_of_retries(1)
        .set_max_delay(Duration::from_millis(50));
    let server = url.into_connection_info()?;
    let client = match certificates {
        Some(certificates) if is_tls(url) => Client::build_with_tls(server, certificates)?,
        Some(_) | None => Client::open(server)?,
    };
    let manager = ConnectionManager::new_with_config(client, config).await?;
    Ok(Connection::Single(manager))
}

async fn cluster(
    urls: &[String],
    options: &Options,
    certificates: Option<TlsCertificates>,
) -> Result<Connection, RedisError> {
    let mut client = ClusterClient::builder(urls.iter().map(String::as_str))
        .response_timeout(options.answer())
        .connection_timeout(options.connect())
        .retries(2)
        .max_retry_wait(50);
    // With certificates the builder takes every node for one with TLS.
    if let Some(certificates) = certificates.filter(|_| urls.iter().all(|url| is_tls(url))) {
        client = client.certs(certificates);
    }
    client
        .build()?
        .get_async_connection()
        .await
        .map(Connection::Cluster)
}

fn is_tls(url: &str) -> bool {
    url.starts_with("rediss://")
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

    /// The contract on a server that is emptied before each behaviour.
    async fn passes_the_contract(server: &RedisServer, sessions: RedisSessions) {
        let sessions: Arc<dyn Sessions> = Arc::new(sessions);
        contract::every_behaviour(&|| {
            server.flush();
            Arc::clone(&sessions)
        })
        .await;
    }

    #[tokio::test]
    async fn a_server_passes_the_contract() {
        let server = RedisServer::start().await;
        passes_the_contract(&server, sessions(&server).await).await;
    }

    #[tokio::test]
    async fn two_nodes_together_let_no_more_through_than_one() {
        let server = RedisServer::start().await;
        let nodes = [sessions(&server).await, sessions(&server).await];
        let rate = Rate::of(30, 3600);
        let mut tries = Vec::new();
        for (number, node) in (0..80).zip(nodes.iter().cycle()) {
            let key = LimitKey([u8::from(number % 8 == 0); 16]);
            tries.push(async move { (key, node.allow(key, rate).await.unwrap()) });
        }
        let counted = futures_util::future::join_all(tries).await;
        let through = |key| {
            let of_key = counted
                .iter()
                .filter(|(of, allowed)| *of == key && *allowed);
            of_key.count()
        };
        assert_eq!(through(LimitKey([0; 16])), 30);
        assert_eq!(through(LimitKey([1; 16])), 10, "another is counted apart");
    }

    #[tokio::test]
    async fn what_is_counted_in_redis_goes_when_it_no_longer_matters() {
        let server = RedisServer::start().await;
        let sessions = sessions(&server).await;
        let (key, rate) = (LimitKey([7; 16]), Rate::of(5, 1));
        assert!(sessions.allow(key, rate).await.unwrap());
        let mut left = server.ask_one(&["DBSIZE"]);
        for _ in 0..100 {
            if left.trim() == "0" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            left = server.ask_one(&["DBSIZE"]);
        }
        panic!("{left} keys are left");
    }

    #[tokio::test]
    async fn a_cluster_passes_the_contract() {
        let server = RedisServer::start_cluster().await;
        passes_the_contract(&server, sessions(&server).await).await;
    }

    const PASSWORD: &str = "kali-sana-9";

    /// How connecting with these certificates and this password fails, with all its causes.
    async fn refused(server: &RedisServer, ca_file: Option<PathBuf>, password: &str) -> String {
        let urls = [server.tls_url(password)];
        let options = Options {
            ca_file,
            ..Options::default()
        };
        let error = RedisSessions::connect(&urls, options).await.unwrap_err();
        let first: &dyn std::error::Error = &error;
        let causes = std::iter::successors(Some(first), |error| error.source());
        let told: Vec<_> = causes.map(|error| format!("{error} {error:?}")).collect();
        told.join(" / ")
    }

    #[tokio::test]
    async fn a_server_with_tls_a_private_ca_and_a_password_passes_the_contract() {
        let server = RedisServer::start_tls(PASSWORD).await;
        let options = Options {
            ca_file: Some(server.ca_file()),
            ..Options::default()
        };
        let urls = [server.tls_url(PASSWORD)];
        let sessions = RedisSessions::connect(&urls, options).await.unwrap();
        passes_the_contract(&server, sessions).await;
    }

    #[tokio::test]
    async fn a_server_that_nobody_known_vouches_for_is_refused() {
        let server = RedisServer::start_tls(PASSWORD).await;
        let told = refused(&server, None, PASSWORD).await;
        assert!(!told.contains(PASSWORD), "{told}");
    }

    #[tokio::test]
    async fn a_wrong_password_is_refused_and_never_told() {
        let server = RedisServer::start_tls(PASSWORD).await;
        let told = refused(&server, Some(server.ca_file()), "sahau-7").await;
        assert!(!told.contains("sahau-7"), "{told}");
        let missing = refused(&server, Some("no/such/file.pem".into()), PASSWORD).await;
        assert!(missing.contains("certificates"), "{missing}");
    }

    #[tokio::test]
    async fn a_url_that_cannot_be_read_is_refused_without_its_password() {
        for url in ["redis://:sahau-7@[::1", "redis://:sahau-7@localhost:99999"] {
            let urls = [url.to_owned()];
            let error = RedisSessions::connect(&urls, Options::default()).await;
            let told = format!("{:?}", error.unwrap_err());
            assert!(!told.contains("sahau-7"), "{told}");
        }
    }

    #[tokio::test]
    async fn what_is_longer_than_any_line_is_refused() {
        let server = RedisServer::start().await;
        let sessions = sessions(&server).await;
        let (key, ttl) = (LineKey([5; 16]), Duration::from_secs(9));
        let fits = vec![1; LONGEST_LINE];
        let committed = sessions.commit(key, None, fits, ttl).await;
        assert!(matches!(committed, Ok(Committed::Won(_))));
        assert!(sessions.load(key).await.unwrap().is_some());
        let mut command = redis::cmd("APPEND");
        command.arg(name(key).as_slice()).arg("x");
        let _: u64 = sessions
            .ask("make a line too long", &command)
            .await
            .unwrap();
        assert!(sessions.load(key).await.is_err());
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
