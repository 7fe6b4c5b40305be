//! Expressions of Jinja2, as far as journeys use them: values, filters, comparisons and their joints.

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// `age`, `fees.total`, `fees['total']`.
    Path(Path),
    /// `'nida'`, or `200|string`.
    Text(String),
    /// `18`.
    Number(i64),
    /// `true`.
    Flag(bool),
    /// `none`.
    Nothing,
    /// `['a', 'b']`.
    List(Vec<Expression>),
    /// `left == right`.
    Compare(Box<Expression>, Operator, Box<Expression>),
    /// `value in list`.
    In(Box<Expression>, Box<Expression>),
    /// All of them joined by `or`.
    Or(Vec<Expression>),
    /// All of them joined by `and`.
    And(Vec<Expression>),
    /// `not …`.
    Not(Box<Expression>),
}

/// Where a value stands, and what is done to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path {
    /// `fees`, `total`.
    pub(super) parts: Vec<String>,
    /// Whether it is made a number: `|int`.
    pub(super) number: bool,
    /// Whether its length is meant: `|length`.
    pub(super) length: bool,
    /// Filters that ours have no like of.
    pub(super) filters: Vec<String>,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Operator {
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The one that holds with the two sides swapped.
    pub(super) fn swapped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            same @ (Self::Equal | Self::Unequal) => same,
        }
    }

    /// The one that holds where this one does not.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::More => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    pub(super) fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }
}

impl Expression {
    /// Reads an expression, with or without the braces around it; `None` where it is more than these.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.replace("{{", " ").replace("}}", " ");
        let mut parser = Parser {
            tokens: tokens(&text)?,
            next: 0,
        };
        let expression = parser.or()?;
        (parser.next == parser.tokens.len()).then_some(expression)
    }

    /// Every value that it names.
    pub(super) fn paths(&self) -> Vec<&Path> {
        match self {
            Self::Path(path) => vec![path],
            Self::Text(_) | Self::Number(_) | Self::Flag(_) | Self::Nothing => Vec::new(),
            Self::List(all) | Self::Or(all) | Self::And(all) => {
                all.iter().flat_map(Self::paths).collect()
            }
            Self::Compare(left, _, right) | Self::In(left, right) => {
                [left.paths(), right.paths()].concat()
            }
            Self::Not(inner) => inner.paths(),
        }
    }

    fn filtered(self, filter: &str) -> Self {
        match (self, filter) {
            (Self::Number(number), "string") => Self::Text(number.to_string()),
            (Self::Text(text), "int") => match text.parse() {
                Ok(number) => Self::Number(number),
                Err(_) => Self::Text(text),
            },
            (Self::Path(path), "int" | "float") => Self::Path(Path {
                number: true,
                ..path
            }),
            (Self::Path(path), "length" | "count") => Self::Path(Path {
                length: true,
                ..path
            }),
            (same, "string" | "trim" | "int" | "float") => same,
            (Self::Path(mut path), other) => {
                path.filters.push(other.to_owned());
                Self::Path(path)
            }
            (other, _) => other,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Number(i64),
    Sign(&'static str),
}

/// The signs, longer ones first.
const SIGNS: [&str; 14] = [
    "==", "!=", "<=", ">=", "<", ">", "|", ".", "[", "]", "(", ")", ",", "-",
];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = if first.is_alphabetic() || first == '_' {
            let (name, after) = split(rest, |letter| letter.is_alphanumeric() || letter == '_');
            (Token::Name(name.to_owned()), after)
        } else if first.is_ascii_digit() {
            let (digits, after) = split(rest, |letter| letter.is_ascii_digit());
            (Token::Number(digits.parse().ok()?), after)
        } else if first == '\'' || first == '"' {
            let (inner, after) = rest.strip_prefix(first)?.split_once(first)?;
            (Token::Text(inner.to_owned()), after)
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            (Token::Sign(sign), rest.strip_prefix(sign)?)
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|letter| !belongs(letter)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn takes(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Sign(known)) if *known == sign);
        self.next += usize::from(there);
        there
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Name(name)) if name == word);
        self.next += usize::from(there);
        there
    }

    fn or(&mut self) -> Option<Expression> {
        let mut all = vec![self.and()?];
        while self.takes_word("or") {
            all.push(self.and()?);
        }
        one_or(all, Expression::Or)
    }

    fn and(&mut self) -> Option<Expression> {
        let mut all = vec![self.not()?];
        while self.takes_word("and") {
            all.push(self.not()?);
        }
        one_or(all, Expression::And)
    }

    fn not(&mut self) -> Option<Expression> {
        if self.takes_word("not") {
            return Some(Expression::Not(Box::new(self.not()?)));
        }
        let left = self.value()?;
        if self.takes_word("in") {
            return Some(Expression::In(Box::new(left), Box::new(self.value()?)));
        }
        if self.takes_word("not") {
            let list = self.takes_word("in").then(|| self.value()).flatten()?;
            let inside = Expression::In(Box::new(left), Box::new(list));
            return Some(Expression::Not(Box::new(inside)));
        }
        let Some(operator) = self.operator() else {
            return Some(left);
        };
        let right = self.value()?;
        Some(Expression::Compare(
            Box::new(left),
            operator,
            Box::new(right),
        ))
    }

    fn operator(&mut self) -> Option<Operator> {
        let known = [
            ("==", Operator::Equal),
            ("!=", Operator::Unequal),
            ("<=", Operator::AtMost),
            (">=", Operator::AtLeast),
            ("<", Operator::Less),
            (">", Operator::More),
        ];
        let found = known.into_iter().find(|(sign, _)| self.takes(sign));
        found.map(|(_, operator)| operator)
    }

    fn value(&mut self) -> Option<Expression> {
        let mut value = self.bare()?;
        while self.takes("|") {
            let Token::Name(filter) = self.take()? else {
                return None;
            };
            if self.takes("(") {
                self.pass_arguments()?;
                // A filter with arguments is none of those that ours have a like of.
                value = value.filtered(&format!("{filter}()"));
            } else {
                value = value.filtered(&filter);
            }
        }
        Some(value)
    }

    fn pass_arguments(&mut self) -> Option<()> {
        let mut open = 1;
        while open > 0 {
            match self.take()? {
                Token::Sign("(") => open += 1,
                Token::Sign(")") => open -= 1,
                Token::Name(_) | Token::Text(_) | Token::Number(_) | Token::Sign(_) => {}
            }
        }
        Some(())
    }

    fn bare(&mut self) -> Option<Expression> {
        match self.take()? {
            Token::Text(text) => Some(Expression::Text(text)),
            Token::Number(number) => Some(Expression::Number(number)),
            Token::Sign("-") => match self.take()? {
                Token::Number(number) => Some(Expression::Number(-number)),
                Token::Name(_) | Token::Text(_) | Token::Sign(_) => None,
            },
            Token::Sign("(") => {
                let inner = self.or()?;
                self.takes(")").then_some(inner)
            }
            Token::Sign("[") => self.list(),
            Token::Sign(_) => None,
            Token::Name(name) => match name.as_str() {
                "true" | "True" => Some(Expression::Flag(true)),
                "false" | "False" => Some(Expression::Flag(false)),
                "none" | "None" => Some(Expression::Nothing),
                "and" | "or" | "not" | "in" | "is" | "if" | "else" => None,
                _ => self.path(name),
            },
        }
    }

    fn list(&mut self) -> Option<Expression> {
        let mut items = Vec::new();
        while !self.takes("]") {
            items.push(self.value()?);
            if !self.takes(",") && !matches!(self.peek(), Some(Token::Sign("]"))) {
                return None;
            }
        }
        Some(Expression::List(items))
    }

    fn path(&mut self, name: String) -> Option<Expression> {
        let mut parts = vec![name];
        loop {
            if self.takes(".") {
                let Token::Name(part) = self.take()? else {
                    return None;
                };
                parts.push(part);
            } else if self.takes("[") {
                match self.take()? {
                    Token::Text(part) => parts.push(part),
                    Token::Number(index) => parts.push(index.to_string()),
                    Token::Name(_) | Token::Sign(_) => return None,
                }
                if !self.takes("]") {
                    return None;
                }
            } else if matches!(self.peek(), Some(Token::Sign("("))) {
                return None;
            } else {
                return Some(Expression::Path(Path {
                    parts,
                    ..Path::default()
                }));
            }
        }
    }
}

fn one_or(
    mut all: Vec<Expression>,
    several: impl FnOnce(Vec<Expression>) -> Expression,
) -> Option<Expression> {
    if all.len() == 1 {
        all.pop()
    } else {
        Some(several(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(parts: &[&str]) -> Expression {
        Expression::Path(Path {
            parts: parts.iter().map(|part| (*part).to_owned()).collect(),
            ..Path::default()
        })
    }

    fn text(text: &str) -> Expression {
        Expression::Text(text.to_owned())
    }

    #[test]
    fn values_are_names_constants_and_places_in_them() {
        let cases = [
            ("{{ age }}", path(&["age"])),
            ("fees.total", path(&["fees", "total"])),
            ("{{fees['due'][0]}}", path(&["fees", "due", "0"])),
            ("'nida'", text("nida")),
            ("200|string", text("200")),
            ("'7' | int", Expression::Number(7)),
            ("{{ -3 }}", Expression::Number(-3)),
            ("{{True}}", Expression::Flag(true)),
            ("[]", Expression::List(Vec::new())),
        ];
        for (written, read) in cases {
            assert_eq!(Expression::parse(written), Some(read), "{written}");
        }
    }

    #[test]
    fn a_filter_is_kept_where_ours_have_no_like_of_it() {
        let Some(Expression::Path(path)) = Expression::parse("{{ name|trim|title|round(2) }}")
        else {
            panic!("a path");
        };
        assert_eq!(path.filters, ["title", "round()"]);
        let Some(Expression::Path(path)) = Expression::parse("code|length") else {
            panic!("a path");
        };
        assert!(path.length && path.filters.is_empty());
    }

    #[test]
    fn comparisons_are_joined_as_they_bind() {
        let read = Expression::parse("{{ not a == 1 and b in ['x'] or c != d }}").unwrap();
        let Expression::Or(all) = read else {
            panic!("or binds least");
        };
        assert!(matches!(&all[0], Expression::And(all) if matches!(all[0], Expression::Not(_))));
        assert!(matches!(
            &all[1],
            Expression::Compare(_, Operator::Unequal, _)
        ));
    }

    #[test]
    fn what_is_more_than_these_is_no_expression() {
        for written in [
            "",
            "a +",
            "a + 1",
            "f(x)",
            "a[b]",
            "a if b else c",
            "1.5",
            "a ==",
            "'open",
            "a is none",
            "[1 2]",
            "(a",
            "a.3",
            "a | 3",
        ] {
            assert_eq!(Expression::parse(written), None, "{written}");
        }
    }
}
