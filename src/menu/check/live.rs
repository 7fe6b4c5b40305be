//! What a dialogue must still know on each screen: a backward analysis over the ways of each menu.
//!
//! A variable is live on a screen if that screen, or one that it leads to, reads it before it is set
//! anew. Going back is not a way here: a dialogue keeps what any screen of its trail needs. Opening
//! a menu or going home is none either: what is handed over is read on the spot. After a return the
//! opener goes on at `then:`, so what that screen needs is live where the other menu is opened.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::graph::{Edge, edges, targets};
use crate::menu::{
    Arguments, Choice, Condition, Keys, Menu, MenuSet, OutcomeTarget, Part, Path, Screen, ScreenId,
    Target, Texts, VarId, Verb, Way,
};

/// Fills in what is live on each screen.
pub(in crate::menu) fn fill(set: &mut MenuSet) {
    for menu in &mut set.menus {
        let live = of_menu(menu, &set.keys);
        for (screen, live) in menu.screens.iter_mut().zip(live) {
            screen.live = live;
        }
    }
}

/// What is live on each screen of a menu; screens of which the same is true share it.
fn of_menu(menu: &Menu, keys: &Keys) -> Vec<Arc<[VarId]>> {
    let mut sets = Sets::of(menu);
    let before = before(menu, keys);
    let mut open: Vec<usize> = (0..menu.screens.len()).collect();
    while let Some(to) = open.pop() {
        for (from, set_on_it) in before.get(to).into_iter().flatten() {
            if sets.flow(to, *from, set_on_it) {
                open.push(*from);
            }
        }
    }
    let mut shared: BTreeMap<Vec<VarId>, Arc<[VarId]>> = BTreeMap::new();
    let each = (0..menu.screens.len()).map(|screen| {
        let live = sets.list(screen);
        let known = shared
            .entry(live)
            .or_insert_with_key(|live| live.as_slice().into());
        Arc::clone(known)
    });
    each.collect()
}

/// For each screen those that lead to it, with what is set on the way.
fn before(menu: &Menu, keys: &Keys) -> Vec<Vec<(usize, Vec<VarId>)>> {
    let mut before = vec![Vec::new(); menu.screens.len()];
    for (from, screen) in menu.screens.iter().enumerate() {
        for edge in edges(&screen.verb, keys) {
            if let Some((to, returned)) = goes_on(&edge)
                && let Some(before) = before.get_mut(usize::from(to))
            {
                before.push((from, edge.sets.iter().chain(returned).copied().collect()));
            }
        }
    }
    before
}

/// The screen of the same menu that a way leads to, and what a return sets before.
fn goes_on<'a>(edge: &Edge<'a>) -> Option<(ScreenId, &'a [VarId])> {
    match edge.to {
        Target::Screen(to) => Some((*to, &[])),
        Target::Open {
            then: Some(to),
            into,
            ..
        } => Some((*to, into)),
        Target::Open { then: None, .. } | Target::Back | Target::Home | Target::Return(_) => None,
    }
}

/// A set of variables for each screen, a bit for each variable.
struct Sets {
    /// Words of 64 variables that one screen takes.
    width: usize,
    words: Vec<u64>,
}

impl Sets {
    /// What each screen reads itself.
    fn of(menu: &Menu) -> Self {
        let width = menu.variables.len() / 64 + 1;
        let mut sets = Self {
            width,
            words: vec![0; width * menu.screens.len()],
        };
        for (screen, of) in menu.screens.iter().enumerate() {
            for variable in reads(of) {
                sets.add(screen, variable);
            }
        }
        sets
    }

    fn add(&mut self, screen: usize, variable: VarId) {
        let place = screen * self.width + usize::from(variable) / 64;
        if let Some(word) = self.words.get_mut(place) {
            *word |= 1 << (variable % 64);
        }
    }

    /// Carries what is live on `to` back to `from`, but for what is set on the way; whether `from`
    /// learnt something.
    fn flow(&mut self, to: usize, from: usize, set: &[VarId]) -> bool {
        let mut learnt = false;
        for offset in 0..self.width {
            let mut carried = self.word(to, offset);
            for set in set.iter().filter(|set| usize::from(**set) / 64 == offset) {
                carried &= !(1 << (set % 64));
            }
            if let Some(word) = self.words.get_mut(from * self.width + offset) {
                learnt |= carried & !*word != 0;
                *word |= carried;
            }
        }
        learnt
    }

    fn word(&self, screen: usize, offset: usize) -> u64 {
        let word = self.words.get(screen * self.width + offset);
        word.copied().unwrap_or_default()
    }

    /// The variables of a screen, in their order.
    fn list(&self, screen: usize) -> Vec<VarId> {
        let words = (0..self.width).map(|offset| (offset, self.word(screen, offset)));
        let held = words.flat_map(|(offset, word)| {
            let bits = (0..64).filter(move |bit| word & (1 << bit) != 0);
            bits.map(move |bit| offset * 64 + bit)
        });
        held.filter_map(|variable| VarId::try_from(variable).ok())
            .collect()
    }
}

/// The variables that a screen reads as they were on entering it.
fn reads(screen: &Screen) -> BTreeSet<VarId> {
    let Screen {
        name: _,
        span: _,
        verb,
        sms,
        live: _,
        direct: _,
    } = screen;
    let mut reads = Reads::default();
    reads.texts(sms, None);
    reads.verb(verb);
    reads.0
}

#[derive(Default)]
struct Reads(BTreeSet<VarId>);

impl Reads {
    fn verb(&mut self, verb: &Verb) {
        match verb {
            Verb::Menu { text, options }
            | Verb::Show {
                text,
                paged: _,
                options,
            } => {
                self.texts([text], None);
                self.options(options);
            }
            Verb::List {
                text,
                items,
                item,
                row,
                go,
                options,
            } => {
                self.0.insert(*items);
                self.texts([text], None);
                self.texts([row], Some(*item));
                self.target(go, Some(*item));
                self.options(options);
            }
            Verb::Ask {
                text,
                answer: _,
                into,
                wrong,
                tries: _,
                exhausted,
                go,
                options,
            } => {
                self.texts([text, wrong], None);
                self.target(exhausted, None);
                self.target(go, Some(*into));
                self.options(options);
            }
            Verb::Confirm {
                text,
                key: _,
                yes,
                no,
            } => {
                self.texts([text], None);
                self.target(yes, None);
                self.target(no, None);
            }
            Verb::End { text } => self.texts([text], None),
            Verb::Call {
                operation: _,
                arguments,
                into,
                on,
            } => {
                self.arguments(arguments, None);
                for outcome in on {
                    self.outcome(outcome, *into);
                }
            }
            Verb::Language { text, go } => {
                self.texts([text], None);
                self.target(go, None);
            }
            Verb::Route { ways, otherwise } => {
                for Way { when, go } in ways {
                    self.0.extend(when.variables());
                    self.target(go, None);
                }
                self.target(otherwise, None);
            }
            Verb::Set { values, go } => {
                let mut behind = Self::default();
                behind.target(go, None);
                for (set, _) in values {
                    behind.0.remove(set);
                }
                self.0.extend(behind.0);
                let taken = values.iter().filter_map(|(_, value)| value.variable());
                self.0.extend(taken);
            }
        }
    }

    fn outcome(&mut self, outcome: &OutcomeTarget, into: Option<VarId>) {
        let OutcomeTarget {
            name: _,
            gives,
            target,
            sms,
        } = outcome;
        let set = into.filter(|_| *gives);
        self.target(target, set);
        self.texts(sms, set);
    }

    fn options(&mut self, options: &[Choice]) {
        for Choice {
            key: _,
            text,
            go,
            when,
        } in options
        {
            self.0.extend(when.iter().flat_map(Condition::variables));
            self.texts([text], None);
            self.target(go, None);
        }
    }

    /// The texts read what they name, but for `set`, which is set by then.
    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a Texts>, set: Option<VarId>) {
        let templates = texts.into_iter().flat_map(|texts| &texts.0);
        for part in templates.flat_map(|template| &template.parts) {
            match part {
                Part::Literal(_) => {}
                Part::Value { path, width: _ } | Part::Word { path, labels: _ } => {
                    self.read(*path, set);
                }
            }
        }
    }

    fn target(&mut self, target: &Target, set: Option<VarId>) {
        match target {
            Target::Open {
                menu: _,
                arguments,
                into: _,
                then: _,
            }
            | Target::Return(arguments) => self.arguments(arguments, set),
            Target::Screen(_) | Target::Back | Target::Home => {}
        }
    }

    fn arguments(&mut self, arguments: &Arguments, set: Option<VarId>) {
        for path in arguments {
            self.read(*path, set);
        }
    }

    fn read(&mut self, path: Path, set: Option<VarId>) {
        if path.setting().is_none() && set != Some(path.variable) {
            self.0.insert(path.variable);
        }
    }
}

/// Whether a screen of the menu can be read, so that a dialogue may be dropped on it.
fn can_be_read(verb: &Verb) -> bool {
    !matches!(verb, Verb::Call { .. } | Verb::End { .. })
}

/// The variables that a dropped dialogue may hold for a screen that it can come back to.
pub(super) fn held(menu: &Menu) -> BTreeSet<VarId> {
    let read = menu.screens.iter();
    let read = read.filter(|screen| can_be_read(&screen.verb));
    read.flat_map(|screen| screen.live.iter().copied())
        .collect()
}

/// Everywhere that the screens of a menu lead.
pub(super) fn leads(menu: &Menu) -> impl Iterator<Item = &Target> {
    menu.screens.iter().flat_map(|screen| targets(&screen.verb))
}

#[cfg(test)]
mod tests {
    use crate::menu::{
        Menu,
        check::sketch::{compiled, root},
    };

    /// The names of what is live on a screen of a root.
    fn live(screens: &str, name: &str) -> Vec<String> {
        let compilation = compiled(&[root(screens)]);
        assert!(
            compilation.problems.is_empty(),
            "{:?}",
            compilation.problems
        );
        let set = compilation.set.unwrap();
        let menu: &Menu = &set.menus[0];
        let screen = menu.screens.iter().find(|screen| screen.name == name);
        let live = screen.unwrap().live.iter();
        live.map(|variable| menu.variables[usize::from(*variable)].name.clone())
            .collect()
    }

    const TWO: &str = "  main: {ask: Namba?, type: member_number, as: a, wrong: Tena., go: more}
  more: {ask: \"Namba, {a}?\", type: member_number, as: b, wrong: Tena., go: agree, exhausted: sorry}
  agree: {confirm: \"{b}?\", key: \"9\", yes: bye, no: main}
  bye: {end: \"Asante {b}\"}
  sorry: {end: Samahani}\n";

    #[test]
    fn a_variable_is_live_from_where_it_is_set_to_where_it_is_read_last() {
        assert!(live(TWO, "main").is_empty());
        assert_eq!(live(TWO, "more"), ["a"]);
        assert_eq!(live(TWO, "agree"), ["b"]);
        assert_eq!(live(TWO, "bye"), ["b"]);
        assert!(live(TWO, "sorry").is_empty());
    }

    #[test]
    fn what_a_call_gives_is_live_only_behind_it_and_what_it_takes_before_it() {
        let screens = "  main: {ask: Namba?, type: member_number, as: m, wrong: Tena., go: find}
  find:
    call: scheme.quote
    with: [m]
    as: q
    on: {renewable: told, lapsed: told, unpaid: told, early: told, suspended: no, nobody: no, limited: no, slow: no, down: no}
    sms: {renewable: \"{q.to}\", lapsed: \"{m}\", unpaid: \"{q.to}\", early: \"{q.to}\", suspended: Hapana, nobody: Hapana, limited: Hapana, down: Hapana}
  told: {show: \"{q.from}\"}
  no: {end: Hapana}\n";
        assert_eq!(live(screens, "find"), ["m"]);
        assert_eq!(live(screens, "told"), ["q"]);
    }

    #[test]
    fn a_condition_reads_what_it_compares_and_a_set_what_it_takes() {
        let screens =
            "  main: {ask: Ngapi?, type: {number: {min: 1, max: 9}}, as: a, wrong: Tena., go: more}
  more: {ask: Ngapi?, type: {number: {min: 1, max: 9}}, as: b, wrong: Tena., go: way}
  way: {route: [{when: a > b, go: mark}], else: told}
  mark: {set: {c: b, b: 0}, go: both}
  both: {show: \"{c}{b}\"}
  told: {show: Asante, options: {\"1\": {text: Tena, go: main, when: a > 1}}}\n";
        assert_eq!(live(screens, "more"), ["a"]);
        assert_eq!(live(screens, "way"), ["a", "b"]);
        assert_eq!(live(screens, "mark"), ["b"]);
        assert_eq!(live(screens, "both"), ["b", "c"]);
        assert_eq!(live(screens, "told"), ["a"]);
    }

    #[test]
    fn a_row_is_chosen_from_its_list_and_a_way_round_keeps_what_it_needs() {
        let screens =
            "  main: {call: payment.bills, as: bills, on: {found: pick, nothing: bye, down: bye}}
  pick: {list: bills, as: bill, text: Chagua, row: \"{bill.number}\", go: one}
  one: {show: \"{bill.number}\", options: {\"1\": {text: Nyingine, go: pick}}}
  bye: {end: Kwaheri}\n";
        assert!(live(screens, "main").is_empty());
        assert_eq!(live(screens, "pick"), ["bills"]);
        assert_eq!(live(screens, "one"), ["bills", "bill"]);
    }
}
