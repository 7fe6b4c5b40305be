//! `/`: what runs here, for a newcomer.

use axum::{
    extract::State,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{Html, IntoResponse},
};

use super::App;
use crate::{
    catalogue::{Catalogue, FilesStand},
    menu::MenuSet,
};

const PAGE: &str = include_str!("index.html");
const DEMO: &str = include_str!("index.demo.html");
const STYLE: &str = include_str!("index.css");
const STAR: &str = include_str!("simulator/page/star.svg");

/// The page. It offers the simulator where there is one.
pub(super) async fn page(State(app): State<App>) -> Html<String> {
    let edition = app.catalogue.current();
    let services: String = edition.sets().map(|set| service(set)).collect();
    let demo = if app.demo.is_some() { DEMO } else { "" };
    Html(fill(
        &PAGE
            .replace("<!-- demo -->", demo)
            .replace("<!-- services -->\n", &services)
            .replace("<!-- catalogue -->\n", &standing(&app.catalogue)),
        &[
            ("[[service]]", edition.first().service.as_str()),
            ("[[version]]", env!("CARGO_PKG_VERSION")),
            ("[[edition]]", edition.name.get(..8).unwrap_or_default()),
        ],
    ))
}

/// What is not as the files of this node would have it.
fn standing(catalogue: &Catalogue) -> String {
    let files = match catalogue.files() {
        FilesStand::Served => "",
        FilesStand::Differ => {
            "  <p>The files of this node differ from what is served; <code>nyota menu publish</code> makes them current.</p>\n"
        }
        FilesStand::Mistaken(_) => {
            "  <p>The files of this node have mistakes, so what was published before is served; <code>nyota check</code> shows them.</p>\n"
        }
    };
    let refused = catalogue.refused().map(|_| {
        "  <p>What was published last does not compile with this version of nyota; an older edition is served.</p>\n"
    });
    [files, refused.unwrap_or_default()].concat()
}

/// One menu set, as callers find it.
fn service(menus: &MenuSet) -> String {
    let languages = menus.languages.iter().map(|known| known.name.as_str());
    let languages: Vec<_> = languages.collect();
    fill(
        "    <li>Callers dial <code>[[code]]</code> and are answered in [[languages]].</li>\n",
        &[
            ("[[code]]", menus.service.as_str()),
            ("[[languages]]", &languages.join(", ")),
        ],
    )
}

/// The page's style.
pub(super) async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", STYLE)
}

/// The star.
pub(super) async fn star() -> impl IntoResponse {
    asset("image/svg+xml", STAR)
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text)
}

/// Puts values in their places. They come from menu files, so they are escaped.
fn fill(page: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(page.to_owned(), |page, (place, value)| {
        page.replace(place, &escape(value))
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_text() {
        let page = fill("<p>[[service]]</p>", &[("[[service]]", "<b>\"&")]);
        assert_eq!(page, "<p>&lt;b&gt;&quot;&amp;</p>");
    }

    #[test]
    fn every_place_of_the_page_is_filled() {
        let filled = fill(
            &PAGE.replace("<!-- demo -->", DEMO),
            &[
                ("[[service]]", "*152*00#"),
                ("[[version]]", "1"),
                ("[[edition]]", "1"),
            ],
        );
        assert!(!filled.contains("[["), "{filled}");
        assert!(filled.contains("DEMO") && !PAGE.contains("DEMO"));
    }
}
