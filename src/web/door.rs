//! Who may connect, and how often: so that one address that floods us takes no place of another's,
//! and all strangers together none of the aggregators'.
//!
//! 1. `Door::admit` looks at the address of a connection before anything of it is read.
//! 2. The `Guest` that it gives holds the connection's place until it is dropped.
//!
//! All callers of an aggregator come from a few addresses, so those of [`Options::known`] are counted
//! by nothing but the places that there are.
//!
//! Left out: who speaks behind a proxy. A proxy is a known address, and what it forwards is its own to
//! limit; nothing here reads `X-Forwarded-For`, which anyone can write.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use prometheus_client::metrics::gauge::Gauge;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Metrics, bucket::Buckets, seldom::Seldom};
use crate::model::Rate;

/// How many connections there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Whose connections are not counted by address: aggregators, payment gateways, proxies. Single
    /// addresses and networks: `[198.51.100.0/24, 203.0.113.7]`.
    #[serde(deserialize_with = "networks")]
    #[schemars(with = "Vec<String>")]
    pub known: Vec<IpNet>,
    /// Places for all together. Each costs a file of the system and, at worst, 32 KiB.
    #[schemars(range(min = 1))]
    pub places: usize,
    /// Of these, places that only known addresses get.
    pub reserved: usize,
    /// Connections of one other address at one time; of IPv6, of one network of /64.
    #[schemars(range(min = 1))]
    pub per_address: usize,
    /// New connections of one other address.
    pub new_per_address: Rate,
}

impl Default for Options {
    /// Only this machine is known.
    fn default() -> Self {
        Self {
            known: loopback(),
            places: 4096,
            reserved: 1024,
            per_address: 64,
            new_per_address: Rate::of(300, 60),
        }
    }
}

/// A network, or one address. The error is a sentence.
pub fn parse_network(text: &str) -> Result<IpNet, String> {
    let alone = text.parse::<IpAddr>().map(IpNet::from);
    alone
        .or_else(|_| text.parse())
        .map_err(|_| format!("{text:?} is no address and no network such as 198.51.100.0/24"))
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let networks = texts.iter().map(|text| parse_network(text));
    networks.collect::<Result<_, _>>().map_err(D::Error::custom)
}

/// The addresses of this machine itself.
pub fn loopback() -> Vec<IpNet> {
    let v4 = Ipv4Net::new_assert(std::net::Ipv4Addr::new(127, 0, 0, 0), 8);
    let v6 = Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128);
    vec![v4.into(), v6.into()]
}

/// Other addresses that are remembered for how often they come.
const ADDRESSES: usize = 100_000;

/// Why a connection is closed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turned {
    /// Its address opens connections too often.
    Often,
    /// Its address has all that it may have.
    Many,
    /// There is no place.
    Full,
}

/// Lets connections in.
#[derive(Debug)]
pub struct Door {
    options: Options,
    places: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    arrivals: Buckets,
    strangers: Strangers,
    metrics: Arc<Metrics>,
    told: Seldom,
}

/// How many connections each other address has. As many entries as connections at most.
#[derive(Clone, Debug, Default)]
struct Strangers(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection that was let in.
#[derive(Debug)]
pub(super) struct Guest {
    _place: OwnedSemaphorePermit,
    _stranger: Option<Stranger>,
    open: Gauge,
}

/// One of the connections of an address.
#[derive(Debug)]
struct Stranger {
    address: IpAddr,
    among: Strangers,
}

impl Door {
    /// An open one, whose refusals are counted in `metrics`.
    pub fn new(options: Options, metrics: Arc<Metrics>) -> Self {
        // However few places there are, half of them are for everybody.
        let reserved = options.reserved.min(options.places / 2);
        let free = options.places - reserved;
        Self {
            places: Arc::new(Semaphore::new(free)),
            reserved: Arc::new(Semaphore::new(reserved)),
            arrivals: Buckets::new(options.new_per_address, ADDRESSES),
            strangers: Strangers::default(),
            metrics,
            told: Seldom::default(),
            options,
        }
    }

    /// A place for a connection from `address`, or why there is none; that is counted, and logged
    /// once a minute.
    pub(super) fn admit(&self, address: IpAddr) -> Result<Guest, Turned> {
        let admitted = self.place(address);
        if let Err(turned) = admitted {
            self.metrics.turned_away(turned);
            if let Some(connections) = self.told.due() {
                tracing::warn!(%address, connections, why = ?turned, "{connections} connections were closed at once since this was last told, the latest from {address}: if a gateway or a proxy is there, add it to NYOTA_GATEWAY_ADDRESSES");
            }
        }
        admitted
    }

    /// Forgets addresses that are as good as new.
    pub(super) fn sweep(&self) {
        self.arrivals.sweep();
    }

    /// How many connections there are.
    pub(super) fn guests(&self) -> usize {
        let free = self.places.available_permits() + self.reserved.available_permits();
        self.options.places.saturating_sub(free)
    }

    fn place(&self, address: IpAddr) -> Result<Guest, Turned> {
        let address = address.to_canonical();
        if self.options.known.iter().any(|net| net.contains(&address)) {
            let place = free(&self.reserved).or_else(|_| free(&self.places));
            return Ok(self.guest(place?, None));
        }
        let address = network(address);
        if !self.arrivals.take(address) {
            return Err(Turned::Often);
        }
        let stranger = self.strangers.enter(address, self.options.per_address)?;
        let place = free(&self.places)?;
        Ok(self.guest(place, Some(stranger)))
    }

    fn guest(&self, place: OwnedSemaphorePermit, stranger: Option<Stranger>) -> Guest {
        let open = self.metrics.connections();
        open.inc();
        Guest {
            _place: place,
            _stranger: stranger,
            open,
        }
    }
}

fn free(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Turned> {
    let place = Arc::clone(places).try_acquire_owned();
    place.map_err(|_| Turned::Full)
}

/// An address as it is counted: who has one of IPv6 has a whole network of /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).into(),
    }
}

impl Strangers {
    fn enter(&self, address: IpAddr, most: usize) -> Result<Stranger, Turned> {
        let mut there = self.there();
        let connections = there.entry(address).or_default();
        if *connections >= most {
            return Err(Turned::Many);
        }
        *connections += 1;
        drop(there);
        Ok(Stranger {
            address,
            among: self.clone(),
        })
    }

    fn there(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut there = self.among.there();
        if let Some(connections) = there.get_mut(&self.address) {
            *connections -= 1;
            if *connections == 0 {
                there.remove(&self.address);
            }
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.open.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(options: Options) -> Door {
        Door::new(options, Arc::default())
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn admitted(door: &Door, from: &str, connections: usize) -> (Vec<Guest>, Vec<Turned>) {
        let tried = (0..connections).map(|_| door.admit(address(from)));
        let (guests, turned): (Vec<_>, Vec<_>) = tried.partition(Result::is_ok);
        let turned = turned.into_iter().filter_map(Result::err).collect();
        (guests.into_iter().flatten().collect(), turned)
    }

    #[test]
    fn an_address_has_so_many_connections_and_another_its_own() {
        let door = door(Options {
            per_address: 3,
            ..Options::default()
        });
        let (guests, turned) = admitted(&door, "192.0.2.1", 5);
        assert_eq!((guests.len(), turned), (3, vec![Turned::Many; 2]));
        assert_eq!(admitted(&door, "192.0.2.2", 1).0.len(), 1);
        drop(guests);
        assert_eq!(admitted(&door, "192.0.2.1", 1).0.len(), 1);
        assert_eq!(door.strangers.there().len(), 0, "who left is forgotten");
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let door = door(Options {
            per_address: 1,
            ..Options::default()
        });
        let _guest = door.admit(address("2001:db8::1")).unwrap();
        let same = door.admit(address("2001:db8:0:0:ffff::9"));
        assert_eq!(same.err(), Some(Turned::Many));
        assert!(door.admit(address("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn who_opens_connections_too_often_is_turned_away_though_it_closes_them() {
        let door = door(Options {
            new_per_address: Rate::of(10, 3600),
            ..Options::default()
        });
        for _ in 0..10 {
            assert!(door.admit(address("192.0.2.1")).is_ok());
        }
        let eleventh = door.admit(address("192.0.2.1"));
        assert_eq!(eleventh.err(), Some(Turned::Often));
        assert!(door.admit(address("127.0.0.1")).is_ok());
    }

    #[test]
    fn strangers_leave_the_reserved_places_to_those_who_are_known() {
        let door = door(Options {
            known: vec!["198.51.100.0/24".parse().unwrap()],
            places: 5,
            reserved: 2,
            ..Options::default()
        });
        let (strangers, turned) = admitted(&door, "192.0.2.1", 4);
        assert_eq!((strangers.len(), turned), (3, vec![Turned::Full]));
        let (known, turned) = admitted(&door, "::ffff:198.51.100.7", 3);
        assert_eq!((known.len(), turned), (2, vec![Turned::Full]));
        assert_eq!(door.guests(), 5);
        drop(strangers);
        assert_eq!(admitted(&door, "198.51.100.7", 4).0.len(), 3);
    }
}
