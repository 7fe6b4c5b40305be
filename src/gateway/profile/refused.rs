/// Why a request is refused: a sentence for the aggregator's engineer.
///
/// Fields are named as the profile writes them (`form.phoneNumber`). A sentence never holds what
/// came in a field, so it can be logged and sent back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No route of the profile has this path.
    #[error("this gateway has no such address below its own")]
    UnknownPath,
    /// The route takes other methods.
    #[error("this address takes {0} requests only")]
    Method(String),
    /// The body, or the query, is longer than any request of an aggregator.
    #[error("the request is longer than {0} bytes")]
    TooLong(usize),
    /// More fields, members or elements than any request of an aggregator.
    #[error("the {part} has more than {limit} fields")]
    TooMany {
        /// `query`, `body`.
        part: &'static str,
        /// The most that are taken.
        limit: usize,
    },
    /// The body is of another type.
    #[error("the body must be {0}")]
    ContentType(&'static str),
    /// The bytes are not text in the character set they should be in.
    #[error("the {part} is not {charset}")]
    Charset {
        /// `query`, `body`, `header`.
        part: &'static str,
        /// `UTF-8`.
        charset: &'static str,
    },
    /// A `%` without two hexadecimal digits.
    #[error("the {0} has a % that is not followed by two hexadecimal digits")]
    BadEscape(&'static str),
    /// The body is no document of its kind.
    #[error("the body is not valid {0}")]
    Malformed(&'static str),
    /// The body's document type or entities are not read.
    #[error("the body has a document type or entities of its own, which are not read")]
    DocumentType,
    /// JSON or XML is nested deeper than any aggregator's.
    #[error("the body is nested deeper than {0} levels")]
    TooDeep(usize),
    /// Fields are not there, or empty.
    #[error("{} {} missing", .0.join(", "), if .0.len() == 1 { "is" } else { "are" })]
    Missing(Vec<String>),
    /// A field must not be empty.
    #[error("{0} is empty")]
    Empty(String),
    /// A field comes twice, with different values.
    #[error("{0} comes twice with different values")]
    Twice(String),
    /// A field is too long.
    #[error("{field} is longer than {limit} characters")]
    FieldTooLong {
        /// Which.
        field: String,
        /// The longest that is taken.
        limit: usize,
    },
    /// A field holds control characters.
    #[error("{0} holds control characters")]
    ControlCharacters(String),
    /// A field is a list or an object.
    #[error("{0} must be one value, no list and no object")]
    NotPlain(String),
    /// A field is no phone number.
    #[error("{0} is not a phone number in international form, such as +255700000001")]
    NotPhone(String),
    /// A field is no service code.
    #[error("{0} is not a service code such as *384*1234#")]
    NotCode(String),
    /// A field has a value that the profile cannot read.
    #[error("{0} has a value that this gateway does not know")]
    Unmapped(String),
    /// A state that we did not write for this caller.
    #[error("the state in this request was not written by this server for this caller")]
    NotSigned,
    /// The request does not prove that it is the aggregator's.
    #[error("this request does not prove that it comes from the gateway")]
    NotTheirs,
    /// A rule of the profile says so, in its own words or without.
    #[error("{}", .0.as_deref().unwrap_or("this gateway does not take such a request"))]
    Rule(Option<String>),
}

/// Which answer a refusal gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedAs {
    /// `reply.missing`.
    Missing,
    /// `reply.malformed`.
    Malformed,
    /// `reply.refused`.
    NotTheirs,
    /// `reply.error`.
    Mistake,
}

impl Refused {
    /// Which answer it gets.
    pub fn answered_as(&self) -> RefusedAs {
        match self {
            Self::Missing(_) | Self::Empty(_) => RefusedAs::Missing,
            Self::NotTheirs => RefusedAs::NotTheirs,
            Self::ContentType(_)
            | Self::Charset { .. }
            | Self::BadEscape(_)
            | Self::Malformed(_)
            | Self::DocumentType
            | Self::TooDeep(_)
            | Self::TooMany { .. } => RefusedAs::Malformed,
            Self::UnknownPath
            | Self::Method(_)
            | Self::TooLong(_)
            | Self::Twice(_)
            | Self::FieldTooLong { .. }
            | Self::ControlCharacters(_)
            | Self::NotPlain(_)
            | Self::NotPhone(_)
            | Self::NotCode(_)
            | Self::Unmapped(_)
            | Self::NotSigned
            | Self::Rule(_) => RefusedAs::Mistake,
        }
    }

    /// The names of what is missing, as the aggregator writes them: `DEST` of `query.DEST`.
    pub fn missing(&self) -> Vec<&str> {
        let own = |written: &'_ str| written.find('.').map_or(0, |dot| dot + 1);
        let names = if let Self::Missing(names) = self {
            names.as_slice()
        } else if let Self::Empty(name) = self {
            std::slice::from_ref(name)
        } else {
            &[]
        };
        let written = names.iter().map(|name| name.get(own(name)..));
        written.flatten().collect()
    }
}
