//! What is promised by SMS has a text, and no text is promised in vain.

use std::collections::BTreeSet;

use super::{
    Draft,
    graph::{Node, edges, landings, passes},
    report, screens,
};
use crate::{
    menu::{
        MenuId, MenuSet, OutcomeName, Target, Verb,
        problem::{Found, Problem},
        syntax::{self, Name},
    },
    model::source::Span,
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (id, written, menu) in draft.menus() {
        for (_, screen, compiled) in screens(written, menu) {
            let (
                Some(syntax::Verb::Call { on, sms, .. }),
                Verb::Call {
                    operation,
                    on: ways,
                    ..
                },
            ) = (&screen.verb, &compiled.verb)
            else {
                continue;
            };
            let Some(signature) = draft.set.signature(*operation) else {
                continue;
            };
            for (kind, way) in signature.outcomes.iter().zip(ways) {
                let outcome = Outcome {
                    name: &kind.written,
                    leads_at: place(on.iter().map(|(name, _)| name), &kind.written),
                    sms_at: place(sms.iter().map(|(name, _)| name), &kind.written),
                };
                // What is known already is shown at once or not at all.
                let at_once = matches!(kind.name, OutcomeName::Slow | OutcomeName::Known);
                let promised = signature.late && !at_once;
                let needed = promised && !has_sms(&draft.set, id, &way.target);
                outcome.check(needed, problems);
            }
        }
    }
}

/// One outcome of a call, and where it is written after `on:` and `sms:`.
struct Outcome<'a> {
    name: &'a str,
    leads_at: Option<Span>,
    sms_at: Option<Span>,
}

impl Outcome<'_> {
    /// One that leads nowhere was reported as such.
    fn check(&self, needed: bool, problems: &mut Vec<Found>) {
        let name = self.name.to_owned();
        if let Some(sms) = self.sms_at
            && !needed
        {
            report(problems, sms, Problem::SmsNeverSent(name.clone()));
        }
        if let (None, Some(target), true) = (self.sms_at, self.leads_at, needed) {
            report(problems, target, Problem::MissingLateSms(name));
        }
    }
}

fn place<'a>(mut names: impl Iterator<Item = &'a Name>, outcome: &str) -> Option<Span> {
    let found = names.find(|name| name.text == outcome);
    found.map(|name| name.at)
}

/// Whether the screen that a target leads to sends an SMS itself; where the way divides, or leads to
/// a menu that can be off, whether all do.
fn has_sms(set: &MenuSet, menu: MenuId, target: &Target) -> bool {
    all_send(set, menu, target, &mut BTreeSet::new())
}

fn all_send(set: &MenuSet, menu: MenuId, target: &Target, seen: &mut BTreeSet<Node>) -> bool {
    let opened = match target {
        Target::Open { menu, .. } => set.menu(*menu),
        Target::Home => set.menus.first(),
        Target::Screen(_) | Target::Back | Target::Return(_) => None,
    };
    if opened.is_some_and(|opened| opened.off.is_some()) {
        return false;
    }
    // A return that shows the screen that opened does not enter it: nothing is sent.
    let enters = !matches!(target, Target::Return(_)) || goes_on(set, menu);
    let landings = landings(set, menu, target);
    let mut each = landings.iter().copied();
    enters && !landings.is_empty() && each.all(|node| sends(set, node, seen))
}

fn sends(set: &MenuSet, node: Node, seen: &mut BTreeSet<Node>) -> bool {
    let Some(screen) = set.screen(node.0, node.1) else {
        return false;
    };
    if !passes(&screen.verb) {
        return screen.sms.is_some();
    }
    // One that was seen is looked at elsewhere; a circle is reported as one.
    let mut ways = edges(&screen.verb, &set.keys).into_iter();
    !seen.insert(node) || ways.all(|edge| all_send(set, node.0, edge.to, seen))
}

/// Whether every way that opens a menu goes on at a screen of its own after a return.
fn goes_on(set: &MenuSet, menu: MenuId) -> bool {
    let openers = set.menu(menu).map_or(&[][..], |menu| &menu.openers);
    let dialled = set.shortcuts.iter().any(|shortcut| shortcut.menu == menu);
    !dialled && openers.iter().all(|opener| opener.then.is_some())
}

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::{found, root, source};

    #[test]
    fn a_menu_that_is_opened_may_send_the_sms_itself() {
        let main = root(
            "  main: {ask: Namba?, type: member_number, as: member, wrong: Tena., go: look}
  look:
    call: scheme.cover
    with: [member]
    on: {active: {open: told}, expired: bye, unpaid: bye, suspended: bye, nobody: bye, limited: bye, slow: bye, down: main}
  bye: {end: Kwaheri, sms: Kwaheri}\n",
        );
        let told = |sms: &str| {
            let text = format!("menu: told\nstart: end\nscreens:\n  end: {{end: Habari{sms}}}\n");
            source("told", &text)
        };
        let missing = |name: &str| ("M050", name.to_owned());
        let silent = found(&[main.clone(), told("")]);
        assert_eq!(silent, [missing("active"), missing("down")]);
        let telling = found(&[main, told(", sms: Habari")]);
        assert_eq!(telling, [missing("down")]);
    }
}
