//! Values put where a profile will find them: what it reads, the other way round.

use super::inverse::{failing, passing, results, unfiltered};
use crate::gateway::profile::{
    Account, Chain, Event, Piece, Read, Refused, Route, Source, Template, Test, Value,
    value::{Datum, Sources},
};

/// What a request will say, by place.
pub(super) struct Fields<'a> {
    pub(super) account: &'a Account,
    pub(super) route: &'a Route,
    reads: Vec<&'a Read>,
    pub(super) set: Vec<(Source, String)>,
}

/// What is tried for a value of which only a test is known.
pub(super) const ANY: [&str; 4] = ["1", "2026-11-21T07:15:00Z", "+255700000001", ""];

impl<'a> Fields<'a> {
    /// Nothing yet, of a request of one kind.
    pub(super) fn new(account: &'a Account, route: &'a Route, events: &[Event]) -> Self {
        let mut reads: Vec<_> = route.reads.iter().collect();
        for event in events {
            let own = route.event_reads.iter().filter(|(of, _)| of == event);
            reads.extend(own.flat_map(|(_, reads)| reads));
        }
        Self {
            account,
            route,
            reads,
            set: Vec::new(),
        }
    }

    /// What is read from such a request.
    pub(super) fn reads(&self) -> Vec<&'a Read> {
        self.reads.clone()
    }

    /// Has a value read as `text`; `false` where it cannot be, or where its place says something else already.
    pub(super) fn put(&mut self, value: &Value, text: &str) -> bool {
        value.0.iter().any(|chain| self.put_at(chain, text, false))
    }

    /// Has a value be there, whatever it is.
    pub(super) fn put_any(&mut self, value: &Value) -> bool {
        let is_there = |fields: &Self| matches!(value.get(fields), Ok(Some(_)));
        if is_there(self) {
            return true;
        }
        value.0.iter().any(|chain| {
            let mapped = chain.filters.iter().flat_map(results);
            let texts: Vec<String> = mapped.chain(ANY.map(str::to_owned)).collect();
            texts.iter().any(|text| {
                let before = self.set.clone();
                let fits = self.put_at(chain, text, false) && is_there(self);
                if !fits {
                    self.set = before;
                }
                fits
            })
        })
    }

    fn put_at(&mut self, chain: &Chain, text: &str, instead: bool) -> bool {
        let mut filters = chain.filters.iter().rev();
        let text = filters.try_fold(text.to_owned(), |text, filter| {
            unfiltered(filter, text, self.account)
        });
        text.is_some_and(|text| self.put_in(&chain.source, &text, instead))
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is no place in a request cannot be put"
    )]
    fn put_in(&mut self, source: &Source, text: &str, instead: bool) -> bool {
        match source {
            Source::Template(template) => self.put_between(template, text, instead),
            Source::Said(name) => {
                let read = self.reads.iter().find(|read| read.name == *name);
                let chains = read.map_or(&[][..], |read| &read.value.0);
                chains.iter().any(|chain| self.put_at(chain, text, instead))
            }
            Source::Query(_)
            | Source::Form(_)
            | Source::Param(_)
            | Source::Header(_)
            | Source::Path(_)
            | Source::Method
            | Source::Body
            | Source::Json(_)
            | Source::Xml(_)
            | Source::ItemJson(_)
            | Source::ItemXml(_)
            | Source::RpcMethod
            | Source::Rpc(..) => self.set_at(source, text, instead),
            _ => false,
        }
    }

    fn set_at(&mut self, source: &Source, text: &str, instead: bool) -> bool {
        match self.set.iter_mut().find(|(known, _)| known == source) {
            Some((_, stands)) if instead => text.clone_into(stands),
            Some((_, stands)) => return stands == text,
            None => self.set.push((source.clone(), text.to_owned())),
        }
        true
    }

    /// Has the one place of a template read as what stands between its literals.
    fn put_between(&mut self, template: &Template, text: &str, instead: bool) -> bool {
        let (before, value, after) = match template.0.as_slice() {
            [Piece::Slot(value)] => ("", value, ""),
            [Piece::Literal(before), Piece::Slot(value)] => (before.as_str(), value, ""),
            [Piece::Slot(value), Piece::Literal(after)] => ("", value, after.as_str()),
            [
                Piece::Literal(before),
                Piece::Slot(value),
                Piece::Literal(after),
            ] => (before.as_str(), value, after.as_str()),
            _ => return false,
        };
        let inner = text
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        let mut chains = value.0.iter();
        inner.is_some_and(|inner| chains.any(|chain| self.put_at(chain, inner, instead)))
    }

    fn passes(&self, test: &Test) -> bool {
        test.passes(self).unwrap_or(false)
    }

    /// Has all tests of a rule pass, where values can.
    pub(super) fn pass(&mut self, tests: &[Test], code: &str) -> bool {
        tests
            .iter()
            .all(|test| self.passes(test) || self.force(test, code))
    }

    fn force(&mut self, test: &Test, code: &str) -> bool {
        let Test::Compared { any, comparison } = test else {
            return true;
        };
        let texts = passing(comparison, self.account, code);
        for chain in any {
            let before = self.set.clone();
            for text in &texts {
                let put = match text {
                    Some(wanted) => self.put_at(chain, wanted, true),
                    None => self.remove(chain),
                };
                if put && self.passes(test) {
                    return true;
                }
                self.set.clone_from(&before);
            }
        }
        false
    }

    /// Has a rule not pass, that stands before the one that is meant.
    pub(super) fn fail(&mut self, tests: &[Test]) {
        if !tests.iter().all(|test| self.passes(test)) {
            return;
        }
        for test in tests {
            let Test::Compared { any, comparison } = test else {
                continue;
            };
            for (chain, text) in any.iter().flat_map(|chain| {
                failing(comparison)
                    .into_iter()
                    .map(move |text| (chain, text))
            }) {
                let before = self.set.clone();
                if self.put_at(chain, &text, false) && !self.passes(test) {
                    return;
                }
                self.set = before;
            }
        }
    }

    fn remove(&mut self, chain: &Chain) -> bool {
        self.set.retain(|(known, _)| *known != chain.source);
        true
    }

    /// What a place will say.
    pub(super) fn at(&self, source: &Source) -> Option<&str> {
        let found = self.set.iter().find(|(known, _)| known == source);
        found.map(|(_, text)| text.as_str())
    }
}

impl Sources for Fields<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others are places in the request"
    )]
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        match source {
            Source::Said(name) => {
                let read = self.reads.iter().find(|read| read.name == *name);
                read.map_or(Ok(None), |read| read.value.get(self))
            }
            Source::Body => Ok(Some(Datum::from(self.body().as_str()))),
            Source::Method => Ok(Some(Datum::from(self.method().as_str()))),
            place => Ok(self.at(place).map(Datum::from)),
        }
    }

    fn account(&self) -> &Account {
        self.account
    }
}
