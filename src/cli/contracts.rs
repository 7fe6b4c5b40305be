//! The gateways of the settings, as they are served.

use std::net::SocketAddr;

use anyhow::bail;

use crate::{
    catalogue::{AddressSecret, Contract, GatewayOptions, Unserved},
    config::{GatewaySettings, Given, Settings, SmsRoute},
    gateway::profile::{Agreed, SettingValue},
    store::Sealer,
};

/// What the operator says of gateways.
#[derive(Clone, Debug, Default)]
pub struct Contracts {
    /// The contracts.
    pub contracts: Vec<Contract>,
    /// By which gateway SMS go.
    pub routes: Vec<SmsRoute>,
    /// The address that aggregators know us by; where we listen, if it is not said.
    pub public: Option<String>,
}

impl Contracts {
    /// As the settings say.
    pub(super) fn of(settings: &Settings) -> Self {
        let contracts = settings.gateway_settings.iter();
        Self {
            contracts: contracts.map(|(name, of)| contract(name, of)).collect(),
            routes: settings.sms_routes.clone(),
            public: settings.public_address.clone(),
        }
    }

    /// What gateways are made of, where we listen at `address`.
    pub(super) fn options(&self, address: SocketAddr, sealer: &Sealer) -> GatewayOptions {
        let mut key = [0; 32];
        for (half, part) in key.chunks_exact_mut(16).zip([b"1", b"2"]) {
            half.copy_from_slice(&sealer.mac("gateway.state", &[part]));
        }
        GatewayOptions {
            contracts: self.contracts.clone(),
            public: self
                .public
                .clone()
                .unwrap_or_else(|| format!("http://{address}")),
            key,
        }
    }
}

fn contract(name: &str, of: &GatewaySettings) -> Contract {
    let text = |secret: &crate::config::Secret| secret.expose().to_owned();
    let settings = of.settings.iter().map(|(name, setting)| {
        let value = match &setting.value {
            Given::Text(value) => SettingValue::Text(text(value)),
            Given::List(items) => SettingValue::List(items.iter().map(text).collect()),
            Given::Map(members) => {
                let members = members.iter();
                SettingValue::Map(
                    members
                        .map(|(key, value)| (key.clone(), text(value)))
                        .collect(),
                )
            }
        };
        (name.clone(), value)
    });
    Contract {
        name: name.to_owned(),
        profile: of.profile.clone(),
        settings: settings.collect(),
        code: of.code.clone(),
        sender: of.sender.clone(),
        addresses: of.addresses.clone(),
        secret: of
            .secret
            .as_ref()
            .map(|secret| AddressSecret::new(secret.expose())),
        agreed: Agreed {
            deadline: of.deadline,
            page: of.page,
        },
    }
}

/// Every contract that cannot be served, in one error.
pub(super) fn served<T>(built: Result<T, Vec<Unserved>>) -> anyhow::Result<T> {
    match built {
        Ok(built) => Ok(built),
        Err(unserved) => {
            let sentences: Vec<_> = unserved.iter().map(ToString::to_string).collect();
            bail!(
                "the gateways of the settings cannot be served:\n  {}",
                sentences.join("\n  ")
            )
        }
    }
}
