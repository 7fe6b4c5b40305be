use axum::{
    Extension, Router,
    routing::{get, post},
};

use super::{assets, inbox, inside, map, pay, world};
use crate::web::{App, Demo};

/// The simulator's routes.
pub(in crate::web) fn routes(demo: Demo) -> Router<App> {
    Router::new()
        .route("/simulator", get(assets::page))
        .route("/simulator/{asset}", get(assets::part))
        .route("/simulator/world", get(world::world))
        .route("/simulator/inside", get(inside::inside))
        .route("/simulator/map", get(map::map))
        .route("/simulator/map.css", get(map::style))
        .route("/simulator/inbox", get(inbox::inbox))
        .route("/simulator/pay", post(pay::pay))
        .layer(Extension(demo))
}
