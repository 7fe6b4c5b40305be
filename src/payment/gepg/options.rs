use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Dialect,
    keys::Digests,
    message::{Field, Party, Terms},
};

/// How the gateway knows us, and how it is spoken to. The codes are given by its people at
/// registration; what no public source says for sure has a default that samples have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The gateway's address, such as `http://10.0.0.5:8080`, without a path.
    pub address: String,
    /// Which version of its messages is spoken: `v4` or `v5`.
    pub dialect: Dialect,
    /// The service provider's code, such as `SP99999`.
    pub sp_code: String,
    /// In v5 the code of the provider's group; its own where this is empty.
    pub group_code: String,
    /// The code of the provider's part that is paid.
    pub sub_sp_code: String,
    /// The name under which the gateway knows this system.
    pub system_id: String,
    /// The government's revenue code of contributions.
    pub gfs_code: String,
    /// What a bill says it is for.
    pub description: String,
    /// Who makes and approves bills.
    pub made_by: String,
    /// The e-mail address on bills; empty where the gateway takes none.
    pub email: String,
    /// Products whose bills have other codes, by product.
    pub products: BTreeMap<String, Product>,
    /// What v5 wants of a bill and no public source explains.
    pub terms: Terms,
    /// The paths and headers.
    pub wire: Wire,
    /// The keys.
    pub keys: KeyOptions,
}

impl Default for Options {
    /// The demo's: the codes of the sandbox gateway, no address.
    fn default() -> Self {
        Self {
            address: String::new(),
            dialect: Dialect::V4,
            sp_code: "SP99999".to_owned(),
            group_code: String::new(),
            sub_sp_code: "1001".to_owned(),
            system_id: "NYOTA001".to_owned(),
            gfs_code: "140206".to_owned(),
            description: "Health scheme contribution".to_owned(),
            made_by: "nyota".to_owned(),
            email: String::new(),
            products: BTreeMap::new(),
            terms: Terms::default(),
            wire: Wire::default(),
            keys: KeyOptions::default(),
        }
    }
}

/// How the bills of one product differ; what is not given is as for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Product {
    /// The version of messages that its service provider speaks.
    pub dialect: Option<Dialect>,
    /// Its service provider's code.
    pub sp_code: Option<String>,
    /// Its group's code.
    pub group_code: Option<String>,
    /// The code of the part that is paid.
    pub sub_sp_code: Option<String>,
    /// Its revenue code.
    pub gfs_code: Option<String>,
    /// What its bills say they are for.
    pub description: Option<String>,
}

/// Where messages go and what is in their headers. Nothing here is the partner's choice but GePG's, and
/// is a setting only where public sources disagree or are silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wire {
    /// v4's paths.
    pub v4: Paths,
    /// v5's paths.
    pub v5: Paths,
    /// What the header `Gepg-Com` says of a submission and of a reconciliation.
    pub submit_command: String,
    /// The same of a control number that is used again.
    pub reuse_command: String,
    /// The same of a change.
    pub change_command: String,
    /// The same of a cancellation: `changebill.sp.in` with some, `default.sp.in` with others.
    pub cancel_command: String,
    /// The same of a push to pay.
    pub push_command: String,
    /// What the header `Gepg-Alg` says in v5: given at integration.
    pub algorithm: String,
    /// The fields of a v5 push to pay, in their order.
    pub push_fields: Vec<Field>,
    /// For how many seconds an answer is awaited.
    pub answer_seconds: u64,
    /// How many bytes a reconciliation may have.
    pub largest_reconciliation: usize,
}

impl Default for Wire {
    fn default() -> Self {
        let command = "default.sp.in";
        let change = "changebill.sp.in";
        Self {
            v4: Paths::v4(),
            v5: Paths::v5(),
            submit_command: command.to_owned(),
            reuse_command: "reusebill.sp.in".to_owned(),
            change_command: change.to_owned(),
            cancel_command: change.to_owned(),
            push_command: command.to_owned(),
            algorithm: "00S2".to_owned(),
            push_fields: Field::guessed(),
            answer_seconds: 30,
            largest_reconciliation: 64 << 20,
        }
    }
}

/// The paths under the gateway's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Of new bills.
    pub submit: String,
    /// Of bills that have a number again; not sure in v5.
    pub reuse: String,
    /// Of bills that change.
    pub change: String,
    /// Of bills that are cancelled.
    pub cancel: String,
    /// Of a day's payments.
    pub reconcile: String,
    /// Of a push to pay; empty where there is none, as in v4.
    pub push: String,
}

impl Paths {
    fn of(paths: [&str; 6]) -> Self {
        let [submit, reuse, change, cancel, reconcile, push] = paths.map(str::to_owned);
        Self {
            submit,
            reuse,
            change,
            cancel,
            reconcile,
            push,
        }
    }

    /// v4's.
    pub fn v4() -> Self {
        Self::of([
            "/api/bill/sigqrequest",
            "/api/bill/sigqrequest_reuse",
            "/api/bill/sigqrequest_change",
            "/api/bill/sigcancel_request",
            "/api/reconciliations/sig_sp_qrequest",
            "",
        ])
    }

    /// v5's.
    pub fn v5() -> Self {
        Self::of([
            "/api/bill/20/submission",
            "/api/bill/20/submission",
            "/api/bill/20/change-submission",
            "/api/bill/20/cancellation",
            "/api/reconciliation/20/request",
            "/api/bill/20/push",
        ])
    }
}

impl Wire {
    /// The paths of a dialect.
    pub fn paths(&self, dialect: Dialect) -> &Paths {
        match dialect {
            Dialect::V4 => &self.v4,
            Dialect::V5 => &self.v5,
        }
    }

    /// How long an answer is awaited.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.answer_seconds)
    }
}

/// Where keys are, and whose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyOptions {
    /// The file with our private key: PEM or PKCS#12.
    pub own: PathBuf,
    /// The file with its password, where it has one.
    pub own_password: Option<PathBuf>,
    /// The gateway's certificates, of which any may have signed.
    pub gateway: Vec<GatewayKey>,
    /// Over which digest each dialect is signed, for a partner that differs.
    pub digests: Digests,
}

/// One of the gateway's certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayKey {
    /// Its file: PEM, or PKCS#12 that may hold no key.
    pub file: PathBuf,
    /// The file with its password, where it has one.
    pub password: Option<PathBuf>,
    /// It is taken from this moment on, whatever it says itself.
    pub from: Option<DateTime<Utc>>,
    /// It is taken until this moment, whatever it says itself.
    pub until: Option<DateTime<Utc>>,
}

/// Whose bills those of one product are, and how that partner is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Which messages it speaks.
    pub dialect: Dialect,
    /// Its names and codes.
    pub party: Party,
    /// What its bills say they are for.
    pub description: String,
}

impl Options {
    /// The account of a product.
    pub fn account(&self, product: &str) -> Account {
        let own = self.products.get(product).cloned().unwrap_or_default();
        let sp_code = own.sp_code.unwrap_or_else(|| self.sp_code.clone());
        let group_code = own.group_code.unwrap_or_else(|| self.group_code.clone());
        Account {
            dialect: own.dialect.unwrap_or(self.dialect),
            party: Party {
                group_code: if group_code.is_empty() {
                    sp_code.clone()
                } else {
                    group_code
                },
                sp_code,
                sub_sp_code: own.sub_sp_code.unwrap_or_else(|| self.sub_sp_code.clone()),
                system_id: self.system_id.clone(),
                gfs_code: own.gfs_code.unwrap_or_else(|| self.gfs_code.clone()),
                terms: self.terms.clone(),
            },
            description: own.description.unwrap_or_else(|| self.description.clone()),
        }
    }

    /// The account of a service provider: that of the first product whose it is, else the one of all.
    pub fn account_of(&self, sp_code: &str) -> Account {
        let product = self
            .products
            .iter()
            .find(|(_, product)| product.sp_code.as_deref() == Some(sp_code));
        self.account(product.map_or("", |(name, _)| name))
    }

    /// Every service provider whose bills these are, each once.
    pub fn sp_codes(&self) -> Vec<String> {
        let mut codes = vec![self.sp_code.clone()];
        for code in self.products.values().filter_map(|own| own.sp_code.clone()) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_the_codes_of_all_but_those_that_it_has_itself() {
        let mut options = Options::default();
        let own = Product {
            sp_code: Some("SP88888".to_owned()),
            dialect: Some(Dialect::V5),
            ..Product::default()
        };
        options.products.insert("TIKA".to_owned(), own);
        let tika = options.account("TIKA");
        assert_eq!(tika.party.sp_code, "SP88888");
        assert_eq!(tika.party.group_code, "SP88888");
        assert_eq!(tika.party.gfs_code, "140206");
        assert_eq!(tika.dialect, Dialect::V5);
        assert_eq!(options.account("CHF").party.sp_code, "SP99999");
        assert_eq!(options.account_of("SP88888"), tika);
        assert_eq!(options.account_of("SP99999"), options.account("CHF"));
        assert_eq!(options.sp_codes(), ["SP99999", "SP88888"]);
    }
}
