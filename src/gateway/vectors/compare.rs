//! Whether a body, a form or headers are what a vector expects.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json};

use super::{
    difference::Difference,
    placeholder::Known,
    rpc,
    vector::{BodyMatch, Pairs},
    xml::Element,
};

/// The difference of two bodies, if what counts of them differs.
pub(super) fn body(
    expected: &str,
    by: BodyMatch,
    seen: &str,
    known: &Known<'_>,
) -> Option<Difference> {
    let (expected, seen) = match by {
        BodyMatch::Any | BodyMatch::Any2xx => return None,
        BodyMatch::Exact => (known.settle(expected, seen), seen.to_owned()),
        BodyMatch::Json => json(expected, seen, known, |_, seen| seen),
        BodyMatch::JsonSuperset => json(expected, seen, known, restricted),
        BodyMatch::Xml => xml(expected, seen, known, |_, seen| seen),
        BodyMatch::XmlSuperset => xml(expected, seen, known, |wanted, seen| {
            seen.restricted(wanted)
        }),
        BodyMatch::Rpc => rpc(expected, seen, known),
        BodyMatch::RpcFault => fault(expected, seen),
        BodyMatch::Form => {
            let seen = printed(&form(seen));
            (known.settle(&printed(&form(expected)), &seen), seen)
        }
    };
    Difference::between("body", Some(&expected), Some(&seen))
}

/// The differences of the headers that are expected. Names are in any case; a media type without parameters is one
/// with them.
pub(super) fn headers(
    expected: &Pairs,
    seen: &[(String, String)],
    known: &Known<'_>,
) -> Vec<Difference> {
    let differences = expected.iter().filter_map(|(name, wanted)| {
        let mut headers = seen.iter();
        let found = headers.find(|(seen, _)| seen.eq_ignore_ascii_case(name));
        let found = found.map(|(_, value)| value.as_str());
        let is_type = name.eq_ignore_ascii_case("content-type") && !wanted.contains(';');
        let found = match found {
            Some(value) if is_type => value.split(';').next().map(str::trim),
            other => other,
        };
        let wanted = known.settle(wanted, found.unwrap_or_default());
        Difference::between(&format!("header {name}"), Some(&wanted), found)
    });
    differences.collect()
}

/// The difference of two queries, in any order.
pub(super) fn query(expected: &Pairs, seen: &Pairs, known: &Known<'_>) -> Option<Difference> {
    let (expected, seen) = (printed(expected), printed(seen));
    let expected = known.settle(&expected, &seen);
    Difference::between("query", Some(&expected), Some(&seen))
}

fn json(
    expected: &str,
    seen: &str,
    known: &Known<'_>,
    part: impl Fn(&Json, Json) -> Json,
) -> (String, String) {
    let parsed = |text| serde_json::from_str::<Json>(text).ok();
    match (parsed(expected), parsed(seen)) {
        (Some(expected), Some(seen)) => sides(&expected, &part(&expected, seen), known),
        (Some(expected), None) => (format!("{expected:#}"), seen.to_owned()),
        (None, _) => (known.settle(expected, seen), seen.to_owned()),
    }
}

/// Both, with the placeholders of the one settled by the other.
fn sides(expected: &Json, seen: &Json, known: &Known<'_>) -> (String, String) {
    let settled = settled(expected, Some(seen), known);
    (format!("{settled:#}"), format!("{seen:#}"))
}

fn settled(expected: &Json, seen: Option<&Json>, known: &Known<'_>) -> Json {
    match expected {
        Json::String(expected) => {
            let seen = seen.and_then(Json::as_str).unwrap_or_default();
            Json::String(known.settle(expected, seen))
        }
        Json::Array(items) => {
            let items = items.iter().enumerate();
            let items = items
                .map(|(index, item)| settled(item, seen.and_then(|seen| seen.get(index)), known));
            Json::Array(items.collect())
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, member)| {
                let seen = seen.and_then(|seen| seen.get(name));
                (name.clone(), settled(member, seen, known))
            });
            Json::Object(members.collect())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => expected.clone(),
    }
}

/// Of `seen` the members that `wanted` has as well.
fn restricted(wanted: &Json, seen: Json) -> Json {
    match (wanted, seen) {
        (Json::Object(wanted), Json::Object(mut seen)) => {
            let members = wanted.iter().filter_map(|(name, wanted)| {
                let member = seen.remove(name)?;
                Some((name.clone(), restricted(wanted, member)))
            });
            Json::Object(members.collect::<Map<_, _>>())
        }
        (Json::Array(wanted), Json::Array(seen)) => {
            let of = |(index, item)| match wanted.get(index) {
                Some(wanted) => restricted(wanted, item),
                None => item,
            };
            Json::Array(seen.into_iter().enumerate().map(of).collect())
        }
        (_, seen) => seen,
    }
}

fn xml(
    expected: &str,
    seen: &str,
    known: &Known<'_>,
    part: impl Fn(&Element, Element) -> Element,
) -> (String, String) {
    match (Element::read(expected), Element::read(seen)) {
        (Some(expected), Some(seen)) => {
            let seen = part(&expected, seen).print();
            (known.settle(&expected.print(), &seen), seen)
        }
        (Some(expected), None) => (expected.print(), seen.to_owned()),
        (None, _) => (known.settle(expected, seen), seen.to_owned()),
    }
}

fn rpc(expected: &str, seen: &str, known: &Known<'_>) -> (String, String) {
    match (rpc::read(expected), rpc::read(seen)) {
        (Some(expected), Some(seen)) => sides(&expected, &seen, known),
        (Some(expected), None) => (format!("{expected:#}"), seen.to_owned()),
        (None, _) => (expected.to_owned(), seen.to_owned()),
    }
}

/// A fault; with the members that are expected of it, where any are.
fn fault(expected: &str, seen: &str) -> (String, String) {
    let of = |text| rpc::read(text)?.get("fault").cloned();
    let Some(found) = of(seen) else {
        return ("an XML-RPC fault".to_owned(), seen.to_owned());
    };
    let Some(wanted) = of(expected) else {
        return (String::new(), String::new());
    };
    let found = restricted(&wanted, found);
    (format!("{wanted:#}"), format!("{found:#}"))
}

/// The pairs of a form or a query. What is badly escaped stays as it is.
pub(super) fn form(text: &str) -> Pairs {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// One line a pair, in the order of their names.
fn printed(pairs: &Pairs) -> String {
    let mut lines: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    lines.sort();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::vectors::placeholder::NOW;

    const KNOWN: Known<'_> = Known {
        now: NOW,
        request: "",
        token: "",
        state: "",
    };

    fn differ(expected: &str, by: BodyMatch, seen: &str) -> bool {
        body(expected, by, seen, &KNOWN).is_some()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Pairs {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_body_is_compared_as_its_vector_says() {
        use BodyMatch::{Any, Exact, Form, Json, JsonSuperset, Xml, XmlSuperset};
        for (expected, by, seen) in [
            ("a", Exact, "a"),
            (
                "{\"a\":1,\"b\":[true]}",
                Json,
                "{ \"b\" : [true], \"a\":1 }",
            ),
            (
                "{\"a\":{\"b\":1}}",
                JsonSuperset,
                "{\"a\":{\"b\":1,\"c\":2},\"d\":3}",
            ),
            (
                "{\"at\":\"$ANY_ISO8601\"}",
                Json,
                "{\"at\":\"2026-11-21T10:00:00Z\"}",
            ),
            (
                "<a x='1' y='2'> <b/> </a>",
                Xml,
                "<n:a xmlns:n='' y='2' x='1'><b></b></n:a>",
            ),
            ("<a><b/></a>", XmlSuperset, "<a x='1'><c/><b y='2'/></a>"),
            ("a=1&b=%2B+2", Form, "b=%2B%202&a=1"),
            ("", Any, "whatever"),
        ] {
            assert!(!differ(expected, by, seen), "{expected} {seen}");
        }
        for (expected, by, seen) in [
            ("a", Exact, "a\n"),
            ("{\"a\":1}", Json, "{\"a\":1,\"b\":2}"),
            ("{\"a\":1}", Json, "{\"a\":\"1\"}"),
            ("{\"a\":1}", Json, "no JSON"),
            ("{\"a\":1,\"b\":2}", JsonSuperset, "{\"a\":1}"),
            ("{\"a\":[1]}", JsonSuperset, "{\"a\":[1,2]}"),
            ("{\"at\":\"$ANY_ISO8601\"}", Json, "{\"at\":\"now\"}"),
            ("<a><b/></a>", Xml, "<a><b/><c/></a>"),
            ("<a><b/></a>", Xml, "no XML"),
            ("<a><b/><c/></a>", XmlSuperset, "<a><c/><b/></a>"),
            ("<a><b x='1'/></a>", XmlSuperset, "<a><b x='2'/></a>"),
            ("a=1&b=2", Form, "a=1"),
            ("a=1", Form, "a=1&a=1"),
        ] {
            assert!(differ(expected, by, seen), "{expected} {seen}");
        }
    }

    #[test]
    fn a_response_of_xml_rpc_is_compared_decoded() {
        let response = |value: &str| {
            format!(
                "<methodResponse><params><param><value>{value}</value></param></params></methodResponse>"
            )
        };
        let (typed, plain) = (response("<string>a</string>"), response("a"));
        assert!(!differ(&typed, BodyMatch::Rpc, &plain));
        assert!(differ(&typed, BodyMatch::Rpc, &response("<int>1</int>")));
        let fault = "<methodResponse><fault><value>x</value></fault></methodResponse>";
        assert!(!differ("", BodyMatch::RpcFault, fault));
        assert!(differ("", BodyMatch::RpcFault, &plain));
    }

    #[test]
    fn a_media_type_without_parameters_is_one_with_them_and_names_are_in_any_case() {
        let seen = pairs(&[("content-type", "text/plain; charset=utf-8"), ("x-a", "1")]);
        let differences = |expected: &[(&str, &str)]| headers(&pairs(expected), &seen, &KNOWN);
        assert_eq!(
            differences(&[("Content-Type", "text/plain"), ("X-A", "1")]),
            []
        );
        let expected = [
            ("content-type", "text/plain; charset=latin1"),
            ("x-a", "2"),
            ("x-b", "3"),
        ];
        let told: Vec<_> = differences(&expected)
            .into_iter()
            .map(|it| it.what)
            .collect();
        assert_eq!(told, ["header content-type", "header x-a", "header x-b"]);
    }
}
