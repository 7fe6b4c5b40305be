/// The known word that a misspelt one is likely to mean: at most a third of its letters differ.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let distances = known
        .into_iter()
        .map(|known| (distance(word, known), known));
    let (distance, closest) = distances.min()?;
    (distance * 3 <= closest.chars().count().max(3)).then(|| closest.to_owned())
}

/// How many letters must be added, taken out or changed to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut next = vec![line + 1];
        for (column, other) in to.iter().enumerate() {
            let changed = at(&row, column) + usize::from(letter != *other);
            let added = at(&next, column) + 1;
            let removed = at(&row, column + 1) + 1;
            next.push(changed.min(added).min(removed));
        }
        row = next;
    }
    at(&row, to.len())
}

fn at(row: &[usize], column: usize) -> usize {
    row.get(column).copied().unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_does_not() {
        let known = ["session", "receive", "reply"];
        assert_eq!(nearest("sesion", known), Some("session".into()));
        assert_eq!(nearest("recieve", known), Some("receive".into()));
        assert_eq!(nearest("settings", known), None);
        assert_eq!(nearest("x", []), None);
    }
}
