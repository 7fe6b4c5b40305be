use crate::model::source::nearest;

use super::{
    super::{JsonStep, Problem, Source, XmlName, XmlStep},
    book::Book,
    grammar::{self, Place, Step},
};

/// What a value may be taken from where it is written.
#[derive(Clone, Debug)]
pub(super) struct Scope<'p> {
    pub book: &'p Book,
    pub told: Told,
    /// Names that were read before.
    pub names: Vec<String>,
    /// Names that the session's begin told.
    pub kept: &'p [String],
    /// What is known of a screen, a message, a refusal: see [`word`].
    pub words: Vec<&'static str>,
    /// Parts of a call that stand before.
    pub parts: Vec<String>,
    /// Named parts of the route's path.
    pub path: Vec<String>,
    /// Where `item` begins.
    pub item: Option<Source>,
    /// Whether a call of ours is written, which bears what proves that it is ours.
    pub is_call: bool,
}

/// What came to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Request,
    /// The aggregator's reply to our call.
    Reply,
}

/// Of a screen.
pub(super) const SCREEN: &[&str] = &[
    "screen",
    "screen.alphabet",
    "go",
    "turn",
    "state",
    "known",
    "public",
    "gateway",
];
/// Of a request that is no turn.
pub(super) const EVENT: &[&str] = &["known", "public", "gateway"];
/// Of a refusal.
pub(super) const REFUSAL: &[&str] = &["error", "missing", "public", "gateway"];
/// Of an SMS.
pub(super) const MESSAGE: &[&str] = &[
    "to",
    "from",
    "text",
    "text.alphabet",
    "segments",
    "ref",
    "now",
    "public",
    "gateway",
];
/// Of an SMS whose receipt is asked for.
pub(super) const POLLED: &[&str] = &["message_id", "to", "ref", "now", "public", "gateway"];
/// Of our side alone.
pub(super) const OWN: &[&str] = &["public", "gateway"];

/// What a word stands for.
pub(super) fn word(word: &str) -> Option<Source> {
    let source = match word {
        "screen" => Source::Screen,
        "screen.alphabet" => Source::ScreenAlphabet,
        "go" => Source::Go,
        "turn" => Source::Turn,
        "state" => Source::State,
        "known" => Source::Known,
        "error" => Source::Error,
        "missing" => Source::Missing,
        "public" => Source::Public,
        "gateway" => Source::Gateway,
        "now" => Source::Now,
        "to" => Source::To,
        "from" => Source::From,
        "text" => Source::Text,
        "text.alphabet" => Source::TextAlphabet,
        "segments" => Source::Segments,
        "ref" => Source::Ref,
        "message_id" => Source::MessageId,
        _ => return None,
    };
    Some(source)
}

impl<'p> Scope<'p> {
    /// Settings and the profile's own names only.
    pub(super) fn new(book: &'p Book) -> Self {
        Self {
            book,
            told: Told::Nothing,
            names: Vec::new(),
            kept: &[],
            words: Vec::new(),
            parts: Vec::new(),
            path: Vec::new(),
            item: None,
            is_call: false,
        }
    }

    /// With what comes to us.
    pub(super) fn told(self, told: Told) -> Self {
        Self { told, ..self }
    }

    /// With these words.
    pub(super) fn words(self, words: &[&'static str]) -> Self {
        let words = words.to_vec();
        Self { words, ..self }
    }

    /// With these names.
    pub(super) fn names(self, names: Vec<String>) -> Self {
        Self { names, ..self }
    }

    /// With what a begin keeps.
    pub(super) fn kept(self, kept: &'p [String]) -> Self {
        Self { kept, ..self }
    }

    /// For a call of ours.
    pub(super) fn call(self) -> Self {
        let is_call = true;
        Self { is_call, ..self }
    }

    /// What a place stands for, or what is wrong with it.
    pub(super) fn source(&self, place: &Place) -> Result<Source, Problem> {
        let written = place.written();
        if self.words.contains(&written.as_str())
            && let Some(source) = word(&written)
        {
            if self.names.contains(&written) {
                let by = "what the request told and by a word of the language";
                return Err(Problem::NameTaken { name: written, by });
            }
            return Ok(source);
        }
        match &place.rest {
            Some(rest) => self.below(place, rest),
            None => self.alone(&place.root),
        }
    }

    fn alone(&self, name: &str) -> Result<Source, Problem> {
        let (is_request, is_reply) = (self.told == Told::Request, self.told == Told::Reply);
        match name {
            "method" if is_request => Ok(Source::Method),
            "status" if is_reply => Ok(Source::Status),
            "body" if is_request || is_reply => Ok(Source::Body),
            "item" if self.item.is_some() => self.item(Vec::new(), Vec::new(), name),
            _ if self.names.iter().any(|known| known == name) => Ok(Source::Said(name.to_owned())),
            _ => Err(self.unknown(name)),
        }
    }

    fn below(&self, place: &Place, rest: &str) -> Result<Source, Problem> {
        let name = || rest.trim_matches('"').to_owned();
        match place.root.as_str() {
            "setting" => return self.setting(rest),
            "kept" => return self.kept_name(rest),
            "part" => return self.part(rest, place),
            _ => {}
        }
        if let Some(rest) = rest.strip_prefix('[') {
            return self.called(place, rest);
        }
        let (is_request, is_reply) = (self.told == Told::Request, self.told == Told::Reply);
        let found = match place.root.as_str() {
            "query" if is_request => Some(Source::Query(name())),
            "param" if is_request => Some(Source::Param(name())),
            "path" if is_request => return self.path(rest, place),
            "form" if is_request || is_reply => Some(Source::Form(name())),
            "header" if is_request || is_reply => Some(Source::Header(name())),
            "json" if is_request || is_reply => json_steps(rest).map(Source::Json),
            "xml" if is_request || is_reply => self.xml_steps(rest).map(Source::Xml),
            "soap" if is_request || is_reply => self.soap(rest),
            "rpc" if is_request || is_reply => rpc(rest),
            "item" if self.item.is_some() => {
                let (json, xml) = (json_steps(rest), self.xml_steps(rest));
                let (json, xml) = json
                    .zip(xml)
                    .ok_or_else(|| self.unknown(&place.written()))?;
                return self.item(json, xml, rest);
            }
            _ => None,
        };
        found.ok_or_else(|| self.unknown(&place.written()))
    }

    /// `query[setting.NAME]`: a field whose name a setting tells.
    fn called(&self, place: &Place, rest: &str) -> Result<Source, Problem> {
        let name = rest.strip_prefix("setting.");
        let name = name.and_then(|name| name.strip_suffix(']'));
        let (Some(name), Told::Request) = (name, self.told) else {
            return Err(self.unknown(&place.written()));
        };
        let field = match place.root.as_str() {
            "query" => Source::Query,
            "form" => Source::Form,
            "param" => Source::Param,
            "header" => Source::Header,
            _ => return Err(self.unknown(&place.written())),
        };
        self.setting(name)?;
        Ok(Source::Called(Box::new(field(name.to_owned()))))
    }

    /// `setting.NAME`.
    pub(super) fn setting(&self, name: &str) -> Result<Source, Problem> {
        if self.book.setting(name).is_some() {
            return Ok(Source::Setting(name.to_owned()));
        }
        let known = self.book.settings.iter().map(|(known, _)| known.as_str());
        Err(Problem::UnknownSetting {
            name: name.to_owned(),
            nearest: nearest(name, known).map(str::to_owned),
        })
    }

    fn kept_name(&self, name: &str) -> Result<Source, Problem> {
        if self.kept.iter().any(|kept| kept == name) {
            return Ok(Source::Kept(name.to_owned()));
        }
        let name = name.to_owned();
        Err(Problem::NotKept { name })
    }

    fn part(&self, name: &str, place: &Place) -> Result<Source, Problem> {
        if self.parts.iter().any(|part| part == name) {
            return Ok(Source::Part(name.to_owned()));
        }
        Err(self.unknown(&place.written()))
    }

    fn path(&self, name: &str, place: &Place) -> Result<Source, Problem> {
        if self.path.iter().any(|part| part == name) {
            return Ok(Source::Path(name.to_owned()));
        }
        Err(self.unknown(&place.written()))
    }

    fn item(&self, json: Vec<JsonStep>, xml: Vec<XmlStep>, at: &str) -> Result<Source, Problem> {
        match &self.item {
            Some(Source::Json(_)) => Ok(Source::ItemJson(json)),
            Some(Source::Xml(_)) => Ok(Source::ItemXml(xml)),
            _ => Err(self.unknown(at)),
        }
    }

    fn soap(&self, rest: &str) -> Option<Source> {
        let (part, below) = rest.split_once('.')?;
        let part = match part {
            "header" => "Header",
            "body" => "Body",
            _ => return None,
        };
        let mut steps: Vec<_> = ["Envelope", part].map(element).into();
        steps.extend(self.xml_steps(below)?);
        Some(Source::Xml(steps))
    }

    fn xml_steps(&self, rest: &str) -> Option<Vec<XmlStep>> {
        let steps = grammar::steps(rest)?;
        let steps: Option<Vec<_>> = steps.iter().map(|step| self.xml_step(step)).collect();
        let steps = steps?;
        let last = steps.len().saturating_sub(1);
        let is_attribute = |step: &XmlStep| matches!(step, XmlStep::Attribute(_));
        let early = steps.iter().take(last).any(is_attribute);
        (!early).then_some(steps)
    }

    fn xml_step(&self, step: &Step) -> Option<XmlStep> {
        match step {
            Step::Name { text, quoted: true } => Some(element(text)),
            Step::Name { text, .. } => match (text.strip_prefix('@'), text.parse()) {
                (Some(name), _) => (!name.is_empty()).then(|| XmlStep::Attribute(name.to_owned())),
                (None, Ok(index)) => Some(XmlStep::Index(index)),
                (None, Err(_)) => self.element(text),
            },
            Step::Where { key, value } => {
                let step = match key.strip_prefix('@') {
                    Some(name) => XmlStep::Attribute(name.to_owned()),
                    None => self.element(key)?,
                };
                Some(XmlStep::Where(Box::new(step), value.clone()))
            }
        }
    }

    /// `ns:name`, whose namespace must be known, or a name of any.
    fn element(&self, name: &str) -> Option<XmlStep> {
        let Some((prefix, local)) = name.split_once(':') else {
            return Some(element(name));
        };
        let namespace = Some(self.book.namespace(prefix)?.to_owned());
        let local = local.to_owned();
        Some(XmlStep::Element(XmlName { namespace, local }))
    }

    fn unknown(&self, written: &str) -> Problem {
        if self.told == Told::Nothing {
            let written = written.to_owned();
            let words = self.known();
            return Problem::UnknownPlaceholder { written, words };
        }
        let known = self
            .names
            .iter()
            .map(String::as_str)
            .chain(ROOTS.iter().copied());
        let root = written.split('.').next().unwrap_or_default();
        Problem::NotAField {
            written: written.to_owned(),
            nearest: nearest(root, known)
                .filter(|nearest| *nearest != root)
                .map(str::to_owned),
        }
    }

    /// What may stand here, for its author.
    fn known(&self) -> String {
        let names = self.names.iter().map(String::as_str);
        let mut known: Vec<_> = self
            .words
            .iter()
            .copied()
            .chain(names)
            .map(str::to_owned)
            .collect();
        known.extend(self.kept.iter().map(|name| format!("kept.{name}")));
        known.extend(self.parts.iter().map(|name| format!("part.{name}")));
        if !self.book.settings.is_empty() {
            known.push("setting.NAME".to_owned());
        }
        known.join(", ")
    }
}

const ROOTS: &[&str] = &[
    "query", "form", "header", "param", "path", "method", "status", "body", "json", "xml", "soap",
    "rpc", "item", "setting", "kept",
];

fn element(name: &str) -> XmlStep {
    XmlStep::Element(XmlName {
        namespace: None,
        local: name.to_owned(),
    })
}

fn json_steps(rest: &str) -> Option<Vec<JsonStep>> {
    let steps = grammar::steps(rest)?;
    Some(steps.into_iter().map(json_step).collect())
}

fn json_step(step: Step) -> JsonStep {
    match step {
        Step::Where { key, value } => JsonStep::Where(key, value),
        Step::Name { text, quoted: true } => JsonStep::Name(text),
        Step::Name { text, .. } => match text.parse() {
            Ok(index) => JsonStep::Index(index),
            Err(_) => JsonStep::Name(text),
        },
    }
}

/// `method`, `NAME` of the first parameter, `1.NAME` of another.
fn rpc(rest: &str) -> Option<Source> {
    if rest == "method" {
        return Some(Source::RpcMethod);
    }
    let mut steps = json_steps(rest)?;
    match steps.first() {
        Some(JsonStep::Index(parameter)) => {
            let parameter = *parameter;
            Some(Source::Rpc(parameter, steps.split_off(1)))
        }
        _ => Some(Source::Rpc(0, steps)),
    }
}
