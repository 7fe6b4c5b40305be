//! Cuts a sheet into pages: between words, rows and options where it can.

use std::collections::VecDeque;

use super::{
    PageSize,
    frame::{Frame, Share},
    print::{NO_BREAK, settled},
    sheet::{Entry, Sheet},
};

/// The pages of a sheet; never empty.
pub(super) fn pages(sheet: &Sheet, size: PageSize) -> Vec<String> {
    let chunks = chunks(sheet);
    let whole = Frame::whole(sheet, size);
    let all = joined(&chunks);
    let only = Share::last(0, &all);
    if whole.fits(&only) {
        return vec![whole.print(&only, sheet.noted)];
    }
    let longest = chunks.iter().map(|chunk| chunk.text.as_str());
    let longest = longest.max_by_key(|text| text.chars().count());
    let cut = Cut {
        frame: Frame::with_room_for(sheet, size, &settled(longest.unwrap_or_default())),
        rest: chunks.into(),
    };
    cut.pages(sheet.noted)
}

/// What is not cut while a page has room for it: a word, a row, an option.
#[derive(Clone)]
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

/// A sheet that is being cut.
struct Cut<'a> {
    frame: Frame<'a>,
    /// What is not on a page yet.
    rest: VecDeque<Chunk>,
}

impl Cut<'_> {
    fn pages(mut self, noted: bool) -> Vec<String> {
        let mut pages = Vec::new();
        loop {
            let index = pages.len();
            if self.rest_fits(index) {
                let all = joined(self.rest.make_contiguous());
                pages.push(self.frame.print(&Share::last(index, &all), noted));
                return pages;
            }
            let body = self.fill(index);
            pages.push(self.frame.print(&Share::before(index, &body), noted));
        }
    }

    /// Whether all that is left fits on the page at `index`.
    fn rest_fits(&mut self, index: usize) -> bool {
        let all = joined(self.rest.make_contiguous());
        self.rest.is_empty() || self.frame.fits(&Share::last(index, &all))
    }

    /// Takes what fits on a page that is not the last: always something, and never all.
    fn fill(&mut self, index: usize) -> String {
        let mut body = String::new();
        while self.rest.len() > 1
            && !self.options_wait(index, &body)
            && let Some(chunk) = self.rest.front()
            && let longer = chunk.after(&body)
            && self.frame.fits(&Share::before(index, &longer))
        {
            body = longer;
            self.rest.pop_front();
        }
        if body.is_empty() {
            body = self.piece(index);
        }
        body
    }

    /// Whether the options come next and had better begin the next page, which holds them all.
    fn options_wait(&mut self, index: usize, body: &str) -> bool {
        let next = self.rest.front();
        let options_next = next.is_some_and(|chunk| chunk.begins_options);
        options_next && !body.is_empty() && self.rest_fits(index + 1)
    }

    /// A piece of a chunk that is longer than a page.
    fn piece(&mut self, index: usize) -> String {
        let Some(mut chunk) = self.rest.pop_front() else {
            return String::new();
        };
        let fits = |head: &str| self.frame.fits(&Share::before(index, head));
        let (head, tail) = split(&chunk.text, fits);
        if !tail.is_empty() {
            chunk.text = tail;
            self.rest.push_front(chunk);
        }
        head
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
