use regex::{Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{Hir, HirKind},
};

/// What the compiled expression may take, in bytes.
const SIZE: usize = 1 << 20;
/// How deep it may be nested.
const DEPTH: u32 = 20;
/// How long it may be written, in characters.
const LONGEST: usize = 200;

/// A regular expression that a whole answer must match. It takes time in proportion to the answer,
/// whatever it says.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    matcher: Regex,
    /// The fewest and most characters of what it matches.
    length: (usize, Option<usize>),
}

/// Why a text is no pattern, in few words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadPattern(String);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Compiles a regular expression of the crate `regex`.
    pub fn new(written: &str) -> Result<Self, BadPattern> {
        if written.chars().nth(LONGEST).is_some() {
            return Err(BadPattern(format!("longer than {LONGEST} characters")));
        }
        let parsed = ParserBuilder::new()
            .nest_limit(DEPTH)
            .build()
            .parse(written);
        let tree = parsed.map_err(|error| BadPattern(reason(&error)))?;
        let matcher = RegexBuilder::new(&format!(r"\A(?:{written})\z"))
            .nest_limit(DEPTH + 2)
            .size_limit(SIZE)
            .build()
            .map_err(|error| BadPattern(last_words(&error.to_string())))?;
        Ok(Self {
            written: written.to_owned(),
            matcher,
            length: length(&tree),
        })
    }

    /// As its author wrote it.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.matcher.is_match(text)
    }

    /// Whether nothing that it matches has so many characters.
    pub(in crate::menu) fn excludes(&self, min: usize, max: usize) -> bool {
        let (fewest, most) = self.length;
        fewest > max || most.is_some_and(|most| most < min)
    }
}

/// The parser's own words for what is wrong.
fn reason(error: &regex_syntax::Error) -> String {
    if let regex_syntax::Error::Parse(error) = error {
        error.kind().to_string()
    } else if let regex_syntax::Error::Translate(error) = error {
        error.kind().to_string()
    } else {
        last_words(&error.to_string())
    }
}

/// The last line of an error that draws what it means.
fn last_words(error: &str) -> String {
    let last = error.lines().last().unwrap_or(error);
    last.trim_start_matches("error: ").to_lowercase()
}

/// The fewest and most characters of what a tree matches.
fn length(tree: &Hir) -> (usize, Option<usize>) {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Class(_) => (1, Some(1)),
        HirKind::Literal(literal) => {
            let count = String::from_utf8_lossy(&literal.0).chars().count();
            (count, Some(count))
        }
        HirKind::Capture(capture) => length(&capture.sub),
        HirKind::Repetition(repeated) => {
            let (fewest, most) = length(&repeated.sub);
            let times = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
            let longest = most.zip(repeated.max);
            let longest = longest.map(|(most, max)| most.saturating_mul(times(max)));
            let endless = if most == Some(0) { Some(0) } else { longest };
            (fewest.saturating_mul(times(repeated.min)), endless)
        }
        HirKind::Concat(parts) => parts.iter().map(length).fold((0, Some(0)), |sum, part| {
            let most = sum.1.zip(part.1);
            let most = most.map(|(sum, part)| sum.saturating_add(part));
            (sum.0.saturating_add(part.0), most)
        }),
        HirKind::Alternation(parts) => {
            let lengths: Vec<_> = parts.iter().map(length).collect();
            let fewest = lengths.iter().map(|(fewest, _)| *fewest).min();
            let most: Option<Vec<usize>> = lengths.iter().map(|(_, most)| *most).collect();
            let most = most.map(|most| most.into_iter().max().unwrap_or_default());
            (fewest.unwrap_or_default(), most)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(written: &str) -> Pattern {
        Pattern::new(written).unwrap()
    }

    #[test]
    fn a_whole_answer_must_match() {
        let card = pattern("[A-Z]{2}[0-9]{3}|X");
        assert!(card.matches("AB123") && card.matches("X"));
        for wrong in ["AB1234", "xAB123", "AB123\n", "XX", ""] {
            assert!(!card.matches(wrong), "{wrong}");
        }
        assert!(pattern("(?i)ab").matches("aB"));
        assert!(pattern(r"\p{L}+").matches("Zoë"));
    }

    #[test]
    fn what_is_no_pattern_is_told_in_few_words() {
        for (written, why) in [
            ("(a", "unclosed group"),
            ("a)|(b", "unopened group"),
            ("[a", "unclosed character class"),
            ("*", "repetition operator missing expression"),
        ] {
            assert_eq!(Pattern::new(written).unwrap_err().to_string(), why);
        }
        for endless in [
            "(?:(?:a{200}){200}){200}",
            &"a".repeat(201),
            &"(".repeat(60),
        ] {
            assert!(Pattern::new(endless).is_err());
        }
    }

    #[test]
    fn a_pattern_knows_which_lengths_it_excludes() {
        assert!(pattern("[A-Z]{2}[0-9]{3}").excludes(1, 4));
        assert!(pattern("[A-Z]{2}[0-9]{3}").excludes(6, 40));
        assert!(!pattern("[A-Z]{2}[0-9]{3}").excludes(2, 40));
        assert!(pattern("ée|é").excludes(3, 9));
        assert!(!pattern("(a|bc)*").excludes(3, 3));
        assert!(pattern("(^)*a?").excludes(2, 3));
    }
}
