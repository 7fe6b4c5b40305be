//! A vector of a request that came, as it is written down.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

use super::record::{NotRecorded, Recorded};
use crate::gateway::profile::{
    Channel, Given, Go, Masked, MaskedPart, Profile, Response, SECRET, SettingKind, SettingValue,
};

/// What every recorded page shows: what callers read is theirs.
const PAGE: &str = "Karibu";

pub(super) type Values = Vec<(String, String)>;

/// Names and values, as an object in their order.
#[derive(Default)]
pub(super) struct Pairs(pub(super) Values);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A vector as it is written.
#[derive(Serialize)]
pub(super) struct Written {
    name: String,
    channel: &'static str,
    direction: &'static str,
    note: &'static str,
    config: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) given: Option<GivenBefore>,
    request: Called,
    pub(super) expect: Expected,
}

#[derive(Serialize)]
pub(super) struct GivenBefore {
    pub(super) session: Pairs,
}

#[derive(Serialize)]
pub(super) struct Called {
    method: String,
    path: String,
    query: Pairs,
    headers: Pairs,
    body: String,
}

#[derive(Serialize)]
pub(super) struct Expected {
    pub(super) event: Pairs,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) app: Option<App>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response: Option<Answered>,
}

#[derive(Serialize)]
pub(super) struct App {
    action: &'static str,
    text: &'static str,
}

#[derive(Serialize)]
pub(super) struct Answered {
    status: u16,
    headers: Pairs,
    body: String,
    body_match: &'static str,
}

impl App {
    pub(super) fn of(go: Go) -> Self {
        Self {
            action: go.word(),
            text: PAGE,
        }
    }
}

impl Answered {
    pub(super) fn of(response: Response) -> Self {
        Self {
            status: response.status,
            headers: Pairs(response.headers),
            body: response.body,
            body_match: "exact",
        }
    }
}

impl Written {
    /// The request and its settings; what it means is not known yet.
    pub(super) fn of(
        profile: &Profile,
        given: &Given,
        recorded: &Recorded<'_>,
    ) -> Result<Self, NotRecorded> {
        let Masked {
            method,
            path,
            query,
            headers,
            body,
        } = recorded.request;
        let MaskedPart::Read(query) = query else {
            return Err(NotRecorded::Unread("query"));
        };
        let MaskedPart::Read(body) = body else {
            return Err(NotRecorded::Unread("body"));
        };
        let channel = match recorded.channel {
            Channel::Ussd => "ussd",
            Channel::Sms => "sms",
        };
        let below = if path == "/" { "" } else { path.as_str() };
        Ok(Self {
            name: recorded.name.clone(),
            channel,
            direction: "inbound",
            note: "recorded; phones, texts and screens are not those that were sent",
            config: config(profile, given),
            given: None,
            request: Called {
                method: method.clone(),
                path: format!("/{channel}/{}{below}", profile.name()),
                query: Pairs(query.clone()),
                headers: Pairs(
                    headers
                        .iter()
                        .filter_map(|header| proved(profile, header))
                        .collect(),
                ),
                body: body.clone(),
            },
            expect: Expected {
                event: Pairs(vec![("type".to_owned(), "ignored".to_owned())]),
                app: None,
                response: None,
            },
        })
    }

    pub(super) fn print(&self) -> Result<String, NotRecorded> {
        let printed = serde_json::to_string_pretty(self);
        printed.map_err(|error| NotRecorded::Otherwise(error.to_string()))
    }
}

/// A header with a proof that suits the vector's settings; `None` for one that proves nothing.
fn proved(profile: &Profile, (name, value): &(String, String)) -> Option<(String, String)> {
    let value = if value != SECRET {
        value.clone()
    } else if name == "authorization" && profile.wants_basic() {
        format!("Basic {}", STANDARD.encode(format!("{SECRET}:{SECRET}")))
    } else if profile.signs_by(name) {
        "$SIGNED".to_owned()
    } else {
        return None;
    };
    Some((name.clone(), value))
}

/// Settings that requests are read with, but no secret and nothing that proves a caller.
fn config(profile: &Profile, given: &Given) -> serde_json::Map<String, serde_json::Value> {
    let (used, proofs) = (profile.settings_of_requests(), profile.settings_of_proof());
    let mut config = serde_json::Map::new();
    for setting in profile.settings() {
        let value = given
            .settings
            .iter()
            .find(|(name, _)| *name == setting.name);
        let is_text = matches!(setting.kind, SettingKind::Text | SettingKind::Secret);
        let value = match value {
            _ if is_text && proofs.contains(&setting.name) => SECRET.into(),
            _ if setting.kind == SettingKind::Secret || !used.contains(&setting.name) => continue,
            // Whoever plays it calls from elsewhere.
            _ if setting.name == "addresses" => continue,
            None => continue,
            Some((_, value)) => json(value),
        };
        config.insert(setting.name.clone(), value);
    }
    if let Some(code) = &given.code {
        config
            .entry("service_code")
            .or_insert_with(|| code.to_string().into());
    }
    config
}

fn json(value: &SettingValue) -> serde_json::Value {
    match value {
        SettingValue::Text(text) => text.as_str().into(),
        SettingValue::List(texts) => texts.as_slice().into(),
        SettingValue::Map(pairs) => {
            let members = pairs
                .iter()
                .map(|(name, text)| (name.clone(), text.as_str().into()));
            serde_json::Value::Object(members.collect())
        }
    }
}
