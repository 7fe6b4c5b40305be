use std::{fmt::Write as _, sync::Arc, time::Duration};

use super::{account, answers, curl, example, fields};
use crate::{
    gateway::profile::{
        Account, Addresses, BodyKind, Channel, Class, Given, Profile, Route, SettingError,
        SettingValue,
    },
    model::ServiceCode,
};

/// What the operator says of a contract, and what examples are made of.
#[derive(Clone, Debug)]
pub struct Handed<'a> {
    /// The contract.
    pub given: &'a Given,
    /// Whether its addresses end in a secret.
    pub secret: bool,
    /// Where its requests must come from; empty for anywhere.
    pub networks: &'a [String],
    /// What callers dial.
    pub code: &'a ServiceCode,
    /// Requests that were written down.
    pub examples: &'a [Example],
}

/// A request of an aggregator's, as it was written down: invented, with invented secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Which address it calls.
    pub channel: Channel,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path below the gateway's own address.
    pub path: String,
    /// Encoded; empty for none.
    pub query: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Empty for none.
    pub body: String,
    /// What its account is given.
    pub settings: Vec<(String, SettingValue)>,
}

impl Profile {
    /// The page for the aggregator's engineer, in Markdown.
    pub fn sheet(self: &Arc<Self>, handed: &Handed<'_>) -> Result<String, Vec<SettingError>> {
        let account = account::without_secrets(self, handed.given)?;
        let sheet = Sheet {
            account: &account,
            profile: self,
            handed,
            examples: example::all(&account, handed),
        };
        let parts = [
            sheet.head(),
            sheet.proof_of_caller(),
            sheet.channel(Channel::Ussd),
            sheet.channel(Channel::Sms),
            answers::all(&account, sheet.examples.first(), handed.code),
            sheet.proof(),
        ];
        Ok(parts.concat())
    }
}

/// What a page is written from.
pub(super) struct Sheet<'a> {
    pub(super) account: &'a Account,
    pub(super) profile: &'a Profile,
    pub(super) handed: &'a Handed<'a>,
    pub(super) examples: Vec<example::Shown>,
}

impl Sheet<'_> {
    fn head(&self) -> String {
        let mut text = format!("# {}: how we are called\n\n", self.account.name);
        let named =
            "This is the server of a health-insurance scheme: what it reads, and what it answers.";
        let secret = if self.handed.secret {
            "\n`SECRET` stands for a part of the addresses that only you and we know; it comes to you by another way."
        } else {
            ""
        };
        _ = writeln!(text, "{named}{secret}\n");
        for (channel, what) in [
            (Channel::Ussd, "USSD"),
            (Channel::Sms, "receipts and incoming SMS"),
        ] {
            for route in self.profile.routes(channel) {
                _ = writeln!(
                    text,
                    "- {what}: `{} {}`",
                    methods(route),
                    self.address(channel, &route.written)
                );
            }
        }
        text
    }

    /// The whole address of a path below the gateway's own.
    fn address(&self, channel: Channel, path: &str) -> String {
        address(self.account, self.handed.secret, (channel, path))
    }

    fn proof_of_caller(&self) -> String {
        let caller = &self.profile.caller;
        let mut lines = Vec::new();
        if self.handed.secret {
            lines.push("the secret in the address".to_owned());
        }
        if let Some((user, password)) = &caller.basic {
            let text = |template: &_| account::text(self.account, template);
            lines.push(format!(
                "basic authentication: user `{}`, password `{}`",
                text(user),
                text(password)
            ));
        }
        for (chain, wanted) in &caller.fields {
            let place = fields::place(&chain.source);
            lines.push(format!("{place}: {}", account::proof(self.account, wanted)));
        }
        if caller.twilio.is_some() {
            lines.push("Twilio's signature of the address and the form, in the header `X-Twilio-Signature`".to_owned());
        }
        let networks = self.networks();
        if !networks.is_empty() {
            lines.push(format!("it comes from {}", networks.join(" or ")));
        }
        let mut text = "\n## How a request proves that it is yours\n\n".to_owned();
        if lines.is_empty() {
            text.push_str("By nothing: whoever knows the address can call it. Please send us the addresses that you call from.\n");
            return text;
        }
        text.push_str("All of this must hold:\n\n");
        for line in lines {
            _ = writeln!(text, "- {line}");
        }
        text
    }

    fn networks(&self) -> Vec<String> {
        let of_profile = match &self.profile.caller.addresses {
            Some(Addresses::These(networks)) => networks.iter().map(ToString::to_string).collect(),
            Some(Addresses::Setting(name)) => match self.account.setting(name) {
                Some(SettingValue::List(texts)) => texts.clone(),
                Some(SettingValue::Text(text)) => vec![text.clone()],
                Some(SettingValue::Map(_)) | None => Vec::new(),
            },
            None => Vec::new(),
        };
        let all = of_profile
            .into_iter()
            .chain(self.handed.networks.iter().cloned());
        all.map(|network| format!("`{network}`")).collect()
    }

    fn channel(&self, channel: Channel) -> String {
        let routes = self.profile.routes(channel);
        if routes.is_empty() {
            return String::new();
        }
        let mut text = match channel {
            Channel::Ussd => format!("\n## USSD\n\n{}", self.dialogue()),
            Channel::Sms => "\n## Receipts and incoming SMS\n\nEach is on disk before it is answered. Send again what is not answered with a success.\n".to_owned(),
        };
        for route in routes {
            text.push_str(&self.route(channel, route));
        }
        text
    }

    /// What holds for every turn.
    fn dialogue(&self) -> String {
        let profile = self.profile;
        let asks = |known: Option<String>, ask: &str| {
            known.unwrap_or_else(|| format!("not known to us: {ask}"))
        };
        let idle = profile
            .idle
            .map(|idle| format!("after {} without a key you end the dialogue", seconds(idle)));
        let retries = profile.retries.map(|times| match times {
            0 => "you send a request once".to_owned(),
            1 => "a request that is not answered comes once more".to_owned(),
            times => format!("a request that is not answered comes {times} times more"),
        });
        let again = match profile.session.class {
            Class::Accumulated => {
                "a request with the same text is answered with the same page, and steps nothing"
            }
            Class::Identified => {
                "a request with an id that was there is answered with the same page, and steps nothing"
            }
            Class::Bare => {
                "the same input within two seconds after our answer is taken for the same request; later for another"
            }
        };
        let session = profile
            .session
            .key
            .iter()
            .map(|name| fields::meaning(name, Some(profile.session.class)));
        let page = self.account.page();
        let mut text = String::new();
        for (what, how) in [
            (
                "Deadline",
                format!(
                    "you wait {} for an answer; ours come before that",
                    seconds(self.account.deadline())
                ),
            ),
            ("Idle", asks(idle, "please tell us")),
            ("Retries", asks(retries, "please tell us")),
            ("Sent again", again.to_owned()),
            (
                "Session",
                format!("known by {}", session.collect::<Vec<_>>().join(" and ")),
            ),
            (
                "Screen",
                format!(
                    "at most {} characters of GSM 03.38, {} of others",
                    page.gsm7, page.ucs2
                ),
            ),
        ] {
            _ = writeln!(text, "- **{what}**: {how}");
        }
        text
    }

    fn route(&self, channel: Channel, route: &Route) -> String {
        let address = self.address(channel, &route.written);
        let mut text = format!("\n### `{} {address}`\n\n", methods(route));
        if let Some(media_type) = media_type(route.body) {
            _ = writeln!(text, "The body is `{media_type}`.\n");
        }
        let class = (channel == Channel::Ussd).then_some(self.profile.session.class);
        text.push_str(&fields::table(route, class));
        text.push_str("\nWhich event a request is; the first that fits counts:\n\n");
        for rule in &route.rules {
            _ = writeln!(
                text,
                "- `{}`: {}",
                rule.written,
                fields::event(rule.outcome)
            );
        }
        let own = self
            .examples
            .iter()
            .filter(|shown| shown.channel == channel && shown.route == route.written);
        for shown in own {
            let address = self.address(channel, &shown.request.path);
            _ = write!(
                text,
                "\n{}:\n\n```sh\n{}\n```\n",
                shown.title(),
                curl::command(&address, &shown.request)
            );
        }
        text
    }

    fn proof(&self) -> String {
        let proof = &self.profile.proof;
        let unsure = proof.unsure.iter().map(|(what, _)| what.clone());
        let unsure: Vec<String> = unsure.collect();
        let mut text = "\n## How sure this page is\n\n".to_owned();
        for (what, lines) in [
            ("Seen with you", &proof.live),
            ("Seen in recorded requests", &proof.recorded),
            ("Read in documents", &proof.documented),
            ("Read in code of others", &proof.from_code),
            ("Not sure: please tell us", &unsure),
        ] {
            if !lines.is_empty() {
                _ = writeln!(text, "- **{what}**: {}", lines.join(", "));
            }
        }
        text
    }
}

/// `https://ussd.example.org/ussd/NAME/SECRET/events`.
pub(super) fn address(account: &Account, secret: bool, (channel, path): (Channel, &str)) -> String {
    let own = match channel {
        Channel::Ussd => "ussd",
        Channel::Sms => "sms",
    };
    let secret = if secret { "/SECRET" } else { "" };
    let below = if path == "/" { "" } else { path };
    format!("{}/{own}/{}{secret}{below}", account.public, account.name)
}

fn methods(route: &Route) -> String {
    match (route.methods.as_slice(), route.body) {
        ([], BodyKind::Nothing) => "GET".to_owned(),
        ([], _) => "POST".to_owned(),
        (several, _) => several.join(" or "),
    }
}

fn media_type(body: BodyKind) -> Option<&'static str> {
    match body {
        BodyKind::Nothing => None,
        BodyKind::Form => Some("application/x-www-form-urlencoded"),
        BodyKind::Json => Some("application/json"),
        BodyKind::Xml => Some("text/xml"),
        BodyKind::Rpc => Some("text/xml, a call of XML-RPC"),
        BodyKind::Text => Some("text/plain"),
    }
}

fn seconds(time: Duration) -> String {
    format!("{} seconds", time.as_secs_f32())
}
