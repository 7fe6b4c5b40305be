use std::time::Duration;

/// Why a scheme gave no answer. For the operator; a phone reads the menu's own text.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// It could not be reached, or failed: to be tried again.
    #[error("the scheme could not be asked for {asked}")]
    Unavailable {
        /// What was asked: `the cover`.
        asked: &'static str,
        /// Why.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// It is asked too often: to be tried again after a while. It is no outage.
    #[error("the scheme is asked too often to be asked for {asked}; again in {} s", after.as_secs())]
    Busy {
        /// What was asked.
        asked: &'static str,
        /// After how long to ask again.
        after: Duration,
    },
    /// It answered, and will answer the same again.
    #[error("the scheme refused {asked}: {why}")]
    Refused {
        /// What was asked.
        asked: &'static str,
        /// Its reason, bounded and cleaned.
        why: String,
    },
}

impl SchemeError {
    /// It cannot be reached, for a reason.
    pub fn unavailable(
        asked: &'static str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Unavailable {
            asked,
            source: Some(Box::new(source)),
        }
    }

    /// It will not do that.
    pub fn refused(asked: &'static str, why: impl Into<String>) -> Self {
        Self::Refused {
            asked,
            why: why.into(),
        }
    }

    /// Whether it says that the scheme's system is away. One that is busy or refuses is there.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Unavailable { .. } => true,
            Self::Busy { .. } | Self::Refused { .. } => false,
        }
    }
}
