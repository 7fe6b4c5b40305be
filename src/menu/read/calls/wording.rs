use super::{Call, Reader};
use crate::{
    menu::{
        declared::{Slot, Wording},
        problem::{Problem, Unknown},
        read::{is_name, template::split_at_brace},
    },
    model::source::Span,
};

impl Reader<'_> {
    /// A text with its placeholders: `{code}`, `{language}`, `{secret.registry}`; a doubled brace is
    /// one. What cannot be read is reported and left out.
    pub(super) fn wording(&mut self, text: &str, at: Span, call: &mut Call<'_>) -> Wording {
        let mut slots = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        let mut search = at;
        while let Some((before, brace, after)) = split_at_brace(rest) {
            literal.push_str(before);
            rest = after;
            if let Some(after) = after.strip_prefix(brace) {
                literal.push(brace);
                rest = after;
                continue;
            }
            let Some((inner, after)) = (brace == '{').then(|| after.split_once('}')).flatten()
            else {
                self.report(at, Problem::BadPlaceholder(format!("a lone `{brace}`")));
                continue;
            };
            rest = after;
            let place = self.locate(inner, &mut search);
            if let Some(slot) = self.slot(inner, place, call) {
                if !literal.is_empty() {
                    slots.push(Slot::Literal(std::mem::take(&mut literal)));
                }
                slots.push(slot);
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            slots.push(Slot::Literal(literal));
        }
        Wording(slots)
    }

    fn slot(&mut self, inner: &str, at: Span, call: &mut Call<'_>) -> Option<Slot> {
        if let Some(secret) = inner.strip_prefix("secret.") {
            if !is_name(secret) {
                let why = format!("`{secret}` is no name of a secret");
                self.report(at, Problem::BadPlaceholder(why));
                return None;
            }
            return Some(Slot::Secret(secret.to_owned(), at));
        }
        if inner == "language" {
            return Some(Slot::Language);
        }
        if let Some(value) = call.setting(inner) {
            return Some(Slot::Setting(value.to_owned()));
        }
        let Some(position) = call.position(inner) else {
            let unknown: Unknown = call.unknown(inner);
            self.report(at, Problem::UnknownParameter(unknown));
            return None;
        };
        call.sent.insert(position);
        Some(Slot::Argument(position))
    }

    /// Reports a secret where others would keep it: addresses are logged by whoever passes them on.
    pub(super) fn no_secrets(
        &mut self,
        wording: &Wording,
        at: Span,
        place: &'static str,
        call: &Call<'_>,
    ) {
        for slot in &wording.0 {
            match slot {
                Slot::Secret(name, at) => {
                    let name = format!("secret.{name}");
                    self.report(*at, Problem::SecretMisplaced(name, place));
                }
                Slot::Argument(position) if call.is_secret(*position) => {
                    let name = call.takes.get(*position);
                    let name = name.map_or_else(String::new, |taken| taken.field.name.to_string());
                    self.report(at, Problem::SecretMisplaced(name, place));
                }
                Slot::Literal(_) | Slot::Argument(_) | Slot::Setting(_) | Slot::Language => {}
            }
        }
    }
}
