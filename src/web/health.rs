//! For whoever starts, stops and routes: is the process alive, can it serve.

use std::{fmt::Write, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use super::{App, Error};

/// A part that takes longer than this would keep callers waiting too.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Answers,
    Fails,
    IsSlow,
}

/// The process runs.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// The process can serve: it is not about to end, its store takes what must last, its sessions
/// answer. Where one does not, the status is 503, and the body says which; why is in the log.
pub(super) async fn ready(State(app): State<App>) -> Response {
    if app.closing.is_leaving() {
        return Error::Leaving.into_response();
    }
    let (store, sessions) = tokio::join!(
        asked("store", app.store.answer()),
        asked("sessions", app.turns.ready()),
    );
    let parts = [("store", store), ("sessions", sessions)];
    if parts.iter().all(|(_, part)| *part == Part::Answers) {
        let refused = app.catalogue.refused().map(|refused| {
            format!(
                "publication {} does not compile with this version of nyota; an older one is served\n",
                refused.number
            )
        });
        return format!("ready\n{}", refused.unwrap_or_default()).into_response();
    }
    let plain = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, plain, unready(&parts)).into_response()
}

async fn asked<E: std::error::Error + 'static>(
    name: &str,
    asked: impl Future<Output = Result<(), E>>,
) -> Part {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => Part::Answers,
        Ok(Err(error)) => {
            let cause: &dyn std::error::Error = &error;
            tracing::error!(part = name, cause, "not ready: {error}");
            Part::Fails
        }
        Err(_) => {
            tracing::error!(
                part = name,
                "not ready: the {name} took longer than {PATIENCE:?}"
            );
            Part::IsSlow
        }
    }
}

/// A line for each part, without anything of what it said.
fn unready(parts: &[(&str, Part)]) -> String {
    parts
        .iter()
        .fold("not ready\n".to_owned(), |mut text, (name, part)| {
            let how = match part {
                Part::Answers => "answers",
                Part::Fails => "fails",
                Part::IsSlow => "does not answer in time",
            };
            // Writing into a String cannot fail.
            _ = writeln!(text, "{name}: {how}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_ready_is_named() {
        let parts = [("store", Part::Fails), ("sessions", Part::IsSlow)];
        assert_eq!(
            unready(&parts),
            "not ready\nstore: fails\nsessions: does not answer in time\n"
        );
    }
}
