//! Requests of vectors, as examples for people.

use super::{
    read::vectors,
    stage,
    vector::{Case, Vector},
};
use crate::{
    gateway::profile::{
        Example, Findings, Profile,
        folder::{Role, role},
    },
    model::source::Source,
};

/// The requests in the vectors of a profile that are no mistakes, in their order. `sources` is the folder of profiles.
pub fn examples(profile: &Profile, sources: &[Source]) -> Vec<Example> {
    let mut findings = Findings::of(sources);
    let own = sources.iter().enumerate();
    let own = own.filter(|(_, source)| role(source, sources) == Role::Recorded(profile.name()));
    let mut read = Vec::new();
    for (index, source) in own {
        read.extend(vectors(source, index, &mut findings));
    }
    read.iter()
        .filter_map(|vector| example(profile, vector))
        .collect()
}

fn example(profile: &Profile, vector: &Vector) -> Option<Example> {
    let Case::Inbound(case) = &vector.case else {
        return None;
    };
    case.expected("type")
        .filter(|event| !REFUSED.contains(event))?;
    let wire = &case.request;
    Some(Example {
        channel: vector.channel,
        method: wire.method.clone(),
        path: stage::below(profile, vector.channel, &wire.path),
        query: stage::encoded(&wire.query),
        headers: wire.headers.clone(),
        body: wire.body.clone(),
        settings: vector.config.clone(),
    })
}

const REFUSED: [&str; 2] = ["protocol_error", "auth_failed"];
