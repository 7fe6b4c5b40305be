use std::{borrow::Cow, ops::RangeInclusive};

use super::Reader;
use crate::{
    menu::{
        OutcomeKind, OutcomeName,
        declared::{Comparison, OutcomeRule},
        problem::Problem,
        read::entries::Entries,
    },
    model::source::{Span, yaml::Node},
};

/// An outcome as it is written.
#[derive(Debug)]
pub(super) struct Written {
    name: String,
    at: Span,
    statuses: Vec<RangeInclusive<u16>>,
    when: Option<Comparison>,
    gives: Option<Span>,
}

/// More outcomes than this are not told apart on a phone.
const MOST: usize = 20;

impl Reader<'_> {
    /// The outcomes in order; `None` where there are none that can be read.
    pub(super) fn outcomes_of_call(&mut self, entries: &mut Entries<'_>) -> Option<Vec<Written>> {
        let node = self.require(entries, "outcomes")?;
        let pairs = self.pairs(node)?;
        if pairs.is_empty() || pairs.len() > MOST {
            let problem = Problem::WrongShape("one to 20 outcomes", "none or more");
            self.report(node.span, problem);
        }
        let mut outcomes = Vec::new();
        for (name, node) in pairs {
            outcomes.push(self.outcome_rule(name, node));
        }
        outcomes.into_iter().collect()
    }

    fn outcome_rule(&mut self, name: &Node, node: &Node) -> Option<Written> {
        let named = self.name(name);
        if let Some(named) = &named
            && matches!(named.text.as_str(), "down" | "slow")
        {
            self.report(named.at, Problem::ReservedName(named.text.clone()));
            return None;
        }
        let mut entries = self.entries(node, "an outcome")?;
        let status = self.require(&mut entries, "status");
        let statuses = status.and_then(|node| self.statuses(node));
        let when = entries.take("when").map(|node| self.comparison(node));
        let gives = entries.take("gives");
        let gives = gives.filter(|node| self.flag(node) == Some(true));
        self.finish(&entries);
        let named = named?;
        Some(Written {
            name: named.text,
            at: named.at,
            statuses: statuses?,
            when: match when {
                Some(when) => Some(when?),
                None => None,
            },
            gives: gives.map(|node| node.span),
        })
    }

    fn statuses(&mut self, node: &Node) -> Option<Vec<RangeInclusive<u16>>> {
        let single = std::slice::from_ref(node);
        let nodes = node.list().unwrap_or(single);
        let read: Vec<_> = nodes.iter().map(|node| self.status(node)).collect();
        read.into_iter().collect()
    }

    /// `200` or `2xx`.
    fn status(&mut self, node: &Node) -> Option<RangeInclusive<u16>> {
        const WANTED: &str = "an HTTP status such as 200 or 2xx";
        let text = self.scalar(node)?;
        let class = text.strip_suffix("xx").map(|class| (class, 99));
        let (digits, more) = class.unwrap_or((text, 0));
        let scale = if more == 0 { 1 } else { 100 };
        let first = digits
            .parse::<u16>()
            .ok()
            .and_then(|first| first.checked_mul(scale));
        let first = first.filter(|first| (200..=599).contains(first));
        if first.is_none() {
            self.report(node.span, Problem::BadNumber(WANTED));
        }
        first.map(|first| first..=first + more)
    }

    fn comparison(&mut self, node: &Node) -> Option<Comparison> {
        match Comparison::parse(self.scalar(node)?) {
            Ok(comparison) => Some(comparison),
            Err(why) => {
                self.report(node.span, Problem::UnreadableField(why.to_owned()));
                None
            }
        }
    }

    /// The outcomes as rules and as menus know them, with `down`, and `slow` where it can be late.
    pub(super) fn sound_outcomes(
        &mut self,
        entries: &Entries<'_>,
        written: Vec<Written>,
        gives: bool,
        late: bool,
    ) -> Option<(Vec<OutcomeRule>, Vec<OutcomeKind>)> {
        self.unreachable(&written);
        for outcome in &written {
            if let (Some(at), false) = (outcome.gives, gives) {
                self.report(at, Problem::NothingGiven(outcome.name.clone()));
            }
        }
        let any = written.iter().any(|outcome| outcome.gives.is_some());
        if let (Some(node), false) = (entries.value_of("gives"), any) {
            self.report(node.span, Problem::NothingGiven("gives".to_owned()));
        }
        let mut rules = Vec::new();
        let mut kinds = Vec::new();
        for (index, outcome) in written.into_iter().enumerate() {
            let name = OutcomeName::Declared(u8::try_from(index).ok()?);
            let gives = outcome.gives.is_some();
            kinds.push(kind(name, Cow::Owned(outcome.name), gives));
            rules.push(OutcomeRule {
                name,
                statuses: outcome.statuses,
                when: outcome.when,
                gives,
            });
        }
        let slow = late.then_some(OutcomeName::Slow);
        for name in slow.into_iter().chain([OutcomeName::Down]) {
            kinds.push(kind(name, Cow::Borrowed(name.as_str()), false));
        }
        Some((rules, kinds))
    }

    /// Reports an outcome for which an earlier one leaves nothing.
    fn unreachable(&mut self, written: &[Written]) {
        for (index, later) in written.iter().enumerate() {
            let mut earlier = written.iter().take(index);
            if let Some(earlier) = earlier.find(|earlier| earlier.takes_all_of(later)) {
                let problem = Problem::UnreachableOutcome(later.name.clone(), earlier.name.clone());
                self.report(later.at, problem);
            }
        }
    }
}

impl Written {
    fn takes_all_of(&self, later: &Self) -> bool {
        let mut statuses = later.statuses.iter();
        let all = statuses.all(|range| {
            let mut ours = self.statuses.iter();
            ours.any(|own| own.contains(range.start()) && own.contains(range.end()))
        });
        all && (self.when.is_none() || self.when == later.when)
    }
}

fn kind(name: OutcomeName, written: Cow<'static, str>, gives: bool) -> OutcomeKind {
    OutcomeKind {
        name,
        written,
        gives,
        optional: false,
    }
}
