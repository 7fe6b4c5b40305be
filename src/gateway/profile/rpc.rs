//! XML-RPC: a call, a response or a fault, its values as JSON.

use super::{
    Refused, XmlName, XmlStep,
    json::Json,
    xml::{Found, Node},
};

const MALFORMED: Refused = Refused::Malformed("XML-RPC");

/// An XML-RPC document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rpc {
    /// Of a call.
    pub method: Option<String>,
    /// The parameters; of a fault its one value, with `faultCode` and `faultString`.
    pub parameters: Vec<Json>,
}

impl Rpc {
    /// Reads a document of XML-RPC.
    pub(super) fn read(document: &Node) -> Result<Self, Refused> {
        let root = document.children.first().ok_or(MALFORMED)?;
        let method = child(root, "methodName").map(|node| node.text.trim().to_owned());
        match root.local.as_str() {
            "methodCall" if method.is_none() => return Err(MALFORMED),
            "methodCall" | "methodResponse" => {}
            _ => return Err(MALFORMED),
        }
        let parameters = if let Some(fault) = child(root, "fault") {
            vec![held(fault)?]
        } else {
            let parameters = child(root, "params").map_or(&[][..], |node| &node.children);
            parameters.iter().map(held).collect::<Result<_, _>>()?
        };
        Ok(Self { method, parameters })
    }
}

fn child<'n>(node: &'n Node, local: &str) -> Option<&'n Node> {
    let step = XmlStep::Element(XmlName {
        namespace: None,
        local: local.to_owned(),
    });
    match node.at(&[step], false) {
        Found::Elements(nodes) => nodes.first().copied(),
        Found::Attributes(_) => None,
    }
}

/// The value in a `param`, a `member` or a `fault`.
fn held(node: &Node) -> Result<Json, Refused> {
    value(child(node, "value").ok_or(MALFORMED)?)
}

/// A value without a type is a text.
fn value(node: &Node) -> Result<Json, Refused> {
    let Some(typed) = node.children.first() else {
        return Ok(Json::Plain(node.text.clone()));
    };
    match typed.local.as_str() {
        "struct" => {
            let members = typed.children.iter().map(|member| {
                let name = child(member, "name").ok_or(MALFORMED)?;
                Ok((name.text.clone(), held(member)?))
            });
            Ok(Json::Map(members.collect::<Result<_, Refused>>()?))
        }
        "array" => {
            let items = child(typed, "data").ok_or(MALFORMED)?.children.iter();
            Ok(Json::List(items.map(value).collect::<Result<_, _>>()?))
        }
        "nil" => Ok(Json::Null),
        "boolean" => Ok(Json::Plain(truth(typed.text.trim()).to_owned())),
        "string" => Ok(Json::Plain(typed.text.clone())),
        _ => Ok(Json::Plain(typed.text.trim().to_owned())),
    }
}

fn truth(text: &str) -> &str {
    match text {
        "1" => "true",
        "0" => "false",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::profile::parsed::Limits;

    fn read(text: &str) -> Result<Rpc, Refused> {
        Rpc::read(&Node::read(text, Limits::USSD).unwrap())
    }

    fn plain(text: &str) -> Json {
        Json::Plain(text.into())
    }

    #[test]
    fn a_call_has_a_method_and_its_parameters() {
        let rpc = read(concat!(
            "<methodCall><methodName>USSD.INIT</methodName><params><param><value><struct>",
            "<member><name>session</name><value><string> 1</string></value></member>\n",
            "<member><name>n</name><value><i4>7</i4></value></member>",
            "<member><name>open</name><value><boolean>1</boolean></value></member>",
            "<member><name>all</name><value><array><data><value>a</value><value><nil/></value></data></array></value></member>",
            "</struct></value></param></params></methodCall>"
        ))
        .unwrap();
        assert_eq!(rpc.method.as_deref(), Some("USSD.INIT"));
        let members = [
            ("session", plain(" 1")),
            ("n", plain("7")),
            ("open", plain("true")),
            ("all", Json::List(vec![plain("a"), Json::Null])),
        ];
        let members = members.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(rpc.parameters, [Json::Map(members.into())]);
    }

    #[test]
    fn a_fault_is_read_as_a_first_parameter() {
        let rpc = read(concat!(
            "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member>",
            "</struct></value></fault></methodResponse>"
        ))
        .unwrap();
        assert_eq!(rpc.method, None);
        assert_eq!(
            rpc.parameters,
            [Json::Map(vec![("faultCode".into(), plain("4"))])]
        );
    }

    #[test]
    fn other_xml_is_no_xml_rpc() {
        for text in [
            "<a/>",
            "<methodCall/>",
            "<methodCall><methodName>a</methodName><params><param/></params></methodCall>",
            "<methodResponse><params><param><value><array/></value></param></params></methodResponse>",
        ] {
            assert_eq!(read(text), Err(MALFORMED), "{text}");
        }
    }
}
