//! The envelope of a message: `<Gepg>`, one message, one signature.
//!
//! 1. [`Envelope::cut`] finds the bytes that are signed, as they came: the message element from the
//!    `<` of its start tag to the `>` of its end tag. Nothing is parsed and written again.
//! 2. [`Keys::open`] also verifies the signature; [`Keys::seal`] makes an envelope of our own.
//!
//! A declaration and white space outside the message are not signed and allowed; the declared
//! encoding is not believed (a .NET sender says UTF-16 over UTF-8 bytes).

use base64::{Engine, engine::general_purpose::STANDARD};
use quick_xml::{Reader, events::Event};

use super::{
    keys::{Keys, SignError},
    xml::Element,
};

/// The largest body that is read: 1 MiB.
pub const LARGEST: usize = 1 << 20;

const ROOT: &str = "Gepg";
const SIGNATURE: &str = "gepgSignature";

/// Why a body is not a message with a right signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// More than [`LARGEST`] bytes.
    #[error("the body is larger than {LARGEST} bytes")]
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
    #[error("there is no gepgSignature in the body")]
    NoSignature,
    /// More than one signature element.
    #[error("there is more than one gepgSignature in the body")]
    SeveralSignatures,
    /// A text that is no signature, or one that no known key made of these bytes.
    #[error("the signature is not right")]
    WrongSignature,
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
            | Self::WrongSignature => true,
        }
    }
}

/// A message and its signature, cut out of a body. Its signature is not verified yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The message's name.
    pub name: &'a str,
    /// The signed text.
    pub message: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl std::fmt::Debug for Envelope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Envelope({}, {} bytes)", self.name, self.message.len())
    }
}

impl<'a> Envelope<'a> {
    /// Cuts a body.
    pub fn cut(body: &'a [u8]) -> Result<Self, EnvelopeError> {
        let text = readable(body)?;
        let mut reader = Reader::from_str(text);
        enter_root(&mut reader)?;
        let mut found = Found::default();
        while let Some(child) = next_child(&mut reader, text)? {
            found.add(child)?;
        }
        expect_nothing_more(&mut reader)?;
        found.into_envelope()
    }
}

/// The body as text, unless it is what we do not even parse.
fn readable(body: &[u8]) -> Result<&str, EnvelopeError> {
    if body.len() > LARGEST {
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
        let span = between(text, start, reader.buffer_position())?;
        return Ok(Some(Child {
            name: tag_name(span),
            span,
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

fn between(text: &str, start: u64, end: u64) -> Result<&str, EnvelopeError> {
    let place = |position| usize::try_from(position).map_err(|_| EnvelopeError::NotXml);
    text.get(place(start)?..place(end)?)
        .ok_or(EnvelopeError::NotXml)
}

/// The name in the start tag that a span begins with.
fn tag_name(span: &str) -> &str {
    let inside = span.trim_start_matches('<');
    let ends = |character: char| character.is_ascii_whitespace() || "/>".contains(character);
    inside.split(ends).next().unwrap_or_default()
}

/// What was found in the root so far.
#[derive(Default)]
struct Found<'a> {
    message: Option<Child<'a>>,
    signature: Option<Child<'a>>,
}

impl<'a> Found<'a> {
    fn add(&mut self, child: Child<'a>) -> Result<(), EnvelopeError> {
        let (place, twice) = if child.name == SIGNATURE {
            (&mut self.signature, EnvelopeError::SeveralSignatures)
        } else {
            (&mut self.message, EnvelopeError::SeveralMessages)
        };
        place.replace(child).map_or(Ok(()), |_| Err(twice))
    }

    fn into_envelope(self) -> Result<Envelope<'a>, EnvelopeError> {
        let message = self.message.ok_or(EnvelopeError::NoMessage)?;
        let signature = self.signature.ok_or(EnvelopeError::NoSignature)?;
        Ok(Envelope {
            name: message.name,
            message: message.span,
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
    /// Cuts a body and verifies its signature.
    pub fn open<'a>(&self, body: &'a [u8]) -> Result<Envelope<'a>, EnvelopeError> {
        let envelope = Envelope::cut(body)?;
        if self.verifies(envelope.message.as_bytes(), &envelope.signature) {
            Ok(envelope)
        } else {
            Err(EnvelopeError::WrongSignature)
        }
    }

    /// Signs a message and puts it into its envelope: the bytes that are signed are those sent.
    pub fn seal(&self, message: &str) -> Result<Vec<u8>, SignError> {
        let signature = STANDARD.encode(self.sign(message.as_bytes())?);
        Ok(
            format!("<{ROOT}>{message}<{SIGNATURE}>{signature}</{SIGNATURE}></{ROOT}>")
                .into_bytes(),
        )
    }
}
