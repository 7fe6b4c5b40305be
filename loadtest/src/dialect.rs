//! What aggregators write and read: a dialogue's turn as their request, their answer as a page.
//!
//! A dialect is written here from what its aggregator's recorded requests are (`gateways/NAME/`), not by
//! the server's profiles: a mistake in one of those must show.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

/// Whose requests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Dialect {
    /// A form with all inputs joined by `*`; the answer begins with CON or END.
    Africastalking,
    /// JSON with the last input and a sequence.
    Hubtel,
    /// JSON with the last input and operations as numbers; nothing tells a repeat.
    Korba,
}

/// A dialogue until now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<'a> {
    /// The aggregator's id of it.
    pub(crate) session: &'a str,
    /// With its plus.
    pub(crate) phone: &'a str,
    /// The code that was dialled.
    pub(crate) dialled: &'a str,
    /// What was typed, the last turn's last.
    pub(crate) inputs: &'a [String],
}

/// A request's part behind `/ussd/NAME`, and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Empty, or with its slash.
    pub(crate) below: &'static str,
    /// The `content-type`.
    pub(crate) media_type: &'static str,
    /// The body.
    pub(crate) body: String,
}

/// What the display shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The page.
    pub(crate) text: String,
    /// Whether no key is asked for any more.
    pub(crate) last: bool,
}

impl Dialect {
    /// The turn as a request.
    pub(crate) fn turn(self, said: Said<'_>) -> Written {
        match self {
            Self::Africastalking => form("", &africastalking(said, &said.inputs.join("*"))),
            Self::Hubtel if said.inputs.is_empty() => hubtel(said, "Initiation", said.dialled),
            Self::Hubtel => hubtel(said, "Response", last(said)),
            Self::Korba if said.inputs.is_empty() => korba(said, 1, said.dialled),
            Self::Korba => korba(said, 18, last(said)),
        }
    }

    /// What the aggregator says when the caller hangs up.
    pub(crate) fn hang_up(self, said: Said<'_>) -> Written {
        match self {
            Self::Africastalking => {
                let inputs = said.inputs.join("*");
                let mut fields = africastalking(said, &inputs);
                fields.push(("status", "Incomplete"));
                form("/events", &fields)
            }
            Self::Hubtel => hubtel(said, "Release", ""),
            Self::Korba => korba(said, 129, ""),
        }
    }

    /// The page of an answer's body.
    pub(crate) fn page(self, body: &[u8]) -> Result<Page, String> {
        let text = std::str::from_utf8(body).map_err(|_| "the answer is no UTF-8".to_owned())?;
        let page = match self {
            Self::Africastalking => con_end(text),
            Self::Hubtel => in_json(text, ("Message", "Type"), |kind| match kind.as_str() {
                Some("Response") => Some(false),
                Some("Release") => Some(true),
                Some(_) | None => None,
            }),
            Self::Korba => in_json(text, ("message", "ussdServiceOp"), |op| match op.as_u64() {
                Some(2) => Some(false),
                Some(17) => Some(true),
                Some(_) | None => None,
            }),
        };
        page.ok_or_else(|| format!("the answer is no page: {text:?}"))
    }
}

fn last(said: Said<'_>) -> &str {
    said.inputs.last().map(String::as_str).unwrap_or_default()
}

fn africastalking<'a>(said: Said<'a>, inputs: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("sessionId", said.session),
        ("serviceCode", said.dialled),
        ("phoneNumber", said.phone),
        ("networkCode", "64004"),
        ("text", inputs),
    ]
}

fn form(below: &'static str, fields: &[(&str, &str)]) -> Written {
    let pairs = fields.iter().map(|(name, value)| {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        format!("{name}={value}")
    });
    Written {
        below,
        media_type: "application/x-www-form-urlencoded",
        body: pairs.collect::<Vec<_>>().join("&"),
    }
}

fn hubtel(said: Said<'_>, kind: &str, message: &str) -> Written {
    let released = usize::from(kind == "Release");
    in_body(&json!({
        "SessionId": said.session,
        "ServiceCode": said.dialled,
        "Type": kind,
        "Message": message,
        "Operator": "vodafone",
        "Platform": "USSD",
        "Mobile": said.phone.trim_start_matches('+'),
        "ClientState": null,
        "Sequence": said.inputs.len() + 1 + released,
    }))
}

fn korba(said: Said<'_>, operation: u8, text: &str) -> Written {
    in_body(&json!({
        "sessionID": said.session,
        "msisdn": said.phone.trim_start_matches('+'),
        "ussdServiceOp": operation,
        "ussdString": text,
        "network": "1",
    }))
}

fn in_body(value: &Value) -> Written {
    Written {
        below: "",
        media_type: "application/json",
        body: value.to_string(),
    }
}

fn con_end(text: &str) -> Option<Page> {
    let (kind, page) = text.split_once(' ')?;
    let last = match kind {
        "CON" => false,
        "END" => true,
        _ => return None,
    };
    Some(Page {
        text: page.to_owned(),
        last,
    })
}

fn in_json(
    text: &str,
    (page, kind): (&str, &str),
    last: impl Fn(&Value) -> Option<bool>,
) -> Option<Page> {
    let answer: Value = serde_json::from_str(text).ok()?;
    Some(Page {
        text: answer.get(page)?.as_str()?.to_owned(),
        last: last(answer.get(kind)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: Said<'static> = Said {
        session: "S1",
        phone: "+255710000001",
        dialled: "*152*00#",
        inputs: &[],
    };

    fn typed() -> Vec<String> {
        vec!["2".to_owned(), "4".to_owned()]
    }

    #[test]
    fn a_form_has_all_that_was_typed_and_json_the_last() {
        let inputs = typed();
        let said = Said {
            inputs: &inputs,
            ..SAID
        };
        let form = Dialect::Africastalking.turn(said).body;
        assert!(form.ends_with("&text=2%2A4"), "{form}");
        assert!(form.contains("serviceCode=%2A152%2A00%23"), "{form}");
        let json = Dialect::Hubtel.turn(said).body;
        assert!(json.contains(r#""Message":"4""#), "{json}");
        assert!(json.contains(r#""Sequence":3"#), "{json}");
        let json = Dialect::Korba.turn(said).body;
        assert!(json.contains(r#""ussdServiceOp":18"#), "{json}");
    }

    #[test]
    fn a_dial_tells_what_was_dialled() {
        let json = Dialect::Hubtel.turn(SAID).body;
        assert!(json.contains(r#""Type":"Initiation""#), "{json}");
        assert!(json.contains(r#""Message":"*152*00#""#), "{json}");
        let form = Dialect::Africastalking.turn(SAID).body;
        assert!(form.ends_with("&text="), "{form}");
    }

    #[test]
    fn an_answer_is_a_page_or_a_mistake() {
        let page = |text: &str, last| {
            Ok(Page {
                text: text.to_owned(),
                last,
            })
        };
        assert_eq!(Dialect::Africastalking.page(b"CON Hi"), page("Hi", false));
        assert_eq!(Dialect::Africastalking.page(b"END Bye"), page("Bye", true));
        assert!(Dialect::Africastalking.page(b"con Hi").is_err());
        let answer = br#"{"Message":"Bye","Type":"Release","ClientState":null}"#;
        assert_eq!(Dialect::Hubtel.page(answer), page("Bye", true));
        assert!(Dialect::Hubtel.page(b"CON Hi").is_err());
        let answer = br#"{"message":"Hi","ussdServiceOp":2}"#;
        assert_eq!(Dialect::Korba.page(answer), page("Hi", false));
        assert!(Dialect::Korba.page(&[0xff]).is_err());
    }
}
