//! What the templates of a profile use.

use std::collections::BTreeSet;

use super::{
    Addresses, Answer, Auth, Body, Chain, Comparison, Element, Event, Exchange, Filter, FirstText,
    Operand, OutRequest, Part, Piece, Profile, Route, Setting, SettingDefault, Source, Template,
    Test, Tree, XmlNode,
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

/// Whether a call shows who sends.
pub(super) fn sender(request: &OutRequest) -> bool {
    let mut found = false;
    in_call(request, &mut |source| {
        found |= matches!(source, Source::From);
    });
    found
}

/// Whether the name of a field is a setting's to say.
pub(super) fn calls_by_settings(profile: &Profile) -> bool {
    let mut found = false;
    let mut see = |source: &Source| found |= matches!(source, Source::Called(_));
    in_caller(profile, &mut see);
    let routes = profile.receive.iter().chain(&profile.reports);
    routes.for_each(|route| in_route(route, &mut see));
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

/// The settings that calls about SMS use.
pub(super) fn settings_of_sms(profile: &Profile) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut see = |source: &Source| note(source, &mut names);
    let exchanges = profile.send.iter().chain(&profile.poll);
    exchanges.for_each(|exchange| in_exchange(exchange, &mut see));
    names
}

/// The settings that are used elsewhere.
pub(super) fn settings_besides_sms(profile: &Profile) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut see = |source: &Source| note(source, &mut names);
    in_caller(profile, &mut see);
    if let FirstText::Setting(name) = &profile.session.first {
        see(&Source::Setting(name.clone()));
    }
    let routes = profile.receive.iter().chain(&profile.reports);
    routes.for_each(|route| in_route(route, &mut see));
    for (_, answer) in &profile.replies.0 {
        in_answer(answer, &mut see);
    }
    if let Some(later) = &profile.later {
        in_exchange(later, &mut see);
    }
    names
}

/// The settings that prove a caller.
pub(super) fn settings_of_proof(profile: &Profile) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut see = |source: &Source| note(source, &mut names);
    let caller = &profile.caller;
    let fields = caller.fields.iter().map(|(_, wanted)| wanted);
    let basic = caller
        .basic
        .iter()
        .flat_map(|(user, password)| [user, password]);
    let templates = fields.chain(basic).chain(&caller.twilio);
    templates.for_each(|template| in_template(template, &mut see));
    for piece in caller.fields.iter().flat_map(|(chain, wanted)| {
        let signed = wanted.0.iter().filter_map(|piece| match piece {
            Piece::Slot(value) => Some(&value.0),
            Piece::Literal(_) => None,
        });
        signed.flatten().chain([chain])
    }) {
        for filter in &piece.filters {
            if let Filter::Signature(signature) = filter
                && let Some(key) = &signature.key
            {
                in_template(key, &mut see);
            }
        }
    }
    names
}

fn note(source: &Source, names: &mut BTreeSet<String>) {
    if let Some(name) = of_setting(source) {
        names.insert(name.to_owned());
    }
}

/// The setting that a source is, or by which it is called.
fn of_setting(source: &Source) -> Option<&str> {
    if let Source::Setting(name) = source {
        return Some(name);
    }
    let Source::Called(field) = source else {
        return None;
    };
    let (Source::Query(name) | Source::Form(name) | Source::Param(name) | Source::Header(name)) =
        field.as_ref()
    else {
        return None;
    };
    Some(name)
}

fn in_caller(profile: &Profile, see: &mut dyn FnMut(&Source)) {
    let caller = &profile.caller;
    for (chain, template) in &caller.fields {
        in_chain(chain, see);
        in_template(template, see);
    }
    let basic = caller
        .basic
        .iter()
        .flat_map(|(user, password)| [user, password]);
    let templates = basic.chain(&caller.twilio).chain(&profile.country);
    templates.for_each(|template| in_template(template, see));
    if let Some(Addresses::Setting(name)) = &caller.addresses {
        see(&Source::Setting(name.clone()));
    }
}

fn in_route(route: &Route, see: &mut dyn FnMut(&Source)) {
    let own = route.event_reads.iter().flat_map(|(_, reads)| reads);
    let values = route.reads.iter().chain(own).map(|read| &read.value);
    values
        .flat_map(|value| &value.0)
        .for_each(|chain| in_chain(chain, see));
    let tests = route.rules.iter().flat_map(|rule| &rule.tests);
    tests.for_each(|test| in_test(test, see));
}

fn in_test(test: &Test, see: &mut dyn FnMut(&Source)) {
    let Test::Compared { any, comparison } = test else {
        return;
    };
    for chain in any {
        in_chain(chain, see);
    }
    let operands = match comparison {
        Comparison::Is(operands) | Comparison::IsNot(operands) | Comparison::Starts(operands) => {
            operands.as_slice()
        }
        Comparison::Within(..) | Comparison::Matches(_) => &[],
    };
    for operand in operands {
        if let Operand::Setting(name) = operand {
            see(&Source::Setting(name.clone()));
        }
    }
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
    in_call(&exchange.request, see);
    let values = exchange.values.iter().flat_map(|read| &read.value.0);
    values.for_each(|chain| in_chain(chain, see));
    let rules = exchange.rules.iter().flat_map(|rule| &rule.tests);
    exchange
        .when
        .iter()
        .chain(rules)
        .for_each(|test| in_test(test, see));
}

fn in_call(request: &OutRequest, see: &mut dyn FnMut(&Source)) {
    let named = request.query.iter().chain(&request.headers);
    let templates = request
        .addresses
        .iter()
        .chain(named.map(|(_, template)| template));
    templates.for_each(|template| in_template(template, see));
    match &request.auth {
        Some(Auth::Basic(user, password)) => {
            in_template(user, see);
            in_template(password, see);
        }
        Some(Auth::Bearer(token)) => in_template(token, see),
        Some(Auth::OAuth2(token)) => in_call(&token.request, see),
        None => {}
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
        if let Piece::Slot(value) = piece {
            value.0.iter().for_each(|chain| in_chain(chain, see));
        }
    }
}

fn in_chain(chain: &Chain, see: &mut dyn FnMut(&Source)) {
    see(&chain.source);
    if let Source::Template(inner) = &chain.source {
        in_template(inner, see);
    }
    for filter in &chain.filters {
        if let Filter::SettingMap(name) | Filter::Chosen(name, _) = filter {
            see(&Source::Setting(name.clone()));
        }
        if let Filter::Signature(signature) = filter {
            signature.key.iter().for_each(|key| in_template(key, see));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{
        gateway::profile::{Account, Given, Profile, SettingValue},
        model::source::Source,
    };

    fn account(profile: &str, given: &[&str]) -> Result<Account, Vec<String>> {
        let sources = [Source {
            name: "gateways/a.yaml".into(),
            text: profile.into(),
        }];
        let compiled = Profile::compile(&sources);
        assert!(compiled.reports.is_empty(), "{:?}", compiled.reports);
        let profile = compiled.profiles.into_iter().next().unwrap();
        let settings = given.iter().map(|name| {
            let value = SettingValue::Text("x".to_owned());
            ((*name).to_owned(), value)
        });
        let given = Given {
            name: "a".into(),
            settings: settings.collect(),
            ..Given::default()
        };
        let told = |errors: Vec<_>| errors.iter().map(ToString::to_string).collect();
        Account::new(Arc::new(profile), given).map_err(told)
    }

    #[test]
    fn an_account_for_dialogues_alone_needs_no_settings_of_sms() {
        let profile = include_str!("../../../gateways/africastalking.yaml");
        assert!(!account(profile, &[]).unwrap().sends());
        assert!(account(profile, &["username", "api_key"]).unwrap().sends());
        let lacks = ["the gateway a needs the setting `api_key`"];
        assert_eq!(account(profile, &["username"]).unwrap_err(), lacks);
    }

    #[test]
    fn what_proves_the_aggregator_or_stands_in_a_screen_is_always_needed() {
        let signed = include_str!("../../../gateways/twilio.yaml");
        assert_eq!(account(signed, &[]).unwrap_err().len(), 2);
        let proved = include_str!("../../../gateways/airtel_flares.yaml");
        assert_eq!(account(proved, &[]).unwrap_err().len(), 2);
        let later = include_str!("../../../gateways/integrat_higate.yaml");
        assert_eq!(account(later, &[]).unwrap_err().len(), 3);
        let signature = include_str!("../../../gateways/ega_sms.yaml");
        assert_eq!(account(signature, &["url"]).unwrap_err().len(), 5);
    }
}
