//! Their names made into ours.

use std::collections::{BTreeMap, BTreeSet};

/// The names of one kind of thing, each ours once.
#[derive(Debug, Default)]
pub(super) struct Names {
    ours: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// Our name for theirs; and whether another had it already.
    pub(super) fn add(&mut self, theirs: &str) -> (String, bool) {
        if let Some(known) = self.ours.get(theirs) {
            return (known.clone(), false);
        }
        let plain = plain(theirs);
        let ours = self.fresh(&plain);
        self.ours.insert(theirs.to_owned(), ours.clone());
        (ours.clone(), ours != plain)
    }

    /// Our name for theirs, where it was added.
    pub(super) fn get(&self, theirs: &str) -> Option<&str> {
        self.ours.get(theirs).map(String::as_str)
    }

    /// A name like `wish` that nothing has yet.
    pub(super) fn fresh(&mut self, wish: &str) -> String {
        let numbered = (2..).map(|number| format!("{wish}_{number}"));
        let mut names = std::iter::once(wish.to_owned()).chain(numbered);
        let free = names.find(|name| !self.taken.contains(name));
        let free = free.unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }
}

/// Small letters, digits and `_`, a letter first; none of the words that mean something else.
pub(super) fn plain(theirs: &str) -> String {
    let mut name = String::new();
    let mut small = false;
    for letter in theirs.chars() {
        if letter.is_ascii_alphanumeric() {
            if letter.is_ascii_uppercase() && small {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        } else if !name.ends_with('_') && !name.is_empty() {
            name.push('_');
        }
        small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    let name = name.trim_end_matches('_');
    match name {
        "" => "screen".to_owned(),
        "back" | "home" | "return" | "language" | "setting" | "secret" | "today" => {
            format!("the_{name}")
        }
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("n{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_words() {
        let cases = [
            ("enter_name", "enter_name"),
            ("firstName", "first_name"),
            ("Enter-Name", "enter_name"),
            ("200_number", "n200_number"),
            ("ID", "id"),
            ("back", "the_back"),
            ("jina_lako?", "jina_lako"),
            ("日本", "screen"),
        ];
        for (theirs, ours) in cases {
            assert_eq!(plain(theirs), ours, "{theirs}");
        }
    }

    #[test]
    fn two_names_stay_two() {
        let mut names = Names::default();
        assert_eq!(names.add("Bye"), ("bye".to_owned(), false));
        assert_eq!(names.add("bye"), ("bye_2".to_owned(), true));
        assert_eq!(names.add("Bye"), ("bye".to_owned(), false));
        assert_eq!(names.fresh("bye"), "bye_3");
        assert_eq!(names.get("bye"), Some("bye_2"));
    }
}
