//! Input screens: questions.

use super::{
    Translation, answer::Answer, draft::Verb, fields::Fields, journey::Theirs, texts::Scope,
};
use crate::import::Problem;

impl<'n> Translation<'n> {
    pub(super) fn input_screen(
        &mut self,
        name: &str,
        theirs: &Theirs<'n>,
        fields: &mut Fields<'n>,
    ) {
        let at = theirs.at;
        let scope = Scope::default();
        let text = self.text_of(fields, "text", &scope, |phrases| phrases.answer);
        let identifier = fields.take("input_identifier");
        let variable = identifier
            .and_then(|node| node.text())
            .unwrap_or(theirs.name);
        if identifier.is_none() {
            self.report(at, Problem::MissingKey("input_identifier"));
        }
        let (mut answer, message) = self.answer(variable, fields);
        self.secret(variable, &answer, identifier.map_or(at, |node| node.span));
        let error = fields.take("error_message");
        let wrong = match message.or(error) {
            Some(node) => self.text(node, &scope, |phrases| phrases.wrong),
            None => self.phrase(|phrases| phrases.wrong),
        };
        let options = fields.take("options");
        let count = options.and_then(|node| node.list()).map_or(0, <[_]>::len);
        if let Answer::Text { min, max, .. } = &mut answer
            && count > 0
        {
            // A text is longer than a key, so that no answer is one.
            *min = (*min).max(count.to_string().len() + 1);
            *max = (*max).max(*min);
        }
        let options =
            options.map_or_else(Vec::new, |node| self.options_of(name, node, Some(&answer)));
        let scope = Scope {
            answer: Some(variable.to_owned()),
            ..scope
        };
        let go = self.next(name, at, fields, &scope);
        let verb = Verb::Ask {
            text,
            of: answer.yaml(),
            into: self.values.ours(variable),
            wrong,
            go,
            options,
        };
        self.push(name, at, verb, false);
    }
}
