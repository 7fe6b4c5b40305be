//! What stands around the body of a page, and whether a body fits in it.

use super::{
    PageSize,
    print::{clipped, settled},
    sheet::{Entry, Sheet},
};
use crate::model::gsm7::{self, Alphabet};

/// A page's own share of a sheet.
#[derive(Clone, Copy)]
pub(super) struct Share<'a> {
    index: usize,
    body: &'a str,
    last: bool,
}

impl<'a> Share<'a> {
    /// That of the last page.
    pub(super) fn last(index: usize, body: &'a str) -> Self {
        let last = true;
        Self { index, body, last }
    }

    /// That of a page before the last.
    pub(super) fn before(index: usize, body: &'a str) -> Self {
        let last = false;
        Self { index, body, last }
    }
}

/// What stands around the body of every page.
#[derive(Clone)]
pub(super) struct Frame<'a> {
    sheet: &'a Sheet,
    size: PageSize,
    note: String,
    /// Only the keys, without their words: on pages too small for both.
    brief: bool,
}

impl<'a> Frame<'a> {
    /// All that the sheet has, as on every page that a check proves.
    pub(super) fn whole(sheet: &'a Sheet, size: PageSize) -> Self {
        Self {
            sheet,
            size,
            note: sheet.note.clone(),
            brief: false,
        }
    }

    /// The fullest frame that leaves a quarter of a page to the body, and room for its longest
    /// word or row up to half a page: the whole one, or with the note clipped to a third of the
    /// page, or without the note; or, on very small pages, keys alone.
    pub(super) fn with_room_for(sheet: &'a Sheet, size: PageSize, longest: &str) -> Self {
        let limit = size.gsm7.min(match sheet.alphabet {
            Alphabet::Gsm7 => size.gsm7,
            Alphabet::Ucs2 => size.ucs2,
        });
        let wanted = gsm7::cost(longest).units + 1;
        let room = wanted.min(limit / 2).max(limit / 4);
        [limit, limit / 3, 0]
            .into_iter()
            .map(|width| Self::whole(sheet, size).with_note_within(width))
            .find(|frame| frame.leaves(room))
            .unwrap_or(Self {
                sheet,
                size,
                note: String::new(),
                brief: true,
            })
    }

    fn with_note_within(mut self, width: usize) -> Self {
        self.note = if width == 0 {
            String::new()
        } else {
            clipped(&self.note, width)
        };
        self
    }

    /// Whether so many letters of any alphabet fit in it, on the first page and on a later one.
    fn leaves(&self, room: usize) -> bool {
        let plain = "x".repeat(room);
        let other = match self.sheet.alphabet {
            Alphabet::Gsm7 => plain.clone(),
            Alphabet::Ucs2 => "\u{2713}".repeat(room),
        };
        let bodies = [plain, other];
        bodies
            .iter()
            .all(|body| (0..2).all(|index| self.fits(&Share::before(index, body))))
    }

    /// Whether a page fits, with and without its note.
    pub(super) fn fits(&self, share: &Share<'_>) -> bool {
        [true, false].into_iter().all(|noted| {
            let cost = gsm7::cost(&self.print(share, noted));
            match cost.alphabet {
                Alphabet::Gsm7 => cost.units <= self.size.gsm7,
                Alphabet::Ucs2 => cost.units <= self.size.ucs2,
            }
        })
    }

    /// A page as a phone gets it.
    pub(super) fn print(&self, share: &Share<'_>, noted: bool) -> String {
        let sheet = self.sheet;
        let banner = Some(sheet.banner.as_str()).filter(|_| share.index == 0);
        let note = Some(self.note.clone()).filter(|_| noted);
        let more = (!share.last).then(|| self.entry(&sheet.more));
        let exits = (share.index >= sheet.exits_from).then(|| self.exits());
        let lines = [note, Some(share.body.to_owned()), more, exits];
        let shown: Vec<_> = lines
            .into_iter()
            .flatten()
            .filter(|line| !line.is_empty())
            .collect();
        settled(&(banner.unwrap_or_default().to_owned() + &shown.join("\n")))
    }

    fn exits(&self) -> String {
        let exits = self.sheet.exits.iter().map(|exit| self.entry(exit));
        exits.collect::<Vec<_>>().join(" ")
    }

    fn entry(&self, entry: &Entry) -> String {
        if self.brief {
            entry.key.clone()
        } else {
            entry.line()
        }
    }
}
