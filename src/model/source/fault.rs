/// A part of the parser's sentence, what we say instead (nothing: the parser's own), what to do.
type Fault = (&'static str, &'static str, &'static str);

/// The first that fits counts.
const FAULTS: [Fault; 21] = [
    (
        "unknown anchor",
        "a text that begins with `*` is without quotes",
        "put it in quotes: \"*152*00#\"",
    ),
    (
        "anchors (",
        "",
        "put a text that begins with & in quotes; write out twice what is needed twice",
    ),
    ("tags (", "", "put a text that begins with ! in quotes"),
    ("one document", "", "take the line `---` out"),
    (
        "nested too deeply",
        "",
        "write a screen's keys directly below its name",
    ),
    (
        "a key is a text",
        "",
        "write a name or a text before the colon",
    ),
    (
        "mapping values are not allowed",
        "a colon stands where no key can be",
        "put a text that holds `: ` in quotes, or begin the key in the column of those above it",
    ),
    (
        "while parsing a block mapping",
        "a line begins where no key can",
        "begin it in the column of the keys that it belongs to, or further in than the one it is below",
    ),
    (
        "while parsing a flow mapping",
        "`{` is not closed, or a text in it is not in quotes",
        "close it with }; put a text with `: `, a comma or a brace in quotes",
    ),
    (
        "while parsing a flow sequence",
        "`[` is not closed",
        "close it with ]",
    ),
    (
        "illegal placement of ':'",
        "`[` is not closed before the next key",
        "close it with ]",
    ),
    (
        "in quoted scalar",
        "quotes are not closed",
        "close them where the text ends, with the sign that opens them",
    ),
    (
        "found unexpected end of stream",
        "quotes are not closed",
        "close them where the text ends, with the sign that opens them",
    ),
    (
        "trailing content",
        "something stands behind a text in quotes",
        "end the quotes where the text ends, write `: ` behind a key, and \"it's\" instead of 'it's'",
    ),
    (
        "unknown escape",
        "a backslash in double quotes stands before a sign that it does not go with",
        "write \\n for a new line and \\\\ for a backslash",
    ),
    (
        "tab",
        "a tab stands where only spaces indent",
        "indent with spaces",
    ),
    (
        "unexpected character",
        "",
        "put a text that begins with @ ` or % in quotes",
    ),
    (
        "misplaced bracket",
        "a bracket closes what nothing opened",
        "take it out, or put the text that holds it in quotes",
    ),
    (
        "'-' indicator",
        "a key stands among the items of a list",
        "begin every item with `- ` in one column, and the next key further out",
    ),
    (
        "block sequence entries",
        "a list begins where a text is",
        "begin it on a line of its own, or put a text that begins with `- ` in quotes",
    ),
    (
        "simple key expect",
        "a line has no `: `",
        "write `key: value`, with a space behind the colon",
    ),
];

/// What an author reads of a fault, and what she is to do, for the parser's or our own sentence.
pub(super) fn explained(sentence: &str) -> (String, &'static str) {
    let fault = FAULTS.iter().find(|(part, ..)| sentence.contains(part));
    let (said, help) = match fault {
        Some((_, "", help)) => (sentence, *help),
        Some((_, said, help)) => (*said, *help),
        None => (
            sentence,
            "put a text that begins with a sign or holds `: ` in quotes",
        ),
    };
    (said.to_owned(), help)
}

#[cfg(test)]
mod tests {
    use super::FAULTS;
    use crate::model::source::yaml;

    /// A file with each fault of the list, in its order.
    const FAULTY: [&str; 21] = [
        "a: *152*00#\n",
        "a: &x b\n",
        "a: !no\n",
        "a: 1\n---\nb: 2\n",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "? [a]\n: b\n",
        "a: b: c\n",
        "a:\n  b: 1\n c: 2\n",
        "a: {b: Namba {x}, c: d}\n",
        "a: [1, {b: 1}\n",
        "a: [1, 2\nb: 3\n",
        "a: \"x\nb: 2\n",
        "a: 'x\n",
        "a: 'it's'\n",
        "a: \"\\q\"\n",
        "a:\n\tb: 1\n",
        "a: @x\n",
        "a: {x: 1}}\n",
        "- a\nb: 1\n",
        "a: -\n",
        "a: 1\nb\nc: 2\n",
    ];

    #[test]
    fn each_fault_says_what_to_do_about_it() {
        for ((part, _, help), text) in FAULTS.iter().zip(FAULTY) {
            let error = yaml::read(text, 0).unwrap_err();
            assert_eq!(error.help, *help, "{part}: {error:?}");
        }
    }
}
