//! What the source says of each variant of an enum of problems: the one place that their pages, the
//! tests of their fixtures and `nyota check --explain` are made from.

use std::{collections::BTreeMap, fs, path::Path};

use syn::{
    Arm, Attribute, Expr, ExprLit, File, ImplItemFn, Item, Lit, Meta, Pat,
    visit::{self, Visit},
};

/// A variant, as its source documents it.
pub(crate) struct Documented {
    /// `DoesNotFit`.
    pub(crate) variant: String,
    /// `M014`.
    pub(crate) code: String,
    /// Its documentation, paragraph by paragraph, without the code.
    pub(crate) paragraphs: Vec<String>,
}

/// The variants of the enum `name` of a source file of this package, in their order.
pub(crate) fn variants(path: &str, name: &str) -> Vec<Documented> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
    let codes = codes(&file);
    let found = file.items.into_iter().find_map(|item| {
        let Item::Enum(of) = item else { return None };
        (of.ident == name).then_some(of)
    });
    let variants = found.unwrap().variants.into_iter();
    let documented = variants.map(|variant| {
        let name = variant.ident.to_string();
        let code = codes.get(&name).cloned();
        let code = code.unwrap_or_else(|| panic!("`code()` gives none for {name}"));
        let paragraphs = paragraphs(&variant.attrs, &code);
        Documented {
            variant: name,
            code,
            paragraphs,
        }
    });
    documented.collect()
}

impl Documented {
    /// What is wrong, with what is said about it beside.
    pub(crate) fn what(&self) -> &str {
        self.paragraphs.first().map_or("", String::as_str)
    }

    /// Whether it is a warning.
    pub(crate) fn is_warning(&self) -> bool {
        self.what().ends_with("A warning.")
    }

    /// The paragraph that begins with this word.
    pub(crate) fn paragraph(&self, word: &str) -> Option<&str> {
        let mut paragraphs = self.paragraphs.iter();
        paragraphs.find_map(|text| text.strip_prefix(word))
    }
}

/// The code of each variant, as `fn code` gives it.
fn codes(file: &File) -> BTreeMap<String, String> {
    let mut codes = Codes::default();
    codes.visit_file(file);
    codes.0
}

#[derive(Default)]
struct Codes(BTreeMap<String, String>);

impl<'ast> Visit<'ast> for Codes {
    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if function.sig.ident == "code" {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        let path = if let Pat::TupleStruct(pattern) = &arm.pat {
            &pattern.path
        } else if let Pat::Struct(pattern) = &arm.pat {
            &pattern.path
        } else if let Pat::Path(pattern) = &arm.pat {
            &pattern.path
        } else {
            return;
        };
        if let (Some(variant), Some(code)) = (path.segments.last(), text(&arm.body)) {
            self.0.insert(variant.ident.to_string(), code);
        }
    }
}

fn text(expression: &Expr) -> Option<String> {
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = expression
    else {
        return None;
    };
    Some(text.value())
}

fn paragraphs(attributes: &[Attribute], code: &str) -> Vec<String> {
    let docs = docs(attributes);
    let docs = docs.trim();
    let docs = docs
        .strip_prefix(&format!("**{code}** "))
        .or_else(|| docs.strip_prefix(&format!("{code}: ")))
        .unwrap_or(docs);
    docs.split("\n\n").map(str::to_owned).collect()
}

fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        let line = text(&pair.value)?;
        let line = line.strip_prefix(' ').unwrap_or(&line).to_owned();
        pair.path.is_ident("doc").then_some(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}
