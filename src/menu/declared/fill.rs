use std::fmt;

use serde_json::Value as Answer;

use super::{
    DeclaredCall, Slot, Wording,
    encode::{in_address, in_header, plain},
};
use crate::{menu::Value, model::Language};

/// What a request is filled with.
#[derive(Clone, Copy)]
pub struct Filling<'a> {
    /// The arguments, in the order that the call takes them.
    pub arguments: &'a [Value],
    /// The caller's language.
    pub language: Language,
    /// A secret of the installation by its name.
    pub secret: &'a dyn Fn(&str) -> Option<String>,
}

impl fmt::Debug for Filling<'_> {
    /// Without what it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filling({:?})", self.arguments)
    }
}

/// A request, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct FilledRequest {
    /// Path and query: `/facilities/110224?lang=sw`.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub json: Option<Answer>,
}

impl fmt::Debug for FilledRequest {
    /// Without what it holds: arguments and secrets must not reach a log by `{:?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FilledRequest")
    }
}

/// Why a request cannot be filled. It names no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The menu handed over too few.
    #[error("an argument is missing")]
    Missing,
    /// A record or a list.
    #[error("an argument is no single value")]
    NotPrintable,
    /// An empty segment, `.` or `..` would be another address.
    #[error("an argument cannot stand in the path")]
    NotInPath,
    /// The installation does not have it.
    #[error("the secret {0} is not set")]
    NoSecret(String),
}

impl Filling<'_> {
    pub(super) fn argument(&self, position: usize) -> Result<&Value, Unfit> {
        self.arguments.get(position).ok_or(Unfit::Missing)
    }

    /// A wording as text; what is filled in is encoded by `encode`, what was written is not.
    pub(super) fn text(
        &self,
        wording: &Wording,
        encode: fn(&str) -> String,
    ) -> Result<String, Unfit> {
        let mut text = String::new();
        for slot in &wording.0 {
            match slot {
                Slot::Literal(literal) => text.push_str(literal),
                Slot::Argument(position) => {
                    let value = plain(self.argument(*position)?).ok_or(Unfit::NotPrintable)?;
                    text.push_str(&encode(&value));
                }
                Slot::Setting(value) => text.push_str(&encode(value)),
                Slot::Language => text.push_str(&encode(self.language.as_str())),
                Slot::Secret(name, _) => {
                    let secret = (self.secret)(name);
                    text.push_str(&secret.ok_or_else(|| Unfit::NoSecret(name.clone()))?);
                }
            }
        }
        Ok(text)
    }
}

impl DeclaredCall {
    /// The request with its arguments, each encoded for its place.
    pub fn fill(&self, with: &Filling<'_>) -> Result<FilledRequest, Unfit> {
        let request = &self.request;
        let mut target = with.text(&request.address.path, in_address)?;
        if !is_straight(&target) {
            return Err(Unfit::NotInPath);
        }
        for (index, (name, value)) in request.query.iter().enumerate() {
            let value = with.text(value, str::to_owned)?;
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(&in_address(name));
            target.push('=');
            target.push_str(&in_address(&value));
        }
        let headers = request.headers.iter();
        let headers = headers.map(|(name, value)| Ok((name.clone(), with.text(value, in_header)?)));
        let json = request.json.as_ref().map(|json| json.fill(with));
        Ok(FilledRequest {
            target,
            headers: headers.collect::<Result<_, Unfit>>()?,
            json: json.transpose()?,
        })
    }
}

/// Whether every segment of a path leads down: none is empty, `.` or `..`. The last may be empty
/// where the path ends in `/`.
pub(in crate::menu) fn is_straight(path: &str) -> bool {
    let Some(path) = path.strip_prefix('/') else {
        return false;
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    path.is_empty()
        || path
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | ".."))
}
