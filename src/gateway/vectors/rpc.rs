//! XML-RPC, decoded as far as two calls or responses can be compared.

use serde_json::{Map, Number, Value as Json, json};

use super::xml::Element;

/// A call as `{method, params}`, a response as `{params}` or `{fault}`; `None` where it is neither.
pub(super) fn read(text: &str) -> Option<Json> {
    let root = Element::read(text)?;
    match root.name.as_str() {
        "methodCall" => {
            let method = root.element("methodName")?.text();
            Some(json!({"method": method.trim(), "params": params(&root)?}))
        }
        "methodResponse" => match root.element("fault") {
            Some(fault) => Some(json!({"fault": value(fault.element("value")?)?})),
            None => Some(json!({"params": params(&root)?})),
        },
        _ => None,
    }
}

fn params(root: &Element) -> Option<Json> {
    let params = root.element("params");
    let params = params.into_iter().flat_map(Element::elements);
    let values = params.map(|param| value(param.element("value")?));
    values.collect::<Option<_>>().map(Json::Array)
}

/// A value by its type; a text where it says none.
fn value(element: &Element) -> Option<Json> {
    let Some(typed) = element.elements().next() else {
        return Some(Json::String(element.text()));
    };
    let text = typed.text();
    match typed.name.as_str() {
        "int" | "i4" | "i8" => Some(Json::Number(Number::from(text.trim().parse::<i64>().ok()?))),
        "double" => Number::from_f64(text.trim().parse().ok()?).map(Json::Number),
        "boolean" => Some(Json::Bool(text.trim() == "1")),
        "nil" => Some(Json::Null),
        "struct" => members(typed),
        "array" => {
            let values = typed.element("data")?.elements().map(value);
            values.collect::<Option<_>>().map(Json::Array)
        }
        _ => Some(Json::String(text)),
    }
}

fn members(element: &Element) -> Option<Json> {
    let members = element.elements().map(|member| {
        let name = member.element("name")?.text();
        Some((name.trim().to_owned(), value(member.element("value")?)?))
    });
    members.collect::<Option<Map<_, _>>>().map(Json::Object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_and_a_response_are_decoded() {
        let call = "<methodCall><methodName>A.B</methodName><params><param><value><struct>\
            <member><name>n</name><value><int>7</int></value></member>\
            <member><name>t</name><value>x</value></member>\
            <member><name>l</name><value><array><data><value><boolean>1</boolean></value></data></array></value></member>\
            </struct></value></param></params></methodCall>";
        let expected = json!({"method": "A.B", "params": [{"n": 7, "t": "x", "l": [true]}]});
        assert_eq!(read(call), Some(expected));
        let empty = "<methodResponse><params><param><value><struct/></value></param></params></methodResponse>";
        assert_eq!(read(empty), Some(json!({"params": [{}]})));
        let fault = "<methodResponse><fault><value><struct><member><name>faultCode</name>\
            <value><int>1</int></value></member></struct></value></fault></methodResponse>";
        assert_eq!(read(fault), Some(json!({"fault": {"faultCode": 1}})));
    }

    #[test]
    fn what_is_neither_is_none() {
        for text in [
            "",
            "<a/>",
            "<methodCall/>",
            "<methodResponse><fault/></methodResponse>",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
