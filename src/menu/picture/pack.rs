//! Puts panels side by side and below each other, in their order, with little room lost.

/// Between two panels.
const APART: f64 = 28.0;

/// A rectangle's size, or its left upper corner.
pub(super) type Pair = (f64, f64);

/// The place of each panel of the `sizes`, and the size of all together.
pub(super) fn pack(sizes: &[Pair]) -> (Vec<Pair>, Pair) {
    let area: f64 = sizes.iter().map(|(width, height)| width * height).sum();
    let widest = sizes.iter().map(|(width, _)| *width).fold(0.0, f64::max);
    let most = widest.max((area * 1.5).sqrt());
    let mut placed: Vec<(Pair, Pair)> = Vec::new();
    for size in sizes {
        let place = lowest(&placed, *size, most);
        placed.push((place, *size));
    }
    let right = placed.iter().map(|((x, _), (width, _))| x + width);
    let bottom = placed.iter().map(|((_, y), (_, height))| y + height);
    let whole = (right.fold(0.0, f64::max), bottom.fold(0.0, f64::max));
    (placed.into_iter().map(|(place, _)| place).collect(), whole)
}

/// The highest place that is free down from the top, and of those the leftmost.
fn lowest(placed: &[(Pair, Pair)], (width, _): Pair, most: f64) -> Pair {
    let edges = placed.iter().map(|((x, _), (width, _))| x + width + APART);
    let lefts = std::iter::once(0.0).chain(edges.filter(|left| left + width <= most));
    let free = lefts.map(|left| {
        let beneath = placed
            .iter()
            .filter(|((x, _), (other, _))| left < x + other + APART && *x < left + width + APART);
        let bottoms = beneath.map(|((_, y), (_, height))| y + height + APART);
        (left, bottoms.fold(0.0, f64::max))
    });
    free.fold((0.0, f64::INFINITY), |best, place| {
        if (place.1, place.0) < (best.1, best.0) {
            place
        } else {
            best
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_stand_beside_and_below_each_other_and_never_overlap() {
        let sizes = [
            (500.0, 200.0),
            (900.0, 900.0),
            (300.0, 100.0),
            (700.0, 500.0),
            (200.0, 600.0),
        ];
        let (places, (width, height)) = pack(&sizes);
        let boxes: Vec<_> = places.iter().zip(&sizes).collect();
        for (index, (one, size)) in boxes.iter().enumerate() {
            assert!(one.0 + size.0 <= width && one.1 + size.1 <= height);
            for (other, room) in boxes.iter().skip(index + 1) {
                let beside = one.0 + size.0 <= other.0 || other.0 + room.0 <= one.0;
                let below = one.1 + size.1 <= other.1 || other.1 + room.1 <= one.1;
                assert!(beside || below, "{one:?} {other:?}");
            }
        }
        assert!(width < 2_000.0 && height < 2_000.0);
    }

    #[test]
    fn nothing_takes_no_room() {
        assert_eq!(pack(&[]), (Vec::new(), (0.0, 0.0)));
    }
}
