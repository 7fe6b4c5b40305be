//! Settings: what the file, the environment and the command line say, checked before anything starts.
//!
//! 1. [`Sections`] composes the `Options` of the modules: each is a section of the file. [`Settings`]
//!    has what the command line knows too.
//! 2. [`ConfigFile::read`] reads `nyota.yaml` and the environment, and reports every mistake in one
//!    run. [`ConfigFile::complete`] puts the command line over both: a flag wins over the environment,
//!    that over the file, the file over the defaults.
//! 3. [`Settings::check`] refuses what cannot be served, with a sentence that says what to do.
//! 4. [`commented`] prints the whole file with every default, made from the same types, and
//!    [`Settings::in_force`] says what is in force and from where.
//! 5. [`Gateways`] are the gateways of the file, by name, each with its profile and its [`Setting`]s;
//!    a [`Secret`] among them may stand in the environment or in a file, and is never printed.
//! 6. [`SchemeSettings`] are the schemes of the file, each with its account.
//! 7. [`Settings::calls`] reads the secrets of declared calls: `NYOTA_SECRET_NAME`, or the file that
//!    `NYOTA_SECRET_NAME_FILE` names.
//! 8. [`system_user`] is who does by hand what is kept with a name.
//!
//! To add a setting: a field with its documentation in the `Options` of its module. To add a section:
//! its field in [`Sections`].
//!
//! With no settings at all it is the demo. A database or Redis that is named and cannot be used is
//! refused, never replaced by another.

mod commented;
mod environment;
mod file;
mod flags;
mod gateways;
mod hide;
mod in_force;
mod schemes;
mod secret;
mod secrets;
mod sections;
mod settings;
#[cfg(test)]
mod tests;
mod typed;
mod user;

pub use commented::commented;
pub use file::{ConfigError, ConfigFile};
pub use gateways::{GatewaySettings, Gateways, Given, Setting, SmsRoute};
pub use in_force::{InForce, Origin};
pub use schemes::{SchemeKind, SchemeOptions, SchemeSettings};
pub use secret::{Secret, SecretSource};
pub use secrets::SecretsError;
pub use sections::Sections;
pub use settings::{Settings, SettingsError};
pub use user::system_user;
