use std::fmt;

use serde::{Deserialize, Serialize};

/// Which version of GePG's messages a partner speaks. A message's name says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// `gepgBillSubReq` and its like, signed over SHA-1.
    #[default]
    V4,
    /// `billSubReq` and its like, signed over SHA-256, with ids on every message. Its paths say `/20/`.
    V5,
}

impl Dialect {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V4, Self::V5];

    /// The dialect that has messages of this name: v4's all begin alike.
    pub fn of_message(name: &str) -> Self {
        if name.starts_with("gepg") {
            Self::V4
        } else {
            Self::V5
        }
    }

    /// The element that holds the signature.
    pub fn signature_element(self) -> &'static str {
        match self {
            Self::V4 => "gepgSignature",
            Self::V5 => "signature",
        }
    }

    /// The digest that its signatures are made over, unless a partner's settings say another.
    pub fn digest(self) -> Digest {
        match self {
            Self::V4 => Digest::Sha1,
            Self::V5 => Digest::Sha256,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 => "v4",
            Self::V5 => "v5",
        })
    }
}

/// Over which digest signatures are made (RSASSA-PKCS1-v1_5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}
