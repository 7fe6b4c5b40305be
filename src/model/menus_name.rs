use serde::{Deserialize, Serialize};

/// Names the menus that a line or an effect belongs to: a set, as it stood in an edition of the
/// files.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MenusName {
    /// The edition, by the hash of its content: 32 hexadecimal digits. It stands in every line, so it
    /// is kept there as the sixteen bytes that its digits mean.
    #[serde(with = "digits_as_bytes")]
    pub edition: String,
    /// The set, by its folder's name.
    pub set: String,
}

mod digits_as_bytes {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    enum Written<'a> {
        Digits([u8; 16]),
        Text(std::borrow::Cow<'a, str>),
    }

    pub(super) fn serialize<S: Serializer>(
        edition: &str,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let written = match u128::from_str_radix(edition, 16) {
            Ok(digits) if digits_of(digits) == edition => Written::Digits(digits.to_be_bytes()),
            Ok(_) | Err(_) => Written::Text(edition.into()),
        };
        written.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<String, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Digits(bytes) => digits_of(u128::from_be_bytes(bytes)),
            Written::Text(text) => text.into_owned(),
        })
    }

    fn digits_of(number: u128) -> String {
        format!("{number:032x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_is_kept_as_sixteen_bytes_and_any_other_name_as_it_is() {
        let digits = "0f".repeat(16);
        for (edition, length) in [(digits.as_str(), 1 + 16), ("", 2), ("0F", 4), ("e1", 4)] {
            let name = MenusName {
                edition: edition.to_owned(),
                set: "chf".to_owned(),
            };
            let kept = postcard::to_stdvec(&name).unwrap();
            assert_eq!(kept.len(), length + 4, "{edition}");
            assert_eq!(postcard::from_bytes(&kept), Ok(name));
        }
    }
}
