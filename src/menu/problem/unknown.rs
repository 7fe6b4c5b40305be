use crate::model::source::nearest;

/// A name that nothing bears, and what its author may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// As written.
    pub name: String,
    /// The known name that is nearest to it, where one is near.
    pub near: Option<String>,
    /// What could stand there, in the order in which it is best listed.
    pub known: Vec<String>,
}

/// More names than this are not listed in a help sentence.
const LISTED: usize = 14;

impl Unknown {
    /// `name`, where only `known` could stand.
    pub(crate) fn new<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<String> = known.into_iter().map(str::to_owned).collect();
        Self {
            name: name.to_owned(),
            near: nearest(name, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        }
    }

    /// What to do: the near name, else the names that there are.
    pub(super) fn help(&self, of: &str) -> String {
        match &self.near {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.known.is_empty() => format!("there is no {of} here"),
            None => format!("use one of the {of}s there are: {}", self.listed()),
        }
    }

    fn listed(&self) -> String {
        let listed: Vec<&str> = self.known.iter().take(LISTED).map(String::as_str).collect();
        let more = if self.known.len() > LISTED {
            ", …"
        } else {
            ""
        };
        format!("{}{more}", listed.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let known = ["menu", "list", "show"];
        assert_eq!(
            Unknown::new("shwo", known).help("key"),
            "did you mean `show`?"
        );
        assert_eq!(
            Unknown::new("picture", known).help("key"),
            "use one of the keys there are: menu, list, show"
        );
        assert_eq!(Unknown::new("x", []).help("key"), "there is no key here");
    }
}
