//! Cuts a text of Jinja2 into its pieces.

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it is read.
    Literal(&'a str),
    /// What stands between `{{` and `}}`.
    Value(&'a str),
    /// A statement with its braces, `{% if … %}`.
    Statement(&'a str),
}

/// The pieces of a text; comments are none.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, piece, after)) = next(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        pieces.extend(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// What stands before the first piece in braces, that piece (`None` for a comment), and what follows.
/// Braces that are not closed are text.
fn next(text: &str) -> Option<(&str, Option<Piece<'_>>, &str)> {
    let kinds = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
    let starts = kinds.into_iter().filter_map(|(open, close)| {
        let start = text.find(open)?;
        let length = text.split_at_checked(start)?.1.find(close)? + close.len();
        Some((start, length, open))
    });
    let (start, length, open) = starts.min()?;
    let (before, from) = text.split_at_checked(start)?;
    let (whole, after) = from.split_at_checked(length)?;
    let piece = match open {
        "{{" => Some(Piece::Value(whole.get(2..length - 2)?.trim())),
        "{%" => Some(Piece::Statement(whole)),
        _ => None,
    };
    Some((before, piece, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_braces() {
        assert_eq!(
            pieces("Habari {{ name }}, {# siri #}{% if a %}ndiyo{% endif %} {b} {{"),
            [
                Piece::Literal("Habari "),
                Piece::Value("name"),
                Piece::Literal(", "),
                Piece::Statement("{% if a %}"),
                Piece::Literal("ndiyo"),
                Piece::Statement("{% endif %}"),
                Piece::Literal(" {b} {{"),
            ]
        );
        assert_eq!(pieces(""), []);
    }
}
