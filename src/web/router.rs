use std::any::Any;

use axum::{
    Router,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    App, Error,
    guard::guard,
    headers::{as_pages, with_headers},
    health, hooks, index, metrics, payments, reports, requests, simulator,
};

/// The routes of `app`. In the demo the simulator and the last requests are among them, and all of them keep to this
/// machine.
pub fn router(app: App) -> Router {
    let routes = match &app.demo {
        Some(demo) => {
            let shown = simulator::routes(demo.clone()).merge(requests::routes(demo.clone()));
            served(pages().merge(shown)).layer(from_fn(guard))
        }
        None => served(pages()),
    };
    with_headers(routes.layer(CatchPanicLayer::custom(after_panic))).with_state(app)
}

/// What people read, and what machines ask.
fn served(pages: Router<App>) -> Router<App> {
    let pages = pages.fallback(async || Error::NotFound);
    as_pages(with_methods(pages)).merge(with_methods(machines()))
}

fn pages() -> Router<App> {
    Router::new()
        .route("/", get(index::page))
        .route("/index.css", get(index::style))
        .route("/star.svg", get(index::star))
}

fn machines() -> Router<App> {
    Router::new()
        .route("/ussd/{gateway}", any(hooks::at_root))
        .route("/ussd/{gateway}/{*path}", any(hooks::below))
        .route("/sms/{gateway}", any(reports::at_root))
        .route("/sms/{gateway}/{*path}", any(reports::below))
        .route("/payments/gepg/bill", post(payments::gepg))
        .route("/payments/gepg/payment", post(payments::gepg))
        .route(
            "/payments/gepg/reconciliation",
            post(payments::gepg_reconciliation),
        )
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::page))
}

fn with_methods(routes: Router<App>) -> Router<App> {
    routes.method_not_allowed_fallback(async || Error::Method)
}

/// A fault of ours costs one request, not the process. What panicked is said by the panic itself.
fn after_panic(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked and was answered with 500");
    Error::Internal.into_response()
}
