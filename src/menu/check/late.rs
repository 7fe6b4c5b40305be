//! What is promised by SMS has a text, and no text is promised in vain.

use super::{Draft, report, screens};
use crate::menu::{
    Menu, Operation, OutcomeName, OutcomeTarget, Target, Verb,
    problem::{Found, Problem},
    syntax::{self, Name},
};

pub(super) fn check(draft: &Draft<'_>, problems: &mut Vec<Found>) {
    for (_, written, menu) in draft.menus() {
        for (_, screen, compiled) in screens(written, menu) {
            if let Verb::Call { operation, on, .. } = &compiled.verb {
                for outcome in on {
                    check_outcome(*operation, outcome, screen, menu, problems);
                }
            }
        }
    }
}

fn check_outcome(
    operation: Operation,
    outcome: &OutcomeTarget,
    written: &syntax::Screen,
    menu: &Menu,
    problems: &mut Vec<Found>,
) {
    let Some(syntax::Verb::Call { on, sms, .. }) = &written.verb else {
        return;
    };
    let name = outcome.name.as_str();
    let place = |mut names: Box<dyn Iterator<Item = &Name> + '_>| {
        names
            .find(|written| written.text == name)
            .map(|name| name.at)
    };
    let told = operation.signature().late && outcome.name != OutcomeName::Slow;
    let by_screen = has_sms(menu, &outcome.target);
    if outcome.sms.is_some() && (!told || by_screen) {
        let at = place(Box::new(sms.iter().map(|(name, _)| name)));
        let problem = Problem::SmsNeverSent(name.to_owned());
        report(problems, at.unwrap_or(written.name.at), problem);
    }
    // One that leads nowhere was reported as such.
    let at = place(Box::new(on.iter().map(|(name, _)| name)));
    if let Some(at) = at
        && told
        && !by_screen
        && outcome.sms.is_none()
    {
        report(problems, at, Problem::MissingLateSms(name));
    }
}

fn has_sms(menu: &Menu, target: &Target) -> bool {
    match target {
        Target::Screen(screen) => {
            let screen = menu.screens.get(usize::from(*screen));
            screen.is_some_and(|screen| screen.sms.is_some())
        }
        Target::Open { .. } | Target::Back | Target::Home => false,
    }
}
