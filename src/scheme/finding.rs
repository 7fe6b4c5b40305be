/// What a look at a part of the installation has found, for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is as it should be.
    pub good: bool,
    /// A whole sentence; where it is not good, with what to do. Nothing secret in it.
    pub says: String,
}

impl Finding {
    /// All is well.
    pub fn good(says: impl Into<String>) -> Self {
        Self {
            good: true,
            says: says.into(),
        }
    }

    /// Something is wrong.
    pub fn bad(says: impl Into<String>) -> Self {
        Self {
            good: false,
            says: says.into(),
        }
    }
}
