use super::{Chain, Template};

/// How a request proves that it comes from the aggregator. All of it must hold; empty proves nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct CallerProof {
    /// Values that a request bears, compared in constant time.
    pub(in crate::gateway) fields: Vec<(Chain, Template)>,
    /// User and password of basic authentication.
    pub(in crate::gateway) basic: Option<(Template, Template)>,
    /// Twilio's signature, with this key.
    pub(in crate::gateway) twilio: Option<Template>,
    /// Addresses and networks it calls from (`10.0.0.0/8`); the list of a setting.
    pub(in crate::gateway) addresses: Option<Addresses>,
}

/// Addresses that a request may come from.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Addresses {
    /// As the profile says.
    These(Vec<ipnet::IpNet>),
    /// As a setting of kind [`SettingKind::List`](super::SettingKind::List) says; an empty list lets all in.
    Setting(String),
}
