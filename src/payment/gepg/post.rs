use reqwest::{Client, Response, StatusCode, header::CONTENT_TYPE};

/// The most that is read of an answer: an acknowledgement is half a kilobyte, but the numbers of many
/// bills may come in its place.
const LARGEST_ANSWER: usize = super::envelope::LARGEST;

/// Why a post has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// Not sent, or no answer in time.
    #[error("no answer")]
    Transport(#[source] reqwest::Error),
    /// An answer that is none: the status says so.
    #[error("HTTP status {0}")]
    Status(StatusCode),
    /// Larger than any acknowledgement.
    #[error("an answer of more than {LARGEST_ANSWER} bytes")]
    TooLarge,
}

/// Posts XML and gives the body of a successful answer, bounded. The client brings the time limits.
pub async fn post(
    http: &Client,
    address: &str,
    headers: &[(&'static str, &str)],
    body: Vec<u8>,
) -> Result<Vec<u8>, PostError> {
    let request = http.post(address).header(CONTENT_TYPE, "application/xml");
    let response = headers
        .iter()
        .fold(request, |request, (name, value)| {
            request.header(*name, *value)
        })
        .body(body)
        .send()
        .await
        .map_err(|error| PostError::Transport(error.without_url()))?;
    if response.status().is_success() {
        bounded(response).await
    } else {
        Err(PostError::Status(response.status()))
    }
}

async fn bounded(mut response: Response) -> Result<Vec<u8>, PostError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(PostError::Transport)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(PostError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
