//! A phone's SMS as a live stream of server-sent events, one for each, oldest first.
//!
//! The event's id is the message's row, so a browser that lost the stream goes on where it was.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Query, State},
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use tokio::{sync::Notify, time::timeout};

use super::phone::OfPhone;
use crate::{
    model::{Msisdn, gsm7},
    store::{Message, Store, StoreError},
    web::{App, Demo, Error},
};

/// Looked for at least this often, in case the news of an SMS was missed.
const LOOK: Duration = Duration::from_millis(200);

/// One SMS as the page gets it.
#[derive(Serialize)]
struct Sms<'a> {
    id: i64,
    text: &'a str,
    at: String,
    segments: usize,
}

/// `GET /simulator/inbox`.
pub(super) async fn inbox(
    State(app): State<App>,
    Extension(demo): Extension<Demo>,
    query: Query<OfPhone>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Error> {
    let phone = OfPhone::read(query)?;
    let reader = Reader {
        store: app.store,
        delivered: demo.delivered,
        phone,
        after: last_event(&headers),
    };
    let messages = stream::unfold(reader, Reader::next).flat_map(stream::iter);
    let closing = app.closing;
    let until_closing = messages.take_until(async move { closing.wait().await });
    Ok(Sse::new(until_closing.map(Ok)).keep_alive(KeepAlive::default()))
}

fn last_event(headers: &HeaderMap) -> i64 {
    let id = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    id.and_then(|id| id.parse().ok()).unwrap_or_default()
}

struct Reader {
    store: Arc<dyn Store>,
    delivered: Arc<Notify>,
    phone: Msisdn,
    after: i64,
}

impl Reader {
    /// Waits for the next messages. Ends when the store fails; the browser asks again by itself.
    async fn next(mut self) -> Option<(Vec<Event>, Self)> {
        loop {
            let delivered = Arc::clone(&self.delivered);
            let news = delivered.notified();
            let messages = self.read().await.inspect_err(|error| {
                tracing::warn!(%error, "the inbox of {} cannot be read: {error}", self.phone);
            });
            let messages = messages.ok()?;
            if let Some(newest) = messages.last() {
                self.after = newest.id;
                return Some((messages.iter().filter_map(event).collect(), self));
            }
            _ = timeout(LOOK, news).await;
        }
    }

    async fn read(&self) -> Result<Vec<Message>, StoreError> {
        let mut transaction = self.store.read().await?;
        let mut messages = transaction.messages();
        messages.inbox(&self.phone, self.after).await
    }
}

fn event(message: &Message) -> Option<Event> {
    let sms = Sms {
        id: message.id,
        text: &message.text,
        at: message.queued_at.to_rfc3339(),
        segments: gsm7::parts(&message.text),
    };
    let event = Event::default().id(message.id.to_string());
    event.json_data(sms).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_goes_on_after_the_last_event_that_was_seen() {
        let mut headers = HeaderMap::new();
        assert_eq!(last_event(&headers), 0);
        headers.insert("last-event-id", "41".parse().unwrap());
        assert_eq!(last_event(&headers), 41);
        headers.insert("last-event-id", "x".parse().unwrap());
        assert_eq!(last_event(&headers), 0);
    }
}
