//! How the values of a route are read, and what is wrong with those that cannot be.

use super::{
    Read, Refused,
    parsed::Parsed,
    value::{Datum, Sources},
};

/// Longest of every value but the text, in characters. The text is as long as a request can be: a
/// long dialogue adds up to much, and whatever a caller typed gets an answer that she can read.
const LONGEST: usize = 128;

/// What could not be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Lacks {
    missing: Vec<String>,
    /// The one that is empty and should not be, where that is all.
    empty: Option<String>,
    /// The first other mistake.
    wrong: Option<Refused>,
}

impl Lacks {
    /// Nothing, where all was read.
    pub(super) fn refusal(self) -> Result<(), Refused> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        match (self.missing.len(), self.empty) {
            (0, _) => Ok(()),
            (1, Some(empty)) => Err(Refused::Empty(empty)),
            _ => Err(Refused::Missing(self.missing)),
        }
    }

    pub(super) fn any(&self) -> bool {
        self.wrong.is_some() || !self.missing.is_empty()
    }

    /// These, and then others.
    pub(super) fn and(mut self, other: Self) -> Self {
        for name in other.missing {
            if !self.missing.contains(&name) {
                self.missing.push(name);
            }
        }
        self.empty = self.empty.or(other.empty);
        self.wrong = self.wrong.or(other.wrong);
        self
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other mistakes are told alike"
    )]
    fn add(&mut self, why: Refused) {
        match why {
            Refused::Missing(names) => self.missing.extend(names),
            Refused::Empty(name) => {
                self.missing.push(name.clone());
                self.empty = Some(name);
            }
            other => {
                self.wrong.get_or_insert(other);
            }
        }
    }
}

impl Parsed<'_> {
    /// Reads values one after the other, each usable in those after it.
    pub(super) fn read(&mut self, reads: &[Read]) -> Lacks {
        let mut lacks = Lacks::default();
        for read in reads {
            match read.text(self) {
                Ok(Some(text)) => self.tell(&read.name, text),
                Ok(None) => {}
                Err(why) => lacks.add(why),
            }
        }
        lacks
    }
}

impl Read {
    /// Whether it stands for a phone that is no number.
    pub(super) fn is_opaque(&self, sources: &dyn Sources) -> bool {
        let chosen = self.value.chosen(sources).ok().flatten();
        chosen.is_some_and(|(_, chain)| {
            let opaque = |filter| matches!(filter, &super::Filter::Opaque);
            chain.filters.iter().any(opaque)
        })
    }

    /// Whether it is a state of ours that is brought back.
    pub(super) fn is_signed(&self) -> bool {
        let mut filters = self.value.0.iter().map(|chain| chain.filters.last());
        filters.any(|last| matches!(last, Some(super::Filter::Signed)))
    }

    /// The value, checked. Only `text` may be empty.
    fn text(&self, sources: &dyn Sources) -> Result<Option<String>, Refused> {
        let text = match self.value.get(sources)? {
            None => return self.absent(sources),
            Some(datum @ Datum::Json(_)) => match datum.into_text() {
                None => return Err(Refused::NotPlain(self.written.clone())),
                text => text,
            },
            Some(datum) => datum.into_text(),
        };
        match text {
            None => self.lacking(Refused::Unmapped(self.written.clone())),
            Some(text) if self.name == "text" => Ok(Some(typed(&text))),
            Some(text) if text.is_empty() => self.lacking(Refused::Empty(self.written.clone())),
            Some(text) => {
                self.bounded(&text)?;
                Ok(Some(text))
            }
        }
    }

    /// Why there is no value: nothing stands there, or what a filter cannot read.
    fn absent(&self, sources: &dyn Sources) -> Result<Option<String>, Refused> {
        let mut why = Refused::Missing(vec![self.written.clone()]);
        for chain in &self.value.0 {
            match chain.source.get(sources)?.and_then(Datum::into_text) {
                None => {}
                Some(text) if text.is_empty() => why = Refused::Empty(self.written.clone()),
                Some(_) => return self.lacking(Refused::Unmapped(self.written.clone())),
            }
        }
        self.lacking(why)
    }

    fn lacking(&self, why: Refused) -> Result<Option<String>, Refused> {
        if self.required { Err(why) } else { Ok(None) }
    }

    fn bounded(&self, text: &str) -> Result<(), Refused> {
        let field = || self.written.clone();
        if text.chars().nth(LONGEST).is_some() {
            return Err(Refused::FieldTooLong {
                field: field(),
                limit: LONGEST,
            });
        }
        if text.chars().any(char::is_control) {
            return Err(Refused::ControlCharacters(field()));
        }
        Ok(())
    }
}

/// What a caller typed: a tab or another control character is no reason to refuse her. Each becomes
/// one space, so that the same text reads the same in every turn.
fn typed(raw: &str) -> String {
    let plain = |character: char| match character {
        control if control.is_control() => ' ',
        other => other,
    };
    raw.chars().map(plain).collect()
}
