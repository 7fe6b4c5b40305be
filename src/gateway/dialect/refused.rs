/// Why a request is refused: a sentence for the aggregator's engineer.
///
/// Fields are named as the profile writes them (`form.phoneNumber`). A sentence never holds what
/// came in a field, so it can be logged and sent back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No route of the profile has this path.
    #[error("this gateway has no such address below its own")]
    UnknownPath,
    /// The route takes another method.
    #[error("this address takes {0} requests only")]
    Method(&'static str),
    /// The body, or the query, is longer than any request of an aggregator.
    #[error("the request is longer than {0} bytes")]
    TooLong(usize),
    /// The body is of another type.
    #[error("the body must be {0}")]
    ContentType(&'static str),
    /// The bytes are not UTF-8.
    #[error("the {0} is not UTF-8")]
    NotUtf8(&'static str),
    /// A `%` without two hexadecimal digits.
    #[error("the {0} has a % that is not followed by two hexadecimal digits")]
    BadEscape(&'static str),
    /// The body is no JSON document.
    #[error("the body is not valid JSON")]
    NotJson,
    /// A field is not there.
    #[error("{0} is missing")]
    Missing(String),
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
    /// A JSON field is a list, a map or a fraction.
    #[error("{0} must be a text, a whole number, true or false")]
    NotPlain(String),
    /// A field is no phone number.
    #[error("{0} is not a phone number in international form, such as +255700000001")]
    NotPhone(String),
    /// A field is no service code.
    #[error("{0} is not a service code such as *384*1234#")]
    NotCode(String),
    /// A field has a value that the profile's map does not know.
    #[error("{0} has a value that this gateway does not know")]
    Unmapped(String),
}
