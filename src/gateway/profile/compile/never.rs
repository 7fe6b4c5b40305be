//! Which rules can never pass: what one test says of another.

use super::{
    super::{Chain, Comparison, Filter, Operand, Read, Rule, SettingKind, Source, Test},
    book::Book,
};

/// What is known of every request that rules are tried on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'f> {
    pub reads: &'f [Read],
    /// Whether nothing comes without a required value: so with requests, not with replies.
    pub refuses: bool,
    pub methods: &'f [String],
    pub book: &'f Book,
}

impl Facts<'_> {
    /// Why a rule behind others never passes; `None` where it may.
    pub(super) fn never<O>(&self, rule: &Rule<O>, above: &[Rule<O>]) -> Option<String> {
        let impossible = rule.tests.iter().find_map(|test| self.impossible(test));
        let contradicts = || {
            let pairs = rule.tests.iter().enumerate();
            let mut pairs =
                pairs.flat_map(|(at, a)| rule.tests.iter().skip(at + 1).map(move |b| (a, b)));
            pairs
                .any(|(a, b)| self.contradict(a, b))
                .then(|| "its tests contradict each other".to_owned())
        };
        impossible
            .or_else(contradicts)
            .or_else(|| self.taken(rule, above))
    }

    fn taken<O>(&self, rule: &Rule<O>, above: &[Rule<O>]) -> Option<String> {
        let takes_all = |earlier: &Rule<O>| earlier.tests.iter().all(|test| self.always(test));
        let covers = |earlier: &Rule<O>| {
            let implied = |test: &Test| {
                self.always(test) || rule.tests.iter().any(|own| self.implies(own, test))
            };
            earlier.tests.iter().all(implied)
        };
        if above.iter().any(takes_all) {
            Some("a rule above it takes every request".to_owned())
        } else if let Some(earlier) = above.iter().find(|earlier| covers(earlier)) {
            Some(format!(
                "`{}` above it takes what it would take",
                earlier.written
            ))
        } else if !rule.tests.is_empty() && self.exhausted(above) {
            Some("the rules above it together take every request".to_owned())
        } else {
            None
        }
    }

    /// Whether two rules of one test each leave nothing of a value.
    fn exhausted<O>(&self, above: &[Rule<O>]) -> bool {
        let single = |rule: &'_ Rule<O>| match rule.tests.as_slice() {
            [Test::Compared { any, comparison }] => match any.as_slice() {
                [chain] => Some((self.key(chain), comparison.clone())),
                _ => None,
            },
            _ => None,
        };
        let singles: Vec<_> = above.iter().filter_map(single).collect();
        singles.iter().any(|(key, comparison)| {
            let taken: Vec<Operand> = singles
                .iter()
                .filter(|(other, _)| other == key)
                .filter_map(|(_, comparison)| match comparison {
                    Comparison::Is(operands) => Some(operands.clone()),
                    Comparison::IsNot(_)
                    | Comparison::Starts(_)
                    | Comparison::Within(..)
                    | Comparison::Matches(_) => None,
                })
                .flatten()
                .collect();
            let has = |wanted: &Operand| taken.iter().any(|it| same(it, wanted));
            if let Comparison::IsNot(left) = comparison {
                left.iter().all(has)
            } else {
                has(&Operand::Present) && has(&Operand::Absent)
            }
        })
    }

    /// A chain as one text: the names that it uses replaced by what they are.
    fn key(&self, chain: &Chain) -> String {
        let chain = self.resolved(chain);
        format!("{chain:?}")
    }

    fn resolved(&self, chain: &Chain) -> Chain {
        let Source::Said(name) = &chain.source else {
            return chain.clone();
        };
        let read = self.reads.iter().find(|read| read.name == *name);
        let Some([inner]) = read.map(|read| read.value.0.as_slice()) else {
            return chain.clone();
        };
        let mut resolved = inner.clone();
        resolved.filters.extend(chain.filters.iter().cloned());
        resolved
    }

    /// The name that every request of the route tells by this chain.
    fn required(&self, chain: &Chain) -> Option<&str> {
        if !self.refuses {
            return None;
        }
        let key = self.key(chain);
        let is_it = |read: &&Read| match read.value.0.as_slice() {
            [own] => read.required && self.key(own) == key,
            _ => false,
        };
        let same = self.reads.iter().find(is_it).map(|read| read.name.as_str());
        same.or_else(|| {
            let Source::Said(name) = &chain.source else {
                return None;
            };
            let read = self.reads.iter().find(|read| read.name == *name);
            let read = read.filter(|read| read.required && chain.filters.is_empty());
            read.map(|read| read.name.as_str())
        })
    }

    fn always(&self, test: &Test) -> bool {
        let Test::Compared { any, comparison } = test else {
            return false;
        };
        let sure = any.iter().any(|chain| self.required(chain).is_some());
        match comparison {
            Comparison::Is(operands) => {
                let has = |wanted: &Operand| operands.iter().any(|it| same(it, wanted));
                has(&Operand::Present) && (sure || has(&Operand::Absent))
            }
            Comparison::IsNot(operands) => {
                sure && operands.iter().all(|it| matches!(it, Operand::Absent))
            }
            Comparison::Starts(_) | Comparison::Within(..) | Comparison::Matches(_) => false,
        }
    }

    fn impossible(&self, test: &Test) -> Option<String> {
        let Test::Compared { any, comparison } = test else {
            return None;
        };
        let required = any
            .iter()
            .map(|chain| self.required(chain))
            .collect::<Option<Vec<_>>>();
        match comparison {
            Comparison::Within(from, to) if from > to => {
                Some(format!("no number is from {from} to {to}"))
            }
            Comparison::Is(operands) if !operands.is_empty() => {
                let never = |operand: &Operand| match (operand, &required) {
                    (Operand::Absent, Some(_)) => true,
                    (Operand::Empty, Some(names)) => !names.contains(&"text"),
                    _ => false,
                };
                if operands.iter().all(never) {
                    return Some("a request without this value is refused".to_owned());
                }
                self.never_given(any, operands)
            }
            Comparison::IsNot(operands) => self.never_given(any, operands),
            Comparison::Starts(operands) => self.never_begun(any, operands),
            Comparison::Matches(pattern) => {
                let can = |chain: &Chain| mapped(&self.resolved(chain), &|it| pattern.is_match(it));
                let never = !any.iter().any(|chain| can(chain).unwrap_or(true));
                never.then(|| "its map gives nothing that the pattern finds".to_owned())
            }
            Comparison::Is(_) | Comparison::Within(..) => None,
        }
    }

    fn never_begun(&self, any: &[Chain], operands: &[Operand]) -> Option<String> {
        operands.iter().find_map(|operand| {
            let Operand::Literal(start) = operand else {
                return None;
            };
            let can = |chain: &Chain| begins(&self.resolved(chain), start);
            (!any.iter().any(can)).then(|| format!("its value never starts `{start}`"))
        })
    }

    fn never_given(&self, any: &[Chain], operands: &[Operand]) -> Option<String> {
        operands.iter().find_map(|operand| {
            let Operand::Literal(literal) = operand else {
                return None;
            };
            let can = any
                .iter()
                .any(|chain| self.gives(&self.resolved(chain), literal));
            (!can).then(|| format!("its value is never `{literal}`"))
        })
    }

    /// Whether a chain may come out as this text.
    fn gives(&self, chain: &Chain, literal: &str) -> bool {
        let all = |fits: fn(&char) -> bool| literal.chars().all(|it| fits(&it));
        match (chain.filters.last(), &chain.source) {
            (Some(Filter::Map(_)), _) => mapped(chain, &|it| it == literal).unwrap_or(true),
            (Some(Filter::Lower), _) => literal == literal.to_lowercase(),
            (Some(Filter::Upper), _) => literal == literal.to_uppercase(),
            (Some(Filter::Trim), _) => literal == literal.trim(),
            (Some(Filter::Digits), _) => all(char::is_ascii_digit),
            (Some(Filter::Bool), _) => matches!(literal, "true" | "false"),
            (Some(Filter::Number), _) => literal.parse::<f64>().is_ok(),
            (Some(Filter::Next), _) => literal.parse::<i64>().is_ok(),
            (Some(Filter::LastSegment), _) => !literal.contains('/'),
            (None, Source::Method) if !self.methods.is_empty() => {
                self.methods.iter().any(|method| method == literal)
            }
            (None, Source::TextAlphabet | Source::ScreenAlphabet) => {
                matches!(literal, "gsm7" | "ucs2")
            }
            (None, Source::Setting(name)) => match self.book.setting(name) {
                Some(SettingKind::Choice(words)) => words.iter().any(|word| word == literal),
                _ => true,
            },
            _ => true,
        }
    }

    /// Whether whatever passes the first passes the second.
    fn implies(&self, first: &Test, second: &Test) -> bool {
        let (
            Test::Compared { any, comparison },
            Test::Compared {
                any: others,
                comparison: wanted,
            },
        ) = (first, second)
        else {
            return false;
        };
        let (keys, other_keys) = (self.keys(any), self.keys(others));
        if keys.len() == 1 {
            other_keys.contains(&keys[0]) && is_within(comparison, wanted, other_keys.len() == 1)
        } else {
            keys == other_keys && is_within(comparison, wanted, false)
        }
    }

    fn keys(&self, any: &[Chain]) -> Vec<String> {
        let mut keys: Vec<_> = any.iter().map(|chain| self.key(chain)).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    fn contradict(&self, first: &Test, second: &Test) -> bool {
        let (
            Test::Compared { any, comparison },
            Test::Compared {
                any: others,
                comparison: other,
            },
        ) = (first, second)
        else {
            return false;
        };
        let keys = self.keys(any);
        keys.len() == 1
            && keys == self.keys(others)
            && (excludes(comparison, other) || excludes(other, comparison))
    }
}

/// Whether a map at the end of a chain gives something that fits; `None` where there is no map.
fn mapped(chain: &Chain, fits: &dyn Fn(&str) -> bool) -> Option<bool> {
    let Some(Filter::Map(map)) = chain.filters.last() else {
        return None;
    };
    let values = map.entries.iter().map(|(_, value)| value);
    let mut values = values.chain(&map.otherwise);
    Some(values.any(|value| fits(&plain(value))))
}

/// Whether a chain may come out as a text with this start.
fn begins(chain: &Chain, start: &str) -> bool {
    match chain.filters.last() {
        Some(Filter::Lower) => start == start.to_lowercase(),
        Some(Filter::Upper) => start == start.to_uppercase(),
        Some(Filter::Digits) => start.chars().all(|it| it.is_ascii_digit()),
        _ => mapped(chain, &|it| it.starts_with(start)).unwrap_or(true),
    }
}

/// A map's value as a text.
pub(super) fn plain(value: &serde_json::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn same(one: &Operand, other: &Operand) -> bool {
    match (one, other) {
        (Operand::Literal(one), Operand::Literal(other))
        | (Operand::Setting(one), Operand::Setting(other)) => one == other,
        (Operand::Absent, Operand::Absent)
        | (Operand::Present, Operand::Present)
        | (Operand::Empty, Operand::Empty) => true,
        _ => false,
    }
}

fn is_fixed(operand: &Operand) -> bool {
    matches!(
        operand,
        Operand::Literal(_) | Operand::Absent | Operand::Empty
    )
}

/// Whether what passes the first comparison passes the second; of one value only where `alone`.
fn is_within(first: &Comparison, second: &Comparison, alone: bool) -> bool {
    let is_there = match first {
        Comparison::Is(operands) => !operands.iter().any(|it| matches!(it, Operand::Absent)),
        Comparison::Starts(_) | Comparison::Within(..) | Comparison::Matches(_) => true,
        Comparison::IsNot(_) => false,
    };
    let literals = |operands: &[Operand]| {
        let texts = operands.iter().map(|it| match it {
            Operand::Literal(text) => Some(text.clone()),
            Operand::Setting(_) | Operand::Absent | Operand::Present | Operand::Empty => None,
        });
        texts.collect::<Option<Vec<_>>>()
    };
    match (first, second) {
        (Comparison::Is(own), Comparison::Is(wanted)) => {
            let has_present = wanted.iter().any(|it| matches!(it, Operand::Present));
            (is_there && has_present)
                || own
                    .iter()
                    .all(|it| wanted.iter().any(|other| same(it, other)))
        }
        (_, Comparison::Is(wanted)) => {
            is_there && wanted.iter().any(|it| matches!(it, Operand::Present))
        }
        (Comparison::IsNot(own), Comparison::IsNot(wanted)) => wanted
            .iter()
            .all(|it| own.iter().any(|other| same(it, other))),
        (Comparison::Is(own), Comparison::IsNot(left)) => {
            let fixed = own.iter().chain(left).all(is_fixed);
            let apart = own
                .iter()
                .all(|it| !left.iter().any(|other| same(it, other)));
            alone && fixed && apart
        }
        (Comparison::Starts(own) | Comparison::Is(own), Comparison::Starts(wanted)) => {
            let (Some(own), Some(wanted)) = (literals(own), literals(wanted)) else {
                return false;
            };
            own.iter()
                .all(|it| wanted.iter().any(|start| it.starts_with(start.as_str())))
        }
        (Comparison::Within(from, to), Comparison::Within(least, most)) => {
            least <= from && to <= most
        }
        (Comparison::Is(own), Comparison::Within(least, most)) => {
            let numbers = literals(own).unwrap_or_default();
            let inside = |text: &String| {
                text.parse::<i64>()
                    .is_ok_and(|number| (*least..=*most).contains(&number))
            };
            !numbers.is_empty() && numbers.iter().all(inside)
        }
        (Comparison::Matches(own), Comparison::Matches(wanted)) => own.as_str() == wanted.as_str(),
        _ => false,
    }
}

/// Whether nothing of one value passes both.
fn excludes(first: &Comparison, second: &Comparison) -> bool {
    match (first, second) {
        (Comparison::Is(own), Comparison::Is(other)) => own.iter().all(|it| {
            other.iter().all(|that| match (it, that) {
                (Operand::Absent, Operand::Absent) => false,
                (Operand::Absent, _) | (_, Operand::Absent) => true,
                _ => is_fixed(it) && is_fixed(that) && !same(it, that),
            })
        }),
        (Comparison::Is(own), Comparison::IsNot(left)) => own
            .iter()
            .all(|it| left.iter().any(|other| same(it, other))),
        (
            Comparison::Is(own),
            Comparison::Starts(_) | Comparison::Within(..) | Comparison::Matches(_),
        ) => own.iter().all(|it| matches!(it, Operand::Absent)),
        _ => false,
    }
}
