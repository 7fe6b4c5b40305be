/// Digits of any script as western ones, so that `٠٧` is read as `07`; all else as it is.
///
/// Arabic-Indic (U+0660), Extended Arabic-Indic (U+06F0), Devanagari (U+0966) and full-width
/// (U+FF10) digits are what keyboards of the countries we serve can send.
pub fn western_digits(text: &str) -> String {
    let zeros = ['\u{0660}', '\u{06F0}', '\u{0966}', '\u{FF10}'].map(u32::from);
    text.chars()
        .map(|character| {
            let code = u32::from(character);
            zeros
                .iter()
                .filter_map(|zero| code.checked_sub(*zero))
                .find_map(|value| char::from_digit(value, 10).filter(|_| value < 10))
                .unwrap_or(character)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_become_western() {
        assert_eq!(western_digits("٠٧۰۷०७０७1a"), "07070707".to_owned() + "1a");
    }
}
