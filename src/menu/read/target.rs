use super::{Reader, entries::Entries, template};
use crate::{
    menu::{
        problem::Problem,
        syntax::{Argument, Name, Target},
    },
    model::source::yaml::Node,
};

impl Reader<'_> {
    /// Where a map leads: its `go:`, or its `open:` and `with:`.
    pub(super) fn go(&mut self, entries: &mut Entries<'_>) -> Option<Target> {
        let go = entries.take("go");
        let open = self.open(entries);
        match (go, open) {
            (Some(_), Some(_)) => {
                self.report(entries.at, Problem::TwoTargets);
                None
            }
            (Some(node), None) => self.target(node),
            (None, Some(target)) => target,
            (None, None) => {
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
                _ => Target::Screen(Name {
                    text: text.to_owned(),
                    at: node.span,
                }),
            });
        }
        let mut entries = self.entries(node, "a target")?;
        let target = self.open(&mut entries);
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
        Some(
            menu.zip(arguments)
                .map(|(menu, arguments)| Target::Open { menu, arguments }),
        )
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
