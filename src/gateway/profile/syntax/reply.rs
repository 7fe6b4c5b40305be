use super::{Body, Charset, Template};

/// Answers by what they answer. Those that are left out fall back as `gateways/README.md` says.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct Replies(pub Vec<(String, Answer)>);

/// How one kind of response is built.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Answer {
    pub(in crate::gateway) status: u16,
    pub(in crate::gateway) headers: Vec<(String, Template)>,
    /// With its parameters; `None` where there is no body.
    pub(in crate::gateway) media_type: Option<String>,
    /// UTF-8 or ISO 8859-1.
    pub(in crate::gateway) charset: Charset,
    pub(in crate::gateway) body: Body,
    /// Line in the profile's file, from 1.
    pub(in crate::gateway) line: usize,
}
