//! `nyota schema menu`: the JSON Schema of a kind of file, for an editor.

use std::process::ExitCode;

use anyhow::Context;
use clap::ValueEnum;

use super::transcript;
use crate::{
    gateway::profile::schema::ProfileFile,
    menu::schema::{Kind, made_of},
};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// A menu, a root or a fragment.
    Menu,
    /// The texts of a menu in another language.
    Texts,
    /// calls.yaml: the calls that a set declares itself.
    Calls,
    /// A transcript.
    Transcript,
    /// A profile of an aggregator.
    Profile,
}

/// Prints the schema of a kind of file.
pub(super) fn schema(of: SchemaOf) -> anyhow::Result<ExitCode> {
    let printed = serde_json::to_string_pretty(&schema_of(of));
    println!("{}", printed.context("the schema could not be printed")?);
    Ok(ExitCode::SUCCESS)
}

/// The JSON Schema of a kind of file, draft 7. `menus/schema/` and
/// `gateways/schema/` keep a copy of each.
pub fn schema_of(of: SchemaOf) -> serde_json::Value {
    match of {
        SchemaOf::Menu => Kind::Menu.schema(),
        SchemaOf::Texts => Kind::Texts.schema(),
        SchemaOf::Calls => Kind::Calls.schema(),
        SchemaOf::Transcript => transcript::schema::schema(),
        SchemaOf::Profile => made_of::<ProfileFile>(),
    }
}
