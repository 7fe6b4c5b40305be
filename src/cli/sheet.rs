//! Tables for spreadsheets and for pages.

/// A line of CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe.
pub(super) fn csv(cells: &[&str]) -> String {
    let cells: Vec<_> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",")
}

fn cell(text: &str) -> String {
    let text = defused(text);
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A page with one table.
pub(super) fn page(title: &str, told: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    let head = line("th", head.iter().copied());
    let rows: String = rows
        .iter()
        .map(|row| line("td", row.iter().map(String::as_str)))
        .collect();
    let (title, told) = (escaped(title), escaped(told));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>body{{font:1rem sans-serif;margin:2rem}}table{{border-collapse:collapse}}\
         th,td{{padding:.3rem .8rem;border-bottom:1px solid #ccc;text-align:left}}</style>\n\
         <h1>{title}</h1>\n<p>{told}</p>\n<table>\n<thead>{head}</thead>\n<tbody>\n{rows}</tbody>\n\
         </table>\n</html>\n"
    )
}

fn line<'a>(tag: &str, cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<_> = cells
        .map(|text| format!("<{tag}>{}</{tag}>", escaped(text)))
        .collect();
    let cells = cells.concat();
    format!("<tr>{cells}</tr>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_is_defused() {
        let cells = ["=1+1", "+255", "-3", "@x", "plain", "a,b", "say \"x\"", ""];
        assert_eq!(
            csv(&cells),
            "'=1+1,'+255,'-3,'@x,plain,\"a,b\",\"say \"\"x\"\"\","
        );
    }

    #[test]
    fn what_a_page_says_is_no_markup() {
        let rows = vec![vec!["<b>\"x\" & y</b>".to_owned()]];
        let page = page("T", "", &["a"], &rows);
        assert!(
            page.contains("<td>&lt;b&gt;&quot;x&quot; &amp; y&lt;/b&gt;</td>"),
            "{page}"
        );
    }
}
