//! Which addresses a call may reach: those that anyone may, and those of hosts listed as private.
//!
//! It looks at what a name resolves to, so that a name which leads inside gains nothing.

use std::{
    collections::BTreeSet,
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

/// What may be reached.
#[derive(Clone, Debug)]
pub enum Reach {
    /// What anyone may reach, and these hosts although their addresses are private: where the address
    /// comes from a file that an author writes.
    Public(BTreeSet<String>),
    /// Everything: where the operator sets the address.
    Everything,
}

/// Resolves names, and gives only addresses that may be reached.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    reach: Arc<Reach>,
}

/// A name that leads to no address that may be reached.
#[derive(Debug, thiserror::Error)]
#[error("the host leads to a private address")]
pub(super) struct Refused;

impl Guard {
    pub(super) fn new(reach: Reach) -> Self {
        Self {
            reach: Arc::new(reach),
        }
    }

    /// Whether a host's addresses may be private.
    fn is_listed(&self, host: &str) -> bool {
        match &*self.reach {
            Reach::Public(private) => private.contains(host),
            Reach::Everything => true,
        }
    }

    /// Whether a host may be reached as far as its name tells: an address is never resolved.
    pub(super) fn lets(&self, host: &str) -> bool {
        let address = host.parse::<IpAddr>().ok();
        self.is_listed(host) || address.is_none_or(is_public)
    }

    async fn resolve(self, name: String) -> io::Result<std::vec::IntoIter<SocketAddr>> {
        let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
        let private = self.is_listed(&name);
        // All of them: a name with one private address is meant for inside.
        let found: Vec<SocketAddr> = found.collect();
        if private || found.iter().all(|address| is_public(address.ip())) {
            Ok(found.into_iter())
        } else {
            Err(io::Error::new(io::ErrorKind::PermissionDenied, Refused))
        }
    }
}

impl Service<Name> for Guard {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(self.clone().resolve(name.as_str().to_ascii_lowercase()))
    }
}

/// Whether an address is one that anyone may reach (the IANA registries of special addresses).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    // In the order of their numbers: this network, private, shared by carriers, loopback, link-local,
    // private, protocols, documentation, 6to4 relays, private, benchmarks, documentation twice, and from
    // 224 on multicast and reserved.
    !matches!(
        (first, second, third),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // IPv4 in other clothes: mapped, and through NAT64.
    if let Some(inner) = address.to_ipv4_mapped().or_else(|| through_nat64(address)) {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    match (first, second) {
        // Protocols and Teredo, documentation, 6to4, documentation.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff) => false,
        // Only 2000::/3 is given out; all else is loopback, local, multicast or nobody's.
        _ => first & 0xe000 == 0x2000,
    }
}

/// The address behind `64:ff9b::/96`.
fn through_nat64(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = address.to_bits();
    let inner = u32::try_from(bits & u128::from(u32::MAX)).ok()?;
    (bits >> 32 == 0x0064_ff9b << 64).then(|| Ipv4Addr::from_bits(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_is_told_from_outside() {
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "100::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "223.255.255.254",
            "2606:4700::1111",
            "2a00::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_unless_it_is_listed_as_private() {
        let open = Guard::new(Reach::Public(BTreeSet::new()));
        let refused = open.clone().resolve("localhost".to_owned()).await;
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        // The resolver of the system reads this as 127.0.0.1.
        assert!(open.clone().resolve("2130706433".to_owned()).await.is_err());
        assert!(!open.lets("127.0.0.1") && !open.lets("::1") && open.lets("localhost"));
        let listed = Guard::new(Reach::Public(BTreeSet::from([
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
        ])));
        assert!(listed.clone().resolve("localhost".to_owned()).await.is_ok());
        assert!(listed.lets("127.0.0.1"));
    }
}
