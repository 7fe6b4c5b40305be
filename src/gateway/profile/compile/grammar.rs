//! The grammar of values, templates and tests: texts in, their parts out. Nothing is looked up here,
//! so that whoever speaks of a part can say where it stands.

use std::ops::Range;

/// A part of a text that is none of the language, with its place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// What should say where a value stands does not.
    Place(Range<usize>),
    /// A filter is missing behind `|`, or has a place's form.
    Filter(Range<usize>),
    /// No test.
    Test(Range<usize>),
    /// A brace that is not part of a placeholder.
    Brace(Range<usize>),
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    pub at: Range<usize>,
}

/// `form.status | outcome`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    pub place: Place,
    pub filters: Vec<Word>,
}

/// `json.items.0.id`: what stands before the first dot, and all behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub root: String,
    pub rest: Option<String>,
    pub at: Range<usize>,
}

impl Place {
    /// As the author wrote it.
    pub(super) fn written(&self) -> String {
        match &self.rest {
            Some(rest) if rest.starts_with('[') => format!("{}{rest}", self.root),
            Some(rest) => format!("{}.{rest}", self.root),
            None => self.root.clone(),
        }
    }
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `id`, or `"a.b"` in quotes.
    Name { text: String, quoted: bool },
    /// `[kind=x]`.
    Where { key: String, value: String },
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Slot(Chain),
}

/// `form.text is empty`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Compared(Vec<Chain>, Comparison),
    /// `session is new`.
    SessionNew,
}

/// What stands behind the value of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Is(Vec<Operand>),
    IsNot(Vec<Operand>),
    Starts(Vec<Operand>),
    Within(i64, i64),
    Matches(Word),
}

/// A value of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operand {
    pub text: String,
    pub quoted: bool,
    pub at: Range<usize>,
}

#[derive(Clone, Debug)]
enum Token {
    Bar(Range<usize>),
    Word(Word),
    Quoted(Word),
}

impl Token {
    fn at(&self) -> Range<usize> {
        match self {
            Self::Bar(at) => at.clone(),
            Self::Word(word) | Self::Quoted(word) => word.at.clone(),
        }
    }

    fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Word(word) if word.text == wanted)
    }
}

/// Words and bars; `None` where quotes or brackets are not closed.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let start = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            return Some(tokens);
        };
        let length = match first {
            '|' => 1,
            '\'' | '"' => quoted(rest, first)?,
            _ => word(rest)?,
        };
        let (token, after) = rest.split_at_checked(length)?;
        let at = start..start + length;
        tokens.push(match first {
            '|' => Token::Bar(at),
            '\'' | '"' => Token::Quoted(Word {
                text: token.trim_matches(first).to_owned(),
                at,
            }),
            _ => Token::Word(Word {
                text: token.to_owned(),
                at,
            }),
        });
        rest = after;
    }
}

/// Length of a text in quotes; something else must not stand right behind it.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let length = text.get(1..)?.find(quote)? + 2;
    let after = text.get(length..)?.chars().next();
    let ends = after.is_none_or(|it| it.is_whitespace() || it == '|');
    ends.then_some(length)
}

/// Length of a word, with what stands in quotes and brackets in it.
fn word(text: &str) -> Option<usize> {
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        let closing = match character {
            '"' => '"',
            '[' => ']',
            '|' => return Some(at),
            _ if character.is_whitespace() => return Some(at),
            _ => continue,
        };
        characters.find(|(_, it)| *it == closing)?;
    }
    Some(text.len())
}

/// Reads `form.status | outcome`.
pub(super) fn chain(text: &str) -> Result<Chain, Fault> {
    let whole = || Fault::Place(0..text.len());
    let tokens = tokens(text).ok_or_else(whole)?;
    let mut tokens = tokens.into_iter().peekable();
    let chain = take_chain(&mut tokens, text.len())?;
    match tokens.next() {
        None => Ok(chain),
        Some(token) => Err(Fault::Place(token.at())),
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

fn take_chain(tokens: &mut Tokens, end: usize) -> Result<Chain, Fault> {
    let place = match tokens.next() {
        Some(Token::Word(word)) => place(word)?,
        Some(other) => return Err(Fault::Place(other.at())),
        None => return Err(Fault::Place(0..end)),
    };
    let mut filters = Vec::new();
    while let Some(bar) = tokens.next_if(|token| matches!(token, Token::Bar(_))) {
        match tokens.next() {
            Some(Token::Word(word)) => filters.push(word),
            Some(other) => return Err(Fault::Filter(other.at())),
            None => return Err(Fault::Filter(bar.at())),
        }
    }
    Ok(Chain { place, filters })
}

fn place(word: Word) -> Result<Place, Fault> {
    let (root, rest) = match word.text.find(['.', '[']) {
        Some(at) => {
            let (root, rest) = word.text.split_at(at);
            let rest = rest.strip_prefix('.').unwrap_or(rest);
            (root.to_owned(), Some(rest.to_owned()))
        }
        None => (word.text, None),
    };
    let is_name = |text: &str| {
        let mut characters = text.chars();
        characters.next().is_some()
            && text
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    let is_brace = |it: char| it == '{' || it == '}';
    let fits = rest
        .as_ref()
        .is_none_or(|rest| !rest.is_empty() && !rest.contains(is_brace));
    if is_name(&root) && fits {
        let at = word.at;
        Ok(Place { root, rest, at })
    } else {
        Err(Fault::Place(word.at))
    }
}

/// Reads what stands behind the root of a path: `items[kind=x].id`, `"a.b".0`.
pub(super) fn steps(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        let (step, after) = step(rest)?;
        steps.push(step);
        rest = after;
        while let Some(condition) = rest.strip_prefix('[') {
            let (condition, after) = condition.split_once(']')?;
            let (key, value) = condition.split_once('=')?;
            let (key, value) = (key.trim(), value.trim().trim_matches('"'));
            if key.is_empty() {
                return None;
            }
            steps.push(Step::Where {
                key: key.to_owned(),
                value: value.to_owned(),
            });
            rest = after;
        }
        if rest.is_empty() {
            return Some(steps);
        }
        rest = rest.strip_prefix('.')?;
    }
}

fn step(text: &str) -> Option<(Step, &str)> {
    let (name, after, quoted) = if let Some(inner) = text.strip_prefix('"') {
        let (name, after) = inner.split_once('"')?;
        (name, after, true)
    } else {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (name, after) = text.split_at_checked(end)?;
        (name, after, false)
    };
    let stray = !quoted && name.contains(['"', ']', '{', '}', '\'']);
    if name.is_empty() || stray {
        return None;
    }
    let text = name.to_owned();
    Some((Step::Name { text, quoted }, after))
}

/// Reads a text with placeholders.
pub(super) fn template(text: &str) -> Result<Vec<Piece>, Fault> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(brace) = rest.find(['{', '}']) {
        let at = text.len() - rest.len() + brace;
        let loose = || Fault::Brace(at..at + 1);
        let (before, behind) = rest.split_at_checked(brace).ok_or_else(loose)?;
        literal.push_str(before);
        let mut characters = behind.chars();
        let doubled = characters.next() == characters.next();
        if doubled {
            literal.extend(behind.chars().next());
            rest = behind.get(2..).unwrap_or_default();
            continue;
        }
        let inner = behind.strip_prefix('{').ok_or_else(loose)?;
        let (written, after) = inner.split_once('}').ok_or_else(loose)?;
        if written.contains('{') {
            return Err(loose());
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(Piece::Slot(moved(chain(written), at + 1)?));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// The same a few bytes further on.
fn moved(chain: Result<Chain, Fault>, by: usize) -> Result<Chain, Fault> {
    let further = |at: &mut Range<usize>| *at = at.start + by..at.end + by;
    match chain {
        Ok(mut chain) => {
            further(&mut chain.place.at);
            chain
                .filters
                .iter_mut()
                .for_each(|word| further(&mut word.at));
            Ok(chain)
        }
        Err(mut fault) => {
            let (Fault::Place(at) | Fault::Filter(at) | Fault::Test(at) | Fault::Brace(at)) =
                &mut fault;
            further(at);
            Err(fault)
        }
    }
}

/// Reads `A or B is X or Y`.
pub(super) fn test(text: &str) -> Result<Test, Fault> {
    let whole = Fault::Test(0..text.len());
    let Some(tokens) = tokens(text) else {
        return Err(whole);
    };
    if let [a, b, c] = tokens.as_slice()
        && a.is("session")
        && b.is("is")
        && c.is("new")
    {
        return Ok(Test::SessionNew);
    }
    let mut tokens = tokens.into_iter().peekable();
    let mut any = vec![take_chain(&mut tokens, text.len())?];
    while tokens.next_if(|token| token.is("or")).is_some() {
        any.push(take_chain(&mut tokens, text.len())?);
    }
    match comparison(&mut tokens) {
        Some(comparison) => Ok(Test::Compared(any, comparison)),
        None => Err(whole),
    }
}

fn comparison(tokens: &mut Tokens) -> Option<Comparison> {
    let Some(Token::Word(verb)) = tokens.next() else {
        return None;
    };
    let comparison = match verb.text.as_str() {
        "is" if tokens.next_if(|token| token.is("not")).is_some() => {
            Comparison::IsNot(operands(tokens)?)
        }
        "is" => Comparison::Is(operands(tokens)?),
        "starts" => Comparison::Starts(operands(tokens)?),
        "in" => {
            let range = operand(tokens.next()?)?;
            let (from, to) = range.text.split_once("..")?;
            Comparison::Within(from.parse().ok()?, to.parse().ok()?)
        }
        "matches" => match tokens.next()? {
            Token::Word(name) => Comparison::Matches(name),
            Token::Bar(_) | Token::Quoted(_) => return None,
        },
        _ => return None,
    };
    tokens.next().is_none().then_some(comparison)
}

fn operands(tokens: &mut Tokens) -> Option<Vec<Operand>> {
    let mut operands = vec![operand(tokens.next()?)?];
    while tokens.next_if(|token| token.is("or")).is_some() {
        operands.push(operand(tokens.next()?)?);
    }
    Some(operands)
}

fn operand(token: Token) -> Option<Operand> {
    let (word, quoted) = match token {
        Token::Bar(_) => return None,
        Token::Word(word) => (word, false),
        Token::Quoted(word) => (word, true),
    };
    Some(Operand {
        text: word.text,
        quoted,
        at: word.at,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(test: &Test) -> Vec<String> {
        let Test::Compared(any, _) = test else {
            return Vec::new();
        };
        any.iter().map(|chain| chain.place.written()).collect()
    }

    #[test]
    fn a_value_is_a_place_and_its_filters_each_with_its_place_in_the_text() {
        let chain = chain("json.items[kind=a b].id | lower|map").unwrap();
        assert_eq!(chain.place.root, "json");
        assert_eq!(chain.place.rest.as_deref(), Some("items[kind=a b].id"));
        assert_eq!(chain.place.at, 0..23);
        let filters: Vec<_> = chain.filters.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(filters, ["lower", "map"]);
        assert_eq!(chain.filters[1].at, 32..35);
    }

    #[test]
    fn what_is_no_value_is_refused_where_it_stands() {
        assert_eq!(chain("form.a form.b"), Err(Fault::Place(7..13)));
        assert_eq!(chain("form.a |"), Err(Fault::Filter(7..8)));
        for text in ["", "| x", "form.", ".x", "json.\"a", "form.{x}", "a-b"] {
            assert!(matches!(chain(text), Err(Fault::Place(_))), "{text}");
        }
    }

    #[test]
    fn steps_are_names_and_conditions_and_a_name_in_quotes_may_hold_dots() {
        let name = |text: &str, quoted| Step::Name {
            text: text.to_owned(),
            quoted,
        };
        let condition = Step::Where {
            key: "@id".to_owned(),
            value: "6".to_owned(),
        };
        assert_eq!(
            steps("\"a.b\".x[@id=6].0"),
            Some(vec![
                name("a.b", true),
                name("x", false),
                condition,
                name("0", false)
            ])
        );
        for wrong in [
            "", ".", "a.", "a..b", "a[", "a[x]", "a[=1]", "a]b", "\"a", "a[x=1]b",
        ] {
            assert_eq!(steps(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_template_is_cut_at_its_placeholders() {
        let pieces = template("{{{go | con_end} {screen}}}").unwrap();
        let literals: Vec<_> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Literal(text) => Some(text.as_str()),
                Piece::Slot(_) => None,
            })
            .collect();
        assert_eq!(literals, ["{", " ", "}"]);
        assert_eq!(template("a {b"), Err(Fault::Brace(2..3)));
        assert_eq!(template("a}"), Err(Fault::Brace(1..2)));
        assert_eq!(template("a {b c}"), Err(Fault::Place(5..6)));
    }

    #[test]
    fn tests_compare_several_values_with_several() {
        let read = test("item.@a or item.@b | lower is not x or 'a b' or absent").unwrap();
        assert_eq!(places(&read), ["item.@a", "item.@b"]);
        let Test::Compared(_, Comparison::IsNot(operands)) = read else {
            panic!("{read:?}");
        };
        let texts: Vec<_> = operands
            .iter()
            .map(|it| (it.text.as_str(), it.quoted))
            .collect();
        assert_eq!(texts, [("x", false), ("a b", true), ("absent", false)]);
        let within = test("status in 200..299");
        assert!(matches!(
            within,
            Ok(Test::Compared(_, Comparison::Within(200, 299)))
        ));
        assert_eq!(test("session is new"), Ok(Test::SessionNew));
    }

    #[test]
    fn what_is_no_test_is_refused() {
        for text in [
            "form.text",
            "form.text is",
            "form.text equals 1",
            "form.text is a b",
            "form.text is a or",
            "form.text in 1-2",
            "form.text matches 'x'",
            "form.text is 'a",
        ] {
            assert!(matches!(test(text), Err(Fault::Test(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-z.|{}\\[\\]\"'= é@*0-9]{0,40}") {
            _ = chain(&text);
            _ = test(&text);
            _ = steps(&text);
            _ = template(&text);
        }

        #[test]
        fn any_characters_are_read_or_refused_within_the_text(text in any::<String>()) {
            for fault in [chain(&text).err(), test(&text).err(), template(&text).err()] {
                let Some(fault) = fault else { continue };
                let (Fault::Place(at) | Fault::Filter(at) | Fault::Test(at) | Fault::Brace(at)) = fault;
                prop_assert!(text.get(at).is_some());
            }
        }

        #[test]
        fn a_text_with_doubled_braces_comes_back(text in any::<String>()) {
            let doubled = text.replace('{', "{{").replace('}', "}}");
            let pieces = template(&doubled).unwrap();
            let expected: Vec<_> = (!text.is_empty()).then_some(Piece::Literal(text)).into_iter().collect();
            prop_assert_eq!(pieces, expected);
        }
    }
}
