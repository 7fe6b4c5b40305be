//! A connection of bytes, from an address of the test's choice.

use std::{net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use super::PATIENCE;

/// An address that no gateway has.
pub(crate) const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// The address of our own.
pub(crate) const KNOWN: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// The setting that makes only [`KNOWN`] a gateway's address.
pub(crate) const ONLY_KNOWN: (&str, &str) = ("NYOTA_GATEWAY_ADDRESSES", "127.0.0.1");

/// A connection.
pub(crate) struct Wire(TcpStream);

impl Wire {
    /// One from `from` to the server at `address`, `http://…`. An error where nobody listens.
    pub(crate) async fn open(from: Ipv4Addr, address: &str) -> std::io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let to = address.trim_start_matches("http://").parse().unwrap();
        socket.connect(to).await.map(Self)
    }

    /// Sends bytes; an error where the other side has closed.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.write_all(bytes).await
    }

    /// Everything that comes until the other side closes, or breaks off; `None` where it does neither
    /// within `patience`.
    pub(crate) async fn rest_within(&mut self, patience: Duration) -> Option<String> {
        let mut read = Vec::new();
        let ended = timeout(patience, self.0.read_to_end(&mut read)).await;
        ended.ok()?.ok();
        Some(String::from_utf8_lossy(&read).into_owned())
    }

    /// One answer with a length; `None` where the connection ends before it is whole.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let mut read = Vec::new();
        loop {
            if let Some(answer) = Answer::whole(&read) {
                return Some(answer);
            }
            let mut more = [0; 4096];
            let came = timeout(PATIENCE, self.0.read(&mut more)).await;
            let came = came.expect("an answer comes in time").ok()?;
            if came == 0 {
                return None;
            }
            read.extend_from_slice(&more[..came]);
        }
    }
}

/// An answer of HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its status line and headers.
    pub(crate) head: String,
    /// Its body.
    pub(crate) body: String,
}

impl Answer {
    fn whole(read: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(read);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let (_, length) = head.split_once("content-length: ")?;
        let length: usize = length.lines().next()?.parse().ok()?;
        (body.len() >= length).then(|| Self {
            body: body.to_owned(),
            head: head.clone(),
        })
    }

    /// Whether the connection ends with it.
    pub(crate) fn is_last(&self) -> bool {
        self.head.contains("connection: close")
    }
}

/// A request with a form.
pub(crate) fn form(path: &str, form: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// Africa's Talking's request for a phone that dials.
pub(crate) fn dial(phone: &str, session: &str) -> String {
    let phone = phone.replace('+', "%2B");
    form(
        "/ussd/africastalking",
        &format!("sessionId={session}&phoneNumber={phone}&serviceCode=*152*00%23&text="),
    )
}
