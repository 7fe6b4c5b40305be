//! XML that grows, place by place.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::gateway::profile::{XmlName, XmlStep, markup};

/// An element that grows.
#[derive(Default)]
pub(super) struct Tree {
    name: String,
    namespace: Option<String>,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Tree>,
    text: String,
}

impl Tree {
    pub(super) fn put(&mut self, steps: &[XmlStep], text: &str) {
        match steps {
            [] => text.clone_into(&mut self.text),
            [XmlStep::Attribute(name), ..] => {
                self.attributes.retain(|(known, _)| known != name);
                self.attributes.push((name.clone(), text.to_owned()));
            }
            [XmlStep::Element(name), XmlStep::Index(index), rest @ ..] => {
                self.with_child(name, (|_| true, *index), |child| child.put(rest, text));
            }
            [
                XmlStep::Element(name),
                XmlStep::Where(part, wanted),
                rest @ ..,
            ] => {
                let part = std::slice::from_ref(part.as_ref());
                let fits = |child: &Self| child.has(part, wanted);
                self.with_child(name, (fits, 0), |child| {
                    child.put(part, wanted);
                    child.put(rest, text);
                });
            }
            [XmlStep::Element(name), rest @ ..] => {
                self.with_child(name, (|_| true, 0), |child| child.put(rest, text));
            }
            [XmlStep::Index(_) | XmlStep::Where(..), rest @ ..] => self.put(rest, text),
        }
    }

    fn has(&self, part: &[XmlStep], wanted: &str) -> bool {
        match part {
            [XmlStep::Attribute(name)] => {
                let mut attributes = self.attributes.iter();
                attributes.any(|(known, value)| known == name && value == wanted)
            }
            [XmlStep::Element(name)] => {
                let mut children = self.children.iter();
                children.any(|child| child.name == name.local && child.text == wanted)
            }
            _ => false,
        }
    }

    /// Changes the child of that number among those of a name that fit; they are made as far as they are missing.
    fn with_child(
        &mut self,
        name: &XmlName,
        (fits, number): (impl Fn(&Self) -> bool, usize),
        change: impl FnOnce(&mut Self),
    ) {
        let is = |child: &Self| child.name == name.local && fits(child);
        let known = self.children.iter().filter(|child| is(child)).count();
        if known > number {
            let mut fitting = self.children.iter_mut().filter(|child| is(child));
            if let Some(child) = fitting.nth(number) {
                change(child);
            }
            return;
        }
        let new = || Self {
            name: name.local.clone(),
            namespace: name.namespace.clone(),
            ..Self::default()
        };
        self.children.extend((known..number).map(|_| new()));
        let mut child = new();
        change(&mut child);
        self.children.push(child);
    }

    pub(super) fn write(&self, around: Option<&str>) -> String {
        let namespace = self.namespace.as_deref().or(around);
        let mut attributes = String::new();
        if let Some(namespace) = namespace.filter(|_| namespace != around) {
            // Writing to a String cannot fail.
            _ = write!(attributes, " xmlns=\"{}\"", escape(namespace));
        }
        for (name, value) in &self.attributes {
            _ = write!(attributes, " {name}=\"{}\"", escape(value.as_str()));
        }
        let children = self.children.iter().map(|child| child.write(namespace));
        let content = markup::text(&self.text) + &children.collect::<String>();
        markup::element(&self.name, &attributes, &content)
    }
}
