//! Cuts a sheet into pages: between words, rows and options where it can.

use std::collections::VecDeque;

use super::{
    PageSize,
    print::{NO_BREAK, clipped, settled},
    sheet::{Entry, Sheet},
};
use crate::model::gsm7::{self, Alphabet};

/// The pages of a sheet; never empty.
pub(super) fn pages(sheet: &Sheet, size: PageSize) -> Vec<String> {
    let whole = Frame::whole(sheet);
    let all = joined(&chunks(sheet));
    if whole.fits(&Share::last(0, &all), size) {
        return vec![whole.print(&Share::last(0, &all), sheet.noted)];
    }
    let frame = Frame::that_leaves_room(sheet, size);
    let mut rest: VecDeque<Chunk> = chunks(sheet).into();
    let mut pages = Vec::new();
    loop {
        let index = pages.len();
        let all = joined(rest.make_contiguous());
        let end = Share::last(index, &all);
        if rest.is_empty() || frame.fits(&end, size) {
            pages.push(frame.print(&end, sheet.noted));
            return pages;
        }
        let body = frame.fill(index, &mut rest, size);
        let share = Share {
            index,
            body: &body,
            last: false,
        };
        pages.push(frame.print(&share, sheet.noted));
    }
}

/// What is not cut while a page has room for it: a word, a row, an option.
#[derive(Clone, Debug)]
struct Chunk {
    text: String,
    /// Between it and what stands before it on its page.
    glue: char,
    /// Whether the options begin with it: they stay together if a page can hold them.
    begins_options: bool,
}

impl Chunk {
    fn after(&self, body: &str) -> String {
        if body.is_empty() {
            return self.text.clone();
        }
        format!("{body}{}{}", self.glue, self.text)
    }
}

fn chunks(sheet: &Sheet) -> Vec<Chunk> {
    let mut chunks = words(&sheet.text);
    chunks.extend(sheet.rows.iter().map(|row| line(row, false)));
    let options = sheet.options.iter().enumerate();
    chunks.extend(options.map(|(index, option)| line(option, index == 0)));
    chunks
}

fn words(text: &str) -> Vec<Chunk> {
    let mut words = Vec::new();
    for line in text.lines() {
        for (index, word) in line.split(' ').enumerate() {
            words.push(Chunk {
                text: word.to_owned(),
                glue: if index == 0 { '\n' } else { ' ' },
                begins_options: false,
            });
        }
    }
    words
}

fn line(entry: &Entry, begins_options: bool) -> Chunk {
    Chunk {
        text: entry.line(),
        glue: '\n',
        begins_options,
    }
}

fn joined(chunks: &[Chunk]) -> String {
    chunks
        .iter()
        .fold(String::new(), |body, chunk| chunk.after(&body))
}

/// A page's own share of a sheet.
struct Share<'a> {
    index: usize,
    body: &'a str,
    last: bool,
}

impl<'a> Share<'a> {
    fn last(index: usize, body: &'a str) -> Self {
        Self {
            index,
            body,
            last: true,
        }
    }
}

/// What stands around the body of every page.
struct Frame<'a> {
    sheet: &'a Sheet,
    note: String,
    /// Only the keys, without their words: on pages too small for both.
    brief: bool,
}

impl<'a> Frame<'a> {
    fn whole(sheet: &'a Sheet) -> Self {
        Self {
            sheet,
            note: sheet.note.clone(),
            brief: false,
        }
    }

    /// The fullest frame that leaves a quarter of a page to the body, and room for its longest word
    /// or row: on the pages that a check proves the whole one, on smaller ones with the note
    /// clipped, then left out, then keys alone.
    fn that_leaves_room(sheet: &'a Sheet, size: PageSize) -> Self {
        let limit = match sheet.alphabet {
            Alphabet::Gsm7 => size.gsm7,
            // Some of its pages may be plain.
            Alphabet::Ucs2 => size.ucs2.min(size.gsm7),
        };
        let chunks = chunks(sheet);
        let longest = chunks.iter().map(|chunk| units(sheet, &chunk.text) + 1);
        let room = longest.max().unwrap_or(0).min(limit / 2).max(limit / 4);
        [(limit, false), (limit / 3, false), (0, false)]
            .into_iter()
            .map(|(note, brief)| Self {
                sheet,
                note: clipped_or_none(&sheet.note, note),
                brief,
            })
            .find(|frame| frame.leaves(room, size))
            .unwrap_or(Self {
                sheet,
                note: String::new(),
                brief: true,
            })
    }

    /// Whether so many letters fit beside it, on the first page and on a later one.
    fn leaves(&self, room: usize, size: PageSize) -> bool {
        let letters = match self.sheet.alphabet {
            Alphabet::Gsm7 => "x".repeat(room),
            Alphabet::Ucs2 => "\u{2713}".repeat(room),
        };
        let bodies = [letters, "x".repeat(room)];
        bodies.iter().all(|body| {
            [0, 1].into_iter().all(|index| {
                let share = Share {
                    index,
                    body,
                    last: false,
                };
                self.fits(&share, size)
            })
        })
    }

    fn print(&self, share: &Share<'_>, noted: bool) -> String {
        let banner = Some(self.sheet.banner.as_str()).filter(|_| share.index == 0);
        let note = Some(self.note.clone()).filter(|note| noted && !note.is_empty());
        let body = Some(share.body.to_owned()).filter(|body| !body.is_empty());
        let more = (!share.last).then(|| self.entry(&self.sheet.more));
        let exits = (share.index >= self.sheet.exits_from && !self.sheet.exits.is_empty())
            .then(|| self.exits());
        let lines: Vec<String> = [note, body, more, exits].into_iter().flatten().collect();
        settled(&format!(
            "{}{}",
            banner.unwrap_or_default(),
            lines.join("\n")
        ))
    }

    fn exits(&self) -> String {
        let exits: Vec<_> = self
            .sheet
            .exits
            .iter()
            .map(|exit| self.entry(exit))
            .collect();
        exits.join(" ")
    }

    fn entry(&self, entry: &Entry) -> String {
        if self.brief {
            entry.key.clone()
        } else {
            entry.line()
        }
    }

    /// Whether a page fits, with and without its note.
    fn fits(&self, share: &Share<'_>, size: PageSize) -> bool {
        [true, false]
            .into_iter()
            .all(|noted| fits(&self.print(share, noted), size))
    }

    /// Takes what fits on a page that is not the last; always something, and never all.
    fn fill(&self, index: usize, rest: &mut VecDeque<Chunk>, size: PageSize) -> String {
        let fits = |body: &str| {
            let share = Share {
                index,
                body,
                last: false,
            };
            self.fits(&share, size)
        };
        let mut body = String::new();
        while rest.len() > 1
            && !self.options_wait(index, &body, rest, size)
            && let Some(chunk) = rest.front()
            && fits(&chunk.after(&body))
        {
            body = chunk.after(&body);
            rest.pop_front();
        }
        if body.is_empty()
            && let Some(mut chunk) = rest.pop_front()
        {
            let (head, tail) = split(&chunk.text, fits);
            body = head;
            if !tail.is_empty() {
                chunk.text = tail;
                rest.push_front(chunk);
            }
        }
        body
    }

    /// Whether the options come next and had better begin the next page, which holds them all.
    fn options_wait(
        &self,
        index: usize,
        body: &str,
        rest: &mut VecDeque<Chunk>,
        size: PageSize,
    ) -> bool {
        let come_next = rest.front().is_some_and(|chunk| chunk.begins_options);
        come_next
            && !body.is_empty()
            && self.fits(
                &Share::last(index + 1, &joined(rest.make_contiguous())),
                size,
            )
    }
}

/// The length of a text on a page of this sheet.
fn units(sheet: &Sheet, text: &str) -> usize {
    match sheet.alphabet {
        Alphabet::Gsm7 => gsm7::cost(&settled(text)).units,
        Alphabet::Ucs2 => text.encode_utf16().count(),
    }
}

fn clipped_or_none(note: &str, width: usize) -> String {
    if width == 0 {
        String::new()
    } else {
        clipped(note, width)
    }
}

fn fits(page: &str, size: PageSize) -> bool {
    let cost = gsm7::cost(page);
    match cost.alphabet {
        Alphabet::Gsm7 => cost.units <= size.gsm7,
        Alphabet::Ucs2 => cost.units <= size.ucs2,
    }
}

/// Cuts a text that is longer than a page: between words if it has some, else where the page ends.
fn split(text: &str, fits: impl Fn(&str) -> bool) -> (String, String) {
    let heads = text
        .char_indices()
        .skip(1)
        .filter_map(|(end, _)| text.get(..end));
    let longest = heads.take_while(|head| fits(head)).last();
    let first = text.chars().next().map_or(0, char::len_utf8);
    let head = longest.or(text.get(..first)).unwrap_or_default();
    let between_words = [' ', NO_BREAK]
        .into_iter()
        .find_map(|space| head.rsplit_once(space))
        .map(|(head, _)| head)
        .filter(|head| !head.is_empty())
        .unwrap_or(head);
    let tail = text.get(between_words.len()..).unwrap_or_default();
    (
        between_words.to_owned(),
        tail.trim_start_matches([' ', NO_BREAK]).to_owned(),
    )
}
