//! Reads a request's body: bounded in length and in time.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;

use super::Error;

/// How long a body may take. Aggregators and gateways send theirs at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// The whole body, of at most `limit` bytes.
pub(super) async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Error> {
    let whole = collect(body, limit);
    match tokio::time::timeout(PATIENCE, whole).await {
        Ok(read) => read,
        Err(_) => Err(Error::TooSlow(PATIENCE.as_secs())),
    }
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Error> {
    let mut chunks = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Error::BrokenBody)?;
        if whole.len() + chunk.len() > limit {
            return Err(Error::TooLong(limit));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use std::io;

    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_body_up_to_the_limit_is_read() {
        assert_eq!(read(Body::from("12345"), 5).await.unwrap(), b"12345");
        assert_eq!(read(Body::from("123456"), 5).await, Err(Error::TooLong(5)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_end_is_given_up() {
        let never = stream::pending::<io::Result<Vec<u8>>>();
        let read = read(Body::from_stream(never), 5).await;
        assert_eq!(read, Err(Error::TooSlow(5)));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_said_to() {
        let broken = stream::iter([Ok("12"), Err(io::Error::other("reset"))]);
        let read = read(Body::from_stream(broken), 5).await;
        assert_eq!(read, Err(Error::BrokenBody));
    }
}
