//! Orders each column so that few wires cross: every item goes to the middle of those that it is
//! linked with, column by column, there and back, and the best that was seen stays.

use super::{
    grid::{Grid, Link, Side},
    size::many,
};

const SWEEPS: usize = 8;

/// Orders the columns of a grid.
pub(super) fn order(grid: &mut Grid) {
    let mut best = grid.columns.clone();
    let mut fewest = crossings(grid);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let mut positions = positions(grid);
        let columns = 0..grid.columns.len();
        if sweep % 2 == 0 {
            columns.for_each(|column| sort(grid, column, Side::Before, &mut positions));
        } else {
            let columns = columns.rev();
            columns.for_each(|column| sort(grid, column, Side::After, &mut positions));
        }
        let now = crossings(grid);
        if now < fewest {
            fewest = now;
            best.clone_from(&grid.columns);
        }
    }
    grid.columns = best;
}

fn sort(grid: &mut Grid, column: usize, side: Side, positions: &mut [f64]) {
    let Some(items) = grid.columns.get(column) else {
        return;
    };
    let mut sorted: Vec<(f64, usize)> = items
        .iter()
        .map(|item| (middle(grid, *item, side, positions), *item))
        .collect();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let sorted: Vec<usize> = sorted.into_iter().map(|(_, item)| item).collect();
    count_off(&sorted, positions);
    if let Some(items) = grid.columns.get_mut(column) {
        *items = sorted;
    }
}

/// The mean place of those that an item is linked with; its own where there are none.
fn middle(grid: &Grid, item: usize, side: Side, positions: &[f64]) -> f64 {
    let at = |item: usize| positions.get(item).copied().unwrap_or_default();
    let (mut sum, mut count) = (0.0, 0_usize);
    for link in grid.links_of(item, side) {
        sum += match side {
            Side::Before => at(link.from) + share(grid, link),
            Side::After => at(link.to),
        };
        count += 1;
    }
    if count == 0 {
        at(item)
    } else {
        sum / many(count)
    }
}

/// How far down its page a link leaves, from 0 to 1.
fn share(grid: &Grid, link: &Link) -> f64 {
    let height = grid.items.get(link.from).map_or(1.0, |item| item.height);
    link.leaves / height
}

/// Each item's place in its column, from 0.
fn positions(grid: &Grid) -> Vec<f64> {
    let mut positions = vec![0.0; grid.items.len()];
    for column in &grid.columns {
        count_off(column, &mut positions);
    }
    positions
}

fn count_off(column: &[usize], positions: &mut [f64]) {
    for (place, item) in column.iter().enumerate() {
        if let Some(position) = positions.get_mut(*item) {
            *position = many(place);
        }
    }
}

/// How many pairs of links cross.
pub(super) fn crossings(grid: &Grid) -> usize {
    let positions = positions(grid);
    let at = |item: usize| positions.get(item).copied().unwrap_or_default();
    let of_column = |column: &Vec<usize>| {
        let links = column
            .iter()
            .flat_map(|item| grid.links_of(*item, Side::After));
        let mut ends: Vec<(f64, f64)> = links
            .map(|link| (at(link.from) + share(grid, link), at(link.to)))
            .collect();
        ends.sort_by(|one, other| one.0.total_cmp(&other.0));
        let pairs = ends.iter().enumerate().map(|(index, one)| {
            let after = ends.iter().skip(index + 1);
            after
                .filter(|other| one.0 < other.0 && other.1 < one.1)
                .count()
        });
        pairs.sum::<usize>()
    };
    grid.columns.iter().map(of_column).sum()
}
