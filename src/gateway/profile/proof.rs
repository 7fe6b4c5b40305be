//! Whether a request proves that it is the aggregator's.

use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::STANDARD};
use ipnet::IpNet;
use subtle::ConstantTimeEq;

use super::{
    Account, Addresses, Algorithm, Chain, Refused, Request, SettingValue, Source, Template, digest,
    parsed::Parsed,
    value::{Datum, Sources},
};

impl Account {
    /// All that the profile asks for must hold. Why one does not is not told.
    pub(super) fn prove(&self, request: &Request<'_>, parsed: &Parsed<'_>) -> Result<(), Refused> {
        let caller = &self.profile.caller;
        let fields = caller.fields.iter();
        // Every field is compared, so that the time does not tell which was wrong.
        let fields = fields.map(|(chain, wanted)| bears(chain, wanted, parsed));
        let fields = fields.fold(true, |all, one| all & one);
        let basic = caller.basic.as_ref().is_none_or(|pair| basic(pair, parsed));
        let twilio = caller
            .twilio
            .as_ref()
            .is_none_or(|key| twilio(key, request, parsed));
        let addresses = caller.addresses.as_ref();
        let address = addresses.is_none_or(|allowed| self.admits(allowed, request.peer));
        if fields & basic & twilio & address {
            Ok(())
        } else {
            Err(Refused::NotTheirs)
        }
    }

    fn admits(&self, allowed: &Addresses, peer: Option<IpAddr>) -> bool {
        let networks = match allowed {
            Addresses::These(networks) => networks.clone(),
            Addresses::Setting(name) => match self.setting(name) {
                Some(SettingValue::List(texts)) if !texts.is_empty() => {
                    texts.iter().filter_map(|text| network(text)).collect()
                }
                Some(SettingValue::Text(text)) => network(text).into_iter().collect(),
                Some(SettingValue::List(_) | SettingValue::Map(_)) | None => return true,
            },
        };
        peer.is_some_and(|peer| {
            let peer = peer.to_canonical();
            networks.iter().any(|network| network.contains(&peer))
        })
    }
}

/// `10.0.0.0/8`, or one address.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(one)
}

/// A value that should be nothing proves nothing.
fn bears(chain: &Chain, wanted: &Template, parsed: &Parsed<'_>) -> bool {
    let text = chain.get(parsed).ok().flatten().and_then(Datum::into_text);
    let wanted = wanted.text(parsed).unwrap_or_default();
    !wanted.is_empty() & same(text.as_deref().unwrap_or_default(), &wanted)
}

fn basic((user, password): &(Template, Template), parsed: &Parsed<'_>) -> bool {
    let header = header("authorization", parsed);
    let sent = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let sent = sent.and_then(|(_, pair)| STANDARD.decode(pair.trim()).ok());
    let text = |template: &Template| template.text(parsed).unwrap_or_default();
    let (user, password) = (text(user), text(password));
    let wanted = format!("{user}:{password}");
    let known = !user.is_empty() | !password.is_empty();
    known & equal(&sent.unwrap_or_default(), wanted.as_bytes())
}

/// Twilio signs the whole address and, behind it, the fields of the form by name, names and values without anything
/// between them (twilio.com/docs/usage/security).
fn twilio(key: &Template, request: &Request<'_>, parsed: &Parsed<'_>) -> bool {
    let key = key.text(parsed).unwrap_or_default();
    let mut fields = parsed.form().to_vec();
    fields.sort();
    let fields = fields.into_iter().map(|(name, value)| name + &value);
    let signed = request.address.to_owned() + &fields.collect::<String>();
    let mac = digest::hmac(Algorithm::Sha1, key.as_bytes(), signed.as_bytes());
    let wanted = STANDARD.encode(mac.unwrap_or_default());
    !key.is_empty() & same(&header("x-twilio-signature", parsed), &wanted)
}

fn header(name: &str, parsed: &Parsed<'_>) -> String {
    let found = parsed.find(&Source::Header(name.to_owned())).ok().flatten();
    found.and_then(Datum::into_text).unwrap_or_default()
}

fn same(sent: &str, wanted: &str) -> bool {
    equal(sent.as_bytes(), wanted.as_bytes())
}

/// In a time that tells nothing but the lengths.
fn equal(sent: &[u8], wanted: &[u8]) -> bool {
    sent.ct_eq(wanted).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::profile::{
        BodyKind, CallerProof, Channel, Event, Heard, fixture,
        sketch::{self, route},
    };

    /// An account that wants this proof; it ignores all that has it.
    fn wanting(change: impl FnOnce(&mut CallerProof)) -> Account {
        let route = route("/{secret}", BodyKind::Form, &[]).when(Event::Ignored, &[]);
        sketch::account(vec![route], |profile| change(&mut profile.caller))
    }

    fn proves(account: &Account, request: &Request<'_>) -> bool {
        match account.hear(Channel::Ussd, request) {
            Ok(Heard::Ignored(_)) => true,
            Err(refusal) if refusal.why == Refused::NotTheirs => false,
            other => panic!("{other:?}"),
        }
    }

    fn request<'a>(path: &'a str, headers: &'a [(&'a str, &'a [u8])]) -> Request<'a> {
        Request {
            headers,
            ..sketch::request(path, "", b"")
        }
    }

    #[test]
    fn a_secret_in_the_address_must_be_whole_and_there() {
        let password = || fixture::template("{setting.password}");
        let account =
            wanting(|caller| caller.fields = vec![(sketch::chain("path.secret"), password())]);
        assert!(proves(&account, &request("/s3cret", &[])));
        for path in ["/s3cre", "/s3crets", "/S3CRET", "/%20"] {
            assert!(!proves(&account, &request(path, &[])), "{path}");
        }
        let nothing = wanting(|caller| {
            caller.fields = vec![(
                sketch::chain("query.p"),
                fixture::template("{setting.none}"),
            )];
        });
        assert!(!proves(&nothing, &request("/a", &[])));
    }

    #[test]
    fn user_and_password_are_those_of_the_settings() {
        let account = wanting(|caller| {
            caller.basic = Some((
                fixture::template("nyota"),
                fixture::template("{setting.password}"),
            ));
        });
        let right = format!("Basic {}", STANDARD.encode("nyota:s3cret"));
        assert!(proves(
            &account,
            &request("/a", &[("authorization", right.as_bytes())])
        ));
        assert!(proves(
            &account,
            &request(
                "/a",
                &[("Authorization", right.replace("Basic", "basic").as_bytes())]
            )
        ));
        let wrong = [
            STANDARD.encode("nyota:s3cre"),
            STANDARD.encode("nyota"),
            String::new(),
            "%".into(),
        ];
        for pair in wrong {
            let header = format!("Basic {pair}");
            assert!(
                !proves(
                    &account,
                    &request("/a", &[("authorization", header.as_bytes())])
                ),
                "{pair}"
            );
        }
        assert!(!proves(&account, &request("/a", &[])));
        let twice: [(&str, &[u8]); 2] = [
            ("authorization", right.as_bytes()),
            ("authorization", b"Basic x"),
        ];
        assert!(!proves(&account, &request("/a", &twice)));
    }

    /// The worked example of Twilio's own manual.
    #[test]
    fn a_signature_of_twilio_is_of_the_address_and_the_sorted_form() {
        let account = wanting(|caller| caller.twilio = Some(fixture::template("12345")));
        let body: &[u8] = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
        let signed: [(&str, &[u8]); 1] = [("X-Twilio-Signature", b"RSOYDt4T1cUTdK1PDd93/VVr8B8=")];
        let request = Request {
            body,
            method: "POST",
            address: "https://mycompany.com/myapp.php?foo=1&bar=2",
            ..request("/a", &signed)
        };
        assert!(proves(&account, &request));
        assert!(!proves(
            &account,
            &Request {
                address: "https://mycompany.com/myapp.php",
                ..request
            }
        ));
        assert!(!proves(
            &account,
            &Request {
                body: b"CallSid=1",
                ..request
            }
        ));
        assert!(!proves(
            &account,
            &Request {
                headers: &[],
                ..request
            }
        ));
    }

    #[test]
    fn addresses_are_those_of_the_profile_or_of_the_account() {
        let these = |texts: &[&str]| {
            let networks = texts.iter().filter_map(|text| network(text)).collect();
            wanting(|caller| caller.addresses = Some(Addresses::These(networks)))
        };
        let from = |peer: &str| Request {
            peer: peer.parse().ok(),
            ..request("/a", &[])
        };
        let account = these(&["10.0.0.0/8", "192.0.2.7"]);
        assert!(proves(&account, &from("10.1.2.3")));
        assert!(proves(&account, &from("::ffff:192.0.2.7")));
        assert!(!proves(&account, &from("192.0.2.8")));
        assert!(!proves(&account, &from("unknown")));

        let mut account =
            wanting(|caller| caller.addresses = Some(Addresses::Setting("from".into())));
        let listed = |texts: &[&str]| {
            let texts = texts.iter().map(|text| (*text).to_owned()).collect();
            vec![("from".to_owned(), SettingValue::List(texts))]
        };
        account.settings = listed(&["192.0.2.7"]);
        assert!(!proves(&account, &from("10.1.2.3")));
        account.settings = listed(&["nonsense"]);
        assert!(!proves(&account, &from("10.1.2.3")));
        account.settings = listed(&[]);
        assert!(proves(&account, &from("10.1.2.3")));
    }
}
