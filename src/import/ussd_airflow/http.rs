//! Requests: each becomes a call of `calls.yaml`, and the screen that makes it.

use super::{
    Translation, Wanted,
    draft::{Call, Outcome, Verb},
    expression::{Expression, Operator},
    fields::Fields,
    journey::Theirs,
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
struct Draft {
    names: Names,
    /// What it takes: its name, its type, and what is handed over.
    takes: Vec<(String, Yaml, String)>,
    secrets: Vec<String>,
}

impl<'n> Translation<'n> {
    pub(super) fn http_screen(
        &mut self,
        name: &str,
        theirs: &Theirs<'n>,
        fields: &mut Fields<'n>,
        wanted: &Wanted,
    ) {
        let key = fields.take("session_key");
        let request = fields.take("http_request");
        if let Some(node) = fields.take("synchronous")
            && node
                .text()
                .is_some_and(|text| text.eq_ignore_ascii_case("true"))
        {
            self.report(node.span, Problem::NotAwaited);
        }
        let mut draft = Draft::default();
        let entries = match request {
            Some(request) => self.request(request, &mut draft),
            None => Err("it has no `http_request`".to_owned()),
        };
        let entries = match entries {
            Ok(entries) => entries,
            Err(why) => {
                _ = fields.take("next_screen");
                _ = fields.take("default_next_screen");
                let at = fields.at_key("http_request");
                return self.lost(name, theirs.at, (Problem::NoCall(why), at));
            }
        };
        let key = key.and_then(Node::text).unwrap_or(theirs.name);
        let on = self.outcomes(name, theirs, key, fields);
        let call = self.call_names.fresh(name);
        let call = format!("{}.{call}", wanted.set);
        let gives = self.values.gives(key).is_some();
        let verb = Verb::Call {
            call: call.clone(),
            with: draft
                .takes
                .iter()
                .map(|(_, _, from)| from.clone())
                .collect(),
            into: gives.then(|| self.values.ours(key)),
            on: on.clone(),
        };
        self.push(name, theirs.at, verb, false);
        let mut entries = draft.take(entries);
        entries.push(outcomes_of(&on));
        entries.extend(self.gives(key));
        self.calls.push(Call {
            name: call,
            at: theirs.at,
            comments: draft.about_secrets(),
            entries,
        });
    }

    /// The method, the address and what is sent; why it cannot be declared.
    fn request(&mut self, node: &'n Node, draft: &mut Draft) -> Result<Vec<Entry>, String> {
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

    /// How the request can end. A router behind it that asks for its status only becomes outcomes.
    fn outcomes(
        &mut self,
        name: &str,
        theirs: &Theirs<'n>,
        key: &str,
        fields: &mut Fields<'n>,
    ) -> Vec<Outcome> {
        let gives = self.values.gives(key).is_some();
        let next = fields.peek("next_screen").and_then(Node::text);
        let router = next.and_then(|next| self.journey.screen(next)).cloned();
        if let Some(router) = router
            && let Some(branches) = by_status(&router, key)
        {
            _ = fields.take("next_screen");
            let mut on: Vec<Outcome> = Vec::new();
            for (status, to) in branches {
                let outcome = format!("status_{status}");
                if on.iter().all(|known| known.name != outcome) {
                    on.push(Outcome {
                        name: outcome,
                        gives: gives && (200..300).contains(&status),
                        status: Some(status.to_string()),
                        go: self.target(to),
                    });
                }
            }
            let default = router.fields.peek("default_next_screen");
            let down = match default {
                Some(default) => self.target(default),
                None => self.failed(theirs),
            };
            on.push(down_to(down));
            return on;
        }
        let scope = Scope::default();
        let go = self.next(name, theirs.at, fields, &scope);
        let answered = Outcome {
            name: "answered".to_owned(),
            status: Some("2xx".to_owned()),
            gives,
            go,
        };
        vec![answered, down_to(self.failed(theirs))]
    }

    /// Whether nothing but requests leads to a router, whose branches become their outcomes.
    pub(super) fn is_absorbed(&self, router: &Theirs<'n>) -> bool {
        let leads = |screen: &&Theirs<'n>| -> usize {
            let pairs = screen.fields.pairs();
            pairs.map(|(_, value)| named(value, router.name)).sum()
        };
        let all: usize = self
            .journey
            .screens
            .iter()
            .map(|screen| leads(&screen))
            .sum();
        let requests = self.journey.screens.iter().filter(|screen| {
            let word = |key: &str| screen.fields.peek(key).and_then(Node::text);
            let key = word("session_key").unwrap_or(screen.name);
            word("type") == Some("http_screen")
                && word("next_screen") == Some(router.name)
                && by_status(router, key).is_some()
        });
        let starts = self
            .journey
            .initial
            .map_or(0, |initial| named(initial, router.name));
        all > 0 && all == requests.count() && starts == 0
    }

    fn failed(&mut self, theirs: &Theirs<'n>) -> String {
        self.report(theirs.at, Problem::MayFail);
        self.no_answer(theirs.at)
    }

    /// What the call gives.
    fn gives(&self, key: &str) -> Option<Entry> {
        let (list, fields) = self.values.gives(key)?;
        let fields = fields.iter().map(|field| {
            let of = if field.number {
                Entry::word("number", "9")
            } else {
                Entry::word("text", "40")
            };
            let at = field.at();
            let at = (at != field.ours).then(|| Entry::new("at", place(&at)));
            Entry::new(
                &field.ours,
                Yaml::Short([of].into_iter().chain(at).collect()),
            )
        });
        let record = Entry::new(record(&self.values.ours(key)), Yaml::Long(fields.collect()));
        let list = list.map(|at| Entry::new("list", place(&at)));
        Some(Entry::new(
            "gives",
            Yaml::Long(list.into_iter().chain([record]).collect()),
        ))
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

    fn about_secrets(&self) -> Vec<String> {
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
    fn take(&self, entries: Vec<Entry>) -> Vec<Entry> {
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

/// A record must not have the name of a type or of a record of the program's own.
fn record(ours: &str) -> String {
    let taken = [
        "text",
        "number",
        "digits",
        "date",
        "phone",
        "pin",
        "amount",
        "word",
        "cover",
        "quote",
        "bill",
        "payment",
        "list",
        "member_number",
        "control_number",
    ];
    if taken.contains(&ours) {
        format!("{ours}_answer")
    } else {
        ours.to_owned()
    }
}

/// A place in an answer, in quotes where it is more than names.
fn place(at: &str) -> Yaml {
    if at.contains('[') || at == "." {
        Yaml::Quoted(at.to_owned())
    } else {
        Yaml::Word(at.to_owned())
    }
}

fn down_to(go: String) -> Outcome {
    Outcome {
        name: "down".to_owned(),
        status: None,
        gives: false,
        go,
    }
}

fn outcomes_of(on: &[Outcome]) -> Entry {
    let entries = on.iter().filter_map(|outcome| {
        let status = Entry::word("status", outcome.status.clone()?);
        let gives = outcome.gives.then(|| Entry::word("gives", "true"));
        let entries = [status].into_iter().chain(gives).collect();
        Some(Entry::new(&outcome.name, Yaml::Short(entries)))
    });
    Entry::new("outcomes", Yaml::Long(entries.collect()))
}

/// How often a name stands below a node.
fn named(node: &Node, name: &str) -> usize {
    let below = node
        .map()
        .unwrap_or_default()
        .iter()
        .map(|(_, value)| value);
    let below = below.chain(node.list().unwrap_or_default());
    usize::from(node.text() == Some(name)) + below.map(|node| named(node, name)).sum::<usize>()
}

/// The branches of a router that asks for nothing but the status of the request before it.
fn by_status<'n>(router: &Theirs<'n>, key: &str) -> Option<Vec<(i64, &'n Node)>> {
    let is_router = router.fields.peek("type").and_then(Node::text) == Some("router_screen");
    let options = router.fields.peek("router_options").and_then(Node::list)?;
    if !is_router || router.fields.peek("with_items").is_some() || options.is_empty() {
        return None;
    }
    let branches = options.iter().map(|option| {
        let entry = |key: &str| {
            let mut entries = option.map()?.iter();
            Some(&entries.find(|(name, _)| name.text() == Some(key))?.1)
        };
        let expression = Expression::parse(entry("expression")?.text()?)?;
        let Expression::Compare(left, Operator::Equal, right) = expression else {
            return None;
        };
        match (*left, *right) {
            (Expression::Path(path), Expression::Number(status))
                if path.parts == [key, "status_code"] && (200..600).contains(&status) =>
            {
                Some((status, entry("next_screen")?))
            }
            _ => None,
        }
    });
    branches.collect()
}
