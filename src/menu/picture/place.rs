//! Gives every page and bend its place, so that wires are as straight as the order allows.

use super::{
    grid::{Grid, Item, Side},
    layers::COLUMNS,
    size,
};

/// Between two pages of a column.
const APART: f64 = 24.0;
/// Between a wire that passes and what is beside it.
const PASSING: f64 = 9.0;
/// Between columns, for wires to bend in; and for each link more, up to a most.
const CHANNEL: f64 = 46.0;
const A_LINK: f64 = 3.0;
const MOST_LINKS: usize = 16;
/// Between what goes on below and what is above it.
const BAND: f64 = 70.0;
const SWEEPS: usize = 12;

/// Where everything of a grid stands.
#[derive(Debug)]
pub(super) struct Places {
    /// The upper edge of each item.
    pub(super) tops: Vec<f64>,
    /// The left edge of each column, and where its chips end and wires may bend.
    pub(super) columns: Vec<Column>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A column's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) left: f64,
    pub(super) bends_from: f64,
}

/// Places a grid whose columns are in order. `chips` is the width of each column's widest chip, and
/// `margin` the room before the first column.
pub(super) fn place(grid: &Grid, chips: &[f64], margin: f64) -> Places {
    let mut tops = vec![0.0; grid.items.len()];
    for column in &grid.columns {
        let wanted = vec![0.0; column.len()];
        settle(grid, column, &wanted, &mut tops);
    }
    for sweep in 0..SWEEPS {
        let side = if sweep % 2 == 0 {
            Side::Before
        } else {
            Side::After
        };
        straighten(grid, &mut tops, side);
    }
    let (columns, width) = columns(grid, chips, margin);
    let height = fold(grid, &mut tops);
    Places {
        tops,
        columns,
        width,
        height,
    }
}

fn straighten(grid: &Grid, tops: &mut [f64], side: Side) {
    let count = grid.columns.len();
    for index in 0..count {
        let index = match side {
            Side::Before => index,
            Side::After => count - 1 - index,
        };
        if let Some(column) = grid.columns.get(index) {
            let items = column.iter();
            let wanted: Vec<_> = items.map(|item| wanted(grid, *item, side, tops)).collect();
            settle(grid, column, &wanted, tops);
        }
    }
}

/// Where an item would stand for its wires to be straight; where it does, if it has none.
fn wanted(grid: &Grid, item: usize, side: Side, tops: &[f64]) -> f64 {
    let at = |item: usize| tops.get(item).copied().unwrap_or_default();
    let (mut sum, mut count) = (0.0, 0_usize);
    for link in grid.links_of(item, side) {
        sum += match side {
            Side::Before => at(link.from) + link.leaves - link.enters,
            Side::After => at(link.to) + link.enters - link.leaves,
        };
        count += 1;
    }
    if count == 0 {
        at(item)
    } else {
        mean((sum, count))
    }
}

/// Puts the items of a column as near to where they want to be as they can without overlap: those
/// that would overlap stand together at their mean.
fn settle(grid: &Grid, column: &[usize], wanted: &[f64], tops: &mut [f64]) {
    // Groups of neighbours: the sum of what they want, how many they are.
    let mut groups: Vec<(f64, usize)> = Vec::new();
    let offsets = offsets(grid, column);
    for (wanted, offset) in wanted.iter().zip(&offsets) {
        let mut group = (wanted - offset, 1);
        while let Some(before) = groups.pop() {
            if mean(before) < mean(group) {
                groups.push(before);
                break;
            }
            group = (before.0 + group.0, before.1 + group.1);
        }
        groups.push(group);
    }
    let places = groups
        .iter()
        .flat_map(|group| std::iter::repeat_n(mean(*group), group.1));
    for ((item, offset), place) in column.iter().zip(&offsets).zip(places) {
        if let Some(top) = tops.get_mut(*item) {
            *top = place + offset;
        }
    }
}

fn mean((sum, count): (f64, usize)) -> f64 {
    sum / size::many(count)
}

/// Where each item of a column would stand if all stood close together.
fn offsets(grid: &Grid, column: &[usize]) -> Vec<f64> {
    let items = column.iter().filter_map(|item| grid.items.get(*item));
    let mut next = 0.0;
    let mut before: Option<&Item> = None;
    let mut offsets = Vec::new();
    for item in items {
        next += before.map_or(0.0, |before| before.height + apart(before, item));
        offsets.push(next);
        before = Some(item);
    }
    offsets
}

fn apart(one: &Item, other: &Item) -> f64 {
    match (one.page, other.page) {
        (Some(_), Some(_)) => APART,
        (Some(_), None) | (None, Some(_)) => PASSING * 1.5,
        (None, None) => PASSING,
    }
}

fn columns(grid: &Grid, chips: &[f64], margin: f64) -> (Vec<Column>, f64) {
    let mut columns = Vec::new();
    let (mut left, mut widest) = (margin, 0.0_f64);
    for (index, items) in grid.columns.iter().enumerate() {
        if index % COLUMNS == 0 {
            left = margin;
        }
        let chip = chips.get(index).copied().unwrap_or_default();
        let bends_from = left + size::WIDTH + chip + size::CHIP_GAP;
        columns.push(Column { left, bends_from });
        let links: usize = items
            .iter()
            .map(|item| grid.links_of(*item, Side::After).count())
            .sum();
        widest = widest.max(bends_from);
        left = bends_from + CHANNEL + size::many(links.min(MOST_LINKS)) * A_LINK;
    }
    (columns, widest)
}

/// Moves each band of columns below the one before, from 0 down, and gives the height of all.
fn fold(grid: &Grid, tops: &mut [f64]) -> f64 {
    let mut next = 0.0;
    for band in grid.columns.chunks(COLUMNS) {
        let items: Vec<usize> = band.iter().flatten().copied().collect();
        let top = |item: &usize| tops.get(*item).copied().unwrap_or_default();
        let highest = items.iter().map(top).fold(f64::INFINITY, f64::min);
        let bottom = |item: &usize| top(item) + grid.items.get(*item).map_or(0.0, |of| of.height);
        let lowest = items.iter().map(bottom).fold(f64::NEG_INFINITY, f64::max);
        for item in &items {
            if let Some(top) = tops.get_mut(*item) {
                *top = (*top - highest + next).round();
            }
        }
        next += (lowest - highest).max(0.0) + BAND;
    }
    (next - BAND).max(0.0).ceil()
}
