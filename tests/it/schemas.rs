//! The JSON Schemas that editors use: kept fresh, true to the files that there are, and to what the
//! reader knows.

use std::{collections::BTreeSet, fs, path::Path};

use jsonschema::Validator;
use nyota::{
    cli::{SchemaOf, schema_of},
    menu::{self, CheckOptions, Problem},
    model::source::{
        Source,
        yaml::{self, Kind, Node},
    },
};
use serde_json::Value;

use crate::support::{generated::assert_fresh, json::of_yaml, sources};

fn validator(of: SchemaOf) -> Validator {
    jsonschema::draft7::new(&schema_of(of)).unwrap()
}

/// What kind of file it is, by its place and name.
fn kind(source: &Source) -> Option<SchemaOf> {
    let name = source.name.as_str();
    let file = name.rsplit('/').next()?.strip_suffix(".yaml")?;
    if name.contains("/transcripts/") {
        return Some(SchemaOf::Transcript);
    }
    match file {
        "installation" => None,
        "calls" => Some(SchemaOf::Calls),
        _ if file.contains('.') => Some(SchemaOf::Texts),
        _ => Some(SchemaOf::Menu),
    }
}

/// What is wrong with a file's shape.
fn mistakes(source: &Source) -> Vec<String> {
    let Some(kind) = kind(source) else {
        return Vec::new();
    };
    let json = of_yaml(&source.text);
    let validator = validator(kind);
    let errors = validator.iter_errors(&json);
    let printed =
        errors.map(|error| format!("{}: {}: {error}", source.name, error.instance_path()));
    printed.collect()
}

fn assert_kept(of: SchemaOf, name: &str) {
    let made = serde_json::to_string_pretty(&schema_of(of)).unwrap();
    assert_fresh(&format!("menus/schema/{name}.json"), &format!("{made}\n"));
}

#[test]
fn the_schema_of_menus_is_fresh() {
    assert_kept(SchemaOf::Menu, "menu");
}

#[test]
fn the_schema_of_texts_is_fresh() {
    assert_kept(SchemaOf::Texts, "texts");
}

#[test]
fn the_schema_of_declared_calls_is_fresh() {
    assert_kept(SchemaOf::Calls, "calls");
}

#[test]
fn the_schema_of_transcripts_is_fresh() {
    assert_kept(SchemaOf::Transcript, "transcript");
}

#[test]
fn the_schema_of_profiles_is_fresh() {
    let made = serde_json::to_string_pretty(&schema_of(SchemaOf::Profile)).unwrap();
    assert_fresh("gateways/schema/profile.json", &format!("{made}\n"));
}

#[test]
fn every_profile_has_the_shape_of_its_schema() {
    let files = sources::below("gateways");
    let profiles = files.iter().filter(|it| it.name.matches('/').count() == 1);
    let validator = validator(SchemaOf::Profile);
    let mut seen = 0;
    for source in profiles {
        let json = of_yaml(&source.text);
        let errors = validator.iter_errors(&json);
        let errors: Vec<_> = errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {}", source.name, errors.join("\n"));
        seen += 1;
    }
    assert!(seen > 20);
}

#[test]
fn every_file_that_is_served_or_played_has_the_shape_of_its_schema() {
    let mut files = sources::below("menus");
    files.extend(sources::below("tests/menus/whole"));
    assert!(files.len() > 100);
    let mistakes: Vec<String> = files.iter().flat_map(mistakes).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn the_manual_s_examples_of_whole_files_have_the_shape_of_their_schema() {
    let manual = include_str!("../../menus/README.md");
    let examples = manual.split("```yaml\n").skip(1);
    let examples = examples.map(|it| it.split_once("```").unwrap().0);
    let mut seen = 0;
    for text in examples.filter(|it| it.starts_with("menu:") || it.starts_with("transcript:")) {
        let folder = if text.starts_with("menu:") {
            ""
        } else {
            "/transcripts"
        };
        let source = Source {
            name: format!("manual{folder}/example.yaml"),
            text: text.to_owned(),
        };
        assert_eq!(mistakes(&source), Vec::<String>::new(), "{text}");
        seen += 1;
    }
    assert!(seen >= 2);
}

/// Problems that are a wrong shape, of a map or of a name, code or type.
const OF_SHAPE: [&str; 10] = [
    "m002", "m003", "m005", "m006", "m007", "m008", "m010", "m011", "m012", "m031",
];

#[test]
fn a_set_with_a_wrong_shape_has_not_the_shape_of_its_schema() {
    let broken = sources::below("tests/menus/broken");
    for code in OF_SHAPE {
        let folder = format!("tests/menus/broken/{code}_");
        let files: Vec<&Source> = broken
            .iter()
            .filter(|it| it.name.starts_with(&folder))
            .collect();
        assert!(!files.is_empty(), "{code}");
        let wrong = files.iter().any(|source| !mistakes(source).is_empty());
        assert!(wrong, "{code} passes");
    }
}

/// Keys that the root's reader knows only to say that the root has none of them.
const NOT_OF_THE_ROOT: [&str; 2] = ["takes", "gives"];

/// Keys that the reader asks for only where `open:` stands beside them.
const BESIDE_OPEN: [&str; 3] = ["with", "as", "then"];

/// A key that no map has.
const NOBODYS: &str = "zz_nobodys";

/// Prints a node in one line, as YAML, with a key too many in the map at `place`, counted in order.
fn printed(node: &Node, place: &mut Option<usize>) -> String {
    match &node.kind {
        Kind::Scalar { text, plain: true } if text.chars().all(is_plain) => text.clone(),
        Kind::Scalar { text, .. } => Value::from(text.as_str()).to_string(),
        Kind::List(items) => {
            let items: Vec<_> = items.iter().map(|item| printed(item, place)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(entries) => {
            let here = *place == Some(0);
            *place = place.and_then(|left| left.checked_sub(1));
            let mut pairs: Vec<_> = entries
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", printed(key, &mut None), printed(value, place))
                })
                .collect();
            pairs.extend(here.then(|| format!("{NOBODYS}: {NOBODYS}")));
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.- ".contains(character)
}

/// The path to each map of a node, in the order in which [`printed`] counts them.
fn maps(node: &Node, path: &str, into: &mut Vec<String>) {
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                maps(item, &format!("{path}/{index}"), into);
            }
        }
        Kind::Map(entries) => {
            into.push(path.to_owned());
            for (key, value) in entries {
                maps(value, &format!("{path}/{}", key.text().unwrap()), into);
            }
        }
    }
}

/// The keys that the reader asks for in the map of `set[file]` at `place`; `None` where its keys are
/// its author's.
fn asked(set: &[Source], file: usize, root: &Node, place: usize) -> Option<BTreeSet<String>> {
    let mut set = set.to_vec();
    set[file].text = printed(root, &mut Some(place));
    let compilation = menu::compile(&set, CheckOptions::default());
    let mut problems = compilation.problems.into_iter();
    problems.find_map(|found| {
        let Problem::UnknownKey(unknown) = found.problem else {
            return None;
        };
        (unknown.name == NOBODYS).then(|| unknown.known.into_iter().collect())
    })
}

/// The maps that a schema may mean, without references and choices.
fn meant<'s>(root: &'s Value, schema: &'s Value, instance: &Value) -> Vec<&'s Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return meant(root, target, instance);
    }
    let has_required = |of: &&Value| {
        let required = of.get("required").and_then(Value::as_array);
        let mut required = required.into_iter().flatten();
        required.all(|key| instance.get(key.as_str().unwrap()).is_some())
    };
    let mut found = vec![schema];
    for key in ["allOf", "anyOf"] {
        let branches = schema.get(key).and_then(Value::as_array);
        let branches = branches.into_iter().flatten();
        found.extend(branches.flat_map(|branch| meant(root, branch, instance)));
    }
    found.retain(has_required);
    found
}

/// The keys that the schema knows in the map at `path`.
fn described(root: &Value, instance: &Value, path: &str) -> BTreeSet<String> {
    let mut schemas = meant(root, root, instance);
    let mut instance = instance;
    for step in path.split('/').skip(1) {
        let inner = instance
            .get(step)
            .or_else(|| instance.get(step.parse::<usize>().ok()?));
        let inner = inner.unwrap();
        let next = schemas.iter().filter_map(|schema| {
            let property = schema.get("properties").and_then(|of| of.get(step));
            property
                .or(schema.get("additionalProperties"))
                .or(schema.get("items"))
        });
        schemas = next.flat_map(|schema| meant(root, schema, inner)).collect();
        instance = inner;
    }
    let most = |schema: &&&Value| {
        schema
            .get("required")
            .and_then(Value::as_array)
            .map(Vec::len)
    };
    let closest = schemas
        .iter()
        .filter(|it| it.get("properties").is_some())
        .max_by_key(most);
    let properties = closest.and_then(|schema| schema.get("properties")?.as_object());
    properties
        .into_iter()
        .flat_map(|of| of.keys().cloned())
        .collect()
}

#[test]
fn the_reader_and_the_schema_know_the_same_keys() {
    let set: Vec<Source> = sources::below("tests/menus/whole");
    let schema = schema_of(SchemaOf::Menu);
    let mut compared = 0;
    for (file, source) in set.iter().enumerate() {
        if kind(source) != Some(SchemaOf::Menu) {
            continue;
        }
        let root = yaml::read(&source.text, 0).unwrap();
        let instance = of_yaml(&source.text);
        let mut paths = Vec::new();
        maps(&root, "", &mut paths);
        // Of the ways to write a type or a setting the reader names all, the schema has one for each.
        let one_of_several = |path: &str| path.contains("/type") || path.starts_with("/settings/");
        let paths = paths.iter().enumerate();
        for (place, path) in paths.filter(|(_, path)| !one_of_several(path)) {
            let Some(asked) = asked(&set, file, &root, place) else {
                continue;
            };
            let described = described(&schema, &instance, path);
            let is_root = path.is_empty() && asked.contains("service");
            let opens = instance
                .pointer(path)
                .is_some_and(|map| map.get("open").is_some());
            // A target opens or returns; the schema has the two apart.
            let returns = instance
                .pointer(path)
                .is_some_and(|map| map.get("return").is_some());
            let unknown = asked.symmetric_difference(&described);
            let unknown: Vec<_> = unknown
                .filter(|key| !(is_root && NOT_OF_THE_ROOT.contains(&key.as_str())))
                .filter(|key| opens || !BESIDE_OPEN.contains(&key.as_str()))
                .filter(|key| !(opens && *key == "return"))
                .filter(|key| !(returns && *key == "open"))
                .collect();
            let name = &source.name;
            assert!(
                unknown.is_empty(),
                "{name}{path}: only one of the two knows {unknown:?}"
            );
            compared += 1;
        }
    }
    assert!(compared > 80, "{compared}");
}

#[test]
fn every_key_of_the_schemas_says_what_it_means() {
    for of in [
        SchemaOf::Menu,
        SchemaOf::Texts,
        SchemaOf::Calls,
        SchemaOf::Transcript,
    ] {
        let schema = schema_of(of);
        let definitions = schema["definitions"].as_object().unwrap();
        for (name, definition) in definitions {
            let properties = definition.get("properties").and_then(Value::as_object);
            for (key, property) in properties.into_iter().flatten() {
                let described = property.get("description").is_some();
                assert!(described, "{of:?}: {name}.{key} is not described");
            }
        }
    }
}

#[test]
fn the_kept_schemas_are_where_the_manual_says() {
    let manual = include_str!("../../menus/README.md");
    for name in ["menu", "texts", "calls", "transcript"] {
        let path = format!("menus/schema/{name}.json");
        assert!(manual.contains(&path), "{path}");
        let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        assert!(fs::metadata(whole).is_ok(), "{path}");
    }
}
