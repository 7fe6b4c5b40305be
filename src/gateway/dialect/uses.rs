//! What the templates of a profile use.

use super::{
    Answer, Body, Element, Event, Exchange, Part, Piece, Profile, Setting, SettingDefault, Source,
    Template, Test, Tree, XmlNode,
};

/// Whether an answer, or the call that shows a screen, uses what a session's begin told.
pub(super) fn kept(profile: &Profile) -> bool {
    let is = |source: &Source| matches!(source, Source::Kept(_));
    let mut found = false;
    let mut see = |source: &Source| found |= is(source);
    for (_, answer) in &profile.replies.0 {
        in_answer(answer, &mut see);
    }
    if let Some(later) = &profile.later {
        in_exchange(later, &mut see);
    }
    found
}

/// Whether a begin is told from an input by what is known of the session alone.
pub(super) fn unsaid_begins(profile: &Profile) -> bool {
    let mut rules = profile.receive.iter().flat_map(|route| &route.rules);
    rules.any(|rule| {
        let new = |test| matches!(test, &Test::SessionNew);
        rule.outcome == Event::BeginOrInput || rule.tests.iter().any(new)
    })
}

/// The settings that a default uses.
pub(super) fn settings(setting: &Setting) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(SettingDefault::Text(template)) = &setting.default {
        in_template(template, &mut |source| {
            if let Source::Setting(name) = source {
                names.push(name.clone());
            }
        });
    }
    names
}

fn in_answer(answer: &Answer, see: &mut dyn FnMut(&Source)) {
    for (_, template) in &answer.headers {
        in_template(template, see);
    }
    in_body(&answer.body, see);
}

fn in_exchange(exchange: &Exchange, see: &mut dyn FnMut(&Source)) {
    let request = &exchange.request;
    let named = request.query.iter().chain(&request.headers);
    let templates = request
        .addresses
        .iter()
        .chain(named.map(|(_, template)| template));
    for template in templates {
        in_template(template, see);
    }
    for (_, part) in &request.parts {
        match part {
            Part::Text(template) => in_template(template, see),
            Part::Json(tree) => in_tree(tree, see),
        }
    }
    in_body(&request.body, see);
}

fn in_body(body: &Body, see: &mut dyn FnMut(&Source)) {
    match body {
        Body::Nothing => {}
        Body::Text(template) => in_template(template, see),
        Body::Form(fields) => {
            for (_, template) in fields {
                in_template(template, see);
            }
        }
        Body::Json(tree) | Body::Rpc { value: tree, .. } => in_tree(tree, see),
        Body::Xml(element) => in_element(element, see),
    }
}

fn in_tree(tree: &Tree, see: &mut dyn FnMut(&Source)) {
    match tree {
        Tree::Fixed(_) => {}
        Tree::Filled(template) => in_template(template, see),
        Tree::List(items) => items.iter().for_each(|item| in_tree(item, see)),
        Tree::Map(members) => members.iter().for_each(|(_, value)| in_tree(value, see)),
    }
}

fn in_element(element: &Element, see: &mut dyn FnMut(&Source)) {
    for (_, template) in &element.attributes {
        in_template(template, see);
    }
    for child in &element.children {
        match child {
            XmlNode::Element(element) => in_element(element, see),
            XmlNode::Text(template) => in_template(template, see),
        }
    }
}

fn in_template(template: &Template, see: &mut dyn FnMut(&Source)) {
    for piece in &template.0 {
        let Piece::Slot(value) = piece else { continue };
        for chain in &value.0 {
            see(&chain.source);
            if let Source::Template(inner) = &chain.source {
                in_template(inner, see);
            }
        }
    }
}
