//! `loadtest bare`: the least that a turn can cost on this machine, with the same runtime, the same HTTP
//! and the same client of Redis as nyota has.
//!
//! It parses the form of Africa's Talking, gets the caller's 300 bytes from Redis, sets 300 bytes that live
//! for four minutes, and answers with a page of usual length. It proves nobody, counts nobody, translates
//! nothing, and keeps no journal and no log: what nyota does beyond it is what its turn costs.

use std::{net::SocketAddr, process::ExitCode};

use anyhow::Context;
use axum::{Form, Router, extract::State, http::StatusCode, response::IntoResponse, routing::post};
use clap::Args;
use redis::{AsyncCommands, aio::ConnectionManager};
use serde::Deserialize;
use tokio::net::TcpListener;

/// What a line of nyota takes, more or less.
const BYTES: usize = 300;
/// For how long it is kept.
const SECONDS: u64 = 240;
const PAGE: &str =
    "CON Welcome to CHF\n1 Check membership\n2 Renew membership\n3 Payments\n4 Help and language";

/// Where it listens, and where its Redis is.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Its Redis.
    #[arg(long, value_name = "URL", default_value = "redis://127.0.0.1:6379")]
    redis: String,
}

/// A turn of Africa's Talking.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Turn {
    session_id: String,
    service_code: String,
    phone_number: String,
    network_code: String,
    text: String,
}

/// Serves until it is ended.
pub(crate) async fn bare(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let client = redis::Client::open(arguments.redis.as_str())?;
    let redis = ConnectionManager::new(client)
        .await
        .with_context(|| format!("there is no Redis at {}", arguments.redis))?;
    let routes = Router::new()
        .route("/ussd/africastalking", post(turn))
        .route("/ussd/africastalking/events", post(ended))
        .with_state(redis);
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("bare http://{}", listener.local_addr()?);
    // As nyota does: an answer leaves at once.
    let listener = axum::serve::ListenerExt::tap_io(listener, |connection| {
        _ = connection.set_nodelay(true);
    });
    axum::serve(listener, routes).await?;
    Ok(ExitCode::SUCCESS)
}

async fn turn(
    State(mut redis): State<ConnectionManager>,
    Form(turn): Form<Turn>,
) -> axum::response::Response {
    match replaced(&mut redis, &turn).await {
        Ok(()) => PAGE.into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    }
}

/// Gets the caller's bytes and sets others.
async fn replaced(redis: &mut ConnectionManager, turn: &Turn) -> redis::RedisResult<()> {
    let key = format!("bare:{}", turn.phone_number);
    let before: Option<Vec<u8>> = redis.get(&key).await?;
    let mut bytes = before.unwrap_or_default();
    bytes.clear();
    for part in [
        &turn.session_id,
        &turn.service_code,
        &turn.network_code,
        &turn.text,
    ] {
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.resize(BYTES, b'.');
    redis.set_ex(&key, bytes, SECONDS).await
}

/// The caller hung up: nothing to be done.
async fn ended() -> StatusCode {
    StatusCode::OK
}
