//! The page and its parts, embedded in the binary.

use axum::{
    body::Body,
    extract::Path,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::web::Error;

const HTML: &str = "text/html; charset=utf-8";
pub(super) const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
pub(super) const PICTURE: &str = "image/svg+xml";

/// Each part of the page with its type.
const PARTS: &[(&str, &str, &str)] = &[
    ("style.css", STYLE, include_str!("page/style.css")),
    ("star.svg", PICTURE, include_str!("page/star.svg")),
    ("main.js", SCRIPT, include_str!("page/main.js")),
    ("phone.js", SCRIPT, include_str!("page/phone.js")),
    ("views.js", SCRIPT, include_str!("page/views.js")),
    ("display.js", SCRIPT, include_str!("page/display.js")),
    ("network.js", SCRIPT, include_str!("page/network.js")),
    ("inbox.js", SCRIPT, include_str!("page/inbox.js")),
    ("author.js", SCRIPT, include_str!("page/author.js")),
    ("map.js", SCRIPT, include_str!("page/map.js")),
    ("story.js", SCRIPT, include_str!("page/story.js")),
    ("gsm7.js", SCRIPT, include_str!("page/gsm7.js")),
];

const PAGE: &str = include_str!("page/index.html");

/// `GET /simulator`.
pub(super) async fn page() -> Response {
    respond(HTML, PAGE)
}

/// `GET /simulator/style.css` and the like.
pub(super) async fn part(Path(name): Path<String>) -> Result<Response, Error> {
    PARTS
        .iter()
        .find(|(known, _, _)| *known == name)
        .map(|(_, kind, text)| respond(kind, *text))
        .ok_or(Error::NotFound)
}

/// The parts of one binary belong together, so a browser asks again each time.
pub(super) fn respond(kind: &'static str, text: impl Into<Body>) -> Response {
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")];
    (headers, text.into()).into_response()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path};

    use super::*;

    #[test]
    fn every_file_of_the_page_is_embedded() {
        let folder = path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/simulator/page");
        let there: BTreeSet<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "index.html")
            .collect();
        let embedded: BTreeSet<_> = PARTS
            .iter()
            .map(|(name, _, _)| (*name).to_owned())
            .collect();
        assert_eq!(embedded, there);
    }

    #[test]
    fn the_page_asks_nothing_of_the_outside_and_has_nothing_inline() {
        let texts = PARTS.iter().map(|(_, _, text)| *text).chain([PAGE]);
        for text in texts {
            let outside = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!outside.contains("://"), "{text}");
        }
        for inline in ["<style", " style=", " onclick=", "<script>"] {
            assert!(!PAGE.contains(inline), "{inline}");
        }
    }

    #[tokio::test]
    async fn a_part_that_is_not_there_is_not_found() {
        let missing = part(Path("../mod.rs".to_owned())).await;
        assert_eq!(missing.unwrap_err(), Error::NotFound);
    }
}
