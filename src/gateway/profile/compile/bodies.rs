//! Which kind of body is read, told by the places of its values.

use crate::model::source::yaml::Node;

use super::{
    super::{BodyKind, Chain, Piece, Problem, Read, Rule, Source, Template, Test, Value},
    entries::word,
    findings::Findings,
};

/// The words for kinds of bodies.
pub(super) const KINDS: &[(&str, BodyKind)] = &[
    ("form", BodyKind::Form),
    ("json", BodyKind::Json),
    ("xml", BodyKind::Xml),
    ("rpc", BodyKind::Rpc),
    ("text", BodyKind::Text),
    ("none", BodyKind::Nothing),
];

/// The kinds of bodies that values are taken from, each once.
#[derive(Debug, Default)]
pub(super) struct Roots(Vec<BodyKind>);

impl Roots {
    /// Adds what is read.
    pub(super) fn read(&mut self, reads: &[Read]) {
        for read in reads {
            self.value(&read.value);
        }
    }

    /// Adds what is tested.
    pub(super) fn rules<O>(&mut self, rules: &[Rule<O>]) {
        for test in rules.iter().flat_map(|rule| &rule.tests) {
            if let Test::Compared { any, .. } = test {
                for chain in any {
                    self.chain(chain);
                }
            }
        }
    }

    /// Adds a value.
    pub(super) fn value(&mut self, value: &Value) {
        value.0.iter().for_each(|chain| self.chain(chain));
    }

    /// Adds a chain.
    pub(super) fn chain(&mut self, chain: &Chain) {
        self.source(&chain.source);
    }

    /// Adds a place.
    pub(super) fn source(&mut self, source: &Source) {
        let kind = match source {
            Source::Form(_) | Source::Param(_) => BodyKind::Form,
            Source::Json(_) => BodyKind::Json,
            Source::Xml(_) => BodyKind::Xml,
            Source::Rpc(..) | Source::RpcMethod => BodyKind::Rpc,
            Source::Body => BodyKind::Text,
            Source::Template(template) => return self.template(template),
            Source::Called(field) => return self.source(field),
            Source::Query(_)
            | Source::Header(_)
            | Source::Path(_)
            | Source::Method
            | Source::Status
            | Source::ItemJson(_)
            | Source::ItemXml(_)
            | Source::Setting(_)
            | Source::Said(_)
            | Source::Kept(_)
            | Source::Part(_)
            | Source::Screen
            | Source::ScreenAlphabet
            | Source::Go
            | Source::Error
            | Source::Missing
            | Source::Turn
            | Source::Known
            | Source::State
            | Source::Public
            | Source::Gateway
            | Source::Now
            | Source::To
            | Source::From
            | Source::Text
            | Source::TextAlphabet
            | Source::Segments
            | Source::Ref
            | Source::MessageId => return,
        };
        if !self.0.contains(&kind) {
            self.0.push(kind);
        }
    }

    fn template(&mut self, template: &Template) {
        for piece in &template.0 {
            if let Piece::Slot(value) = piece {
                self.value(value);
            }
        }
    }

    /// The one kind; `None` where nothing of the body is read, two words where two are. The whole
    /// body as a text goes with every kind.
    pub(super) fn kind(&self) -> Result<Option<BodyKind>, (&'static str, &'static str)> {
        let mut kinds = self
            .0
            .iter()
            .copied()
            .filter(|kind| *kind != BodyKind::Text);
        match (kinds.next(), kinds.next()) {
            (Some(one), Some(other)) => Err((kind_word(one), kind_word(other))),
            (Some(one), None) => Ok(Some(one)),
            (None, _) => Ok(self.0.first().copied()),
        }
    }
}

/// The word of a kind.
pub(super) fn kind_word(kind: BodyKind) -> &'static str {
    let found = KINDS.iter().find(|(_, known)| *known == kind);
    found.map_or("none", |(word, _)| word)
}

/// Reads `body:` or `reads:`; what is read must be of that kind.
pub(super) fn said(node: &Node, told: Option<BodyKind>, findings: &mut Findings) -> BodyKind {
    let words: Vec<_> = KINDS.iter().map(|(word, _)| *word).collect();
    let read = word(node, "kind of body", &words, findings);
    let found = KINDS.iter().find(|(word, _)| Some(*word) == read);
    let kind = found.map_or(BodyKind::Nothing, |(_, kind)| *kind);
    if let Some(other) =
        told.filter(|told| found.is_some() && *told != kind && *told != BodyKind::Text)
    {
        let (one, other) = (kind_word(kind), kind_word(other));
        findings.add(node.span, &Problem::TwoBodies { one, other });
    }
    kind
}
