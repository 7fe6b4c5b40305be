use std::fmt::Write as _;

use super::ANYTHING;

/// The widest a column gets; longer lines go on in the next row.
const WIDEST: usize = 46;

/// `None` where `seen` is what was expected; else both in two columns, with a mark before the lines
/// that differ: `!` for another text, `-` for a line that is missing, `+` for one too many.
///
/// [`ANYTHING`] in an expected line stands for any characters of that line.
pub fn compare(expected: &str, seen: &str) -> Option<String> {
    let expected: Vec<&str> = expected.lines().collect();
    let seen: Vec<&str> = seen.lines().collect();
    let rows = align(&expected, &seen);
    let differ = rows.iter().any(|row| !matches!(row, Row::Same(..)));
    differ.then(|| print(&rows))
}

/// Lines that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row<'a> {
    Same(&'a str, &'a str),
    Other(&'a str, &'a str),
    Missing(&'a str),
    TooMany(&'a str),
}

impl<'a> Row<'a> {
    fn expected(self) -> &'a str {
        match self {
            Self::Same(expected, _) | Self::Other(expected, _) | Self::Missing(expected) => {
                expected
            }
            Self::TooMany(_) => "",
        }
    }

    fn seen(self) -> &'a str {
        match self {
            Self::Same(_, seen) | Self::Other(_, seen) | Self::TooMany(seen) => seen,
            Self::Missing(_) => "",
        }
    }

    fn mark(self) -> char {
        match self {
            Self::Same(..) => ' ',
            Self::Other(..) => '!',
            Self::Missing(_) => '-',
            Self::TooMany(_) => '+',
        }
    }
}

/// Puts lines beside each other so that as many as can are the same.
fn align<'a>(expected: &[&'a str], seen: &[&'a str]) -> Vec<Row<'a>> {
    let common = common(expected, seen);
    let at = |row: usize, column: usize| common.get(row).and_then(|line| line.get(column));
    let (mut row, mut column) = (0, 0);
    let mut rows = Vec::new();
    loop {
        let next = match (expected.get(row), seen.get(column)) {
            (None, None) => return rows,
            (Some(left), None) => Row::Missing(left),
            (Some(left), Some(right)) if line_fits(left, right) => Row::Same(left, right),
            // Equal lengths both ways round: the two lines stand for each other.
            (Some(left), Some(right)) if at(row + 1, column + 1) == at(row, column) => {
                Row::Other(left, right)
            }
            (Some(left), Some(_)) if at(row + 1, column) >= at(row, column + 1) => {
                Row::Missing(left)
            }
            (_, Some(right)) => Row::TooMany(right),
        };
        row += usize::from(!matches!(next, Row::TooMany(_)));
        column += usize::from(!matches!(next, Row::Missing(_)));
        rows.push(next);
    }
}

/// How many lines can be the same from each place on: the table of the longest common subsequence.
fn common(expected: &[&str], seen: &[&str]) -> Vec<Vec<usize>> {
    let mut below = vec![0; seen.len() + 1];
    let mut table = vec![below.clone()];
    for left in expected.iter().rev() {
        let mut line = vec![0; seen.len() + 1];
        let mut after = 0;
        for (column, right) in seen.iter().enumerate().rev() {
            let diagonal = below.get(column + 1).copied().unwrap_or_default();
            let down = below.get(column).copied().unwrap_or_default();
            after = if line_fits(left, right) {
                diagonal + 1
            } else {
                down.max(after)
            };
            if let Some(slot) = line.get_mut(column) {
                *slot = after;
            }
        }
        table.push(line.clone());
        below = line;
    }
    table.reverse();
    table
}

/// Whether a line is what was expected, [`ANYTHING`] standing for any characters.
fn line_fits(expected: &str, seen: &str) -> bool {
    let Some((before, after)) = expected.split_once(ANYTHING) else {
        return expected == seen;
    };
    let Some(rest) = seen.strip_prefix(before) else {
        return false;
    };
    let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.filter_map(|at| rest.get(at..))
        .any(|tail| line_fits(after, tail))
}

fn print(rows: &[Row<'_>]) -> String {
    let longest = rows.iter().map(|row| row.expected().chars().count()).max();
    let width = longest.unwrap_or_default().clamp("expected".len(), WIDEST);
    let mut printed = format!("  {:width$} | seen\n", "expected");
    for row in rows {
        print_row(&mut printed, *row, width);
    }
    printed
}

fn print_row(printed: &mut String, row: Row<'_>, width: usize) {
    let (left, right) = (wrap(row.expected(), width), wrap(row.seen(), WIDEST));
    for index in 0..left.len().max(right.len()) {
        let cell = |lines: &[String]| lines.get(index).cloned().unwrap_or_default();
        let line = format!("{} {:width$} | {}", row.mark(), cell(&left), cell(&right));
        // Writing to a String cannot fail.
        _ = writeln!(printed, "{}", line.trim_end());
    }
}

/// A line in pieces of at most `width` characters, cut anywhere: a word or a digit more is seen.
fn wrap(line: &str, width: usize) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    let pieces = characters.chunks(width.max(1));
    let mut pieces: Vec<String> = pieces.map(|piece| piece.iter().collect()).collect();
    if pieces.is_empty() {
        pieces.push(String::new());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_page_has_nothing_to_show() {
        assert_eq!(compare("Karibu\n1 Malipo", "Karibu\n1 Malipo"), None);
        assert_eq!(compare("", ""), None);
    }

    #[test]
    fn a_line_that_reads_otherwise_is_marked() {
        let shown = compare(
            "Asha J.\nUanachama HAI\n0 Rudi 00 Mwanzo",
            "Asha J.\nUanachama ULIISHA\n0 Rudi 00 Mwanzo",
        );
        insta::assert_snapshot!(shown.unwrap(), @r"
          expected         | seen
          Asha J.          | Asha J.
        ! Uanachama HAI    | Uanachama ULIISHA
          0 Rudi 00 Mwanzo | 0 Rudi 00 Mwanzo
        ");
    }

    #[test]
    fn a_line_too_many_and_one_too_few_leave_the_others_in_place() {
        let shown = compare(
            "Karibu\n1 Angalia\n2 Lipa",
            "Chagua tena.\nKaribu\n1 Angalia",
        );
        insta::assert_snapshot!(shown.unwrap(), @r"
          expected  | seen
        +           | Chagua tena.
          Karibu    | Karibu
          1 Angalia | 1 Angalia
        - 2 Lipa    |
        ");
    }

    #[test]
    fn a_long_line_goes_on_below() {
        let sms = "CHF: namba ya malipo 991000000001. Lipa TZS 30,000 hadi 16 Mac 2026.";
        let shown = compare(sms, &sms.replace("001.", "002."));
        insta::assert_snapshot!(shown.unwrap(), @r"
          expected                                       | seen
        ! CHF: namba ya malipo 991000000001. Lipa TZS 30 | CHF: namba ya malipo 991000000002. Lipa TZS 30
        ! ,000 hadi 16 Mac 2026.                         | ,000 hadi 16 Mac 2026.
        ");
    }

    #[test]
    fn what_differs_from_run_to_run_is_let_through() {
        let expected = "Risiti [...], 2 Mac 2026 [...]";
        assert_eq!(compare(expected, "Risiti MP26.1015, 2 Mac 2026 "), None);
        assert!(compare(expected, "Risiti MP26.1015, 3 Mac 2026 ").is_some());
        assert!(compare(expected, "Risiti MP26.1015").is_some());
        assert!(compare("[...]", "one\ntwo").is_some());
    }
}
