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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::{self, Limits},
        model::source::Source,
    };

    const CALLS: &str = "calls:
  desk.hours:
    get: \"http://desk.example/hours\"
    headers: {Authorization: \"Bearer {secret.desk}\"}
    outcomes: {open: {status: 200}}
";

    fn sources() -> [Source; 2] {
        let root = include_str!("../../tests/menus/registry/registry.yaml");
        let (head, _) = root.split_once("screens:").unwrap_or_default();
        let root = format!(
            "{head}screens: {{code: {{call: desk.hours, on: {{open: bye, down: bye}}}}, bye: {{end: Kwaheri}}}}"
        );
        [("calls", CALLS.to_owned()), ("registry", root)].map(|(name, text)| Source {
            name: format!("menus/registry/{name}.yaml"),
            text,
        })
    }

    #[test]
    fn a_host_that_is_not_allowed_and_a_secret_that_is_not_set_are_warned_of() {
        let sources = sources();
        let needs = catalogue::compile(&sources, &Limits::default()).needs;
        let told = lacking(needs.clone(), &declared::Options::default());
        let told: Vec<String> = told
            .iter()
            .map(|need| need.report().print(&sources))
            .collect();
        assert_eq!(told.len(), 2);
        let host = "C010 warning: `desk.hours` goes to desk.example, which is not allowed
   --> menus/registry/calls.yaml:3:10\n";
        assert!(told[0].starts_with(host), "{}", told[0]);
        let secret = "C011 warning: `desk.hours` needs the secret `desk`, which is not set
   --> menus/registry/calls.yaml:4:38\n";
        assert!(told[1].starts_with(secret), "{}", told[1]);
        let mut allowed = declared::Options {
            hosts: vec!["desk.example".parse().unwrap()],
            ..declared::Options::default()
        };
        allowed.secrets.add("desk", "t0ken").unwrap();
        assert!(lacking(needs, &allowed).is_empty());
    }
}
