use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::position::Seen;
use crate::{
    dialogue::State,
    model::{DialogueId, EffectKey, MenusName, accumulated::Mark},
    session::LineKey,
    store::Sealer,
};

/// What is kept of a caller between turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// The menus that the dialogue began with.
    pub(super) menus: MenusName,
    /// The dialogue.
    #[serde(with = "sixteen_bytes")]
    pub(super) dialogue: DialogueId,
    /// Its last turn, from 0.
    pub(super) turn: u32,
    /// Mark of the aggregator's session id.
    pub(super) session: Mark,
    /// Mark of the session that this one took the line from: what still comes from there is stale.
    pub(super) previous: Option<Mark>,
    /// The position of the last turn.
    pub(super) seen: Seen,
    /// When the last turn came: a repeat is rendered as of then. Milliseconds since 1970.
    pub(super) at: i64,
    /// For how many milliseconds the last turn ran until its reply.
    pub(super) took: u32,
    /// Whether the dialogue is over.
    pub(super) over: bool,
    /// The switch of its service that ended it in place of its last turn.
    pub(super) off_by: Option<u64>,
    /// The turn and ask that opened a late answer, until the caller goes on from it.
    pub(super) unread: Option<(u32, u8)>,
    /// The ask that runs, counted from 0 in its turn.
    pub(super) asking: Option<u8>,
    /// Where the dialogue is.
    pub(super) state: State,
}

impl Line {
    /// The line as it is kept, sealed for its key alone: who reads the sessions learns nothing of a
    /// caller, and who writes them cannot give one caller another's line.
    pub(super) fn encode(&self, sealer: &Sealer, key: LineKey) -> Vec<u8> {
        // Our own structs have no failure here; an empty line would read as none.
        let clear = postcard::to_stdvec(self).unwrap_or_default();
        sealer.seal_bound(&bound(key), &clear).unwrap_or_default()
    }

    /// A line that cannot be opened, or of another version of nyota, reads as none: its caller
    /// starts again.
    pub(super) fn decode(bytes: &[u8], sealer: &Sealer, key: LineKey) -> Option<Self> {
        let clear = sealer.open_bound(&bound(key), bytes).ok()?;
        postcard::from_bytes(&clear).ok()
    }

    pub(super) fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.at).unwrap_or_default()
    }

    /// When the last turn was replied to.
    pub(super) fn replied_at(&self) -> DateTime<Utc> {
        self.at() + TimeDelta::milliseconds(self.took.into())
    }

    /// Its last turn is replied to at `now`.
    pub(super) fn replies(&mut self, now: DateTime<Utc>) {
        let took = now.signed_duration_since(self.at()).num_milliseconds();
        self.took = u32::try_from(took.max(0)).unwrap_or(u32::MAX);
    }

    pub(super) fn effect_key(&self, ask: u8) -> EffectKey {
        EffectKey {
            dialogue: self.dialogue,
            turn: self.turn,
            ask,
        }
    }
}

/// What a line is sealed for.
fn bound(key: LineKey) -> Vec<u8> {
    [b"session.line ".as_slice(), &key.0].concat()
}

/// A dialogue's id as the bytes that it is: written as a number it would be longer.
mod sixteen_bytes {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::model::DialogueId;

    pub(super) fn serialize<S: Serializer>(
        dialogue: &DialogueId,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        dialogue.0.to_be_bytes().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<DialogueId, D::Error> {
        let bytes = <[u8; 16]>::deserialize(deserializer)?;
        Ok(DialogueId(u128::from_be_bytes(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};

    use super::*;
    use crate::{
        dialogue::{Greeting, Input, Outcome, Scene, Step, open, step},
        menu::{
            AnswerType, CheckOptions, MenuSet, OutcomeName, Target, Type, Value, Verb, compile,
            fixture::{end, menu, path, screen, set, texts, variable},
        },
        model::{Amount, Currency, Language, MemberNumber, PageSize, Position, source::Source},
        store::Keys,
    };

    const PIN: &str = "471147";

    fn sealer(fill: u8) -> Sealer {
        Sealer::new(&Keys::one(1, [fill; 32], [fill; 32]))
    }

    /// A question for a PIN, and one for a yes that hands it on.
    fn bank() -> MenuSet {
        let pin = Verb::Ask {
            text: texts("Namba ya siri"),
            answer: AnswerType::Digits {
                min: 4,
                max: 6,
                pattern: None,
                sensitive: true,
            },
            into: 0,
            wrong: texts("Tena."),
            tries: 2,
            exhausted: Target::Home,
            go: Target::Screen(1),
            options: Vec::new(),
        };
        let agree = Verb::Confirm {
            text: texts("Sahihi?"),
            key: "9".to_owned(),
            yes: Target::Open {
                menu: 1,
                arguments: vec![path("0")],
                into: Vec::new(),
                then: None,
            },
            no: Target::Back,
        };
        let secret = || vec![variable("pin", Type::Secret { longest: 6 })];
        let screens = vec![screen("pin", pin), screen("agree", agree)];
        let mut pay = menu("pay", secret(), vec![end("bye", "Kwaheri")]);
        pay.takes = 1;
        set(vec![menu("bank", secret(), screens), pay])
    }

    /// The set that is served, with or without forgetting.
    fn chf(forgets: bool) -> MenuSet {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/menus/chf");
        let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        let files = files.filter(|file| file.path().is_file());
        let sources = files.map(|file| Source {
            name: format!("chf/{}", file.file_name().to_str().unwrap()),
            text: std::fs::read_to_string(file.path()).unwrap(),
        });
        let sources: Vec<Source> = sources.collect();
        let mut set = compile(&sources, CheckOptions::default()).set.unwrap();
        for menu in set.menus.iter_mut().filter(|_| !forgets) {
            let all: std::sync::Arc<[u16]> = (0..).take(menu.variables.len()).collect();
            for screen in &mut menu.screens {
                screen.live = std::sync::Arc::clone(&all);
            }
        }
        set
    }

    /// The line of a member who reads what her renewal costs.
    fn renewing(set: &MenuSet) -> Line {
        let scene = Scene {
            now: DateTime::UNIX_EPOCH,
            page: PageSize::default(),
            banner: "",
        };
        let greeting = Greeting {
            language: Some(Language::SWAHILI),
            waiting: None,
        };
        let member = || Value::Member(MemberNumber::parse("400000042").unwrap());
        let day = |month| Value::Date(NaiveDate::from_ymd_opt(2026, month, 12).unwrap());
        let quote = Value::Record(vec![
            member(),
            Value::Text("Neema Mushi".to_owned()),
            Value::Number(4),
            Value::Amount(Amount::from_major(30_000, Currency::TZS)),
            day(3),
            day(11),
            day(2),
        ]);
        let outcome = |name, value| {
            let value = Some(value);
            Input::Outcome(Outcome::Call { name, value })
        };
        let (mut state, mut next) = open(set, &greeting, &scene);
        for input in [
            Input::Text("2".to_owned()),
            outcome(OutcomeName::Linked, member()),
            Input::Text("2".to_owned()),
            outcome(OutcomeName::Renewable, quote),
        ] {
            (state, next) = step(set, state, input, &scene);
        }
        assert!(matches!(next, Step::Show(page) if page.screen == "renewal.agree"));
        in_line(state)
    }

    #[test]
    fn a_line_in_the_middle_of_a_renewal_is_small() {
        let size = |forgets| {
            let line = renewing(&chf(forgets));
            let clear = postcard::to_stdvec(&line).unwrap().len();
            (clear, line.encode(&sealer(1), LineKey([1; 16])).len())
        };
        let ((clear, sealed), (everything, _)) = (size(true), size(false));
        assert!(clear <= everything);
        assert!(sealed <= 200, "{sealed} bytes, {clear} before it is sealed");
    }

    /// The line of a caller who has typed her PIN.
    fn line() -> Line {
        let set = bank();
        let scene = Scene {
            now: DateTime::UNIX_EPOCH,
            page: PageSize::default(),
            banner: "",
        };
        let greeting = Greeting {
            language: Some(Language::SWAHILI),
            waiting: None,
        };
        let (state, _) = open(&set, &greeting, &scene);
        let (state, next) = step(&set, state, Input::Text(PIN.to_owned()), &scene);
        assert!(matches!(next, Step::Show(page) if page.screen == "bank.agree"));
        in_line(state)
    }

    fn in_line(state: State) -> Line {
        Line {
            menus: MenusName {
                edition: "0".repeat(32),
                set: "chf".to_owned(),
            },
            dialogue: DialogueId(u128::MAX / 3),
            turn: 3,
            session: Mark::default(),
            previous: Some(Mark::default()),
            seen: Seen::of(
                &Position::Bare {
                    text: String::new(),
                },
                None,
                &|_| Mark::default(),
            ),
            at: 1_772_434_800_000,
            took: 12,
            over: false,
            off_by: None,
            unread: None,
            asking: None,
            state,
        }
    }

    fn holds(bytes: &[u8], text: &str) -> bool {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    }

    #[test]
    fn a_line_opens_with_its_own_key_only_and_shows_nothing_of_its_caller() {
        let (ours, key) = (sealer(1), LineKey([1; 16]));
        let line = line();
        let clear = postcard::to_stdvec(&line).unwrap();
        assert!(holds(&clear, PIN), "the secret is still needed");
        let sealed = line.encode(&ours, key);
        assert!(!holds(&sealed, PIN));
        assert_eq!(Line::decode(&sealed, &ours, key), Some(line));
        assert_eq!(Line::decode(&sealed, &ours, LineKey([2; 16])), None);
        assert_eq!(Line::decode(&sealed, &sealer(2), key), None);
        assert_eq!(Line::decode(&clear, &ours, key), None);
        assert_eq!(Line::decode(&[], &ours, key), None);
        assert_eq!(sealed.len(), clear.len() + 29);
    }
}
