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
    let wanted = wanted.text(&AsItCame(parsed)).unwrap_or_default();
    !wanted.is_empty() & same(text.as_deref().unwrap_or_default(), &wanted)
}

/// A request whose body is the bytes that came, before they were read: those are signed.
struct AsItCame<'a>(&'a Parsed<'a>);

impl Sources for AsItCame<'_> {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        if *source == Source::Body {
            Ok(Some(Datum::Bytes(self.0.bytes().to_vec())))
        } else {
            self.0.find(source)
        }
    }

    fn account(&self) -> &Account {
        self.0.account()
    }
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
/// between them and none twice; of another body the address tells the digest (twilio.com/docs/usage/security).
fn twilio(key: &Template, request: &Request<'_>, parsed: &Parsed<'_>) -> bool {
    let key = key.text(parsed).unwrap_or_default();
    let mut fields = parsed.form().to_vec();
    fields.sort();
    fields.dedup();
    let fields = fields.into_iter().map(|(name, value)| name + &value);
    let fields = fields.collect::<String>();
    let sent = header("x-twilio-signature", parsed);
    let is_of = |address: &String| {
        let signed = format!("{address}{fields}");
        let mac = digest::hmac(Algorithm::Sha1, key.as_bytes(), signed.as_bytes());
        same(&sent, &STANDARD.encode(mac.unwrap_or_default()))
    };
    let addresses = with_and_without_port(request.address);
    let signed = addresses.iter().fold(false, |any, it| any | is_of(it));
    !key.is_empty() & signed & (!fields.is_empty() || is_told(parsed))
}

/// Whether a body that is no form is the one whose digest the address tells. None at all needs none.
fn is_told(parsed: &Parsed<'_>) -> bool {
    let body = parsed.bytes();
    let told = parsed.find(&Source::Query("bodySHA256".to_owned()));
    let told = told.ok().flatten().and_then(Datum::into_text);
    let wanted = digest::hex(&digest::digest(Algorithm::Sha256, body));
    body.is_empty() || same(&told.unwrap_or_default().to_lowercase(), &wanted)
}

/// The address as we know it, and with the port told or left out: Twilio signs one or the other.
fn with_and_without_port(address: &str) -> Vec<String> {
    let mut all = vec![address.to_owned()];
    if let Some((scheme, rest)) = address.split_once("://") {
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let port = if scheme == "https" { 443 } else { 80 };
        all.push(match host.rsplit_once(':') {
            Some((bare, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{scheme}://{bare}{path}")
            }
            _ => format!("{scheme}://{host}:{port}{path}"),
        });
    }
    all
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
        BodyKind, CallerProof, Channel, Charset, Event, Heard, Piece, fixture,
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

    /// Whether this is what Twilio sends with a signature of `signed`.
    fn signed(signed: &str, address: &str, query: &str, body: &str) -> bool {
        let account = wanting(|caller| caller.twilio = Some(fixture::template("12345")));
        let mac = digest::hmac(Algorithm::Sha1, b"12345", signed.as_bytes()).unwrap();
        let signature = STANDARD.encode(mac);
        let headers: [(&str, &[u8]); 1] = [("X-Twilio-Signature", signature.as_bytes())];
        let request = Request {
            body: body.as_bytes(),
            query,
            method: "POST",
            address,
            ..request("/a", &headers)
        };
        proves(&account, &request)
    }

    #[test]
    fn twilio_may_sign_an_address_with_its_port_or_without() {
        let own = "https://a.example:8443/x?b=1:2";
        for address in [own, "https://a.example/x?b=1:2"] {
            assert!(signed(address, own, "", ""), "{address}");
        }
        let bare = "https://a.example/x";
        assert!(signed("https://a.example:443/x", bare, "", ""));
        assert!(!signed("https://a.example:8443/x", bare, "", ""));
        assert!(signed("http://[::1]:80/x", "http://[::1]/x", "", ""));
    }

    #[test]
    fn twilio_signs_a_field_that_comes_twice_with_one_value_once() {
        let bare = "https://a.example/x";
        assert!(signed("https://a.example/xa1b2", bare, "", "b=2&a=1&b=2"));
        assert!(signed("https://a.example/xa1a2", bare, "", "a=2&a=1"));
    }

    #[test]
    fn a_body_that_twilio_does_not_sign_must_be_that_of_the_digest_in_the_address() {
        let body = r#"{"a":1}"#;
        let sum = digest::hex(&digest::digest(Algorithm::Sha256, body.as_bytes()));
        let query = format!("bodySHA256={sum}");
        let address = format!("https://a.example/x?{query}");
        let proves_json = |query: &str, body: &str| {
            let route = route("/{secret}", BodyKind::Json, &[]).when(Event::Ignored, &[]);
            let key = fixture::template("12345");
            let account = sketch::account(vec![route], |profile| profile.caller.twilio = Some(key));
            let mac = digest::hmac(Algorithm::Sha1, b"12345", address.as_bytes()).unwrap();
            let signature = STANDARD.encode(mac);
            let headers: [(&str, &[u8]); 1] = [("X-Twilio-Signature", signature.as_bytes())];
            let (body, method, address) = (body.as_bytes(), "POST", address.as_str());
            let request = request("/a", &headers);
            proves(
                &account,
                &Request {
                    method,
                    query,
                    body,
                    address,
                    ..request
                },
            )
        };
        assert!(proves_json(&query, body));
        assert!(!proves_json(&query, r#"{"a":2}"#));
        assert!(!proves_json("", body));
    }

    #[test]
    fn a_signature_of_the_body_is_of_the_bytes_that_came() {
        let bodies: [(BodyKind, Charset, &[u8]); 7] = [
            (BodyKind::Json, Charset::Utf8, b"\xef\xbb\xbf{}"),
            (BodyKind::Json, Charset::Latin1, b"{\"a\":\"\xe9\"}"),
            (BodyKind::Xml, Charset::Utf16, b"\xff\xfe<\0a\0/\0>\0"),
            (BodyKind::Form, Charset::Latin1, b"a=\xe9"),
            (BodyKind::Text, Charset::Latin1, b"\xe9"),
            (BodyKind::Nothing, Charset::Utf8, b"ping"),
            (BodyKind::Form, Charset::Utf8, b""),
        ];
        for (kind, charset, body) in bodies {
            let mut route = route("/{secret}", kind, &[]).when(Event::Ignored, &[]);
            route.charset = charset;
            let mut account = sketch::account(vec![route], |profile| {
                let mut wanted = fixture::template("sha256={public | hash}");
                if let Some(Piece::Slot(value)) = wanted.0.last_mut() {
                    value.0[0].source = Source::Body;
                }
                profile.caller.fields = vec![(sketch::chain("header.x-sum"), wanted)];
            });
            let key = SettingValue::Text("k".to_owned());
            account.settings.push(("private_key".to_owned(), key));
            let mac = digest::hmac(Algorithm::Sha256, b"k", body).unwrap();
            let wanted = format!("sha256={}", STANDARD.encode(mac));
            let headers: [(&str, &[u8]); 1] = [("X-Sum", wanted.as_bytes())];
            let method = "POST";
            let request = Request {
                method,
                body,
                ..request("/a", &headers)
            };
            assert!(proves(&account, &request), "{kind:?} {charset:?}");
        }
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
