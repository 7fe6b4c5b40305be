//! XML-RPC as it goes out: the response of a method, or a call with one parameter.

use serde_json::Value as Json;

use super::{
    markup::{element, text},
    tree::Filled,
};

/// A call of `method`, or without one a response.
pub(super) fn write(method: Option<&str>, value: &Filled) -> String {
    write_all(method, std::slice::from_ref(value))
}

/// The same with several parameters, or none.
pub(super) fn write_all(method: Option<&str>, values: &[Filled]) -> String {
    let parameter = |value: &Filled| wrap("param", &wrap("value", &typed(value)));
    let parameters = wrap("params", &values.iter().map(parameter).collect::<String>());
    let document = match method {
        Some(method) => {
            let name = wrap("methodName", &text(method));
            wrap("methodCall", &format!("{name}{parameters}"))
        }
        None => wrap("methodResponse", &parameters),
    };
    format!("<?xml version=\"1.0\"?>{document}")
}

fn typed(value: &Filled) -> String {
    match value {
        Filled::Plain(value) => plain(value),
        Filled::List(items) => list(items.iter().map(typed)),
        Filled::Map(entries) => {
            let entries = entries.iter().map(|(name, value)| (name, typed(value)));
            members(entries)
        }
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => "<nil/>".into(),
        Json::Bool(truth) => wrap("boolean", if *truth { "1" } else { "0" }),
        Json::String(value) => string(value),
        Json::Number(number) => {
            let value = number.to_string();
            // An integer of XML-RPC has four bytes.
            match (value.parse::<i32>(), number.is_f64()) {
                (Ok(_), _) => wrap("int", &value),
                (Err(_), true) => wrap("double", &value),
                (Err(_), false) => string(&value),
            }
        }
        Json::Array(items) => list(items.iter().map(plain)),
        Json::Object(entries) => members(entries.iter().map(|(name, value)| (name, plain(value)))),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| wrap("value", &item)).collect();
    wrap("array", &wrap("data", &items))
}

fn members<'v>(entries: impl Iterator<Item = (&'v String, String)>) -> String {
    let member = |(name, value): (&String, String)| {
        let content = format!("{}{}", wrap("name", &text(name)), wrap("value", &value));
        wrap("member", &content)
    };
    wrap("struct", &entries.map(member).collect::<String>())
}

fn string(value: &str) -> String {
    wrap("string", &text(value))
}

fn wrap(name: &str, content: &str) -> String {
    element(name, "", content)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(entries: &[(&str, Filled)]) -> Filled {
        let owned = |(name, value): &(&str, Filled)| ((*name).to_owned(), value.clone());
        Filled::Map(entries.iter().map(owned).collect())
    }

    #[test]
    fn a_response_holds_typed_members_in_their_order() {
        let value = map(&[
            ("message", Filled::Plain(json!("Oh <Hai>!\r"))),
            ("again", Filled::Plain(json!(true))),
            ("cost", Filled::Plain(json!(-5))),
            ("rate", Filled::Plain(json!(1.5))),
            ("list", Filled::List(vec![Filled::Plain(json!(""))])),
        ]);
        let member = |name: &str, value: &str| {
            format!("<member><name>{name}</name><value>{value}</value></member>")
        };
        let members = [
            member("message", "<string>Oh &lt;Hai&gt;!&#13;</string>"),
            member("again", "<boolean>1</boolean>"),
            member("cost", "<int>-5</int>"),
            member("rate", "<double>1.5</double>"),
            member(
                "list",
                "<array><data><value><string/></value></data></array>",
            ),
        ];
        assert_eq!(
            write(None, &value),
            format!(
                "<?xml version=\"1.0\"?><methodResponse><params><param><value><struct>{}</struct></value></param></params></methodResponse>",
                members.concat()
            )
        );
    }

    #[test]
    fn a_number_beyond_four_bytes_is_a_text() {
        let value = Filled::Plain(json!(8_250_397_020_021_226_786_u64));
        assert!(write(None, &value).contains("<string>8250397020021226786</string>"));
    }

    #[test]
    fn a_call_names_its_method() {
        let call = write(Some("USSD.INIT"), &map(&[]));
        assert_eq!(
            call,
            "<?xml version=\"1.0\"?><methodCall><methodName>USSD.INIT</methodName>\
             <params><param><value><struct/></value></param></params></methodCall>"
        );
    }
}
