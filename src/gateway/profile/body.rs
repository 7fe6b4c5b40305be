//! Bodies and headers as they go out, of answers and of calls.

use super::{
    Body, Charset, Template,
    charset::Concrete,
    markup,
    tree::{Filled, entries},
    urlencoded,
    value::Sources,
    xmlrpc,
};

impl Body {
    /// The body, its places filled, as a text that its character set can hold.
    pub(super) fn write(&self, charset: Charset, sources: &dyn Sources) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(template) => template.entry(sources).unwrap_or_default(),
            Self::Form(pairs) => form(charset, &entries(pairs, sources)),
            Self::Json(tree) => {
                let filled = tree.fill(sources);
                filled.map(|filled| filled.to_string()).unwrap_or_default()
            }
            Self::Xml(element) => {
                let document = element.write(sources).unwrap_or_default();
                markup::document(document, charset)
            }
            Self::Rpc { method, value } => {
                let value = value.fill(sources);
                let value = value.unwrap_or_else(|| Filled::Map(Vec::new()));
                markup::document(xmlrpc::write(method.as_deref(), &value), charset)
            }
        }
    }
}

/// Names and values as a form, or as what follows `?`.
pub(super) fn form(charset: Charset, pairs: &[(String, String)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    urlencoded::written_in(Concrete::written(charset), pairs)
}

/// The headers that have a value and that HTTP can bear, names in lower case: a value of one line, of visible ASCII, spaces
/// and tabs (RFC 9110, section 5.5). What a screen or a setting holds never makes a second header.
pub(super) fn headers(
    pairs: &[(String, Template)],
    sources: &dyn Sources,
) -> Vec<(String, String)> {
    let filled = entries(pairs, sources).into_iter();
    let lower = filled.map(|(name, value)| (name.to_ascii_lowercase(), value));
    lower
        .filter(|(name, value)| is_name(name) && is_value(value))
        .collect()
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}

/// Whether HTTP can bear it as the value of a header.
pub(super) fn is_value(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}
