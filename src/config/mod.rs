//! Settings: what the file, the environment and the command line say, checked before anything starts.
//!
//! 1. [`Settings`] has the settings that the command line knows too, each with its default, its
//!    environment variable and its help. [`Settings::check`] refuses what cannot be served, with a
//!    sentence that says what to do.
//! 2. [`Sections`] composes the `Options` of the modules: each is a section of the file.
//! 3. [`ConfigFile`] reads `nyota.yaml` and the environment over it, and reports every mistake in one
//!    run. A flag wins over the environment, that over the file, the file over the defaults.
//! 4. [`commented`] prints the whole file with every default, made from the same types.
//! 5. [`Settings::calls`] reads the secrets of declared calls: `NYOTA_SECRET_NAME`, or the file that
//!    `NYOTA_SECRET_NAME_FILE` names.
//!
//! To add a setting: a field with its documentation in the `Options` of its module. To add a section:
//! its field in [`Sections`].
//!
//! With no settings at all it is the demo. A database or Redis that is named and cannot be used is
//! refused, never replaced by another.

mod commented;
mod environment;
mod file;
mod secrets;
mod sections;
mod settings;
mod typed;

pub use commented::commented;
pub use file::{ConfigError, ConfigFile};
pub use secrets::SecretsError;
pub use sections::Sections;
pub use settings::{Settings, SettingsError};
