//! The envelope of a message: `<Gepg>`, one message, one signature.
//!
//! 1. [`Envelope::cut`] finds the bytes that are signed, as they came: the message element from the
//!    `<` of its start tag to the `>` of its end tag. Nothing is parsed and written again.
//! 2. [`Keys::open`] also verifies the signature; [`Keys::seal`] makes an envelope of our own.
//!
//! A declaration and white space outside the message are not signed and allowed; the declared
//! encoding is not believed (a .NET sender says UTF-16 over UTF-8 bytes). Some v5 partners sign all
//! text before the signature, white space included: where that differs it is tried second.
//!
//! Which dialect an envelope is in, its message's name says; its signature has to be of that dialect,
//! in name and in digest.

use base64::{Engine, engine::general_purpose::STANDARD};
use quick_xml::{Reader, events::Event};

use chrono::{DateTime, Utc};

use super::{
    Dialect,
    keys::{Keys, Proof, SignError},
    xml::{self, Element},
};

/// The largest body that is read: 1 MiB.
pub const LARGEST: usize = 1 << 20;

const ROOT: &str = "Gepg";

/// Why a body is not a message with a right signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// More than may be read: [`LARGEST`] bytes, of a reconciliation more.
    #[error("the body is too large")]
    TooLarge,
    /// Not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Not well-formed, or not one `Gepg` element.
    #[error("the body is not one Gepg element of well-formed XML")]
    NotXml,
    /// A document type or entity, which could make two readers read two messages.
    #[error("the body has a document type or defines an entity")]
    DocumentType,
    /// No message beside the signature.
    #[error("there is no message in the body")]
    NoMessage,
    /// More than one message, of which one could be unsigned.
    #[error("there is more than one message in the body")]
    SeveralMessages,
    /// No signature element.
    #[error("there is no signature of its dialect in the body")]
    NoSignature,
    /// More than one signature element.
    #[error("there is more than one signature in the body")]
    SeveralSignatures,
    /// A text that is no signature, or one that no known key made of these bytes.
    #[error("the signature is not right")]
    WrongSignature,
    /// A known key made it, outside the dates of its certificate.
    #[error(
        "the signature is by a certificate of the gateway's outside its dates: ask its people for the \
         one in force and add it to the list"
    )]
    OutOfDate,
}

impl EnvelopeError {
    /// Whether there was a message to read, whose proof is what is wrong with it.
    pub fn is_about_proof(self) -> bool {
        match self {
            Self::TooLarge | Self::NotUtf8 | Self::NotXml | Self::NoMessage => false,
            Self::DocumentType
            | Self::SeveralMessages
            | Self::NoSignature
            | Self::SeveralSignatures
            | Self::WrongSignature
            | Self::OutOfDate => true,
        }
    }
}

/// A message and its signature, cut out of a body. Its signature is not verified yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The message's name.
    pub name: &'a str,
    /// Which dialect it is in.
    pub dialect: Dialect,
    /// The signed text.
    pub message: &'a str,
    /// All text before the signature, where that is more than the message.
    around: Option<&'a str>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl std::fmt::Debug for Envelope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Envelope({}, {} bytes)", self.name, self.message.len())
    }
}

impl<'a> Envelope<'a> {
    /// Cuts a body of at most [`LARGEST`] bytes.
    pub fn cut(body: &'a [u8]) -> Result<Self, EnvelopeError> {
        Self::cut_within(LARGEST, body)
    }

    /// Cuts a body of at most `largest` bytes.
    pub fn cut_within(largest: usize, body: &'a [u8]) -> Result<Self, EnvelopeError> {
        let text = readable(body, largest)?;
        let mut reader = Reader::from_str(text);
        enter_root(&mut reader)?;
        let mut found = Found {
            begins: reader.buffer_position(),
            ..Found::default()
        };
        while let Some(child) = next_child(&mut reader, text)? {
            found.add(child)?;
        }
        expect_nothing_more(&mut reader)?;
        found.into_envelope(text)
    }
}

/// The body as text, unless it is what we do not even parse.
fn readable(body: &[u8], largest: usize) -> Result<&str, EnvelopeError> {
    if body.len() > largest {
        return Err(EnvelopeError::TooLarge);
    }
    let text = std::str::from_utf8(body).map_err(|_| EnvelopeError::NotUtf8)?;
    if declares_a_type(body) {
        return Err(EnvelopeError::DocumentType);
    }
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

fn declares_a_type(body: &[u8]) -> bool {
    let has = |word: &[u8]| {
        body.windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word))
    };
    has(b"<!doctype") || has(b"<!entity")
}

/// An element directly in the root.
struct Child<'a> {
    name: &'a str,
    span: &'a str,
    /// Where it begins in the text.
    start: u64,
}

fn enter_root(reader: &mut Reader<&[u8]>) -> Result<(), EnvelopeError> {
    loop {
        match next_event(reader)? {
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Text(text) if is_blank(&text) => {}
            Event::Start(tag) if tag.name().0 == ROOT => return Ok(()),
            Event::DocType(_) => return Err(EnvelopeError::DocumentType),
            Event::Start(_)
            | Event::End(_)
            | Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Eof => return Err(EnvelopeError::NotXml),
        }
    }
}

/// The next element in the root; `None` at the root's end.
fn next_child<'a>(
    reader: &mut Reader<&'a [u8]>,
    text: &'a str,
) -> Result<Option<Child<'a>>, EnvelopeError> {
    loop {
        let start = reader.buffer_position();
        match next_event(reader)? {
            Event::Start(tag) => {
                reader
                    .read_to_end(tag.name())
                    .map_err(|_| EnvelopeError::NotXml)?;
            }
            Event::Empty(_) => {}
            Event::End(_) => return Ok(None),
            Event::Comment(_) | Event::PI(_) => continue,
            Event::Text(text) if is_blank(&text) => continue,
            Event::DocType(_) => return Err(EnvelopeError::DocumentType),
            Event::Text(_)
            | Event::CData(_)
            | Event::Decl(_)
            | Event::GeneralRef(_)
            | Event::Eof => return Err(EnvelopeError::NotXml),
        }
        let span =
            xml::span(text, start, reader.buffer_position()).map_err(|_| EnvelopeError::NotXml)?;
        return Ok(Some(Child {
            name: span.name,
            span: span.text,
            start,
        }));
    }
}

fn expect_nothing_more(reader: &mut Reader<&[u8]>) -> Result<(), EnvelopeError> {
    loop {
        match next_event(reader)? {
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Text(text) if is_blank(&text) => {}
            Event::Start(_)
            | Event::End(_)
            | Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Decl(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => return Err(EnvelopeError::NotXml),
        }
    }
}

fn next_event<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Event<'a>, EnvelopeError> {
    reader.read_event().map_err(|_| EnvelopeError::NotXml)
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// What was found in the root so far.
#[derive(Default)]
struct Found<'a> {
    /// Where the root's inside begins.
    begins: u64,
    message: Option<Child<'a>>,
    signature: Option<Child<'a>>,
}

fn is_signature(name: &str) -> bool {
    Dialect::ALL
        .into_iter()
        .any(|dialect| dialect.signature_element() == name)
}

impl<'a> Found<'a> {
    fn add(&mut self, child: Child<'a>) -> Result<(), EnvelopeError> {
        let (place, twice) = if is_signature(child.name) {
            (&mut self.signature, EnvelopeError::SeveralSignatures)
        } else {
            (&mut self.message, EnvelopeError::SeveralMessages)
        };
        place.replace(child).map_or(Ok(()), |_| Err(twice))
    }

    fn into_envelope(self, text: &'a str) -> Result<Envelope<'a>, EnvelopeError> {
        let message = self.message.ok_or(EnvelopeError::NoMessage)?;
        let signature = self.signature.ok_or(EnvelopeError::NoSignature)?;
        let dialect = Dialect::of_message(message.name);
        if signature.name != dialect.signature_element() {
            return Err(EnvelopeError::NoSignature);
        }
        let before = xml::span(text, self.begins, signature.start).ok();
        let around = before.map(|span| span.text);
        Ok(Envelope {
            name: message.name,
            dialect,
            message: message.span,
            around: around.filter(|around| {
                message.start < signature.start && around.len() > message.span.len()
            }),
            signature: decode(signature.span).ok_or(EnvelopeError::WrongSignature)?,
        })
    }
}

/// The bytes in a signature element; senders wrap its lines.
fn decode(span: &str) -> Option<Vec<u8>> {
    let element = Element::read(span).ok()?;
    let text: String = element.text().split_ascii_whitespace().collect();
    STANDARD.decode(text).ok()
}

impl Keys {
    /// Cuts a body and verifies its signature by the keys that are right at `now`.
    pub fn open<'a>(
        &self,
        body: &'a [u8],
        now: DateTime<Utc>,
    ) -> Result<Envelope<'a>, EnvelopeError> {
        self.open_within(LARGEST, body, now)
    }

    /// The same with a body of at most `largest` bytes.
    pub fn open_within<'a>(
        &self,
        largest: usize,
        body: &'a [u8],
        now: DateTime<Utc>,
    ) -> Result<Envelope<'a>, EnvelopeError> {
        let envelope = Envelope::cut_within(largest, body)?;
        match self.proof_of(&envelope, now) {
            Proof::Right => Ok(envelope),
            Proof::OutOfDate => Err(EnvelopeError::OutOfDate),
            Proof::Wrong => Err(EnvelopeError::WrongSignature),
        }
    }

    fn proof_of(&self, envelope: &Envelope<'_>, now: DateTime<Utc>) -> Proof {
        let digest = self.digest(envelope.dialect);
        let around = match envelope.dialect {
            Dialect::V4 => None,
            Dialect::V5 => envelope.around,
        };
        [Some(envelope.message), around]
            .into_iter()
            .flatten()
            .map(|text| self.proof(digest, text.as_bytes(), &envelope.signature, now))
            .find(|proof| *proof != Proof::Wrong)
            .unwrap_or(Proof::Wrong)
    }

    /// Signs a message and puts it into its envelope: the bytes that are signed are those sent.
    pub fn seal(&self, message: &str) -> Result<Vec<u8>, SignError> {
        let length = u64::try_from(message.len()).unwrap_or(u64::MAX);
        let name = xml::span(message, 0, length).map_or("", |span| span.name);
        let dialect = Dialect::of_message(name);
        let element = dialect.signature_element();
        let signature = self.sign(self.digest(dialect), message.as_bytes())?;
        let signature = STANDARD.encode(signature);
        Ok(format!("<{ROOT}>{message}<{element}>{signature}</{element}></{ROOT}>").into_bytes())
    }
}
