use super::{Reader, entries::Entries};
use crate::{
    menu::{
        problem::Problem,
        syntax::{Text, Written},
    },
    model::source::yaml::Node,
};

impl Reader<'_> {
    /// The text below a key that must be there, with its translations.
    pub(super) fn require_text(
        &mut self,
        entries: &mut Entries<'_>,
        key: &'static str,
    ) -> Option<Text> {
        let node = self.require(entries, key)?;
        self.text(node, key)
    }

    /// The text below a key that may be there.
    pub(super) fn take_text(
        &mut self,
        entries: &mut Entries<'_>,
        key: &'static str,
    ) -> Option<Text> {
        let node = entries.take(key)?;
        self.text(node, key)
    }

    /// The text at `node`, which stands below `key`, with its translations.
    pub(super) fn text(&mut self, node: &Node, key: &str) -> Option<Text> {
        let path = self.below(key, |reader| reader.path.join("."));
        let translations = self.translations.iter_mut();
        let others: Vec<Option<&Node>> =
            translations.map(|language| language.take(&path)).collect();
        let others = others
            .into_iter()
            .map(|other| other.and_then(|node| self.written(node)))
            .collect();
        self.texts.push(path.clone());
        Some(Text {
            path,
            base: self.written(node)?,
            others,
        })
    }

    fn written(&mut self, node: &Node) -> Option<Written> {
        let text = self.scalar(node)?;
        self.warn_of_plain(node);
        let control = |character: char| character.is_control() && character != '\n';
        if text.trim().is_empty() || text.chars().any(control) {
            self.report(node.span, Problem::Unprintable);
        }
        Some(Written {
            pieces: self.pieces(text, node.span),
            at: node.span,
        })
    }
}
