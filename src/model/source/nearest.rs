/// The known word that a misspelt one is likely to mean: within a third of its letters, a swap of
/// neighbours counting as one slip.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let slips = |known: &str| strsim::damerau_levenshtein(word, known);
    let closest = known.into_iter().min_by_key(|known| slips(known))?;
    let bound = (word.chars().count() / 3).max(1);
    (slips(closest) <= bound).then_some(closest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_does_not() {
        let known = ["session", "receive", "reply"];
        assert_eq!(nearest("sesion", known), Some("session"));
        assert_eq!(nearest("recieve", known), Some("receive"));
        assert_eq!(nearest("settings", known), None);
        assert_eq!(nearest("x", []), None);
    }
}
