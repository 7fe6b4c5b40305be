use crate::model::source::Source;

/// What a file is in a folder of profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Role<'a> {
    /// `NAME.yaml`.
    Profile(&'a str),
    /// `presets/NAME.yaml`.
    Preset(&'a str),
    /// `PROFILE/….yaml` or `.json`, beside `PROFILE.yaml`: vectors of that profile.
    Recorded(&'a str),
    /// Another file, such as a schema.
    Other,
}

/// What a file is, by its name and those beside it.
pub(in crate::gateway) fn role<'a>(source: &'a Source, sources: &[Source]) -> Role<'a> {
    let name = source.name.as_str();
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    if stem(folder) == "presets" {
        return Role::Preset(stem(name));
    }
    let profile = format!("{folder}.yaml");
    if sources.iter().any(|other| other.name == profile) {
        return Role::Recorded(stem(folder));
    }
    match name.strip_suffix(".yaml") {
        Some(path) => Role::Profile(stem(path)),
        None => Role::Other,
    }
}

/// The last part of a path, without `.yaml`.
pub(in crate::gateway) fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.strip_suffix(".yaml").unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_place() {
        let names = [
            "gateways/a.yaml",
            "gateways/a/begin.yaml",
            "gateways/presets/p.yaml",
            "gateways/schema/profile.json",
        ];
        let sources = names.map(|name| Source {
            name: name.into(),
            text: String::new(),
        });
        let roles = sources.each_ref().map(|source| role(source, &sources));
        let expected = [
            Role::Profile("a"),
            Role::Recorded("a"),
            Role::Preset("p"),
            Role::Other,
        ];
        assert_eq!(roles, expected);
    }
}
