use std::{ffi::OsString, net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use clap::Args;
use ipnet::IpNet;

use super::{
    Gateways, SchemeSettings, SecretsError, Sections, SmsRoute, in_force::Origins, schemes, secrets,
};
use crate::{
    catalogue,
    effect::declared::{self, CallHost},
    model::Rate,
    outbox::{self, RouteRate},
    retention::{self, Keep},
    session::{CopiesOptions, RedisOptions},
    store::{Address, KeyFile, KeySource, Keys},
    web::{door, limits},
};

/// The environment variable that may hold the text of a key file. It is no argument of the command
/// line, where others could read it.
const KEYS: &str = "NYOTA_KEYS";
/// Where the keys are, where no file of a database says so.
const KEYS_FILE: &str = "data/nyota.keys";

/// The settings of the command line, and what the file and the environment say of each module.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The file of settings. Left out, it is nyota.yaml where nyota is started, if it is there. `nyota
    /// config` prints one.
    #[arg(long, env = "NYOTA_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// Where the database is: `sqlite:PATH`, a file that is made if it is missing, or
    /// `postgres://user:password@host:5432/database`, for more than one node.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite:data/nyota.db",
        global = true
    )]
    pub database_url: String,

    /// The file of the keys that seal what is stored, made if it is missing. Left out, it is beside the
    /// database's file, or `data/nyota.keys` with Postgres. Every node needs the same keys. Instead of
    /// a file, its text may be in the environment: `NYOTA_KEYS`.
    #[arg(long, env = "NYOTA_KEYS_FILE", global = true)]
    pub keys_file: Option<PathBuf>,

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

    /// The address that aggregators know this server by, such as `https://ussd.example.org`: they are told
    /// it, and some sign it. Left out: where it listens.
    #[arg(
        long,
        env = "NYOTA_PUBLIC_ADDRESS",
        value_name = "ADDRESS",
        value_parser = public_address,
        global = true
    )]
    pub public_address: Option<String>,

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

    /// Addresses whose connections are not counted by address, such as 198.51.100.0/24,203.0.113.7:
    /// those that aggregators and payment gateways send from, and of a proxy in front. Left out: this
    /// machine itself.
    #[arg(
        long,
        env = "NYOTA_GATEWAY_ADDRESSES",
        value_delimiter = ',',
        value_parser = door::parse_network,
        global = true
    )]
    pub gateway_addresses: Vec<IpNet>,

    /// How many turns a minute one phone may take through one gateway; more are told to wait.
    /// Left out: 120.
    #[arg(
        long,
        env = "NYOTA_PHONE_TURNS",
        value_name = "A_MINUTE",
        global = true
    )]
    pub phone_turns: Option<NonZeroU32>,

    /// How many turns a second one gateway may send to this node; for more its callers are told to
    /// wait. Left out: 5000.
    #[arg(
        long,
        env = "NYOTA_GATEWAY_TURNS",
        value_name = "A_SECOND",
        global = true
    )]
    pub gateway_turns: Option<NonZeroU32>,

    /// For how many seconds a node that is told to end goes on serving while /health/ready says 503:
    /// as long as a balancer needs to see it.
    #[arg(
        long,
        env = "NYOTA_DRAIN_SECONDS",
        value_name = "SECONDS",
        default_value = "0",
        global = true
    )]
    pub drain_seconds: u32,

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

    /// How fast the outbox may use a route, all nodes together: jobs a second, and how many at once after a
    /// rest. `sms=30/60` is for all SMS, `sms:handset=5` for one route. Not given: sms 30/60, gepg 50/200,
    /// scheme 20/200.
    #[arg(
        long,
        env = "NYOTA_RATES",
        value_name = "ROUTE=RATE",
        value_delimiter = ',',
        global = true
    )]
    pub rates: Vec<RouteRate>,

    /// For how many days what is old is kept, where it is not the default: journal=30,texts=30. `nyota
    /// retention --dry-run` shows them all.
    #[arg(
        long,
        env = "NYOTA_KEEP_DAYS",
        value_name = "NAME=DAYS",
        value_delimiter = ',',
        global = true
    )]
    pub keep_days: Vec<Keep>,

    /// The certificates, as PEM, of the authority that vouches for a `rediss://` server; left out, those
    /// that this machine knows.
    #[arg(long, env = "REDIS_CA_FILE", global = true)]
    pub redis_ca_file: Option<PathBuf>,

    /// How many lines of callers a node keeps a copy of beside Redis, which spares most turns a round
    /// trip; 0 for none. Left out: 40000.
    #[arg(long, env = "NYOTA_LINE_COPIES", global = true)]
    pub line_copies: Option<u64>,

    /// What the file and the environment say of each module. Flags win over it: see the methods.
    #[arg(skip)]
    pub sections: Sections,

    /// By which gateway SMS go, as the file says.
    #[arg(skip)]
    pub sms_routes: Vec<SmsRoute>,

    /// The schemes that the file has, in its order; none for the demo's.
    #[arg(skip)]
    pub schemes: Vec<SchemeSettings>,
    /// The gateways that the file has.
    #[arg(skip)]
    pub gateway_settings: Gateways,

    /// From where they came: see [`Settings::in_force`].
    #[arg(skip)]
    pub(super) origins: Origins,
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
    #[error(
        "DATABASE_URL must be sqlite:PATH or postgres://user:password@host:5432/database, with a percent sign and two hex digits for what is special in the password"
    )]
    Database,
    /// Keys in the environment that cannot be used.
    #[error("{0}")]
    Keys(String),
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

/// An address of `http` or `https` with nothing behind its host and port; without the slash.
fn public_address(text: &str) -> Result<String, String> {
    let whole = text.trim_end_matches('/');
    let host = whole
        .strip_prefix("https://")
        .or_else(|| whole.strip_prefix("http://"));
    let fits = |character: char| character.is_ascii_alphanumeric() || ".-:[]".contains(character);
    match host {
        Some(host) if !host.is_empty() && host.chars().all(fits) => Ok(whole.to_owned()),
        Some(_) | None => Err(format!(
            "{text:?} is no address such as https://ussd.example.org"
        )),
    }
}

impl Settings {
    /// Refuses what cannot be served.
    pub fn check(&self, live: bool) -> Result<(), SettingsError> {
        if live {
            return Err(SettingsError::Live);
        }
        self.redis()?;
        self.database()?;
        self.keys()?;
        if self.listen.ip().is_loopback() {
            Ok(())
        } else {
            Err(SettingsError::NotLoopback(self.listen))
        }
    }

    /// The options of the modules: as the file and the environment say, and the flags over them.
    pub fn sections(&self) -> Result<Sections, SecretsError> {
        Ok(Sections {
            redis: self.redis_options(),
            copies: self.copies(),
            limits: self.limits(),
            door: self.door(),
            calls: self.calls()?,
            outbox: self.outbox(),
            retention: self.retention(),
            ..self.sections.clone()
        })
    }

    /// Where calls that menus declare may go, and with which secrets.
    pub fn calls(&self) -> Result<declared::Options, SecretsError> {
        let usual = &self.sections.calls;
        Ok(declared::Options {
            hosts: or(&self.call_hosts, &usual.hosts),
            private_hosts: or(&self.call_private_hosts, &usual.private_hosts),
            secrets: secrets::read(std::env::vars_os())?,
            ..usual.clone()
        })
    }

    /// How the outbox works.
    pub fn outbox(&self) -> outbox::Options {
        let mut options = self.sections.outbox.clone();
        let rates = self.rates.iter().cloned();
        let rates = rates.map(|given| (given.route, given.rate));
        options.rates.extend(rates);
        options
    }

    /// How long what is old is kept.
    pub fn retention(&self) -> retention::Options {
        let usual = self.sections.retention;
        self.keep_days
            .iter()
            .fold(usual, |options, keep| options.with(*keep))
    }

    /// How many turns phones and gateways may take.
    pub fn limits(&self) -> limits::Options {
        let usual = self.sections.limits;
        let rate =
            |times: Option<NonZeroU32>, seconds| times.map(|times| Rate::of(times.get(), seconds));
        limits::Options {
            phone: rate(self.phone_turns, 60).or(usual.phone),
            gateway: rate(self.gateway_turns, 1).or(usual.gateway),
            ..usual
        }
    }

    /// Who may connect.
    pub fn door(&self) -> door::Options {
        let usual = &self.sections.door;
        door::Options {
            known: or(&self.gateway_addresses, &usual.known),
            ..usual.clone()
        }
    }

    fn redis_options(&self) -> RedisOptions {
        let usual = self.sections.redis.clone();
        RedisOptions {
            ca_file: self.redis_ca_file.clone().or(usual.ca_file),
            ..usual
        }
    }

    fn copies(&self) -> CopiesOptions {
        let usual = self.sections.copies;
        CopiesOptions {
            capacity: self.line_copies.unwrap_or(usual.capacity),
        }
    }

    /// What menus are checked against: which numbers the members of their schemes have.
    pub fn menu_limits(&self) -> catalogue::Limits {
        schemes::limits(&self.schemes)
    }

    /// How long it goes on serving when it is told to end.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds.into())
    }

    /// The addresses of Redis; none for sessions in the process.
    pub fn redis(&self) -> Result<&[String], SettingsError> {
        if self.redis_url.iter().all(|url| is_redis(url)) {
            Ok(&self.redis_url)
        } else {
            Err(SettingsError::Redis)
        }
    }

    /// Where the database is.
    pub fn database(&self) -> Result<Address, SettingsError> {
        Address::parse(&self.database_url).ok_or(SettingsError::Database)
    }

    /// Where the database's keys are.
    pub fn keys(&self) -> Result<KeySource, SettingsError> {
        self.keys_or(std::env::var_os(KEYS))
    }

    fn keys_or(&self, text: Option<OsString>) -> Result<KeySource, SettingsError> {
        match (text, &self.keys_file) {
            (None, Some(file)) => Ok(KeySource::File(KeyFile::at(file))),
            (None, None) => self.usual_keys(),
            (Some(_), Some(_)) => {
                let why = format!("{KEYS} and NYOTA_KEYS_FILE are both set: unset one of them");
                Err(SettingsError::Keys(why))
            }
            (Some(text), None) => {
                let keys = Keys::from_text(KEYS, &text.to_string_lossy());
                let keys = keys.map_err(|error| SettingsError::Keys(error.to_string()))?;
                Ok(KeySource::Given(keys))
            }
        }
    }

    fn usual_keys(&self) -> Result<KeySource, SettingsError> {
        let database = self.database()?;
        let beside = database.file().map(KeySource::beside);
        Ok(beside.unwrap_or_else(|| KeySource::File(KeyFile::at(KEYS_FILE.as_ref()))))
    }
}

/// Whether it is an address of Redis.
pub(super) fn is_redis(url: &str) -> bool {
    let known = ["redis://", "rediss://"];
    let mut known = known.iter();
    known.any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
}

/// What a flag lists, or what is listed elsewhere where it lists nothing.
fn or<T: Clone>(flag: &[T], usual: &[T]) -> Vec<T> {
    let given = if flag.is_empty() { usual } else { flag };
    given.to_vec()
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
        assert_eq!(settings.database().unwrap().to_string(), "data/nyota.db");
        let keys = settings.keys_or(None).unwrap();
        assert_eq!(keys.to_string(), "data/nyota.keys");
    }

    #[test]
    fn the_keys_are_beside_the_file_or_where_they_are_said_to_be() {
        let keys = |arguments: &[&str]| {
            let keys = settings(arguments).keys_or(None).unwrap();
            keys.to_string()
        };
        let file = ["--database-url", "sqlite:/srv/moshi.db"];
        assert_eq!(keys(&file), "/srv/moshi.keys");
        let postgres = ["--database-url", "postgres://db/nyota"];
        assert_eq!(keys(&postgres), "data/nyota.keys");
        let named = [&postgres[..], &["--keys-file", "/etc/nyota.keys"]].concat();
        assert_eq!(keys(&named), "/etc/nyota.keys");
    }

    #[test]
    fn keys_come_from_a_file_or_from_the_environment_and_not_from_both() {
        let hex = "0a".repeat(32);
        let text = format!("nyota keys 2\nindex {hex}\nmade 3\ncurrent 3\nsealing 3 {hex}");
        let keys = settings(&[]).keys_or(Some(text.clone().into())).unwrap();
        assert_eq!(keys.load().unwrap().current(), 3);
        let named = settings(&["--keys-file", "/etc/nyota.keys"]);
        assert!(named.keys_or(Some(text.clone().into())).is_err());
        let damaged = text.replace("made", "mode");
        let refused = settings(&[]).keys_or(Some(damaged.into())).unwrap_err();
        let refused = refused.to_string();
        assert!(
            refused.contains(KEYS) && !refused.contains("0a0a"),
            "{refused}"
        );
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
    fn gateways_addresses_are_single_ones_and_networks() {
        let settings = settings(&["--gateway-addresses", "198.51.100.0/24,2001:db8::7"]);
        let known: Vec<_> = settings.door().known.iter().map(IpNet::to_string).collect();
        assert_eq!(known, ["198.51.100.0/24", "2001:db8::7/128"]);
        let wrong = Line::try_parse_from(["nyota", "--gateway-addresses", "gateway.example"]);
        assert!(wrong.is_err());
    }

    #[test]
    fn without_settings_limits_and_known_addresses_are_the_modules_own() {
        let settings = settings(&[]);
        assert_eq!(settings.limits(), limits::Options::default());
        assert_eq!(settings.door(), door::Options::default());
    }

    #[test]
    fn what_is_named_and_cannot_be_used_is_refused() {
        for url in [
            "mysql://localhost/nyota",
            "sqlite:",
            "postgres://h:port/nyota",
        ] {
            let settings = settings(&["--database-url", url]);
            assert_eq!(settings.check(false), Err(SettingsError::Database), "{url}");
        }
        let redis = settings(&["--redis-url", "localhost:6379"]);
        assert_eq!(redis.check(false), Err(SettingsError::Redis));
        assert_eq!(settings(&[]).check(true), Err(SettingsError::Live));
    }
}
