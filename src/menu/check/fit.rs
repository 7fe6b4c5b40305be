//! Every screen fits a page and every SMS few parts: in every language, with the longest values, with
//! the longest note above and back and home below, and with room for the banner.

use super::{Draft, report, screens};
use crate::{
    menu::{
        CheckOptions, LanguageName, Menu, MenuSet, MessageKind, Part, Path, Screen, Template,
        Texts, Value, Verb, Words,
        page::{
            Note, PageSize, Shown, Values, View, late_question, pages, print, resume_question,
            sentence,
        },
        problem::{Found, Overlong, Problem},
        syntax::{self, TOO_MANY, Text},
    },
    model::gsm7::{self, Alphabet},
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

/// The longest value of each variable. The settings of a draft have their longest already.
pub(super) struct Widest<'a> {
    set: &'a MenuSet,
    values: Vec<Value>,
}

impl<'a> Widest<'a> {
    /// Of a menu of `set`.
    pub(super) fn of(set: &'a MenuSet, menu: &Menu) -> Self {
        let values = menu.variables.iter();
        let values = values.map(|variable| variable.of.widest(set.numbers));
        Self {
            set,
            values: values.collect(),
        }
    }
}

impl Values for Widest<'_> {
    fn value(&self, path: Path) -> Option<&Value> {
        if path.setting().is_some() {
            return self.set.setting(path);
        }
        let value = self.values.get(usize::from(path.variable))?;
        match path.field {
            Some(field) => value.field(usize::from(field)),
            None => Some(value),
        }
    }
}

impl<'a> Fit<'a> {
    fn menu(&mut self, written: &syntax::Menu, menu: &Menu) {
        let values = Widest::of(&self.draft.set, menu);
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

    fn screen(&mut self, text: &Text, screen: &Screen, values: &Widest<'_>) {
        let mut whole = self.pages(screen, values, ENDLESS).concat();
        if let Verb::List { .. } = &screen.verb {
            whole.push_str(&self.more());
        }
        let subject = Subject {
            text,
            clippable: self.clippable(screen, values),
            pageable: matches!(screen.verb, Verb::Show { .. }),
        };
        if !matches!(screen.verb, Verb::Show { paged: true, .. }) {
            self.page(&whole, &subject);
            return;
        }
        for page in self.pages(screen, values, self.options.page) {
            self.page(&page, &subject);
        }
    }

    /// Whether one of the texts on the screen itself could be given a width.
    fn clippable(&self, screen: &Screen, values: &Widest<'_>) -> bool {
        let shown = match &screen.verb {
            Verb::List { text, row, .. } => vec![text, row],
            Verb::Menu { text, .. }
            | Verb::Ask { text, .. }
            | Verb::Confirm { text, .. }
            | Verb::Show { text, .. }
            | Verb::End { text }
            | Verb::Language { text, .. } => vec![text],
            Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. } => Vec::new(),
        };
        let mut shown = shown.into_iter().filter_map(|texts| texts.get(self.index));
        shown.any(|template| has_unclipped(template, values))
    }

    fn pages(&self, screen: &Screen, values: &Widest<'_>, size: PageSize) -> Vec<String> {
        let note = match &screen.verb {
            Verb::Ask { .. } => Note::Wrong,
            Verb::End { .. } => Note::None,
            Verb::Menu { .. }
            | Verb::List { .. }
            | Verb::Confirm { .. }
            | Verb::Show { .. }
            | Verb::Call { .. }
            | Verb::Language { .. }
            | Verb::Route { .. }
            | Verb::Set { .. } => Note::ChooseAgain,
        };
        let view = View {
            set: &self.draft.set,
            screen,
            language: self.language.language,
            note,
            banner: self.options.banner,
            back: true,
            values,
            shown: Shown::All,
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
            self.page(question.page(0), &Subject::plain(ask));
        }
        if let Some(Some(ask)) = root.resume_words.first() {
            let (language, banner) = (self.language.language, self.options.banner);
            let question = resume_question(set, language, Note::ChooseAgain, banner, ENDLESS);
            self.page(question.page(0), &Subject::plain(ask));
        }
        self.last_words();
        for kind in MessageKind::ALL {
            let place = MessageKind::ALL.iter().position(|known| *known == kind);
            let written = place.and_then(|index| root.messages.get(index)?.as_ref());
            if let (Some(written), Some(texts)) = (written, set.messages.get(kind)) {
                let fields = kind.record().fields.iter();
                let values = fields.map(|field| field.of.widest(set.numbers)).collect();
                let values = vec![Value::Record(values)];
                self.sms(written, texts, &Widest { set, values });
            }
        }
    }

    /// What the engine ends with by itself.
    fn last_words(&mut self) {
        let Some(words) = self.words() else {
            return;
        };
        let written = self.draft.written;
        if let (Some(word), Some(text)) = (&words.forgotten, &written.root.forgotten) {
            let (set, banner) = (&self.draft.set, self.options.banner);
            let page = sentence(set, self.language.language, word, banner, ENDLESS);
            self.page(page.page(0), &Subject::plain(text));
        }
        for (name, word) in [
            ("busy", &words.busy),
            ("unavailable", &words.unavailable),
            ("wrong_number", &words.wrong_number),
            (TOO_MANY, &words.too_many),
        ] {
            let set = &self.draft.set;
            let (language, banner) = (self.language.language, self.options.banner);
            let page = sentence(set, language, word, banner, ENDLESS);
            if let Some(text) = self.draft.written.root.word(name) {
                self.page(page.page(0), &Subject::plain(text));
            }
        }
    }

    fn late_texts(&mut self, written: &syntax::Screen, screen: &Screen, values: &Widest<'_>) {
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
    fn page(&mut self, page: &str, subject: &Subject<'_>) {
        let limit = match gsm7::cost(page).alphabet {
            Alphabet::Gsm7 => self.options.page.gsm7,
            Alphabet::Ucs2 => self.options.page.ucs2,
        };
        let overlong = self.measure(page, limit, subject);
        if overlong.units > limit {
            self.report(subject.text, Problem::DoesNotFit(Box::new(overlong)));
        }
    }

    /// Reports an SMS of several parts.
    fn sms(&mut self, text: &Text, texts: &Texts, values: &Widest<'_>) {
        let Some(template) = texts.get(self.index) else {
            return;
        };
        let printed = print(template, self.language.language, values);
        let sms = format!("{}{printed}", self.options.banner);
        let limit = match gsm7::cost(&sms).alphabet {
            Alphabet::Gsm7 => gsm7::SMS_SEPTETS,
            Alphabet::Ucs2 => gsm7::SMS_UNITS,
        };
        let overlong = Overlong {
            parts: gsm7::parts(&sms),
            ..self.measure(&sms, limit, &Subject::plain(text))
        };
        match overlong.parts {
            0 | 1 => {}
            2..=PARTS => self.report(text, Problem::SmsInParts(Box::new(overlong))),
            _ => self.report(text, Problem::SmsTooLong(Box::new(overlong))),
        }
    }

    fn measure(&self, printed: &str, limit: usize, subject: &Subject<'_>) -> Overlong {
        let cost = gsm7::cost(printed);
        let written = subject.text.written(self.index);
        Overlong {
            units: cost.units,
            limit,
            parts: 1,
            alphabet: cost.alphabet,
            forced_by: cost.forced_by,
            language: self.language.name.clone(),
            values: written.values().next().is_some(),
            clippable: subject.clippable,
            pageable: subject.pageable,
        }
    }

    fn report(&mut self, text: &Text, problem: Problem) {
        report(self.problems, text.written(self.index).at, problem);
    }
}

/// What is measured, and what could make it shorter.
struct Subject<'a> {
    text: &'a Text,
    clippable: bool,
    pageable: bool,
}

impl<'a> Subject<'a> {
    fn plain(text: &'a Text) -> Self {
        Self {
            text,
            clippable: false,
            pageable: false,
        }
    }
}

/// Whether a text value stands in a text at its type's full length.
fn has_unclipped(template: &Template, values: &Widest<'_>) -> bool {
    template.parts.iter().any(|part| match part {
        Part::Literal(_) | Part::Word { .. } | Part::Value { width: None, .. } => false,
        Part::Value {
            path,
            width: Some(width),
        } => matches!(values.value(*path), Some(Value::Text(text)) if text.len() <= *width),
    })
}

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::{compiled, found_in, root, words_of};

    /// The first problem's report of a root with these screens.
    fn report(screens: &str) -> (String, String, String) {
        let problems = compiled(&[root(screens)]).problems;
        let report = problems.first().unwrap().report();
        (report.message, report.label, report.help)
    }

    /// An end screen of so many characters; the banner's five come on top.
    fn end(length: usize) -> String {
        format!("  main: {{end: {}}}\n", words_of(length))
    }

    #[test]
    fn room_is_kept_for_the_banner() {
        assert_eq!(found_in(&end(155)), []);
        let (message, label, _) = report(&end(156));
        assert_eq!(message, "screen does not fit: 161 of 160 characters");
        assert_eq!(label, "in Kiswahili");
    }

    #[test]
    fn the_character_that_forces_the_wide_alphabet_is_named() {
        let screens = format!("  main: {{end: {}ç}}\n", "m".repeat(65));
        let (message, label, help) = report(&screens);
        assert_eq!(message, "screen does not fit: 71 of 70 characters");
        assert_eq!(label, "in Kiswahili, in the wide alphabet");
        assert_eq!(
            help,
            "replace `ç`: it forces pages of 70 characters, or shorten it"
        );
    }

    #[test]
    fn a_name_without_a_width_is_what_could_be_shorter() {
        let screens = |name: &str| {
            format!(
                "  main: {{ask: Namba?, type: member_number, as: member, wrong: Tena., go: find}}
  find:
    call: scheme.quote
    with: [member]
    as: quote
    on: {{renewable: told, lapsed: told, unpaid: told, early: told, suspended: no, nobody: no, limited: no, slow: no, down: no}}
  told: {{show: \"{} {name}\", sms: Habari}}
  no: {{end: Hapana, sms: Hapana}}\n",
                words_of(92)
            )
        };
        assert_eq!(found_in(&screens("{quote.name:12}")), []);
        let (message, label, help) = report(&screens("{quote.name}"));
        assert_eq!(message, "screen does not fit: 161 of 160 characters");
        assert_eq!(label, "in Kiswahili, with the longest values");
        assert_eq!(
            help,
            "shorten it, give a name a width as in `{cover.first_name:12}`, or let it run over pages with `paged: true`"
        );
    }

    #[test]
    fn a_screen_keeps_room_for_back_home_and_the_note() {
        // DEMO, Tena. and the line of keys: 5 + 6 + 17.
        let screens = |length: usize| format!("  main: {{show: {}}}\n", words_of(length));
        assert_eq!(found_in(&screens(132)), []);
        assert_eq!(found_in(&screens(133)).len(), 1);
    }

    #[test]
    fn information_may_run_over_pages_and_a_list_over_as_many_as_it_has_rows() {
        let words = "mmmm ".repeat(100);
        let screens = format!("  main: {{show: \"{words}\", paged: true}}\n");
        assert_eq!(found_in(&screens), []);
        let list = |row: usize| {
            format!(
                "  main: {{call: payment.bills, as: bills, on: {{found: pick, nothing: bye, down: bye}}}}
  pick: {{list: bills, as: bill, text: Chagua, row: \"{{bill.number}} {}\", go: bye}}
  bye: {{end: Kwaheri}}\n",
                words_of(row)
            )
        };
        // A row of that length is broken on a small screen; here it counts whether it fits a page.
        let codes = |row| found_in(&list(row)).into_iter().map(|(code, _)| code);
        assert!(codes(80).eq(["M103"]));
        assert!(codes(110).eq(["M014", "M103"]));
    }

    #[test]
    fn an_sms_of_two_or_three_parts_is_told_and_of_four_refused() {
        let message = |length: usize| {
            let screens = format!("  main: {{end: Habari, sms: {}}}\n", "m".repeat(length));
            let found = compiled(&[root(&screens)]).problems;
            found.first().map(|found| {
                let parts = found.report().message.chars().nth("SMS takes ".len());
                (found.problem.code(), parts.unwrap())
            })
        };
        let parts = [155, 156, 301, 302, 454, 455].map(message);
        let warned = |parts| Some(("M053", parts));
        let expected = [
            None,
            warned('2'),
            warned('2'),
            warned('3'),
            warned('3'),
            Some(("M052", '4')),
        ];
        assert_eq!(parts, expected);
    }
}
