//! Reads what menus say of ways beside keys: returns, shortcuts, direct dial, a dialogue resumed.

use super::{Reader, entries::Entries};
use crate::{
    menu::{
        problem::Problem,
        syntax::{Menu, Name, RESUME_WORDS, Resume, Root, TOO_MANY, Target, WORDS},
    },
    model::source::yaml::Node,
};

/// The longest that a dropped dialogue waits, in seconds.
const LONGEST_WAIT: u64 = 3600;

impl Reader<'_> {
    /// What a menu gives, its shortcuts, and what is left of a dialogue that was dropped in it.
    pub(super) fn ways(&mut self, entries: &mut Entries<'_>, menu: &mut Menu) {
        if let Some(node) = entries.take("gives") {
            menu.gives = self.takes(node);
        }
        if let Some(node) = entries.take("shortcuts") {
            menu.shortcuts = self.shortcuts(node);
        }
        if let Some(node) = entries.take("resume") {
            menu.resume = self.resume(node);
        }
    }

    fn shortcuts(&mut self, node: &Node) -> Vec<(Name, Name)> {
        let mut shortcuts = Vec::new();
        for (key, screen) in self.pairs(node).unwrap_or_default() {
            shortcuts.extend(self.key(key).zip(self.reference(screen)));
        }
        shortcuts
    }

    fn resume(&mut self, node: &Node) -> Option<Resume> {
        let mut entries = self.entries(node, "what is resumed")?;
        let within = self.require(&mut entries, "within");
        let within = within.and_then(|node| self.minutes(node));
        let keep = self.names(&mut entries, "keep");
        let ask_again = self.names(&mut entries, "ask_again");
        let forget = self.names(&mut entries, "forget");
        self.finish(&entries);
        Some(Resume {
            at: node.span,
            within: within?,
            keep,
            ask_again,
            forget,
        })
    }

    /// A time such as `10m` or `90s`, in seconds.
    fn minutes(&mut self, node: &Node) -> Option<u64> {
        let text = self.scalar(node)?;
        let seconds = match (text.strip_suffix('m'), text.strip_suffix('s')) {
            (Some(minutes), _) => minutes.parse::<u64>().ok().map(|it| it.saturating_mul(60)),
            (None, Some(seconds)) => seconds.parse().ok(),
            (None, None) => None,
        };
        let seconds = seconds.filter(|seconds| (1..=LONGEST_WAIT).contains(seconds));
        if seconds.is_none() {
            let problem = Problem::BadNumber("a time such as 10m or 90s, an hour at most");
            self.report(node.span, problem);
        }
        seconds
    }

    /// The names in a list; none where it is left out.
    fn names(&mut self, entries: &mut Entries<'_>, key: &'static str) -> Vec<Name> {
        let Some(node) = entries.take(key) else {
            return Vec::new();
        };
        self.list_of_names(node)
    }

    fn list_of_names(&mut self, node: &Node) -> Vec<Name> {
        let Some(items) = node.list() else {
            self.report(node.span, Problem::WrongShape("a list", node.describe()));
            return Vec::new();
        };
        let names = items.iter().map(|item| self.name(item));
        names.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// What keeps the values that a menu returns with, and where that leads. On a list or a
    /// question `as:` is its own, so there it stands in the target's map.
    pub(super) fn results(&mut self, entries: &mut Entries<'_>) -> (Vec<Name>, Option<Name>) {
        let own = ["list", "ask"].iter().any(|verb| entries.has(verb));
        let results = if own {
            Vec::new()
        } else {
            self.names(entries, "as")
        };
        let then = entries.take("then");
        (results, then.and_then(|node| self.reference(node)))
    }

    /// `return:`; the outer `None` where there is none.
    #[expect(clippy::option_option, reason = "absent and unreadable are two things")]
    pub(super) fn take_return(&mut self, entries: &mut Entries<'_>) -> Option<Option<Target>> {
        let node = entries.take("return")?;
        Some(self.returned(node))
    }

    fn returned(&mut self, node: &Node) -> Option<Target> {
        let mut values = Vec::new();
        for (name, value) in self.pairs(node)? {
            let value = self.argument(value);
            values.push(self.reference(name).zip(value));
        }
        Some(Target::Return {
            values: values.into_iter().collect::<Option<_>>()?,
            at: node.span,
        })
    }

    /// `direct: no`.
    pub(super) fn direct(&mut self, entries: &mut Entries<'_>) -> bool {
        let Some(node) = entries.take("direct") else {
            return true;
        };
        match self.scalar(node) {
            Some("no") => false,
            Some("yes") | None => true,
            Some(_) => {
                let problem = Problem::WrongShape("yes or no", "another word");
                self.report(node.span, problem);
                true
            }
        }
    }

    /// The words that every set has, those of the page that offers to go on, and those that may be
    /// left out.
    pub(super) fn words(&mut self, entries: &mut Entries<'_>, root: &mut Root) {
        root.words = WORDS.map(|_| None).into();
        root.resume_words = RESUME_WORDS.map(|_| None).into();
        let node = self.require(entries, "words");
        let Some(mut entries) = node.and_then(|node| self.entries(node, "the words")) else {
            return;
        };
        let resumes = RESUME_WORDS.iter().any(|key| entries.has(key));
        self.below("words", |reader| {
            let mut word = |key| reader.require_text(&mut entries, key);
            root.words = WORDS.map(&mut word).into();
            if resumes {
                root.resume_words = RESUME_WORDS.map(&mut word).into();
            }
            root.too_many = reader.take_text(&mut entries, TOO_MANY);
        });
        root.forgotten = self.below("words", |reader| {
            reader.take_text(&mut entries, "forgotten")
        });
        self.finish(&entries);
    }
}
