use chrono::{DateTime, TimeDelta, Utc};

use super::{line::Line, position::newest};
use crate::model::{
    Call, DialogueId, Position, ServiceCode, Signal,
    accumulated::{Mark, Newest},
};

/// What a call means for a line.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// A dialogue begins.
    Begin,
    /// The caller typed this.
    Input(String),
    /// The last turn again: the same answer.
    Repeat,
    /// A turn before the last, late, or one whose place another turn took: nothing is stepped, the
    /// page is the one that stands.
    Older,
    /// A turn was lost, or the line is gone: it begins at the start, a path is never replayed.
    Gap,
    /// A turn of the dialogue that this one replaced, late: nothing is stepped.
    Stale,
    /// The dialogue is over on the aggregator's side.
    Over,
}

impl std::fmt::Debug for Event {
    /// Without the input, which may be a PIN.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Event {
    /// As the journal and the metrics name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Input(_) => "input",
            Self::Repeat => "repeat",
            Self::Older => "older",
            Self::Gap => "gap",
            Self::Stale => "stale",
            Self::Over => "over",
        }
    }
}

/// What `call` means for `line`, at `now`. Pure.
pub(super) fn event(
    call: &Call,
    line: Option<&Line>,
    now: DateTime<Utc>,
    mark: &dyn Fn(&str) -> Mark,
) -> Event {
    if matches!(
        call.signal,
        Signal::Abort | Signal::Timeout | Signal::Status | Signal::Ended
    ) {
        return Event::Over;
    }
    let session = mark(&call.caller.session);
    let signal = signal(call);
    if line.is_some_and(|line| line.previous == Some(session) && is_late(signal, line, now)) {
        return Event::Stale;
    }
    let known = line.filter(|line| line.session == session);
    match (signal, known) {
        (Signal::Begin | Signal::BeginOrInput, None) => Event::Begin,
        (_, None) => Event::Gap,
        (signal, Some(line)) => {
            let newest = newest(&call.position, line, now, mark);
            known_event(signal, newest, line, &call.position)
        }
    }
}

/// What a call says of itself. Where it does not tell a begin from an input, a whole service code is a
/// dial: nobody types one into a dialogue.
fn signal(call: &Call) -> Signal {
    let (Position::Bare { text } | Position::Identified { text, .. }) = &call.position else {
        return call.signal;
    };
    let unsaid = call.signal == Signal::BeginOrInput;
    if unsaid && ServiceCode::parse(text).is_ok() {
        Signal::Begin
    } else {
        call.signal
    }
}

/// The line that a turn began from: while it ran others may have gone on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Began {
    session: Mark,
    dialogue: DialogueId,
    /// The turn that this one would be, or is a copy of.
    turn: u32,
    /// Whether it was new then.
    typed: bool,
}

impl Began {
    /// `event` is what the turn's call meant for the line then.
    pub(super) fn from(line: &Line, event: &Event) -> Self {
        let typed = matches!(event, Event::Input(_));
        Self {
            session: line.session,
            dialogue: line.dialogue,
            turn: line.turn.saturating_add(u32::from(typed)),
            typed,
        }
    }
}

/// What a call means for a line that others have replaced since its turn began from `began` (`None`
/// where there was no line): a turn that was overtaken is late, and steps nothing. Pure.
///
/// 1. A begin whose session has a line now: a copy of it was faster.
/// 2. A bare input whose own turn has been taken, by a copy of it, and another after that; or by a
///    rival, after which it would be stepped, and another.
///
/// And one that is not late, though it looks so: a bare input that was new when it came, whose place one
/// rival has taken. An input of the same text before both makes no copy of it.
pub(super) fn overtaken(event: Event, began: Option<Began>, call: &Call, stands: &Line) -> Event {
    let opened = began.is_none_or(|began| began.session != stands.session);
    let gone_on =
        began.is_some_and(|began| began.dialogue == stands.dialogue && stands.turn > began.turn);
    let rival = began.is_some_and(|began| {
        let its_place = began.dialogue == stands.dialogue && stands.turn == began.turn;
        began.typed && its_place && !stands.over
    });
    match (event, &call.position) {
        (Event::Older, Position::Bare { text }) if rival => Event::Input(text.clone()),
        (event, _) => late(event, opened, gone_on, call),
    }
}

fn late(event: Event, opened: bool, gone_on: bool, call: &Call) -> Event {
    match event {
        Event::Begin if opened => Event::Older,
        Event::Input(_) if gone_on && matches!(call.position, Position::Bare { .. }) => {
            Event::Older
        }
        event @ (Event::Begin
        | Event::Input(_)
        | Event::Repeat
        | Event::Older
        | Event::Gap
        | Event::Stale
        | Event::Over) => event,
    }
}

/// Whether a call from the session before is a late one. One that may be a begin is so only just after
/// the new one: some aggregators use an id again.
fn is_late(signal: Signal, line: &Line, now: DateTime<Utc>) -> bool {
    let just_replaced = now.signed_duration_since(line.at()) < TimeDelta::seconds(10);
    let may_begin = matches!(signal, Signal::Begin | Signal::BeginOrInput);
    !may_begin || (just_replaced && line.turn == 0)
}

/// What the newest text means in a session that the line knows.
fn known_event(signal: Signal, newest: Newest, line: &Line, position: &Position) -> Event {
    let begins = signal == Signal::Begin;
    match newest {
        Newest::Repeat if begins && line.turn > 0 && !is_identified(position) => Event::Begin,
        Newest::Repeat => Event::Repeat,
        Newest::Input(_) | Newest::Gap | Newest::Rival if begins => Event::Begin,
        // A rival was typed on the page before, too: stepped on the page that came of the other turn it
        // would press a key that its caller has not read.
        Newest::Older | Newest::Rival => Event::Older,
        // After its last page a dialogue takes no input: whoever types on begins anew.
        Newest::Input(_) if line.over && signal == Signal::BeginOrInput => Event::Begin,
        Newest::Input(_) if line.over => Event::Gap,
        Newest::Input(input) => Event::Input(input),
        Newest::Gap => Event::Gap,
    }
}

fn is_identified(position: &Position) -> bool {
    matches!(position, Position::Identified { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialogue::State,
        model::{Caller, Known, Language, MenusName, Msisdn},
        turn::Seen,
    };

    fn mark(text: &str) -> Mark {
        let mut mark = [0; 8];
        for (slot, byte) in mark.iter_mut().zip(text.bytes().rev()) {
            *slot = byte;
        }
        mark
    }

    fn call(session: &str, signal: Signal, text: &str) -> Call {
        Call {
            caller: Caller {
                phone: Known::Told(Msisdn::parse("+255700000001").unwrap()),
                session: session.into(),
            },
            signal,
            position: Position::Accumulated { text: text.into() },
            service_code: None,
            keep: Vec::new(),
            recalls: false,
            lost: crate::model::Lost::Begin,
            forgets: false,
        }
    }

    fn line(session: &str, turn: u32, text: &str) -> Line {
        let position = Position::Accumulated { text: text.into() };
        Line {
            menus: MenusName {
                edition: String::new(),
                set: String::new(),
            },
            dialogue: DialogueId(1),
            turn,
            session: mark(session),
            previous: None,
            seen: Seen::of(&position, None, &mark),
            at: 0,
            took: 0,
            over: false,
            off_by: None,
            unread: None,
            asking: None,
            state: State::new(Language::SWAHILI),
        }
    }

    fn heard(call: &Call, line: Option<&Line>) -> Event {
        event(call, line, DateTime::default(), &mark)
    }

    #[test]
    fn a_first_call_begins_and_its_repeat_is_a_repeat() {
        let begin = call("s", Signal::Begin, "");
        assert_eq!(heard(&begin, None), Event::Begin);
        assert_eq!(heard(&begin, Some(&line("s", 0, ""))), Event::Repeat);
    }

    #[test]
    fn a_begin_whose_copy_opened_the_session_meanwhile_steps_nothing() {
        let dials = call("t", Signal::Begin, "");
        let began = Began::from(&line("s", 2, "1*2"), &Event::Begin);
        for began in [None, Some(began)] {
            let late = overtaken(Event::Begin, began, &dials, &line("t", 1, "4"));
            assert_eq!(late, Event::Older);
        }
        let own = Began::from(&line("t", 1, "4"), &Event::Begin);
        let anew = overtaken(Event::Begin, Some(own), &dials, &line("t", 1, "4"));
        assert_eq!(anew, Event::Begin);
    }

    #[test]
    fn a_bare_input_that_was_overtaken_steps_nothing() {
        let input = || Event::Input("1".to_owned());
        let mut call = call("s", Signal::Input, "");
        let third = line("s", 3, "");
        let late = |call: &Call, first: &Event, turn| {
            let began = Some(Began::from(&third, first));
            overtaken(input(), began, call, &line("s", turn, ""))
        };
        assert_eq!(late(&call, &input(), 5), input());
        call.position = Position::Bare { text: "1".into() };
        assert_eq!(late(&call, &input(), 4), input());
        assert_eq!(late(&call, &input(), 5), Event::Older);
        assert_eq!(late(&call, &Event::Repeat, 4), Event::Older);
    }

    #[test]
    fn a_bare_input_whose_place_a_rival_took_is_stepped_though_it_was_typed_before_too() {
        let rival = Call {
            position: Position::Bare { text: "0".into() },
            ..call("s", Signal::Input, "")
        };
        let took = |turn, first: &Event| {
            let began = Some(Began::from(&line("s", 6, ""), first));
            overtaken(Event::Older, began, &rival, &line("s", turn, ""))
        };
        let typed = Event::Input("0".to_owned());
        assert_eq!(took(7, &typed), typed);
        assert_eq!(took(8, &typed), Event::Older);
        assert_eq!(took(7, &Event::Older), Event::Older);
        assert_eq!(took(6, &Event::Repeat), Event::Older);
    }

    #[test]
    fn a_copy_of_a_bare_begin_that_was_overtaken_steps_nothing() {
        let bare = |text: &str| Position::Bare { text: text.into() };
        let mut begin = call("s", Signal::Begin, "");
        begin.position = bare("");
        let first = Seen::of(&bare(""), None, &mark);
        let mut line = line("s", 1, "");
        line.seen = Seen::of(&bare("1"), Some(first), &mark);
        let heard = |milliseconds| {
            let now = line.at() + TimeDelta::milliseconds(milliseconds);
            event(&begin, Some(&line), now, &mark)
        };
        assert_eq!(heard(-700), Event::Older);
        assert_eq!(heard(700), Event::Begin);
    }

    #[test]
    fn a_begin_that_comes_late_steps_nothing() {
        let begin = call("s", Signal::Begin, "");
        assert_eq!(heard(&begin, Some(&line("s", 2, "1*2"))), Event::Older);
    }

    #[test]
    fn another_session_begins_anew() {
        let begin = call("t", Signal::Begin, "");
        assert_eq!(heard(&begin, Some(&line("s", 2, "1*2"))), Event::Begin);
    }

    #[test]
    fn what_comes_late_from_a_replaced_session_replaces_nothing() {
        let redialled = Line {
            previous: Some(mark("old")),
            ..line("new", 0, "")
        };
        for late in [
            call("old", Signal::Begin, ""),
            call("old", Signal::Input, "1"),
        ] {
            assert_eq!(heard(&late, Some(&redialled)), Event::Stale);
        }
    }

    #[test]
    fn an_input_whose_line_is_gone_is_a_gap_and_replays_no_path() {
        let input = call("s", Signal::Input, "1*2");
        assert_eq!(heard(&input, None), Event::Gap);
        assert_eq!(heard(&input, Some(&line("t", 1, "1"))), Event::Gap);
    }

    #[test]
    fn an_input_is_what_the_line_has_not_seen() {
        let input = call("s", Signal::Input, "1*2");
        let event = heard(&input, Some(&line("s", 1, "1")));
        assert_eq!(event, Event::Input("2".into()));
    }

    #[test]
    fn of_two_texts_for_one_place_the_later_steps_nothing() {
        let line = line("s", 1, "1*2");
        let rival = call("s", Signal::Input, "1*3");
        assert_eq!(heard(&rival, Some(&line)), Event::Older);
        let dialled = call("s", Signal::Begin, "1*3");
        assert_eq!(heard(&dialled, Some(&line)), Event::Begin);
    }

    #[test]
    fn after_the_last_page_typing_on_begins_anew() {
        let over = Line {
            over: true,
            ..line("s", 1, "1")
        };
        assert_eq!(
            heard(&call("s", Signal::Input, "1*2"), Some(&over)),
            Event::Gap
        );
        assert_eq!(
            heard(&call("s", Signal::Input, "1"), Some(&over)),
            Event::Repeat
        );
    }

    #[test]
    fn the_aggregators_end_is_the_end() {
        assert_eq!(heard(&call("s", Signal::Ended, "1"), None), Event::Over);
        assert_eq!(
            heard(&call("s", Signal::Abort, "1"), Some(&line("s", 1, "1"))),
            Event::Over
        );
    }

    #[test]
    fn where_a_gateway_says_nothing_the_line_tells_a_begin_from_an_input() {
        let unsaid = call("s", Signal::BeginOrInput, "1*2");
        assert_eq!(heard(&unsaid, None), Event::Begin);
        assert_eq!(
            heard(&unsaid, Some(&line("s", 1, "1"))),
            Event::Input("2".into())
        );
        let over = Line {
            over: true,
            ..line("s", 1, "1")
        };
        assert_eq!(heard(&unsaid, Some(&over)), Event::Begin);
        assert_eq!(
            heard(&call("s", Signal::BeginOrInput, "1"), Some(&over)),
            Event::Repeat
        );
    }

    #[test]
    fn a_whole_service_code_is_a_dial_where_the_gateway_says_nothing() {
        let dials = Call {
            position: Position::Bare {
                text: "*152*00#".into(),
            },
            ..call("s", Signal::BeginOrInput, "")
        };
        let going_on = Line {
            seen: Seen::of(&Position::Bare { text: "1".into() }, None, &mark),
            ..line("s", 1, "1")
        };
        assert_eq!(heard(&dials, Some(&going_on)), Event::Begin);
    }

    #[test]
    fn a_timeout_ends_and_a_question_for_the_session_steps_nothing() {
        for signal in [Signal::Timeout, Signal::Status] {
            let told = call("s", signal, "1*2");
            assert_eq!(heard(&told, Some(&line("s", 1, "1"))), Event::Over);
        }
    }
}
