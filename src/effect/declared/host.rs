use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A host that calls may go to, as the configuration lists it: `registry.example`, or with a port
/// `registry.example:8443`. Without a port it stands for the usual ones, 80 and 443.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline)]
pub struct CallHost {
    name: String,
    port: Option<u16>,
}

/// What is listed is no host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no host: write it as registry.example or registry.example:8443, without http://")]
pub struct ParseCallHostError(String);

impl CallHost {
    /// The name or address, in small letters; an IPv6 address without its brackets.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it stands for this host and port.
    pub fn is_of(&self, name: &str, port: u16) -> bool {
        let fits = match self.port {
            Some(own) => own == port,
            None => matches!(port, 80 | 443),
        };
        self.name == name && fits
    }
}

impl FromStr for CallHost {
    type Err = ParseCallHostError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseCallHostError(text.to_owned());
        let (name, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (name, after) = rest.split_once(']').ok_or_else(wrong)?;
                let is_one = name.parse::<std::net::Ipv6Addr>().is_ok();
                let port = after.strip_prefix(':');
                if !is_one || (port.is_none() && !after.is_empty()) {
                    return Err(wrong());
                }
                (name, port)
            }
            None => match text.split_once(':') {
                Some((name, port)) => (name, Some(port)),
                None => (text, None),
            },
        };
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':');
        if name.is_empty() || !name.bytes().all(fits) {
            return Err(wrong());
        }
        let port = port.map(str::parse).transpose().map_err(|_| wrong())?;
        Ok(Self {
            name: name.to_ascii_lowercase(),
            port,
        })
    }
}

impl TryFrom<String> for CallHost {
    type Error = ParseCallHostError;

    fn try_from(text: String) -> Result<Self, ParseCallHostError> {
        text.parse()
    }
}

impl From<CallHost> for String {
    fn from(host: CallHost) -> Self {
        host.to_string()
    }
}

impl fmt::Display for CallHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_without_a_port_stands_for_the_usual_ones() {
        let host: CallHost = "Registry.example".parse().unwrap();
        assert!(host.is_of("registry.example", 443) && host.is_of("registry.example", 80));
        assert!(!host.is_of("registry.example", 8443) && !host.is_of("example", 443));
        let host: CallHost = "[::1]:8443".parse().unwrap();
        assert!(host.is_of("::1", 8443) && !host.is_of("::1", 443));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "http://a.example",
            "a.example/",
            "a:b",
            "a:99999",
            "[::1",
            "[x]",
            "a b",
        ] {
            assert!(text.parse::<CallHost>().is_err(), "{text}");
        }
    }
}
