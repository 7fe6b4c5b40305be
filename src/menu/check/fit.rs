//! Every screen fits a page and every SMS few parts: in every language, with the longest values, with
//! the longest note above and back and home below, and with room for the banner.

use super::{Draft, report, screens};
use crate::{
    menu::{
        CheckOptions, LanguageName, Menu, MessageKind, Path, Screen, Texts, Value, Verb, Words,
        page::{Note, PageSize, Values, View, late_question, pages, print, sentence},
        problem::{Found, Overlong, Problem},
        syntax::{self, Text, WORDS},
    },
    model::{
        gsm7::{self, Alphabet},
        source::Span,
    },
};

/// An SMS of more parts than this is refused.
const PARTS: usize = 3;

/// No screen is cut on it, so it shows a screen's whole length.
const ENDLESS: PageSize = PageSize {
    gsm7: usize::MAX / 4,
    ucs2: usize::MAX / 4,
};

pub(super) fn check(draft: &Draft<'_>, options: CheckOptions, problems: &mut Vec<Found>) {
    for (index, language) in draft.set.languages.iter().enumerate() {
        let mut fit = Fit {
            draft,
            options,
            index,
            language,
            problems,
        };
        fit.root();
        for (_, written, menu) in draft.menus() {
            fit.menu(written, menu);
        }
    }
}

/// The check of one language.
struct Fit<'a> {
    draft: &'a Draft<'a>,
    options: CheckOptions,
    index: usize,
    language: &'a LanguageName,
    problems: &'a mut Vec<Found>,
}

/// The longest value of each variable.
struct Widest(Vec<Value>);

impl Values for Widest {
    fn value(&self, path: Path) -> Option<&Value> {
        let value = self.0.get(usize::from(path.variable))?;
        match path.field {
            Some(field) => value.field(usize::from(field)),
            None => Some(value),
        }
    }
}

impl<'a> Fit<'a> {
    fn menu(&mut self, written: &syntax::Menu, menu: &Menu) {
        let values = menu.variables.iter().map(|variable| variable.of.widest());
        let values = Widest(values.collect());
        for (_, written, screen) in screens(written, menu) {
            if written.verb.is_none() {
                continue;
            }
            if let Some(text) = written.text() {
                self.screen(text, screen, &values);
            }
            if let (Some(text), Some(texts)) = (&written.sms, &screen.sms) {
                self.sms(text, texts, &values);
            }
            self.late_texts(written, screen, &values);
        }
    }

    fn screen(&mut self, text: &Text, screen: &Screen, values: &Widest) {
        let whole = self.pages(screen, values, ENDLESS).concat();
        let (whole, paged) = match &screen.verb {
            Verb::List { .. } => (format!("{whole}{}", self.more()), false),
            Verb::Show { paged, .. } => (whole, *paged),
            Verb::Menu { .. }
            | Verb::Ask { .. }
            | Verb::Confirm { .. }
            | Verb::End { .. }
            | Verb::Call { .. }
            | Verb::Language { .. } => (whole, false),
        };
        if !paged {
            self.page(&whole, text);
            return;
        }
        for page in self.pages(screen, values, self.options.page) {
            self.page(&page, text);
        }
    }

    fn pages(&self, screen: &Screen, values: &Widest, size: PageSize) -> Vec<String> {
        let note = match &screen.verb {
            Verb::Ask { .. } => Note::Wrong,
            Verb::End { .. } => Note::None,
            Verb::Menu { .. }
            | Verb::List { .. }
            | Verb::Confirm { .. }
            | Verb::Show { .. }
            | Verb::Call { .. }
            | Verb::Language { .. } => Note::ChooseAgain,
        };
        let view = View {
            set: &self.draft.set,
            screen,
            language: self.language.language,
            note,
            banner: self.options.banner,
            back: true,
            values,
        };
        pages(&view, size)
    }

    /// What a list of several pages shows besides its one row: a second digit of the row's number,
    /// and the key to the next page.
    fn more(&self) -> String {
        let word = self.words().map_or("", |words| &words.more);
        format!("0\n{} {word}", self.draft.set.keys.more)
    }

    fn words(&self) -> Option<&'a Words> {
        self.draft.set.words.get(self.index)
    }

    /// The root's own pages and messages.
    fn root(&mut self) {
        let set = &self.draft.set;
        let root = &self.draft.written.root;
        if let Some(ask) = &root.late_ask {
            let (language, banner) = (self.language.language, self.options.banner);
            let question = late_question(set, language, Note::Wrong, banner, ENDLESS);
            self.page(question.page(0), ask);
        }
        self.last_words();
        for kind in MessageKind::ALL {
            let place = MessageKind::ALL.iter().position(|known| *known == kind);
            let written = place.and_then(|index| root.messages.get(index)?.as_ref());
            if let (Some(written), Some(texts)) = (written, set.messages.get(kind)) {
                let fields = kind.record().fields.iter();
                let values = fields.map(|field| field.of.widest()).collect();
                self.sms(written, texts, &Widest(vec![Value::Record(values)]));
            }
        }
    }

    /// What the engine ends with by itself.
    fn last_words(&mut self) {
        let Some(words) = self.words() else {
            return;
        };
        for (name, word) in [
            ("busy", &words.busy),
            ("unavailable", &words.unavailable),
            ("wrong_number", &words.wrong_number),
        ] {
            let set = &self.draft.set;
            let (language, banner) = (self.language.language, self.options.banner);
            let page = sentence(set, language, word, banner, ENDLESS);
            let place = WORDS.iter().position(|known| *known == name);
            let words = &self.draft.written.root.words;
            if let Some(text) = place.and_then(|index| words.get(index)?.as_ref()) {
                self.page(page.page(0), text);
            }
        }
    }

    fn late_texts(&mut self, written: &syntax::Screen, screen: &Screen, values: &Widest) {
        let (Some(syntax::Verb::Call { sms, .. }), Verb::Call { on, .. }) =
            (&written.verb, &screen.verb)
        else {
            return;
        };
        for outcome in on {
            let text = sms
                .iter()
                .find(|(name, _)| name.text == outcome.name.as_str());
            if let (Some((_, text)), Some(texts)) = (text, &outcome.sms) {
                self.sms(text, texts, values);
            }
        }
    }

    /// Reports a page that is too long.
    fn page(&mut self, page: &str, text: &Text) {
        let cost = gsm7::cost(page);
        let limit = match cost.alphabet {
            Alphabet::Gsm7 => self.options.page.gsm7,
            Alphabet::Ucs2 => self.options.page.ucs2,
        };
        if cost.units > limit {
            let overlong = self.overlong(page, limit, 1, text);
            self.report(text, Problem::DoesNotFit(Box::new(overlong)));
        }
    }

    /// Reports an SMS of several parts.
    fn sms(&mut self, text: &Text, texts: &Texts, values: &Widest) {
        let Some(template) = texts.get(self.index) else {
            return;
        };
        let printed = print(template, self.language.language, values);
        let sms = format!("{}{printed}", self.options.banner);
        let parts = gsm7::parts(&sms);
        if parts <= 1 {
            return;
        }
        let limit = match gsm7::cost(&sms).alphabet {
            Alphabet::Gsm7 => gsm7::SMS_SEPTETS,
            Alphabet::Ucs2 => gsm7::SMS_UNITS,
        };
        let overlong = Box::new(self.overlong(&sms, limit, parts, text));
        let problem = if parts > PARTS {
            Problem::SmsTooLong(overlong)
        } else {
            Problem::SmsInParts(overlong)
        };
        self.report(text, problem);
    }

    fn overlong(&self, printed: &str, limit: usize, parts: usize, text: &Text) -> Overlong {
        let cost = gsm7::cost(printed);
        Overlong {
            units: cost.units,
            limit,
            parts,
            alphabet: cost.alphabet,
            forced_by: cost.forced_by,
            language: self.language.name.clone(),
            values: text.written(self.index).values().next().is_some(),
        }
    }

    fn report(&mut self, text: &Text, problem: Problem) {
        let at: Span = text.written(self.index).at;
        report(self.problems, at, problem);
    }
}
