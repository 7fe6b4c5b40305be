//! What a request sends: its address, its query, its headers and its body.

use super::{
    Translation,
    expression::Expression,
    fields::Fields,
    names::Names,
    template::{Piece, pieces},
    texts::{Meaning, Scope},
    values::{Plain, Value},
};
use crate::{
    import::{
        Problem,
        yaml::{Entry, Yaml},
    },
    model::source::yaml::Node,
};

/// The longest that a request waits where a journey lets it wait longer, in seconds.
const LONGEST_WAIT: u64 = 3;

/// Headers that nyota sets itself.
const OURS: [&str; 3] = ["content-type", "content-length", "host"];

/// A call that is being put together.
#[derive(Default)]
pub(super) struct Draft {
    names: Names,
    /// What it takes: its name, its type, and what is handed over.
    pub(super) takes: Vec<(String, Yaml, String)>,
    secrets: Vec<String>,
}

impl<'n> Translation<'n> {
    /// The method, the address and what is sent; why it cannot be declared.
    pub(super) fn request(
        &mut self,
        node: &'n Node,
        draft: &mut Draft,
    ) -> Result<Vec<Entry>, String> {
        let Some(mut fields) = Fields::of(node, &mut self.found) else {
            return Err("it is no map".to_owned());
        };
        let method = fields.word("method").unwrap_or("get").to_ascii_lowercase();
        if !matches!(method.as_str(), "get" | "post" | "put") {
            return Err(format!("its method is `{method}`"));
        }
        let address = fields.take("url").ok_or("it has no `url`")?;
        let address = self.address(address, draft)?;
        let mut entries = vec![Entry::new(&method, Yaml::Quoted(address))];
        if let Some(node) = fields.take("params") {
            entries.extend(self.query(node, draft));
        }
        if let Some(node) = fields.take("headers") {
            entries.extend(self.headers(node, draft));
        }
        let form = fields.take("data");
        let json = fields.take("json");
        if form.is_some() {
            let at = fields.at_key("data");
            self.report(at, Problem::RequestPart("data".to_owned()));
        }
        if let Some(body) = json.or(form).filter(|_| method != "get") {
            entries.extend(self.body(body, draft).map(|body| Entry::new("json", body)));
        }
        entries.extend(self.timeout(&mut fields));
        for (key, value) in fields.clone().pairs() {
            let name = key.text().unwrap_or_default();
            let known = [
                "method", "url", "params", "headers", "data", "json", "timeout",
            ];
            // What is always so need not be said.
            let usual = matches!((name, value.text()), ("verify", Some("true" | "True")));
            if !known.contains(&name) && !usual {
                self.report(key.span, Problem::RequestPart(name.to_owned()));
            }
        }
        Ok(entries)
    }

    fn timeout(&mut self, fields: &mut Fields<'n>) -> Option<Entry> {
        let node = fields.take("timeout")?;
        let seconds: u64 = node.text().and_then(|text| text.parse().ok())?;
        let kept = seconds.clamp(1, LONGEST_WAIT);
        if kept != seconds {
            self.report(node.span, Problem::ShorterWait(seconds.to_string()));
        }
        Some(Entry::word("timeout", format!("{kept}s")))
    }

    /// The address with its placeholders; why it is none of a declared call.
    fn address(&mut self, node: &Node, draft: &mut Draft) -> Result<String, String> {
        let text = node.text().unwrap_or_default().trim();
        let rest = text
            .strip_prefix("http://")
            .or(text.strip_prefix("https://"));
        let host = rest
            .and_then(|rest| rest.split(['/', '?']).next())
            .unwrap_or_default();
        if host.is_empty() || host.contains(['{', '@']) {
            return Err(format!(
                "`{text}` does not begin with a host that is always the same"
            ));
        }
        let address = self.wording(node, draft, false);
        address.ok_or_else(|| format!("`{text}` holds a value that cannot be had"))
    }

    fn query(&mut self, node: &'n Node, draft: &mut Draft) -> Option<Entry> {
        let fields = Fields::of(node, &mut self.found)?;
        let mut entries = Vec::new();
        for (key, value) in fields.pairs() {
            let name = key.text().unwrap_or_default();
            if value.text().is_none() {
                let problem = Problem::RequestPart(format!("params: {name}: {}", value.describe()));
                self.report(value.span, problem);
            } else if let Some(text) = self.wording(value, draft, false) {
                entries.push(Entry::new(name, Yaml::Quoted(text)));
            }
        }
        (!entries.is_empty()).then(|| Entry::new("query", Yaml::Short(entries)))
    }

    fn headers(&mut self, node: &'n Node, draft: &mut Draft) -> Option<Entry> {
        let fields = Fields::of(node, &mut self.found)?;
        let mut entries = Vec::new();
        for (key, value) in fields.pairs() {
            let name = key.text().unwrap_or_default();
            if OURS.contains(&name.to_ascii_lowercase().as_str()) {
                continue;
            }
            if let Some(text) = self.wording(value, draft, true) {
                entries.push(Entry::new(name, Yaml::Quoted(text)));
            }
        }
        (!entries.is_empty()).then(|| Entry::new("headers", Yaml::Short(entries)))
    }

    /// A body, without what cannot be had.
    fn body(&mut self, node: &'n Node, draft: &mut Draft) -> Option<Yaml> {
        if let Some(entries) = node.map() {
            let mut fields = Vec::new();
            for (key, value) in entries {
                let name = key.text().unwrap_or_default();
                fields.extend(self.body(value, draft).map(|value| Entry::new(name, value)));
            }
            return Some(Yaml::Short(fields));
        }
        if let Some(items) = node.list() {
            let items = items.iter().filter_map(|item| self.body(item, draft));
            return Some(Yaml::List(items.collect()));
        }
        let text = node.text().unwrap_or_default();
        let constant = !text.contains("{{");
        let word = super::values::is_number(text) || matches!(text, "true" | "false");
        if constant && word {
            return Some(Yaml::Word(text.to_owned()));
        }
        self.wording(node, draft, false).map(Yaml::Quoted)
    }

    /// A text of a request with its placeholders; `None` where one is unknown, which is reported.
    fn wording(&mut self, node: &Node, draft: &mut Draft, header: bool) -> Option<String> {
        let mut worded = String::new();
        for piece in pieces(node.text()?.trim()) {
            match piece {
                Piece::Literal(text) => {
                    worded.push_str(&text.replace('{', "{{").replace('}', "}}"));
                }
                Piece::Statement(written) => {
                    self.report(node.span, Problem::Statement(written.to_owned()));
                    return None;
                }
                Piece::Value(inner) => match self.parameter(inner, node, draft, header) {
                    Some(name) => worded.extend(["{", &name, "}"]),
                    None => return None,
                },
            }
        }
        Some(worded)
    }

    /// What stands for a value in a request.
    fn parameter(
        &mut self,
        inner: &str,
        node: &Node,
        draft: &mut Draft,
        header: bool,
    ) -> Option<String> {
        let Some(Expression::Path(path)) = Expression::parse(inner) else {
            let problem = Problem::NotSent(format!("`{inner}` is computed"));
            self.report(node.span, problem);
            return None;
        };
        if path.parts == ["ussd_request", "language"] || path.parts == ["language"] {
            return Some("language".to_owned());
        }
        if let Some(filter) = path.filters.first() {
            self.report(node.span, Problem::Filter(filter.clone()));
        }
        match self.meaning(&path.parts, &Scope::default()) {
            Some(Meaning::Value(value)) if value.variable.is_some() => {
                self.used(&value, node.span);
                Some(draft.parameter(&value))
            }
            Some(_) | None if header && is_of_the_environment(&path.parts) => {
                Some(draft.secret(path.parts.first()?))
            }
            Some(_) | None => {
                let why = format!("nothing in the journey sets `{}`", path.parts.join("."));
                self.report(node.span, Problem::NotSent(why));
                None
            }
        }
    }
}

impl Draft {
    /// The parameter for a value of a menu.
    fn parameter(&mut self, value: &Value) -> String {
        let known = self
            .takes
            .iter()
            .find(|(_, _, from)| *from == value.written);
        if let Some((name, _, _)) = known {
            return name.clone();
        }
        let name = self.names.fresh(&super::names::plain(&value.written));
        let bound = |name: &str, most: &str| Yaml::Short(vec![Entry::word(name, most)]);
        let of = match value.plain {
            Plain::Text => bound("text", "40"),
            Plain::Number => bound("number", "9"),
            Plain::Secret => Yaml::Word("pin".to_owned()),
        };
        self.takes.push((name.clone(), of, value.written.clone()));
        name
    }

    fn secret(&mut self, name: &str) -> String {
        let plain = super::names::plain(&name.to_ascii_lowercase());
        if !self.secrets.contains(&plain) {
            self.secrets.push(plain.clone());
        }
        format!("secret.{plain}")
    }

    pub(super) fn about_secrets(&self) -> Vec<String> {
        let secrets = self.secrets.iter();
        secrets
            .map(|name| {
                format!(
                    "The secret is read from NYOTA_SECRET_{}.",
                    name.to_ascii_uppercase()
                )
            })
            .collect()
    }

    /// The entries with what the call takes before them.
    pub(super) fn take(&self, entries: Vec<Entry>) -> Vec<Entry> {
        let takes = self.takes.iter();
        let takes: Vec<Entry> = takes
            .map(|(name, of, _)| Entry::new(name, of.clone()))
            .collect();
        let takes = (!takes.is_empty()).then(|| Entry::new("takes", Yaml::Short(takes)));
        takes.into_iter().chain(entries).collect()
    }
}

/// `BASE_TOKEN`: what comes from the environment is written in capitals.
fn is_of_the_environment(parts: &[String]) -> bool {
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    matches!(parts, [name] if name.bytes().all(capital))
}
