//! Turns of a service that is switched off: they end with its text, and step nothing.

use std::sync::Arc;

use super::{
    Turns,
    drive::{Driven, Lost},
    line::Line,
    position::Seen,
    take::Taking,
};
use crate::{
    dialogue::{self, Page},
    store::Switch,
};

impl Turns {
    /// The switch by which the service of a set is off now.
    pub(super) fn off(&self, taking: &Taking<'_>, set: &str) -> Option<Arc<Switch>> {
        self.catalogue.off(set, taking.now)
    }

    /// Ends a dialogue in place of the turn that its caller wants to take.
    pub(super) async fn end_by(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        mut line: Line,
        switch: &Switch,
    ) -> Result<Driven, Lost> {
        line.turn += 1;
        line.seen = Seen::of(&taking.call.position, Some(line.seen), &|text| {
            self.mark(text)
        });
        line.at = taking.now.timestamp_millis();
        self.begin_ended(taking, version, line, switch).await
    }

    /// Keeps a line that the switch has ended, so that a repeat of this turn reads the same, also when
    /// the service is on again.
    pub(super) async fn begin_ended(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        mut line: Line,
        switch: &Switch,
    ) -> Result<Driven, Lost> {
        line.over = true;
        line.off_by = Some(switch.number);
        self.put(taking, version, &line, self.usual()).await?;
        let page = self.off_page(&line, switch);
        Ok(Driven::of(&line, page, 0))
    }

    /// The page of a line that a switch has ended; `None` of any other.
    pub(super) async fn ended_page(&self, line: &Line) -> Option<Page> {
        let number = line.off_by?;
        match self.catalogue.switch(number).await {
            Ok(Some(switch)) => return Some(self.off_page(line, &switch)),
            Ok(None) => tracing::error!(switch = number, "a switch of a service is gone"),
            Err(error) => {
                tracing::error!(switch = number, %error, "the text of a service that was off could not be read: {error}");
            }
        }
        Some(dialogue::unavailable(
            &self.any_menus(),
            line.state.language(),
        ))
    }

    fn off_page(&self, line: &Line, switch: &Switch) -> Page {
        let language = line.state.language();
        let text = switch.made.text(language).unwrap_or_default();
        let first = line.turn == 0;
        let banner = if first { &*self.options.banner } else { "" };
        dialogue::off(&format!("{banner}{text}"), language)
    }
}
