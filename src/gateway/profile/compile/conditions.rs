use std::sync::Arc;

use crate::model::source::{
    nearest,
    yaml::{Kind, Node},
};

use super::{
    super::{Comparison, Filter, Operand, Problem, Source, Test},
    entries::text,
    findings::Findings,
    grammar,
    scope::Scope,
    values,
};

/// Tests as compiled, and as their author wrote them.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    pub tests: Vec<Test>,
    pub written: String,
}

/// Reads a test, or a list of tests that must all pass.
pub(super) fn read(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Conditions> {
    let single = std::slice::from_ref(node);
    let nodes = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Scalar { .. } | Kind::Map(_) => single,
    };
    let tests: Vec<_> = nodes
        .iter()
        .map(|node| test(node, scope, findings))
        .collect();
    let written: Vec<_> = nodes.iter().filter_map(Node::text).collect();
    Some(Conditions {
        tests: tests.into_iter().collect::<Option<_>>()?,
        written: written.join(", "),
    })
}

fn test(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Test> {
    match grammar::test(text(node, findings)?) {
        Err(fault) => {
            values::fault(&fault, node, findings);
            None
        }
        Ok(grammar::Test::SessionNew) => Some(Test::SessionNew),
        Ok(grammar::Test::Compared(any, comparison)) => {
            let any: Vec<_> = any
                .iter()
                .map(|chain| values::compiled(chain, node, scope, findings))
                .collect();
            let comparison = compared(comparison, node, scope, findings);
            Some(Test::Compared {
                any: any.into_iter().collect::<Option<_>>()?,
                comparison: comparison?,
            })
        }
    }
}

fn compared(
    written: grammar::Comparison,
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Comparison> {
    let mut operands = |written: Vec<grammar::Operand>| {
        let read = written
            .into_iter()
            .map(|it| operand(it, node, scope, findings));
        read.collect::<Vec<_>>()
            .into_iter()
            .collect::<Option<Vec<_>>>()
    };
    match written {
        grammar::Comparison::Is(written) => operands(written).map(Comparison::Is),
        grammar::Comparison::IsNot(written) => operands(written).map(Comparison::IsNot),
        grammar::Comparison::Starts(written) => operands(written).map(Comparison::Starts),
        grammar::Comparison::Within(from, to) => Some(Comparison::Within(from, to)),
        grammar::Comparison::Matches(name) => {
            if let Some(Filter::Pattern(pattern)) = scope.book.filter(&name.text) {
                return Some(Comparison::Matches(Arc::clone(&pattern)));
            }
            let nearest = nearest(&name.text, scope.book.filters()).map(str::to_owned);
            let span = findings.part(node, name.at);
            let name = name.text;
            findings.add(span, &Problem::UnknownFilter { name, nearest });
            None
        }
    }
}

fn operand(
    written: grammar::Operand,
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Operand> {
    let grammar::Operand { text, quoted, at } = written;
    let operand = match text.as_str() {
        _ if quoted => Operand::Literal(text),
        "absent" => Operand::Absent,
        "present" => Operand::Present,
        "empty" => Operand::Empty,
        _ => match text.strip_prefix("setting.") {
            Some(name) => {
                let root = "setting".to_owned();
                let rest = Some(name.to_owned());
                let place = grammar::Place { root, rest, at };
                match scope.source(&place) {
                    Ok(Source::Setting(name)) => Operand::Setting(name),
                    Ok(_) => return None,
                    Err(problem) => {
                        let span = findings.part(node, place.at);
                        findings.add(span, &problem);
                        return None;
                    }
                }
            }
            None => Operand::Literal(text),
        },
    };
    Some(operand)
}
