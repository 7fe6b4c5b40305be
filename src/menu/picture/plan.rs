//! Where everything of one panel stands.

use std::collections::BTreeSet;

use super::{
    grid::Grid,
    layers::{COLUMNS, Layers, Way, layers},
    model::{Kind, Page, Panel},
    order::order,
    place::{Column, Places, place},
    size,
};

/// Around what is in a panel.
pub(super) const INSET: f64 = 24.0;
/// Above it, for the menu's name.
pub(super) const TITLE: f64 = 52.0;

/// Left of a page that a caller comes in at.
const ENTRY: f64 = 34.0;

/// A panel, laid out.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) panel: &'a Panel,
    pub(super) grid: Grid,
    pub(super) places: Places,
    pub(super) layers: Layers,
    /// The rows that wires leave, each with its page.
    pub(super) wired: BTreeSet<(usize, usize)>,
}

impl<'a> Plan<'a> {
    /// Lays a panel out.
    pub(super) fn of(panel: &'a Panel) -> Self {
        let layers = layers(panel.pages.len(), &panel.starts, &ways(panel));
        let wired = layers.wires.iter().map(|way| (way.from, way.row)).collect();
        let mut grid = Grid::new(&panel.pages, &layers);
        order(&mut grid);
        let mut plan = Self {
            panel,
            places: place(&grid, &[], 0.0),
            grid,
            layers,
            wired,
        };
        plan.places = place(&plan.grid, &plan.chips(), plan.margin());
        plan
    }

    /// Width and height, title and all.
    pub(super) fn size(&self) -> (f64, f64) {
        let title = size::many(self.panel.menu.chars().count()) * 12.0
            + size::many(self.panel.about.chars().count()) * size::SMALL_LETTER
            + 40.0;
        let width = self.places.width.max(title);
        (width + 2.0 * INSET, self.places.height + TITLE + INSET)
    }

    /// The left upper corner of a page, or of the bend of a wire.
    pub(super) fn corner(&self, item: usize) -> (f64, f64) {
        let left = self.column(item).map_or(0.0, |column| column.left);
        let top = self.places.tops.get(item).copied().unwrap_or_default();
        (left + INSET, top + TITLE)
    }

    /// Where the wires that leave an item may bend.
    pub(super) fn bends_from(&self, item: usize) -> f64 {
        let column = self.column(item);
        column.map_or(0.0, |column| column.bends_from) + INSET
    }

    /// The kind of the page that an item is or leads to.
    pub(super) fn kind_behind(&self, item: usize) -> Kind {
        let page = self.grid.items.get(item).map(|item| item.to);
        let page = page.and_then(|page| self.panel.pages.get(page));
        page.map_or(Kind::Show, |page| page.kind)
    }

    fn column(&self, item: usize) -> Option<&Column> {
        let item = self.grid.items.get(item)?;
        self.places.columns.get(item.column)
    }

    /// What stands in the chip beside a row, where there is one.
    pub(super) fn chip(&self, page: usize, row: usize) -> Option<String> {
        let wired = self.wired.contains(&(page, row));
        let of = self.panel.pages.get(page)?.rows.get(row)?;
        size::chip_text(of, wired, &self.panel.pages)
    }

    /// What stands left of a page: how a caller comes in here, where no wire shows it.
    pub(super) fn entry(&self, page: usize) -> Option<String> {
        let entry = &self.panel.pages.get(page)?.entry;
        if !entry.is_empty() {
            return Some(entry.join(", "));
        }
        let entered = self
            .grid
            .into
            .get(page)
            .is_some_and(|into| !into.is_empty());
        (!entered).then(|| self.named_before(page))?
    }

    fn named_before(&self, page: usize) -> Option<String> {
        let leads = |from: &&Page| from.rows.iter().any(|row| row.leads.page() == Some(page));
        let from = self.panel.pages.iter().find(leads)?;
        Some(format!("… {}", from.name))
    }

    /// The widest chip of each column, with its distance.
    fn chips(&self) -> Vec<f64> {
        let mut widest = vec![0.0_f64; self.grid.columns.len()];
        for (page, of) in self.panel.pages.iter().enumerate() {
            let chips = (0..of.rows.len()).filter_map(|row| self.chip(page, row));
            let width = chips.map(|text| size::chip(&text) + size::CHIP_GAP);
            let column = self.layers.of.get(page).copied().unwrap_or_default();
            if let Some(widest) = widest.get_mut(column) {
                *widest = width.fold(*widest, f64::max);
            }
        }
        widest
    }

    /// Room for the entries of the first columns.
    fn margin(&self) -> f64 {
        let pages = 0..self.panel.pages.len();
        let first = pages.filter(|page| {
            let column = self.layers.of.get(*page).copied().unwrap_or_default();
            column % COLUMNS == 0
        });
        let entries = first.filter_map(|page| self.entry(page));
        let widths = entries.map(|text| size::chip(&text) + ENTRY);
        widths.fold(0.0, f64::max)
    }
}

/// The ways of a panel from page to page.
pub(super) fn ways(panel: &Panel) -> Vec<Way> {
    let pages = panel.pages.iter().enumerate();
    let ways = pages.flat_map(|(from, page)| {
        let rows = page.rows.iter().enumerate();
        rows.filter_map(move |(row, of)| of.leads.page().map(|to| Way { from, row, to }))
    });
    ways.collect()
}
