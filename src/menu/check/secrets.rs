//! No secret is kept where an answer is waited for.
//!
//! Where a secret may be named at all is a matter of types, and checked where names become positions.

use super::{Draft, report, screens};
use crate::menu::{
    Menu, Type, VarId, Verb,
    problem::{Found, Problem},
    syntax,
};

/// Reports each call that can be late behind which a secret is still read: the state that waits for
/// its answer is stored.
pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (_, written, menu) in draft.menus() {
        for (_, written, screen) in screens(written, menu) {
            let (Some(syntax::Verb::Call { operation, .. }), Verb::Call { operation: of, .. }) =
                (&written.verb, &screen.verb)
            else {
                continue;
            };
            let late = draft.set.signature(*of).is_some_and(|known| known.late);
            let mut kept = screen.live.iter().filter_map(|live| secret(menu, *live));
            if let Some(name) = kept.next().filter(|_| late) {
                let (name, call) = (name.to_owned(), operation.text.clone());
                report(
                    problems,
                    operation.at,
                    Problem::SecretKeptForLate(name, call),
                );
            }
        }
    }
}

/// The name of a variable that is a secret.
fn secret(menu: &Menu, variable: VarId) -> Option<&str> {
    let variable = menu.variables.get(usize::from(variable))?;
    matches!(variable.of, Type::Secret { .. }).then_some(variable.name.as_str())
}
