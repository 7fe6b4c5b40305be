/// The initials of a name, as shown to someone who may not see it whole: `Asha Juma` is `A. J.`.
pub fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|character| character.is_alphabetic()))
        .take(3)
        .map(|letter| format!("{}.", letter.to_uppercase()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_capitals_with_points() {
        assert_eq!(initials("Asha Juma"), "A. J.");
        assert_eq!(initials("  o'neil 'b 7 x y z"), "O. B. X.");
        assert_eq!(initials(""), "");
    }
}
