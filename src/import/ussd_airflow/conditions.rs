//! Conditions: one comparison each.

use super::{
    Translation,
    expression::{Expression, Operator, Path},
    texts::{Meaning, Scope},
    values::{Plain, Value, is_number},
};
use crate::{
    import::Problem,
    model::source::{Span, yaml::Node},
};

/// When a branch is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// Never, or when that cannot be said here, which was reported.
    Never,
    /// When one of these comparisons is true.
    Any(Vec<String>),
}

/// Why a condition is none of ours.
type Why = String;

impl Translation<'_> {
    /// What a condition of theirs is here.
    pub(super) fn when(&mut self, node: &Node, scope: &Scope) -> When {
        let Some(written) = node.text() else {
            self.shape(node, "a condition");
            return When::Never;
        };
        let when = match Expression::parse(written) {
            Some(Expression::Flag(true)) => return When::Always,
            Some(Expression::Flag(false)) => return When::Never,
            Some(expression) => self.any(&expression, node.span, scope),
            None => Err(format!("`{}`", written.trim())),
        };
        match when {
            Ok(all) => When::Any(all),
            Err(why) => {
                self.report(node.span, Problem::BadCondition(why));
                When::Never
            }
        }
    }

    /// The comparisons of which one must be true.
    fn any(
        &mut self,
        expression: &Expression,
        at: Span,
        scope: &Scope,
    ) -> Result<Vec<String>, Why> {
        match expression {
            Expression::Or(all) => {
                let mut any = Vec::new();
                for one in all {
                    any.extend(self.any(one, at, scope)?);
                }
                Ok(any)
            }
            Expression::In(left, right) => {
                let Expression::List(items) = &**right else {
                    return Err("the list that it looks in is not written out".to_owned());
                };
                let items = items.iter();
                items
                    .map(|item| self.compare(left, Operator::Equal, item, at, scope))
                    .collect()
            }
            Expression::Compare(left, operator, right) => {
                Ok(vec![self.compare(left, *operator, right, at, scope)?])
            }
            Expression::Not(inner) => {
                let Expression::Compare(left, operator, right) = &**inner else {
                    return Err("`not` before something else than a comparison".to_owned());
                };
                let operator = operator.negated();
                Ok(vec![self.compare(left, operator, right, at, scope)?])
            }
            Expression::And(_) => Err("comparisons are joined by `and`".to_owned()),
            Expression::Path(path) => Err(format!(
                "`{}` is compared with nothing",
                path.parts.join(".")
            )),
            Expression::Text(_)
            | Expression::Number(_)
            | Expression::Flag(_)
            | Expression::Nothing
            | Expression::List(_) => Err("it names no value".to_owned()),
        }
    }

    fn compare(
        &mut self,
        left: &Expression,
        operator: Operator,
        right: &Expression,
        at: Span,
        scope: &Scope,
    ) -> Result<String, Why> {
        let (path, operator, right) = match (left, right) {
            (Expression::Path(path), right) if !is_constant(path, scope) => (path, operator, right),
            (left, Expression::Path(path)) => (path, operator.swapped(), left),
            _ => return Err("it names no value".to_owned()),
        };
        if is_language(path) {
            return language(operator, right);
        }
        let left = self.side(path, at, scope)?;
        let right = if let Expression::Path(other) = right {
            let other = self.side(other, at, scope)?;
            if other.plain != left.plain {
                return Err("a number is compared with a text".to_owned());
            }
            other.written
        } else {
            constant_of(right, left.plain)?
        };
        if operator.is_order() && left.plain == Plain::Text {
            return Err("texts have no order here".to_owned());
        }
        Ok(format!("{} {} {right}", left.written, operator.written()))
    }

    /// One side of a comparison.
    fn side(&mut self, path: &Path, at: Span, scope: &Scope) -> Result<Value, Why> {
        if path.length {
            return Err("a length is compared".to_owned());
        }
        if let Some(filter) = path.filters.first() {
            return Err(format!("the filter `{filter}`"));
        }
        match self.meaning(&path.parts, scope) {
            Some(Meaning::Value(value)) if value.plain == Plain::Secret => {
                Err("a secret is compared with nothing here".to_owned())
            }
            Some(Meaning::Value(value)) => {
                self.used(&value, at);
                Ok(value)
            }
            Some(Meaning::Literal(_)) => Err("it names no value".to_owned()),
            None => Err(format!(
                "nothing in the journey sets `{}`",
                path.parts.join(".")
            )),
        }
    }
}

fn is_constant(path: &Path, scope: &Scope) -> bool {
    let [name] = path.parts.as_slice() else {
        return false;
    };
    scope.constants.iter().any(|(known, _)| known == name)
}

fn is_language(path: &Path) -> bool {
    let parts: Vec<&str> = path.parts.iter().map(String::as_str).collect();
    matches!(
        parts.as_slice(),
        ["language"] | ["ussd_request", "language"]
    )
}

fn language(operator: Operator, right: &Expression) -> Result<String, Why> {
    let Expression::Text(tag) = right else {
        return Err("a language is compared with its tag only".to_owned());
    };
    if operator.is_order() {
        return Err("languages have no order".to_owned());
    }
    Ok(format!(
        "language {} {}",
        operator.written(),
        tag.to_ascii_lowercase()
    ))
}

/// A constant as it is compared with a value of that kind.
fn constant_of(constant: &Expression, plain: Plain) -> Result<String, Why> {
    let text = match constant {
        Expression::Text(text) => text.clone(),
        Expression::Number(number) => number.to_string(),
        Expression::Flag(_) => return Err("it is compared with true or false".to_owned()),
        Expression::Nothing => return Err("nothing here is without a value".to_owned()),
        Expression::Path(_)
        | Expression::List(_)
        | Expression::Compare(..)
        | Expression::In(..)
        | Expression::Or(_)
        | Expression::And(_)
        | Expression::Not(_) => return Err("it is compared with something computed".to_owned()),
    };
    match plain {
        Plain::Number if is_number(&text) => Ok(text),
        Plain::Number => Err("a number is compared with a text".to_owned()),
        Plain::Text | Plain::Secret if text.is_empty() => {
            Err("nothing here is without a value".to_owned())
        }
        Plain::Text | Plain::Secret if text.contains(['"', '\n', '{', '}']) => {
            Err("the text that it is compared with holds a quote or a brace".to_owned())
        }
        Plain::Text | Plain::Secret => Ok(format!("\"{text}\"")),
    }
}
