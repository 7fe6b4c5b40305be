//! What declared calls need and this installation does not have.

use std::net::SocketAddr;

use crate::{
    catalogue::{Need, Needed},
    config::Settings,
    effect::declared,
    sandbox::REGISTRY_HOST,
};

/// Where calls may go, the demo's own registry included. Its address is known once it runs.
pub(super) fn calls(settings: &Settings) -> anyhow::Result<declared::Options> {
    let mut calls = settings.calls()?;
    let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
    calls.elsewhere.insert(REGISTRY_HOST.to_owned(), unknown);
    Ok(calls)
}

/// Those of `needs` that `calls` does not have.
pub(super) fn lacking(needs: Vec<Need>, calls: &declared::Options) -> Vec<Need> {
    let lacks = |need: &Need| match &need.what {
        Needed::Host(address) => !calls.allow(address),
        Needed::Secret(name) => !calls.secrets.has(name),
    };
    needs.into_iter().filter(lacks).collect()
}
