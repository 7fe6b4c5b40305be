use std::sync::Arc;

use ipnet::IpNet;
use tokio::sync::Notify;

use super::{Deliveries, Limits, Metrics, Requests, serve::Closing};
use crate::{
    catalogue::{Catalogue, Gateways},
    payment::gepg,
    sandbox,
    sms::Inbox,
    store::Store,
    turn::Turns,
};

/// Everything that a request may need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// The current menus.
    pub catalogue: Arc<Catalogue>,
    /// The gateways.
    pub gateways: Arc<Gateways>,
    /// Proxies that are believed about who calls.
    pub proxies: Arc<[IpNet]>,
    /// Gives screens to gateways that do not read them in our answers.
    pub deliveries: Deliveries,
    /// Keeps receipts, and SMS that come.
    pub inbox: Inbox,
    /// Takes the turns.
    pub turns: Arc<Turns>,
    /// Receives what GePG sends.
    pub gepg: Arc<gepg::Inbox>,
    /// Asked whether it is there, and for the SMS of the demo's phones.
    pub store: Arc<dyn Store>,
    /// How many turns phones and gateways may take.
    pub limits: Arc<Limits>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// When the process goes, so that streams end.
    pub closing: Closing,
    /// What only the demo has; with it come the simulator and its refusals.
    pub demo: Option<Demo>,
}

/// What only the demo has.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The payment gateway that takes the phones' money.
    pub gateway: Arc<sandbox::Gateway>,
    /// Notified when a phone got an SMS.
    pub delivered: Arc<Notify>,
    /// The last requests of each gateway.
    pub requests: Arc<Requests>,
}
