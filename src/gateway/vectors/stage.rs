//! What a vector is played on: an account with its settings, and the aggregator's addresses as ours.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::vector::{Pairs, Vector, Wire};
use crate::{
    gateway::profile::{Account, Channel, Given, Profile, SettingError, SettingValue},
    model::ServiceCode,
};

/// Our address in every vector.
pub(super) const PUBLIC: &str = "https://host";

/// The account of a vector: its settings as far as the profile has them, and what stands in for those it lacks.
pub(super) fn account(
    profile: &Arc<Profile>,
    vector: &Vector,
) -> Result<Account, Vec<SettingError>> {
    let settings = profile.settings().iter().filter_map(|setting| {
        let mut config = vector.config.iter();
        let given = config.find(|(name, _)| *name == setting.name);
        let value = match given {
            Some((_, value)) => Some(value.clone()),
            None if setting.default.is_none() => Some(setting.stand_in()),
            None => None,
        };
        Some((setting.name.clone(), value?))
    });
    Account::new(
        Arc::clone(profile),
        Given {
            name: profile.name().to_owned(),
            settings: settings.collect(),
            public: PUBLIC.to_owned(),
            key: [7; 32],
            code: code(profile, vector),
            ..Given::default()
        },
    )
}

/// The code that is dialled, of a profile that does not take it for a setting of its own.
fn code(profile: &Profile, vector: &Vector) -> Option<ServiceCode> {
    let is_setting = |name: &str| profile.settings().iter().any(|known| known.name == name);
    let mut config = vector.config.iter();
    let found = config.find(|(name, _)| name == "service_code" && !is_setting(name));
    match found {
        Some((_, SettingValue::Text(code))) => {
            let parts = code.trim_start_matches('*').trim_end_matches('#');
            ServiceCode::parse(&format!("*{parts}#")).ok()
        }
        Some((_, SettingValue::Map(_) | SettingValue::List(_))) | None => None,
    }
}

/// Our address below the gateway's own for the aggregator's: `/` for `/ussd/NAME`.
pub(super) fn below(profile: &Profile, channel: Channel, path: &str) -> String {
    let routes = profile.routes(channel);
    let is_ours = |path: &str| routes.iter().any(|route| route.is_at(path));
    let own = match channel {
        Channel::Ussd => "/ussd/",
        Channel::Sms => "/sms/",
    };
    let rest = path.strip_prefix(own).map(|rest| {
        let rest = rest.split_once('/').map_or("", |(_, rest)| rest);
        format!("/{rest}")
    });
    let rest = rest.unwrap_or_else(|| path.to_owned());
    let known_as = match rest.as_str() {
        "/dlr" => "/receipt",
        "/in" => "/inbound",
        other => other,
    };
    let only = match routes {
        [only] => only.written.as_str(),
        _ => "/",
    };
    let candidates = [rest.as_str(), known_as, "/", only];
    let found = candidates.into_iter().find(|path| is_ours(path));
    found.unwrap_or(&rest).to_owned()
}

/// The whole address that the aggregator called.
pub(super) fn address(wire: &Wire) -> String {
    let query = encoded(&wire.query);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{PUBLIC}{}{mark}{query}", wire.path)
}

/// A query as it is sent.
pub(super) fn encoded(pairs: &Pairs) -> String {
    let escape = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = pairs.iter();
    let written = pairs.map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    written.collect::<Vec<_>>().join("&")
}

/// All that a request says, decoded, for what an answer may repeat of it.
pub(super) fn said(wire: &Wire) -> String {
    let query = wire.query.iter().map(|(_, value)| value.as_str());
    let headers = wire.headers.iter().map(|(_, value)| value.as_str());
    let form = super::compare::form(&wire.body);
    let form = form.iter().map(|(_, value)| value.as_str());
    let all = query.chain(headers).chain(form);
    let all = all.chain([wire.path.as_str(), wire.body.as_str()]);
    all.collect::<Vec<_>>().join("\n")
}
