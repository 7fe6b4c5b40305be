//! Checks a menu set that could be read, and compiles it.
//!
//! 1. `texts` compares the languages; `types` finds what each variable is; `lower` resolves names
//!    and makes the [`MenuSet`].
//! 2. `graph` is the set as screens and ways between them. On it stand `reach` (nothing written in
//!    vain), `assigned` (no unset value), `ways` (no dead end, no loop), `chain` (not too much between two keys), `confirm`
//!    and `keys`.
//!    `returns`, `shortcuts` and `resume` prove the ways that no key goes.
//! 3. `live` is what a dialogue must still know on each screen, and `secrets` what it must not.
//! 4. `declared` finds the set's own calls that nothing uses; `late` holds what is promised by SMS; `fit` lays everything out with the longest values.
//! 5. `lines`, `example` and `journey` warn of what callers stumble over.
//!
//! Where a name leads nowhere it is reported, something harmless stands in its place, and the checks
//! that would only echo the mistake (an unreachable screen behind it) are left out for that menu.

mod assigned;
mod chain;
mod confirm;
mod declared;
mod empty;
mod example;
mod fit;
pub(super) mod graph;
mod journey;
mod keys;
mod late;
mod lines;
pub(super) mod live;
mod lower;
mod numbers;
mod operand;
mod reach;
mod resume;
mod returns;
mod root;
mod secrets;
mod shortcuts;
#[cfg(test)]
pub(super) mod sketch;
mod texts;
mod types;
mod ways;

use super::{CheckOptions, MenuSet, problem::Found, syntax};

/// A compiled set, beside what it was made from. Menus and screens have the same positions in both.
struct Draft<'a> {
    written: &'a syntax::Set,
    set: MenuSet,
    /// For each menu whether every way in it is known.
    complete: Vec<bool>,
}

/// Checks a set. `None` where it cannot be compiled at all; a set that is given has only the
/// problems that were reported.
pub(super) fn check(
    written: &syntax::Set,
    options: CheckOptions,
    problems: &mut Vec<Found>,
) -> Option<MenuSet> {
    texts::check(written, problems);
    let (mut set, complete) = lower::lower(written, problems)?;
    numbers::fill(&mut set, options.numbers);
    live::fill(&mut set);
    resume::from_start(&mut set);
    let draft = Draft {
        written,
        set,
        complete,
    };
    reach::check(&draft, problems);
    assigned::check(&draft, problems);
    ways::check(&draft, problems);
    chain::check(&draft, problems);
    keys::check(&draft, problems);
    empty::check(&draft, problems);
    confirm::check(&draft, problems);
    late::check(&draft, problems);
    declared::check(&draft, problems);
    secrets::check(&draft, problems);
    returns::check(&draft, problems);
    shortcuts::check(&draft, problems);
    resume::check(&draft, problems);
    fit::check(&draft, options, problems);
    lines::check(&draft, problems);
    example::check(&draft, problems);
    journey::check(&draft, problems);
    Some(root::installed(draft.set, written))
}

impl<'a> Draft<'a> {
    /// Each menu's position, as it is written and as it is compiled.
    fn menus(&self) -> impl Iterator<Item = (u16, &'a syntax::Menu, &super::Menu)> {
        let pairs = self.written.menus.iter().zip(&self.set.menus);
        (0..)
            .zip(pairs)
            .map(|(id, (written, menu))| (id, written, menu))
    }
}

/// Pairs of each screen as it is written and as it is compiled, with its position.
fn screens<'a>(
    written: &'a syntax::Menu,
    menu: &'a super::Menu,
) -> impl Iterator<Item = (u16, &'a syntax::Screen, &'a super::Screen)> {
    let pairs = written.screens.iter().zip(&menu.screens);
    (0..)
        .zip(pairs)
        .map(|(id, (written, screen))| (id, written, screen))
}

fn report(problems: &mut Vec<Found>, at: crate::model::source::Span, problem: super::Problem) {
    problems.push(Found { problem, at });
}
