//! The map of the menus, for the page to light the screens in that its phones are on.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::assets::{self, PICTURE, respond};
use crate::{
    menu::{
        MenuSet,
        picture::{self, Picture},
    },
    model::{Language, MenusName},
    web::{App, Error},
};

/// `?set=chf&language=sw`, and the edition of a dialogue that is open.
#[derive(Deserialize)]
pub(super) struct Wanted {
    set: String,
    language: Language,
    edition: Option<String>,
}

/// `GET /simulator/map`: the menus as the dialogue knows them, or as they are now.
pub(super) async fn map(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let language = wanted.language;
    let menus = menus(&app, wanted).await.ok_or(Error::NotFound)?;
    let drawn = Picture::of(&menus, None, language).svg(picture::Style::Beside);
    Ok(respond(PICTURE, drawn))
}

/// `GET /simulator/map.css`: how the map looks.
pub(super) async fn style() -> Response {
    respond(assets::STYLE, picture::STYLE)
}

async fn menus(app: &App, wanted: Wanted) -> Option<Arc<MenuSet>> {
    let Wanted { set, edition, .. } = wanted;
    match edition {
        Some(edition) => app.catalogue.menus(&MenusName { edition, set }).await.ok(),
        None => app.catalogue.current().set(&set).map(Arc::clone),
    }
}
