use super::Value;

/// What a body is made of. Trees are filled and then serialised, so nothing that is filled in can break them.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Body {
    Nothing,
    Text(Template),
    Form(Vec<(String, Template)>),
    Json(Tree),
    Xml(Element),
    /// The value of a method's response, or the one parameter of a call of `method`.
    Rpc {
        method: Option<String>,
        value: Tree,
    },
}

/// A JSON value with places to fill. A place that stands alone keeps its type; without a value its entry is left out.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Tree {
    Fixed(serde_json::Value),
    Filled(Template),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// An XML element. One whose only content or only attributes have no value is left out.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Element {
    /// With its prefix, as written.
    pub(in crate::gateway) name: String,
    pub(in crate::gateway) attributes: Vec<(String, Template)>,
    pub(in crate::gateway) children: Vec<XmlNode>,
}

/// What stands in an element.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum XmlNode {
    Element(Element),
    Text(Template),
}

/// A text with places to fill.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct Template(pub Vec<Piece>);

/// A part of a template.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Piece {
    Literal(String),
    Slot(Value),
}

impl PartialEq for Template {
    /// Only for tests of sources, which hold templates: as they print.
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}
