//! Pages and the bends of long wires, in columns.

use std::collections::BTreeMap;

use super::{
    layers::{Layers, Way},
    model::Page,
    size,
};

/// Room for a wire that passes a column.
const BEND: f64 = 6.0;

/// Something that takes room in a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// The page by position; none for a bend, where a wire passes.
    pub(super) page: Option<usize>,
    /// The page that it leads to: itself, or what the wire is for.
    pub(super) to: usize,
    pub(super) column: usize,
    pub(super) height: f64,
}

/// A part of a wire, from one column to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    /// From the top of the one that it leaves.
    pub(super) leaves: f64,
    pub(super) to: usize,
    /// From the top of the one that it enters.
    pub(super) enters: f64,
}

/// Items in columns, and the links between neighbouring columns.
#[derive(Debug)]
pub(super) struct Grid {
    /// The pages in their order, then the bends.
    pub(super) items: Vec<Item>,
    /// The items of each column, from the top.
    pub(super) columns: Vec<Vec<usize>>,
    pub(super) links: Vec<Link>,
    /// The links that enter each item, and those that leave it.
    pub(super) into: Vec<Vec<usize>>,
    pub(super) out_of: Vec<Vec<usize>>,
}

impl Grid {
    /// All pages in the columns of `layers`. Wires to one page share their bends.
    pub(super) fn new(pages: &[Page], layers: &Layers) -> Self {
        let last = layers.of.iter().max().copied().unwrap_or_default();
        let mut grid = Self {
            items: Vec::new(),
            columns: vec![Vec::new(); last + 1],
            links: Vec::new(),
            into: Vec::new(),
            out_of: Vec::new(),
        };
        for (page, (of, column)) in pages.iter().zip(&layers.of).enumerate() {
            let item = Item {
                page: Some(page),
                to: page,
                column: *column,
                height: size::height(of),
            };
            grid.add(item);
        }
        let mut bends = BTreeMap::new();
        for way in &layers.wires {
            grid.wire(*way, pages, &layers.of, &mut bends);
        }
        grid
    }

    fn add(&mut self, item: Item) -> usize {
        let id = self.items.len();
        self.items.push(item);
        self.into.push(Vec::new());
        self.out_of.push(Vec::new());
        if let Some(column) = self.columns.get_mut(item.column) {
            column.push(id);
        }
        id
    }

    /// Leads a wire from column to column, until it meets one to the same page.
    fn wire(
        &mut self,
        way: Way,
        pages: &[Page],
        of: &[usize],
        bends: &mut BTreeMap<(usize, usize), usize>,
    ) {
        let column = |page: usize| of.get(page).copied().unwrap_or_default();
        let mut from = way.from;
        let mut leaves = pages
            .get(way.from)
            .map_or(0.0, |page| size::leaves(page, way.row));
        for passed in column(way.from) + 1..column(way.to) {
            let known = bends.get(&(way.to, passed)).copied();
            let to = known.unwrap_or_else(|| {
                let bend = Item {
                    page: None,
                    to: way.to,
                    column: passed,
                    height: BEND,
                };
                self.add(bend)
            });
            bends.insert((way.to, passed), to);
            let enters = BEND / 2.0;
            self.link(Link {
                from,
                leaves,
                to,
                enters,
            });
            if known.is_some() {
                return;
            }
            (from, leaves) = (to, BEND / 2.0);
        }
        self.link(Link {
            from,
            leaves,
            to: way.to,
            enters: size::enters(),
        });
    }

    fn link(&mut self, link: Link) {
        let id = self.links.len();
        self.links.push(link);
        if let Some(into) = self.into.get_mut(link.to) {
            into.push(id);
        }
        if let Some(out_of) = self.out_of.get_mut(link.from) {
            out_of.push(id);
        }
    }

    /// The links that enter an item, or that leave it.
    pub(super) fn links_of(&self, item: usize, side: Side) -> impl Iterator<Item = &Link> {
        let all = match side {
            Side::Before => &self.into,
            Side::After => &self.out_of,
        };
        let ids = all.get(item).into_iter().flatten();
        ids.filter_map(|id| self.links.get(*id))
    }
}

/// A side of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Where wires come from.
    Before,
    /// Where they go.
    After,
}
