//! Requests: each becomes a call of `calls.yaml`, and the screen that makes it.

use super::{
    Translation, Wanted,
    draft::{Call, Verb},
    fields::Fields,
    journey::Theirs,
    outcomes::outcomes_of,
    request::Draft,
};
use crate::{
    import::{
        Problem,
        yaml::{Entry, Yaml},
    },
    model::source::yaml::Node,
};

impl<'n> Translation<'n> {
    pub(super) fn http_screen(
        &mut self,
        name: &str,
        theirs: &Theirs<'n>,
        fields: &mut Fields<'n>,
        wanted: &Wanted,
    ) {
        let key = fields.take("session_key");
        let request = fields.take("http_request");
        if let Some(node) = fields.take("synchronous")
            && node
                .text()
                .is_some_and(|text| text.eq_ignore_ascii_case("true"))
        {
            self.report(node.span, Problem::NotAwaited);
        }
        let mut draft = Draft::default();
        let entries = match request {
            Some(request) => self.request(request, &mut draft),
            None => Err("it has no `http_request`".to_owned()),
        };
        let entries = match entries {
            Ok(entries) => entries,
            Err(why) => {
                _ = fields.take("next_screen");
                _ = fields.take("default_next_screen");
                let at = fields.at_key("http_request");
                return self.lost(name, theirs.at, (Problem::NoCall(why), at));
            }
        };
        let key = key.and_then(Node::text).unwrap_or(theirs.name);
        let on = self.outcomes(name, theirs, key, fields);
        let call = self.call_names.fresh(name);
        let call = format!("{}.{call}", wanted.set);
        let gives = self.values.gives(key).is_some();
        let verb = Verb::Call {
            call: call.clone(),
            with: draft
                .takes
                .iter()
                .map(|(_, _, from)| from.clone())
                .collect(),
            into: gives.then(|| self.values.ours(key)),
            on: on.clone(),
        };
        self.push(name, theirs.at, verb, false);
        let mut entries = draft.take(entries);
        entries.push(outcomes_of(&on));
        entries.extend(self.gives(key));
        self.calls.push(Call {
            name: call,
            at: theirs.at,
            comments: draft.about_secrets(),
            entries,
        });
    }

    /// What the call gives.
    fn gives(&self, key: &str) -> Option<Entry> {
        let (list, fields) = self.values.gives(key)?;
        let fields = fields.iter().map(|field| {
            let of = if field.number {
                Entry::word("number", "9")
            } else {
                Entry::word("text", "40")
            };
            let at = field.at();
            let at = (at != field.ours).then(|| Entry::new("at", place(&at)));
            Entry::new(
                &field.ours,
                Yaml::Short([of].into_iter().chain(at).collect()),
            )
        });
        let record = Entry::new(record(&self.values.ours(key)), Yaml::Long(fields.collect()));
        let list = list.map(|at| Entry::new("list", place(&at)));
        Some(Entry::new(
            "gives",
            Yaml::Long(list.into_iter().chain([record]).collect()),
        ))
    }
}

/// A record must not have the name of a type or of a record of the program's own.
fn record(ours: &str) -> String {
    let taken = [
        "text",
        "number",
        "digits",
        "date",
        "phone",
        "pin",
        "amount",
        "word",
        "cover",
        "quote",
        "bill",
        "payment",
        "list",
        "member_number",
        "control_number",
    ];
    if taken.contains(&ours) {
        format!("{ours}_answer")
    } else {
        ours.to_owned()
    }
}

/// A place in an answer, in quotes where it is more than names.
fn place(at: &str) -> Yaml {
    if at.contains('[') || at == "." {
        Yaml::Quoted(at.to_owned())
    } else {
        Yaml::Word(at.to_owned())
    }
}
