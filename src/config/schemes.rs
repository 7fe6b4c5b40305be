use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value, json};

use super::{
    gateways::{is_name, one},
    secret::Secret,
    typed::{Reading, entries, properties, typed},
};
use crate::{
    catalogue,
    model::{
        Currency, Language, NumberRule,
        source::{Span, yaml::Node},
    },
    scheme,
};

/// One scheme, as the file says: `schemes: {NAME: {kind: openimis, address: …, user: …, password: {env:
/// NAME}}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeSettings {
    /// Its name in rows, routes and sentences.
    pub name: String,
    /// What is said of it.
    pub options: SchemeOptions,
    /// The password of our account there.
    pub password: Option<Secret>,
    /// Where its name stands.
    pub span: Span,
}

/// What is said of a scheme besides its password.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SchemeOptions {
    /// What runs there: `openimis`, `imis_rest` or `sandbox`.
    #[schemars(with = "String")]
    pub kind: SchemeKind,
    /// Where, as <https://imis.example.org/api>.
    pub address: String,
    /// The name of our account there.
    pub user: String,
    /// What its amounts are in.
    #[serde(deserialize_with = "currency")]
    #[schemars(with = "String")]
    pub currency: Currency,
    /// In which languages its members are told of changes, the usual one first.
    #[serde(deserialize_with = "languages")]
    #[schemars(with = "Vec<String>")]
    pub languages: Vec<Language>,
    /// Which numbers its members have: chf, any, digits 6-12, digits 9 modulo 7.
    #[serde(deserialize_with = "numbers")]
    #[schemars(with = "String")]
    pub numbers: NumberRule,
    /// The codes of the products that are renewed by phone; none for all.
    pub products: Vec<String>,
    /// The enrolment officer of a family that has had no policy.
    pub officer: Option<String>,
    /// The menu sets whose callers are its; none for those of all sets that no scheme names.
    pub menus: Vec<String>,
    /// How its members' numbers begin; none for any.
    pub prefixes: Vec<String>,
    /// How many questions at once one node asks it.
    #[schemars(range(min = 1))]
    pub at_once: u32,
    /// For how many seconds an answer is waited for.
    #[schemars(range(min = 1))]
    pub answer_seconds: u32,
    /// How many requests a minute it bears from this node.
    #[schemars(range(min = 1))]
    pub requests_a_minute: u32,
    /// The calling code, without +, of phones that it holds in their national form.
    pub calling_code: String,
    /// How many days before its end a cover can be renewed.
    pub renewable_days: u32,
    /// How many days before its end members are told of it.
    pub expiring_days: u32,
    /// Whether its changes are followed, and members told of them by SMS.
    pub notices: bool,
}

/// What runs at a scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeKind {
    /// openIMIS, by its GraphQL interface.
    #[default]
    #[serde(rename = "openimis")]
    OpenImis,
    /// The older REST interface of openIMIS.
    ImisRest,
    /// The demo's families, in our own store.
    Sandbox,
}

impl Default for SchemeOptions {
    fn default() -> Self {
        Self {
            kind: SchemeKind::default(),
            address: String::new(),
            user: String::new(),
            currency: Currency::TZS,
            languages: vec![Language::SWAHILI],
            numbers: NumberRule::default(),
            products: Vec::new(),
            officer: None,
            menus: Vec::new(),
            prefixes: Vec::new(),
            at_once: 16,
            answer_seconds: 10,
            requests_a_minute: 120,
            calling_code: "255".to_owned(),
            renewable_days: 30,
            expiring_days: 14,
            notices: false,
        }
    }
}

/// The key of the password, which may stand elsewhere.
const PASSWORD: &str = "password";

/// Reads the map of schemes, in its order.
pub(super) fn schemes(node: &Node, reading: &mut Reading<'_>) -> Vec<SchemeSettings> {
    let mut schemes = Vec::new();
    for (name, key, of) in entries(node, None, reading) {
        if is_name(name) {
            schemes.extend(scheme(name, (key, of), reading));
        } else {
            let expected = "a scheme's name has small letters, digits, - and _ only";
            reading.refuse("N003", expected.to_owned(), key.span);
        }
    }
    schemes
}

fn scheme(
    name: &str,
    (key, node): (&Node, &Node),
    reading: &mut Reading<'_>,
) -> Option<SchemeSettings> {
    let shape = shape();
    let known: Vec<&str> = properties(&shape)
        .map(|(key, _)| key)
        .chain([PASSWORD])
        .collect();
    let before = reading.mistakes.len();
    let (mut values, mut password) = (Map::new(), None);
    for (key, _, of) in entries(node, Some(&known), reading) {
        if key == PASSWORD {
            password = one(of, reading);
            continue;
        }
        let shape = shape.pointer(&format!("/properties/{key}"));
        let Some(value) = typed(of, shape.unwrap_or(&Value::Null), reading) else {
            continue;
        };
        match serde_json::from_value::<SchemeOptions>(json!({ key: value })) {
            Ok(_) => drop(values.insert(key.to_owned(), value)),
            Err(error) => reading.refuse("N003", error.to_string(), of.span),
        }
    }
    let options: SchemeOptions = serde_json::from_value(values.into()).ok()?;
    if reading.mistakes.len() == before
        && let Some(lacks) = lacks(&options, password.as_ref())
    {
        reading.refuse("N006", format!("the scheme `{name}` {lacks}"), key.span);
        return None;
    }
    Some(SchemeSettings {
        name: name.to_owned(),
        options,
        password,
        span: key.span,
    })
}

/// What a scheme cannot be asked without.
fn lacks(options: &SchemeOptions, password: Option<&Secret>) -> Option<&'static str> {
    let is_address = ["http://", "https://"]
        .iter()
        .any(|begin| options.address.starts_with(begin));
    match options.kind {
        SchemeKind::Sandbox => None,
        SchemeKind::OpenImis | SchemeKind::ImisRest => {
            if !is_address {
                Some("has no address such as https://imis.example.org/api")
            } else if options.user.is_empty() || password.is_none() {
                Some("has no user and password: `user: nyota`, `password: {env: NAME}`")
            } else {
                None
            }
        }
    }
}

fn shape() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let settings = settings.with(|settings| settings.inline_subschemas = true);
    let generator = settings.into_generator();
    generator.into_root_schema_for::<SchemeOptions>().to_value()
}

/// What the menus are checked against, where these schemes are served.
pub(super) fn limits(schemes: &[SchemeSettings]) -> catalogue::Limits {
    let rules = schemes.iter().map(|scheme| {
        let options = &scheme.options;
        (options.menus.as_slice(), options.numbers)
    });
    let (others, numbers) = scheme::numbers_by_set(rules);
    let mut limits = catalogue::Limits {
        numbers,
        ..catalogue::Limits::default()
    };
    limits.all.numbers = others.unwrap_or_default();
    limits
}

fn currency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
    let code = String::deserialize(deserializer)?;
    Currency::parse(&code).ok_or_else(|| D::Error::custom("a currency such as TZS is expected"))
}

fn languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Language>, D::Error> {
    let tags = Vec::<String>::deserialize(deserializer)?;
    let read = |tag: &String| Language::parse(tag).map_err(D::Error::custom);
    let languages: Vec<Language> = tags.iter().map(read).collect::<Result<_, _>>()?;
    if languages.is_empty() {
        return Err(D::Error::custom("at least one language is expected"));
    }
    Ok(languages)
}

fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NumberRule, D::Error> {
    let rule = String::deserialize(deserializer)?;
    rule.parse().map_err(D::Error::custom)
}
