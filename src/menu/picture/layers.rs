//! How far each screen stands from where a caller comes in, and which ways lead forward.

use std::collections::{BTreeSet, VecDeque};

/// So many columns stand beside each other; what is farther goes on below.
pub(super) const COLUMNS: usize = 6;

/// A way that skips more columns than this is not drawn as a wire.
const FARTHEST: usize = 3;

/// A way within a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) from: usize,
    /// The row that it leaves.
    pub(super) row: usize,
    pub(super) to: usize,
}

/// Where the screens stand.
#[derive(Debug)]
pub(super) struct Layers {
    /// The column of each.
    pub(super) of: Vec<usize>,
    /// The ways that are drawn as wires: each leads to a later column, and not far.
    pub(super) wires: Vec<Way>,
}

/// Puts each screen behind all that lead to it, but for ways that go round in a circle.
pub(super) fn layers(count: usize, starts: &[usize], ways: &[Way]) -> Layers {
    let all = Graph::new(count, ways.iter().copied());
    let near = all.distances(starts);
    let part = all.parts();
    let ahead = |way: &Way| {
        let [from, to] = [way.from, way.to].map(|end| near.get(end).copied().unwrap_or_default());
        part.get(way.from) != part.get(way.to) || from <= to && way.from != way.to
    };
    let level = Graph::new(count, ways.iter().copied().filter(ahead));
    let (_, closing) = level.finished();
    let forward = |way: &Way| ahead(way) && !closing.contains(&(way.from, way.to));
    let forward: Vec<Way> = ways.iter().copied().filter(forward).collect();
    let of = Graph::new(count, forward.iter().copied()).longest();
    let drawn = |way: &Way| {
        let [from, to] = [way.from, way.to].map(|end| of.get(end).copied().unwrap_or_default());
        from / COLUMNS == to / COLUMNS && to.saturating_sub(from) <= FARTHEST
    };
    let wires = forward.into_iter().filter(drawn).collect();
    Layers { of, wires }
}

/// Screens and where each leads, in the order of its rows.
struct Graph {
    next: Vec<Vec<usize>>,
}

impl Graph {
    fn new(count: usize, ways: impl Iterator<Item = Way>) -> Self {
        let mut next = vec![Vec::new(); count];
        for way in ways {
            if let Some(next) = next.get_mut(way.from) {
                next.push(way.to);
            }
        }
        Self { next }
    }

    fn next(&self, node: usize) -> &[usize] {
        self.next.get(node).map_or(&[], Vec::as_slice)
    }

    /// How many ways lie between each and the nearest start; what no start leads to is one itself.
    fn distances(&self, starts: &[usize]) -> Vec<usize> {
        let mut found = vec![None; self.next.len()];
        let roots = starts.iter().copied().chain(0..self.next.len());
        let mut open: VecDeque<_> = starts.iter().map(|start| (*start, 0)).collect();
        for root in roots {
            while let Some((node, distance)) = open.pop_front() {
                if let Some(found) = found.get_mut(node).filter(|found| found.is_none()) {
                    *found = Some(distance);
                    open.extend(self.next(node).iter().map(|next| (*next, distance + 1)));
                }
            }
            open.push_back((root, 0));
        }
        found.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// Each in the order in which nothing new is behind it, and the ways that close a circle.
    fn finished(&self) -> (Vec<usize>, BTreeSet<(usize, usize)>) {
        let mut done = Vec::new();
        let mut closing = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut on_path = BTreeSet::new();
        for root in 0..self.next.len() {
            let mut path = Vec::new();
            if seen.insert(root) {
                on_path.insert(root);
                path.push((root, self.next(root).iter()));
            }
            while let Some((node, next)) = path.last_mut() {
                let node = *node;
                match next.next() {
                    Some(to) if on_path.contains(to) => drop(closing.insert((node, *to))),
                    Some(to) if seen.insert(*to) => {
                        on_path.insert(*to);
                        path.push((*to, self.next(*to).iter()));
                    }
                    Some(_) => {}
                    None => {
                        on_path.remove(&node);
                        done.push(node);
                        path.pop();
                    }
                }
            }
        }
        (done, closing)
    }

    /// A number for each; those that lead to each other and back have the same.
    fn parts(&self) -> Vec<usize> {
        let mut leading = Self {
            next: vec![Vec::new(); self.next.len()],
        };
        for (from, next) in self.next.iter().enumerate() {
            for to in next {
                if let Some(leading) = leading.next.get_mut(*to) {
                    leading.push(from);
                }
            }
        }
        let mut part: Vec<Option<usize>> = vec![None; self.next.len()];
        for root in self.finished().0.into_iter().rev() {
            let mut open = vec![root];
            while let Some(node) = open.pop() {
                if let Some(part) = part.get_mut(node).filter(|part| part.is_none()) {
                    *part = Some(root);
                    open.extend(leading.next(node));
                }
            }
        }
        part.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// The length of the longest way to each; there must be no circle.
    fn longest(&self) -> Vec<usize> {
        let mut longest = vec![0; self.next.len()];
        for node in self.finished().0.into_iter().rev() {
            let here = longest.get(node).copied().unwrap_or_default();
            for next in self.next(node) {
                if let Some(there) = longest.get_mut(*next) {
                    *there = (here + 1).max(*there);
                }
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(count: usize, ways: &[(usize, usize)]) -> Layers {
        let ways = ways.iter().map(|(from, to)| Way {
            from: *from,
            row: 0,
            to: *to,
        });
        layers(count, &[0], &ways.collect::<Vec<_>>())
    }

    fn drawn(layers: &Layers) -> Vec<(usize, usize)> {
        let wires = layers.wires.iter();
        wires.map(|way| (way.from, way.to)).collect()
    }

    #[test]
    fn a_screen_stands_behind_all_that_lead_to_it() {
        let layers = of(4, &[(0, 1), (0, 3), (1, 2), (2, 3)]);
        assert_eq!(layers.of, [0, 1, 2, 3]);
        assert_eq!(layers.wires.len(), 4);
    }

    #[test]
    fn a_way_back_is_no_wire_and_the_way_there_is() {
        // 0 asks, 1 answers, 2 shows, and from there another number is asked for.
        let layers = of(3, &[(0, 1), (1, 2), (2, 0), (2, 2)]);
        assert_eq!(layers.of, [0, 1, 2]);
        assert_eq!(drawn(&layers), [(0, 1), (1, 2)]);
    }

    #[test]
    fn a_screen_beside_another_may_lead_to_it_though_a_way_leads_back() {
        // A linked caller's cover (1) is looked up at once; others give a number (2) first.
        let layers = of(4, &[(0, 1), (0, 2), (1, 3), (2, 1), (3, 2)]);
        assert_eq!(layers.of, [0, 2, 1, 3]);
        assert_eq!(drawn(&layers), [(0, 1), (0, 2), (1, 3), (2, 1)]);
    }

    #[test]
    fn what_is_far_away_is_no_wire() {
        let mut ways: Vec<_> = (0..20).map(|node| (node, node + 1)).collect();
        ways.push((0, 5));
        let layers = of(21, &ways);
        assert_eq!(layers.of, (0..21).collect::<Vec<_>>());
        let drawn = drawn(&layers);
        assert!(!drawn.contains(&(0, 5)));
        assert!(!drawn.contains(&(5, 6)), "it goes on below");
        assert!(drawn.contains(&(6, 7)));
    }
}
