use super::{Reader, entries::Entries};
use crate::{
    menu::{
        AnswerType, DayLimit, National, Pattern,
        problem::{Problem, Unknown},
        syntax::Alternative,
    },
    model::{Currency, NumberRule, source::yaml::Node},
};

/// The types that a question can be of.
const TYPES: [&str; 10] = [
    "member_number",
    "control_number",
    "number",
    "digits",
    "amount",
    "date",
    "phone",
    "choice",
    "pin",
    "text",
];

/// The digits of a PIN, where its question does not say.
const PIN: (u8, u8) = (4, 6);
/// The characters of a text, where its question does not say.
const TEXT: (i64, i64) = (1, 40);

/// A type of answer, and the texts of what there is to choose from.
type Answer = (AnswerType, Vec<Alternative>);

/// Bounds of a length or number, and what to say of one outside them.
struct Bounds {
    least: i64,
    most: i64,
    wanted: &'static str,
}

/// What digits and texts may say besides their length.
struct Further {
    pattern: Option<Pattern>,
    sensitive: bool,
}

/// Something is there that could not be read; it was reported.
struct Unread;

impl Reader<'_> {
    /// The type of a right answer.
    pub(super) fn answer(&mut self, node: &Node) -> Option<Answer> {
        if let Some(word) = node.text() {
            return self.answer_word(node, word).map(plain);
        }
        let mut entries = self.entries(node, "a type")?;
        let found: Vec<(&str, &Node)> = TYPES
            .into_iter()
            .filter_map(|name| entries.take(name).map(|node| (name, node)))
            .collect();
        self.finish(&entries);
        let [(name, inner)] = found.as_slice() else {
            let problem = Problem::WrongShape("one type", "none or several");
            self.report(node.span, problem);
            return None;
        };
        match *name {
            "number" => self.number_answer(inner).map(plain),
            "digits" => self.digits_answer(inner).map(plain),
            "amount" => self.amount_answer(inner).map(plain),
            "date" => self.date_answer(inner).map(plain),
            "phone" => self.phone_answer(inner).map(plain),
            "choice" => self.below("type", |reader| reader.choice_answer(inner)),
            "pin" => self.pin_answer(inner).map(plain),
            "text" => self.text_answer(inner).map(plain),
            _ => {
                let problem = Problem::WrongShape("the type's name alone", "a map");
                self.report(inner.span, problem);
                None
            }
        }
    }

    fn answer_word(&mut self, node: &Node, word: &str) -> Option<AnswerType> {
        let shape = match word {
            "member_number" => return Some(AnswerType::Member(NumberRule::default())),
            "control_number" => return Some(AnswerType::Control),
            "date" => {
                let (min, max) = (None, None);
                return Some(AnswerType::Date { min, max });
            }
            "phone" => return Some(AnswerType::Phone(National::default())),
            "pin" => return Some(pin(PIN)),
            "number" => "`{number: {min: 1, max: 9}}`",
            "digits" => "`{digits: {length: 4}}`",
            "amount" => "`{amount: {min: 1000, max: 50000}}`",
            "choice" => "`{choice: {\"1\": {is: yes, text: Ndiyo}, …}}`",
            "text" => "`{text: {max: 40}}`",
            other => {
                let unknown = Unknown::new(other, TYPES);
                self.report(node.span, Problem::UnknownType(unknown));
                return None;
            }
        };
        self.report(node.span, Problem::WrongShape(shape, "its name alone"));
        None
    }

    fn number_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "a number")?;
        let bounds = Bounds {
            least: 0,
            most: 999_999_999,
            wanted: "a whole number from 0 to 999999999",
        };
        let limits = self.limits(node, &mut entries, &bounds, None);
        self.finish(&entries);
        let (min, max) = limits?;
        Some(AnswerType::Number { min, max })
    }

    fn amount_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "an amount")?;
        let bounds = Bounds {
            least: 0,
            most: 99_999_999,
            wanted: "an amount from 0 to 99999999, in whole units",
        };
        let limits = self.limits(node, &mut entries, &bounds, None);
        let currency = match entries.take("currency") {
            Some(node) => self.currency(node),
            None => Some(Currency::TZS),
        };
        self.finish(&entries);
        let ((min, max), currency) = limits.zip(currency)?;
        Some(AnswerType::Amount { min, max, currency })
    }

    pub(super) fn currency(&mut self, node: &Node) -> Option<Currency> {
        let currency = Currency::parse(self.scalar(node)?);
        if currency.is_none() {
            let problem = Problem::WrongShape("a currency such as TZS", "another word");
            self.report(node.span, problem);
        }
        currency
    }

    fn digits_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "digits")?;
        let length = self.digits_length(node, &mut entries);
        let further = self.further(&mut entries);
        self.finish(&entries);
        let (min, max) = length?;
        let Further { pattern, sensitive } =
            self.fitting(node, further?, min.into(), max.into())?;
        Some(AnswerType::Digits {
            min,
            max,
            pattern,
            sensitive,
        })
    }

    /// `length`, or `min` and `max`.
    fn digits_length(&mut self, node: &Node, entries: &mut Entries<'_>) -> Option<(u8, u8)> {
        let bounds = Bounds {
            least: 1,
            most: 20,
            wanted: "a length from 1 to 20",
        };
        let both = entries.has("min") || entries.has("max");
        let (min, max) = if both && entries.take("length").is_none() {
            self.limits(node, entries, &bounds, None)?
        } else if both {
            let problem = Problem::WrongShape("`length`, or `min` and `max`", "all of them");
            self.report(node.span, problem);
            for key in ["min", "max"] {
                entries.take(key);
            }
            return None;
        } else {
            let length = self.require(entries, "length")?;
            let length = self.number(length, bounds.least, bounds.most, bounds.wanted)?;
            (length, length)
        };
        Some((u8::try_from(min).ok()?, u8::try_from(max).ok()?))
    }

    fn pin_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "a PIN")?;
        let bounds = Bounds {
            least: 3,
            most: 12,
            wanted: "a length from 3 to 12",
        };
        let limits = self.limits(node, &mut entries, &bounds, None);
        self.finish(&entries);
        let (min, max) = limits?;
        Some(pin((u8::try_from(min).ok()?, u8::try_from(max).ok()?)))
    }

    fn text_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "a text")?;
        let bounds = Bounds {
            least: 1,
            most: 100,
            wanted: "a length from 1 to 100",
        };
        let limits = self.limits(node, &mut entries, &bounds, Some(TEXT));
        let further = self.further(&mut entries);
        self.finish(&entries);
        let (min, max) = limits?;
        let (min, max) = (usize::try_from(min).ok()?, usize::try_from(max).ok()?);
        let Further { pattern, sensitive } = self.fitting(node, further?, min, max)?;
        Some(AnswerType::Text {
            min,
            max,
            pattern,
            sensitive,
        })
    }

    fn date_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "a date")?;
        let min = self.optional(&mut entries, "min", Self::day);
        let max = self.optional(&mut entries, "max", Self::day);
        self.finish(&entries);
        let (min, max) = (min.ok()?, max.ok()?);
        if let (Some(first), Some(last)) = (min, max)
            && first.is_after(last)
        {
            self.report(node.span, Problem::BadNumber(MAX_BELOW_MIN));
            return None;
        }
        Some(AnswerType::Date { min, max })
    }

    fn day(&mut self, node: &Node) -> Option<DayLimit> {
        let written = self.scalar(node)?;
        let day = DayLimit::parse(written);
        if day.is_none() {
            self.report(node.span, Problem::BadDay(written.to_owned()));
        }
        day
    }

    fn phone_answer(&mut self, node: &Node) -> Option<AnswerType> {
        let mut entries = self.entries(node, "a phone")?;
        let mut national = National::default();
        if let Some(node) = entries.take("country") {
            national.country = self.country(node)?;
        }
        if let Some(node) = entries.take("digits") {
            let digits = self.number(node, 5, 12, "a number of digits from 5 to 12")?;
            national.digits = usize::try_from(digits).ok()?;
        }
        self.finish(&entries);
        Some(AnswerType::Phone(national))
    }

    fn country(&mut self, node: &Node) -> Option<String> {
        let code = self.scalar(node)?;
        let digits = code.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || code.starts_with('0') || !(1..=3).contains(&code.len()) {
            let problem = Problem::WrongShape("a calling code such as \"255\"", "another text");
            self.report(node.span, problem);
            return None;
        }
        Some(code.to_owned())
    }

    /// `min` and `max`; `default` stands for those that are left out, else they must be there.
    fn limits(
        &mut self,
        node: &Node,
        entries: &mut Entries<'_>,
        bounds: &Bounds,
        default: Option<(i64, i64)>,
    ) -> Option<(i64, i64)> {
        let min = self.limit(entries, "min", bounds, default.map(|(min, _)| min));
        let max = self.limit(entries, "max", bounds, default.map(|(_, max)| max));
        let (min, max) = min.zip(max)?;
        if min > max {
            self.report(node.span, Problem::BadNumber(MAX_BELOW_MIN));
            return None;
        }
        Some((min, max))
    }

    fn limit(
        &mut self,
        entries: &mut Entries<'_>,
        key: &'static str,
        bounds: &Bounds,
        default: Option<i64>,
    ) -> Option<i64> {
        if default.is_some() && !entries.has(key) {
            entries.take(key);
            return default;
        }
        let node = self.require(entries, key)?;
        self.number(node, bounds.least, bounds.most, bounds.wanted)
    }

    /// What digits and texts may say besides.
    fn further(&mut self, entries: &mut Entries<'_>) -> Option<Further> {
        let pattern = self.optional(entries, "pattern", Self::pattern);
        let sensitive = self.optional(entries, "sensitive", Self::flag);
        Some(Further {
            pattern: pattern.ok()?,
            sensitive: sensitive.ok()?.unwrap_or_default(),
        })
    }

    /// What may be left out, but not be wrong.
    fn optional<T>(
        &mut self,
        entries: &mut Entries<'_>,
        key: &'static str,
        read: fn(&mut Self, &Node) -> Option<T>,
    ) -> Result<Option<T>, Unread> {
        let node = entries.take(key);
        node.map(|node| read(self, node).ok_or(Unread)).transpose()
    }

    fn pattern(&mut self, node: &Node) -> Option<Pattern> {
        match Pattern::new(self.scalar(node)?) {
            Ok(pattern) => Some(pattern),
            Err(why) => {
                self.report(node.span, Problem::BadPattern(why.to_string()));
                None
            }
        }
    }

    /// The same, where some answer of such a length can match the pattern.
    fn fitting(
        &mut self,
        node: &Node,
        further: Further,
        min: usize,
        max: usize,
    ) -> Option<Further> {
        if let Some(pattern) = &further.pattern
            && pattern.excludes(min, max)
        {
            self.report(node.span, Problem::NoAnswerFits(min, max));
            return None;
        }
        Some(further)
    }
}

const MAX_BELOW_MIN: &str = "a `max` that is not below `min`";

fn plain(answer: AnswerType) -> Answer {
    (answer, Vec::new())
}

fn pin((min, max): (u8, u8)) -> AnswerType {
    AnswerType::Digits {
        min,
        max,
        pattern: None,
        sensitive: true,
    }
}
