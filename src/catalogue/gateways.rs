use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
};

use ipnet::IpNet;
use sha2::{Digest as _, Sha256};

use super::{Catalogue, Edition};
use crate::{
    gateway::profile::{Account, Agreed, Given, SettingError, SettingValue},
    model::ServiceCode,
};

/// One contract with an aggregator: what the operator says of it. The profile says all else.
#[derive(Clone, Debug, Default)]
pub struct Contract {
    /// Its name: its addresses are `/ussd/NAME` and `/sms/NAME`.
    pub name: String,
    /// By which profile it speaks.
    pub profile: String,
    /// What the profile asks for.
    pub settings: Vec<(String, SettingValue)>,
    /// The service code, where the aggregator never tells it.
    pub code: Option<ServiceCode>,
    /// The sender that its SMS show.
    pub sender: Option<String>,
    /// Where its requests come from; empty for anywhere.
    pub addresses: Vec<IpNet>,
    /// The last part of its addresses, which only the aggregator knows.
    pub secret: Option<AddressSecret>,
    /// What counts in place of what the profile says.
    pub agreed: Agreed,
}

impl Contract {
    /// Whether SMS go out by it, and the aggregator refuses those without the sender that it does not tell.
    pub fn lacks_sender(&self, account: &Account) -> bool {
        self.sender.is_none() && account.needs_sender()
    }

    /// Whether a request may come from there.
    pub fn lets(&self, peer: Option<IpAddr>) -> bool {
        let listed = |peer: IpAddr| self.addresses.iter().any(|network| network.contains(&peer));
        self.addresses.is_empty() || peer.is_some_and(listed)
    }
}

/// A part of an address that only the aggregator knows.
#[derive(Clone, PartialEq, Eq)]
pub struct AddressSecret {
    text: String,
    hash: [u8; 32],
}

impl AddressSecret {
    /// This one.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            hash: Sha256::digest(text).into(),
        }
    }

    /// Whether it is that: two hashes compare in a time that tells nothing.
    pub fn is(&self, told: &str) -> bool {
        <[u8; 32]>::from(Sha256::digest(told)) == self.hash
    }

    /// As it stands in the addresses that the aggregator is given.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Debug for AddressSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressSecret")
    }
}

/// A gateway as it is served.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// How it speaks.
    pub account: Arc<Account>,
    /// What the operator says of it.
    pub contract: Arc<Contract>,
}

/// What gateways are made of besides their profiles.
#[derive(Clone, Default)]
pub struct GatewayOptions {
    /// The contracts. A profile whose settings all have defaults is served under its own name, too.
    pub contracts: Vec<Contract>,
    /// Our public address, without a slash at its end.
    pub public: String,
    /// Signs what comes back to us.
    pub key: [u8; 32],
}

impl std::fmt::Debug for GatewayOptions {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.contracts.iter().map(|contract| &contract.name);
        f.debug_list().entries(names).finish()
    }
}

/// Why a contract is not served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unserved {
    /// There is no such profile.
    #[error("the gateway {name} has the profile `{profile}`, and there is no such file{nearest}")]
    NoProfile {
        /// The contract.
        name: String,
        /// Its profile.
        profile: String,
        /// `, did you mean …?` or nothing.
        nearest: String,
    },
    /// Its aggregator refuses an SMS without a sender.
    #[error(
        "the gateway {name} sends SMS, and its aggregator refuses those without a sender: add `sender:` to it"
    )]
    NoSender {
        /// The contract.
        name: String,
    },
    /// Its settings are not what the profile asks for.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

/// The gateways of the profiles that are current.
#[derive(Debug)]
pub struct Gateways {
    catalogue: Arc<Catalogue>,
    options: GatewayOptions,
    built: RwLock<Arc<Built>>,
}

/// The gateways of one edition.
#[derive(Debug, Default)]
struct Built {
    edition: String,
    gateways: BTreeMap<String, Gateway>,
}

impl Gateways {
    /// Those of the catalogue's profiles, or every contract that cannot be served.
    pub fn new(catalogue: Arc<Catalogue>, options: GatewayOptions) -> Result<Self, Vec<Unserved>> {
        let edition = catalogue.current();
        let (gateways, unserved) = build(&edition, &options);
        if !unserved.is_empty() {
            return Err(unserved);
        }
        let built = Built {
            edition: edition.name.clone(),
            gateways,
        };
        Ok(Self {
            catalogue,
            options,
            built: RwLock::new(Arc::new(built)),
        })
    }

    /// The gateway of that name.
    pub fn get(&self, name: &str) -> Option<Gateway> {
        self.now().gateways.get(name).cloned()
    }

    /// All of them, in order of their names.
    pub fn all(&self) -> Vec<Gateway> {
        self.now().gateways.values().cloned().collect()
    }

    /// Those of the current edition. A contract that a newly published profile does not suit goes on
    /// with the profile it had.
    fn now(&self) -> Arc<Built> {
        let edition = self.catalogue.current();
        let built = Arc::clone(&self.built.read().unwrap_or_else(PoisonError::into_inner));
        if built.edition == edition.name {
            return built;
        }
        let (mut gateways, unserved) = build(&edition, &self.options);
        for (name, gateway) in &built.gateways {
            let is_ours = |contract: &Contract| contract.name == *name;
            if self.options.contracts.iter().any(is_ours) {
                gateways
                    .entry(name.clone())
                    .or_insert_with(|| gateway.clone());
            }
        }
        for why in unserved {
            tracing::error!(%why, "a gateway goes on with the profile it had: {why}");
        }
        let built = Arc::new(Built {
            edition: edition.name.clone(),
            gateways,
        });
        *self.built.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&built);
        built
    }
}

fn build(
    edition: &Edition,
    options: &GatewayOptions,
) -> (BTreeMap<String, Gateway>, Vec<Unserved>) {
    let mut gateways = BTreeMap::new();
    let mut unserved = Vec::new();
    for contract in &options.contracts {
        match gateway(edition, options, contract.clone()) {
            Ok(gateway) if contract.lacks_sender(&gateway.account) => {
                let name = contract.name.clone();
                unserved.push(Unserved::NoSender { name });
            }
            Ok(gateway) => drop(gateways.insert(contract.name.clone(), gateway)),
            Err(why) => unserved.extend(why),
        }
    }
    for profile in edition.profiles() {
        let contract = Contract {
            name: profile.name().to_owned(),
            profile: profile.name().to_owned(),
            ..Contract::default()
        };
        if !gateways.contains_key(profile.name())
            && let Ok(gateway) = gateway(edition, options, contract)
        {
            gateways.insert(profile.name().to_owned(), gateway);
        }
    }
    (gateways, unserved)
}

fn gateway(
    edition: &Edition,
    options: &GatewayOptions,
    contract: Contract,
) -> Result<Gateway, Vec<Unserved>> {
    let Some(profile) = edition.profile(&contract.profile) else {
        let names = edition.profiles().map(|profile| profile.name());
        let nearest = crate::model::source::nearest(&contract.profile, names);
        return Err(vec![Unserved::NoProfile {
            nearest: nearest.map_or_else(String::new, |name| format!(", did you mean {name}?")),
            name: contract.name,
            profile: contract.profile,
        }]);
    };
    let given = Given {
        name: contract.name.clone(),
        settings: contract.settings.clone(),
        public: options.public.clone(),
        key: options.key,
        code: contract.code.clone(),
        secret: contract
            .secret
            .as_ref()
            .map(|secret| secret.text().to_owned()),
        agreed: contract.agreed,
    };
    let account = Account::new(profile, given);
    let account = account.map_err(|errors| {
        errors
            .into_iter()
            .map(Unserved::Setting)
            .collect::<Vec<_>>()
    })?;
    Ok(Gateway {
        account: Arc::new(account),
        contract: Arc::new(contract),
    })
}
