use super::{Reader, entries::Entries, template};
use crate::{
    menu::{
        problem::Problem,
        syntax::{Argument, Name, Target},
    },
    model::source::yaml::Node,
};

impl Reader<'_> {
    /// Where a map leads: its `go:`, its `return:`, or its `open:` and `with:`.
    pub(super) fn go(&mut self, entries: &mut Entries<'_>) -> Option<Target> {
        let go = entries.take("go").map(|node| self.target(node));
        let back = self.take_return(entries);
        let open = self.open(entries);
        let said: Vec<_> = [go, back, open].into_iter().flatten().collect();
        match said.as_slice() {
            [target] => target.clone(),
            [_, ..] => {
                self.report(entries.at, Problem::TwoTargets);
                None
            }
            [] => {
                self.report(entries.at, Problem::MissingKey("go", entries.of));
                None
            }
        }
    }

    /// A target that is written as a value: a screen, `back`, `home`, or `{open: …}`.
    pub(super) fn target(&mut self, node: &Node) -> Option<Target> {
        if let Some(text) = node.text() {
            return Some(match text {
                "back" => Target::Back,
                "home" => Target::Home,
                "return" => Target::Return {
                    values: Vec::new(),
                    at: node.span,
                },
                _ => Target::Screen(Name {
                    text: text.to_owned(),
                    at: node.span,
                }),
            });
        }
        let mut entries = self.entries(node, "a target")?;
        let target = self.take_return(&mut entries);
        let target = target.or_else(|| self.open(&mut entries));
        if target.is_none() {
            self.report(entries.at, Problem::MissingKey("open", entries.of));
        }
        self.finish(&entries);
        target?
    }

    /// A target that must be there.
    pub(super) fn require_target(
        &mut self,
        entries: &mut Entries<'_>,
        key: &'static str,
    ) -> Option<Target> {
        let node = self.require(entries, key)?;
        self.target(node)
    }

    /// `open:` and `with:`; the outer `None` where there is no `open:`.
    #[expect(clippy::option_option, reason = "absent and unreadable are two things")]
    fn open(&mut self, entries: &mut Entries<'_>) -> Option<Option<Target>> {
        let menu = entries.take("open")?;
        let arguments = self.arguments(entries);
        let menu = self.reference(menu);
        let (results, then) = self.results(entries);
        let opened = menu.zip(arguments);
        Some(opened.map(|(menu, arguments)| Target::Open {
            menu,
            arguments,
            results,
            then,
        }))
    }

    /// The values of `with:`; none where it is left out.
    pub(super) fn arguments(&mut self, entries: &mut Entries<'_>) -> Option<Vec<Argument>> {
        let Some(node) = entries.take("with") else {
            return Some(Vec::new());
        };
        let Some(items) = node.list() else {
            self.report(node.span, Problem::WrongShape("a list", node.describe()));
            return None;
        };
        let read: Vec<Option<Argument>> = items.iter().map(|item| self.argument(item)).collect();
        read.into_iter().collect()
    }

    /// A variable, or a field of one.
    pub(super) fn argument(&mut self, node: &Node) -> Option<Argument> {
        let text = self.scalar(node)?;
        let argument = template::argument(text, node.span);
        if argument.is_none() {
            self.report(node.span, Problem::BadName(text.to_owned()));
        }
        argument
    }
}
