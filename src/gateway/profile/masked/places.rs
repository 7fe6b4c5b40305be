//! Where a route's values stand, and what they are.

use std::collections::BTreeMap;

use super::shape::Kind;
use crate::gateway::profile::{
    Account, Chain, Comparison, Filter, Operand, Piece, Profile, Read, Route, Setting, SettingKind,
    SettingValue, Source, Test, json::same,
};

/// The places of a route that are known.
pub(super) struct Places(Vec<(Source, Kind)>);

impl Places {
    pub(super) fn of(profile: &Profile, route: &Route) -> Self {
        let own = route.event_reads.iter().flat_map(|(_, reads)| reads);
        let reads: Vec<&Read> = route.reads.iter().chain(own).collect();
        let mut places = Self(Vec::new());
        for read in &reads {
            let chains = read.value.0.iter();
            chains.for_each(|chain| places.add(&reads, chain, kind(&read.name)));
        }
        for test in route.rules.iter().flat_map(|rule| &rule.tests) {
            if let Test::Compared { any, .. } = test {
                for chain in any {
                    places.add(&reads, chain, Kind::Told);
                }
            }
        }
        for (chain, _) in &profile.caller.fields {
            places.add(&reads, chain, Kind::Secret);
        }
        places
    }

    /// What is made of other values is in each of them.
    fn add(&mut self, reads: &[&Read], chain: &Chain, kind: Kind) {
        if let Source::Template(template) = &chain.source {
            for piece in &template.0 {
                if let Piece::Slot(value) = piece {
                    value
                        .0
                        .iter()
                        .for_each(|chain| self.add(reads, chain, kind));
                }
            }
        } else if let Source::Said(name) = &chain.source {
            // A value is read before it is used, so this ends.
            let before = reads
                .iter()
                .position(|read| read.name == *name)
                .unwrap_or_default();
            let (before, named) = reads.split_at_checked(before).unwrap_or_default();
            for chain in named.first().iter().flat_map(|read| &read.value.0) {
                self.add(before, chain, kind);
            }
        } else {
            // What a map reads is one of the aggregator's words.
            let mapped = |filter: &Filter| matches!(filter, Filter::Map(_) | Filter::SettingMap(_));
            let is_word = kind < Kind::Phone && chain.filters.iter().any(mapped);
            let kind = if is_word { kind.min(Kind::Told) } else { kind };
            self.0.push((chain.source.clone(), kind));
        }
    }

    /// What rules compare with, word for word: texts with letters, patterns that are no more than such a text, and
    /// settings that are no secret.
    pub(super) fn words(account: &Account, route: &Route) -> Vec<String> {
        let tests = route.rules.iter().flat_map(|rule| &rule.tests);
        let words = tests.flat_map(|test| match test {
            Test::Compared {
                comparison: Comparison::Is(operands) | Comparison::Starts(operands),
                ..
            } => operands
                .iter()
                .filter_map(|operand| word(account, operand))
                .collect(),
            Test::Compared {
                comparison: Comparison::Matches(pattern),
                ..
            } => {
                let word = pattern
                    .as_str()
                    .trim_start_matches('^')
                    .trim_end_matches('$');
                let is_plain = regex::escape(word) == word && is_word(word);
                Vec::from_iter(is_plain.then(|| word.to_owned()))
            }
            Test::Compared {
                comparison: Comparison::IsNot(_) | Comparison::Within(..),
                ..
            }
            | Test::SessionNew => Vec::new(),
        });
        words.collect()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&Source, Kind)> {
        self.0.iter().map(|(source, kind)| (source, *kind))
    }

    fn kind(&self, is: impl Fn(&Source) -> bool) -> Kind {
        let kinds = self.all().filter(|(source, _)| is(source));
        kinds.map(|(_, kind)| kind).max().unwrap_or_default()
    }

    pub(super) fn query(&self, name: &str, any_case: bool) -> Kind {
        self.kind(|source| matches!(source, Source::Query(known) | Source::Param(known) if same(known, name, any_case)))
    }

    pub(super) fn form(&self, name: &str, any_case: bool) -> Kind {
        self.kind(|source| matches!(source, Source::Form(known) | Source::Param(known) if same(known, name, any_case)))
    }

    /// `None` for a header that the profile does not read.
    pub(super) fn header(&self, name: &str) -> Option<Kind> {
        let kind = self.kind(
            |source| matches!(source, Source::Header(known) if known.eq_ignore_ascii_case(name)),
        );
        (kind > Kind::Unread).then_some(kind)
    }

    pub(super) fn path(&self, name: &str) -> Kind {
        self.kind(|source| matches!(source, Source::Path(known) if known == name))
    }

    pub(super) fn rpc_method(&self) -> Kind {
        self.kind(|source| *source == Source::RpcMethod)
    }
}

fn word(account: &Account, operand: &Operand) -> Option<String> {
    match operand {
        Operand::Literal(text) => is_word(text).then(|| text.clone()),
        Operand::Setting(name) => {
            let settings = &account.profile.settings;
            let is_open =
                |setting: &Setting| setting.name == *name && setting.kind != SettingKind::Secret;
            match account.setting(name) {
                Some(SettingValue::Text(text)) if settings.iter().any(is_open) => {
                    Some(text.clone())
                }
                Some(SettingValue::Text(_) | SettingValue::List(_) | SettingValue::Map(_))
                | None => None,
            }
        }
        Operand::Absent | Operand::Present | Operand::Empty => None,
    }
}

/// A caller types digits: a word has letters.
fn is_word(text: &str) -> bool {
    text.len() > 1 && text.chars().any(char::is_alphabetic)
}

/// What the values of a name are.
pub(super) fn kind(name: &str) -> Kind {
    match name {
        "phone" | "from" | "to" => Kind::Phone,
        "text" => Kind::Typed,
        "code" | "dialed" | "extras" => Kind::Dialled,
        "session" | "request" | "outcome" | "message_id" | "own_id" | "state" | "raw_status"
        | "error_code" | "received_at" => Kind::Told,
        _ => Kind::Own,
    }
}

/// Values of a tree, by where they stand in memory: two of the same text are two.
#[derive(Default)]
pub(super) struct Marks(BTreeMap<usize, Kind>);

impl Marks {
    pub(super) fn set<T: ?Sized>(&mut self, value: &T, kind: Kind) {
        let known = self.0.entry(address(value)).or_default();
        *known = kind.max(*known);
    }

    pub(super) fn of<T: ?Sized>(&self, value: &T) -> Kind {
        self.0.get(&address(value)).copied().unwrap_or_default()
    }
}

fn address<T: ?Sized>(value: &T) -> usize {
    std::ptr::from_ref(value).addr()
}
