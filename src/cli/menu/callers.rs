use std::time::Duration;

use chrono::TimeDelta;

use super::shelf::Shelf;
use crate::{
    catalogue::{
        Limits, compile,
        difference::{Difference, ScreenFate},
    },
    model::{Clock, source::Source},
    store::LiveLines,
};

impl Shelf {
    /// How many callers are on which screen now, whose menus are these files.
    pub(super) async fn callers(&self, files: &[Source]) -> anyhow::Result<Vec<LiveLines>> {
        let life = TimeDelta::from_std(life(self.line, files)).unwrap_or(TimeDelta::MAX);
        let since = self.clock.now() - life;
        let mut transaction = self.store.read().await?;
        Ok(transaction.journal().live(since).await?)
    }
}

/// For how long a line lives after its last turn, at most.
fn life(usual: Duration, files: &[Source]) -> Duration {
    let edition = compile(files, &Limits::default()).edition;
    let resumed = edition.iter().flat_map(|edition| {
        let menus = edition.sets().flat_map(|set| &set.menus);
        menus.filter_map(|menu| menu.resume.as_ref().map(|resume| resume.within))
    });
    resumed.fold(usual, Duration::max)
}

/// What a change means for those who are in a dialogue, line by line.
pub(super) fn tell(difference: &Difference, live: &[LiveLines]) -> String {
    let all: u64 = live.iter().map(|lines| lines.lines).sum();
    if all == 0 {
        return "Nobody is in a dialogue now.\n".to_owned();
    }
    let lines = live.iter().filter_map(|lines| line(difference, lines));
    let mut told: String = lines.collect();
    if told.is_empty() {
        told = format!(
            "{} in a dialogue now, on screens that stay as they are.\n",
            callers(all)
        );
    }
    told
}

/// What a change means for the callers on a screen; nothing where it stays.
fn line(difference: &Difference, live: &LiveLines) -> Option<String> {
    let LiveLines { set, screen, lines } = live;
    let becomes = match difference.screen(set, screen) {
        ScreenFate::Same => return None,
        ScreenFate::Changed => "changes",
        ScreenFate::Gone => "is gone",
    };
    let callers = callers(*lines);
    Some(format!(
        "{callers} on {screen} of {set}, which {becomes}: such a dialogue ends with the menus it began with; a redial begins anew.\n"
    ))
}

fn callers(number: u64) -> String {
    match number {
        1 => "1 caller is".to_owned(),
        number => format!("{number} callers are"),
    }
}
