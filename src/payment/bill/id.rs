/// Digits and letters that cannot be taken for each other.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many of them follow `NY`: 80 bits of chance in 18 characters altogether.
const LENGTH: u32 = 16;

/// A bill's id out of a random number: `NY` and sixteen digits and letters.
pub fn bill_id(random: u128) -> String {
    let letter = |place: u32| {
        let index = (random >> (5 * place)) & 31;
        let letter = usize::try_from(index)
            .ok()
            .and_then(|index| LETTERS.get(index));
        char::from(letter.copied().unwrap_or(b'0'))
    };
    "NY".chars().chain((0..LENGTH).rev().map(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_plain_and_different_for_different_chance() {
        let id = bill_id(0x1234_5678_9abc_def0_1122);
        assert_eq!(id.len(), 18);
        assert!(id.starts_with("NY"));
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        );
        assert_ne!(id, bill_id(0x1234_5678_9abc_def0_1123));
    }
}
