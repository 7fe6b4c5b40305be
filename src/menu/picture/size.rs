//! How large things are, in the picture's units: pixels at its own size.
//!
//! A picture cannot measure the reader's font. Pages are written in a font of one width, whose
//! letters take about six tenths of their height everywhere.

use super::{
    model::{Leads, Page, Row},
    texts,
};

/// A letter of a chip.
pub(super) const SMALL_LETTER: f64 = 6.65;
/// A page's width.
pub(super) const WIDTH: f64 = 240.0;
/// The strip with the screen's name.
pub(super) const HEAD: f64 = 24.0;
/// Between a page's edge and its text.
pub(super) const INSET: f64 = 11.0;
/// Above and below the body of a page.
pub(super) const PAD: f64 = 8.0;
/// A line of text.
pub(super) const LINE: f64 = 15.0;
/// A row that a way leaves.
pub(super) const ROW: f64 = 20.0;
/// The keys that leave every page.
pub(super) const FOOT: f64 = 17.0;
/// A chip's height.
pub(super) const CHIP: f64 = 17.0;
/// From a page to its chips.
pub(super) const CHIP_GAP: f64 = 12.0;

/// A number of things as a length.
pub(super) fn many(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The height of a page.
pub(super) fn height(page: &Page) -> f64 {
    let foot = if page.foot.is_empty() { 0.0 } else { FOOT };
    rows_from(page) + many(page.rows.len()) * ROW + foot + PAD
}

/// From the top of a page to its first row.
pub(super) fn rows_from(page: &Page) -> f64 {
    let between = if page.rows.is_empty() || page.lines.is_empty() {
        0.0
    } else {
        4.0
    };
    HEAD + PAD + many(page.lines.len()) * LINE + between
}

/// From the top of a page to where a wire leaves its row.
pub(super) fn leaves(page: &Page, row: usize) -> f64 {
    rows_from(page) + many(row) * ROW + ROW / 2.0
}

/// From the top of a page to where a wire enters it.
pub(super) fn enters() -> f64 {
    HEAD / 2.0
}

/// The width of a chip.
pub(super) fn chip(text: &str) -> f64 {
    many(text.chars().count()) * SMALL_LETTER + 14.0
}

/// What the chip beside a row says, `wired` telling whether a wire leaves it; nothing for back and
/// home, which are marks on the page.
pub(super) fn chip_text(row: &Row, wired: bool, pages: &[Page]) -> Option<String> {
    let named = |to: usize| {
        let name = pages.get(to).map_or("", |page| page.name.as_str());
        format!("↩ {}", texts::clipped(name, 16))
    };
    match &row.leads {
        Leads::Page(to) => (!wired).then(|| named(*to)),
        Leads::Menu { menu, then, .. } => {
            let then = then
                .filter(|_| !wired)
                .map(|then| format!(" {}", named(then)));
            let menu = texts::clipped(menu, 16);
            Some(format!("→ {menu}{}", then.unwrap_or_default()))
        }
        Leads::Return => Some("↵ return".to_owned()),
        Leads::Back | Leads::Home => None,
    }
}
