//! What a request is answered, and where an answer's places are filled from.

use serde_json::json;

use super::{
    Account, Answer, Event, Go, Refusal, Refused, RefusedAs, Response, Said, Screen, Source, body,
    screen, state,
    value::{Datum, Sources},
};

/// Why an input is refused whose session nobody knows.
const LOST: &str = "this session is not known, or is over";

impl Account {
    /// Whether screens go out by a call of ours, [`deliver`](Self::deliver).
    pub fn later(&self) -> bool {
        self.profile.later.is_some()
    }

    /// The response to a turn: its screen, or where screens go out [`later`](Self::later) that it was taken.
    pub fn reply(&self, said: &Said, screen: &Screen<'_>) -> Response {
        let written = Written::screen(self, said, screen);
        let names = match (self.later(), screen.go) {
            (true, _) => ["acknowledged", ""],
            (false, Go::Continue) => [Go::Continue.word(), "screen"],
            (false, Go::End) => [Go::End.word(), "screen"],
        };
        let answer = self.answer(said, &names);
        answer.map_or_else(nothing, |answer| answer.write(&written))
    }

    /// The response to what is no turn: news of a session, a question for it, a receipt, an SMS. `known` says whether the
    /// session was, `kept` what its begin told. An input is taken for one whose session is lost.
    pub fn acknowledge(&self, said: &Said, known: bool, kept: &[(String, String)]) -> Response {
        let written = Written {
            known: Some(known),
            kept,
            error: Some(LOST.to_owned()),
            ..Written::new(self, said)
        };
        let names = acknowledged_by(said.event, known);
        let answer = if is_turn(said.event) {
            // What a rule chose for it shows a screen, and there is none.
            self.first(&names)
        } else {
            self.answer(said, &names)
        };
        match (answer, said.event) {
            (Some(answer), _) => answer.write(&written),
            (None, Event::Begin | Event::Input | Event::BeginOrInput | Event::Error) => {
                mistake(LOST)
            }
            (None, Event::Refused) => forbidden(),
            (
                None,
                Event::Abort
                | Event::Timeout
                | Event::SessionEnded
                | Event::StatusQuery
                | Event::Receipt
                | Event::Message
                | Event::Ignored,
            ) => nothing(),
        }
    }

    /// The response to a refused request.
    pub fn refuse(&self, refusal: &Refusal) -> Response {
        let Refusal { why, said } = refusal;
        let written = Written {
            error: Some(why.to_string()),
            refused: Some(why),
            ..Written::new(self, said)
        };
        let refused_as = if said.event == Event::Refused {
            RefusedAs::NotTheirs
        } else {
            why.answered_as()
        };
        let names = match refused_as {
            RefusedAs::Missing => ["missing", "error"],
            RefusedAs::Malformed => ["malformed", "error"],
            RefusedAs::NotTheirs => ["refused", ""],
            RefusedAs::Mistake => ["error", ""],
        };
        match (self.answer(said, &names), refused_as) {
            (Some(answer), _) => answer.write(&written),
            (None, RefusedAs::NotTheirs) => forbidden(),
            (None, RefusedAs::Missing | RefusedAs::Malformed | RefusedAs::Mistake) => {
                mistake(&why.to_string())
            }
        }
    }

    /// The answer that the rule chose, or the first of these names.
    fn answer(&self, said: &Said, names: &[&str]) -> Option<&Answer> {
        let chosen = said.reply.as_deref();
        let chosen = chosen.and_then(|name| self.profile.replies.get(name));
        chosen.or_else(|| self.first(names))
    }

    fn first(&self, names: &[&str]) -> Option<&Answer> {
        names.iter().find_map(|name| self.profile.replies.get(name))
    }
}

/// Names under `reply`, the first that is there answers.
fn acknowledged_by(event: Event, known: bool) -> Vec<&'static str> {
    let own = match event {
        Event::Begin | Event::Input | Event::BeginOrInput => return vec!["lost", "error"],
        Event::Error => return vec!["error"],
        Event::Refused => return vec!["refused"],
        Event::Ignored => return vec!["ignored", "other"],
        Event::Receipt => return vec!["receipt", "other"],
        Event::Message => return vec!["message", "other"],
        Event::Abort => "abort",
        Event::Timeout => "timeout",
        Event::SessionEnded => "session_ended",
        Event::StatusQuery => "status_query",
    };
    let unknown = (!known).then_some("unknown");
    unknown.into_iter().chain([own, "other"]).collect()
}

fn is_turn(event: Event) -> bool {
    matches!(event, Event::Begin | Event::Input | Event::BeginOrInput)
}

fn nothing() -> Response {
    Response {
        status: 200,
        ..Response::default()
    }
}

fn mistake(sentence: &str) -> Response {
    plain(400, sentence)
}

fn forbidden() -> Response {
    plain(403, "Forbidden")
}

fn plain(status: u16, sentence: &str) -> Response {
    Response {
        status,
        headers: vec![("content-type".into(), "text/plain; charset=utf-8".into())],
        body: sentence.to_owned(),
        line: 0,
    }
}

impl super::Replies {
    fn get(&self, name: &str) -> Option<&Answer> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, answer)| answer)
    }
}

impl Answer {
    fn write(&self, sources: &dyn Sources) -> Response {
        let mut headers = body::headers(&self.headers, sources);
        let typed = headers.iter().any(|(name, _)| name == "content-type");
        if let Some(media_type) = self.media_type.as_ref().filter(|_| !typed) {
            headers.insert(0, ("content-type".into(), media_type.clone()));
        }
        Response {
            status: self.status,
            headers,
            body: self.body.write(self.charset, sources),
            line: self.line,
        }
    }
}

/// What an answer is filled from, and the call that shows a screen later.
pub(super) struct Written<'a> {
    account: &'a Account,
    said: &'a Said,
    kept: &'a [(String, String)],
    known: Option<bool>,
    screen: Option<(&'a Screen<'a>, String)>,
    error: Option<String>,
    refused: Option<&'a Refused>,
}

impl<'a> Written<'a> {
    fn new(account: &'a Account, said: &'a Said) -> Self {
        Self {
            account,
            said,
            kept: &[],
            known: None,
            screen: None,
            error: None,
            refused: None,
        }
    }

    /// With a screen, its text as the aggregator takes it.
    pub(super) fn screen(account: &'a Account, said: &'a Said, screen: &'a Screen<'a>) -> Self {
        let text = account.profile.screen.apply(screen.text);
        Self {
            kept: screen.kept,
            known: Some(screen.known),
            screen: Some((screen, text)),
            ..Self::new(account, said)
        }
    }

    /// What the session's begin told: on that begin, this request.
    fn kept(&self, name: &str) -> Option<&str> {
        let found = self.kept.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .or_else(|| self.said.get(name))
    }

    /// Turn and dialogue, signed for this caller.
    fn state(&self, screen: &Screen<'_>) -> Option<String> {
        let caller = state::caller(self).unwrap_or_default();
        state::write(self.account, &caller, screen.turn, screen.dialogue)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what other sides are filled from has no value here"
    )]
    fn of_screen(&self, source: &Source) -> Option<Datum> {
        let (screen, text) = self.screen.as_ref()?;
        match source {
            Source::Screen => Some(Datum::from(text.as_str())),
            Source::ScreenAlphabet => Some(Datum::from(screen::alphabet(text))),
            Source::Go => Some(Datum::from(screen.go.word())),
            Source::Turn => Some(Datum::Text(screen.turn.to_string())),
            Source::State => self.state(screen).map(Datum::Text),
            _ => None,
        }
    }
}

impl Sources for Written<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what other sides are filled from has no value here"
    )]
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        Ok(match source {
            Source::Said(name) => self.said.get(name).map(Datum::from),
            Source::Kept(name) => self.kept(name).map(Datum::from),
            Source::Known => self.known.map(|known| Datum::Json(known.into())),
            Source::Error => self.error.as_deref().map(Datum::from),
            Source::Missing => self.refused.map(|why| Datum::Json(json!(why.missing()))),
            shared => match of_account(self.account, shared) {
                Some(found) => Some(found),
                None => self.of_screen(shared),
            },
        })
    }

    fn account(&self) -> &Account {
        self.account
    }
}

/// What is the same wherever something is written.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what other sides are filled from has no value here"
)]
pub(super) fn of_account(account: &Account, source: &Source) -> Option<Datum> {
    match source {
        Source::Public => Some(Datum::from(account.public.as_str())),
        Source::Gateway => Some(Datum::Text(account.place())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Json;

    use super::*;
    use crate::gateway::profile::{
        Body, Filter, Newline, Profile, Replies, Tree,
        fixture::{account, answer, pairs, profile, said, screen, template, text},
    };

    fn answering(replies: Vec<(&str, Answer)>) -> Account {
        account(profile_of(replies), &[("charge", "N")])
    }

    fn profile_of(replies: Vec<(&str, Answer)>) -> Profile {
        let owned = |(name, answer): (&str, Answer)| (name.to_owned(), answer);
        Profile {
            replies: Replies(replies.into_iter().map(owned).collect()),
            ..profile()
        }
    }

    fn refused(why: Refused, event: Event) -> Refusal {
        let said = said(event, &[("session", "s1")]);
        Refusal { why, said }
    }

    fn told(response: &Response) -> (u16, &str) {
        (response.status, response.body.as_str())
    }

    #[test]
    fn a_screen_is_answered_by_the_name_of_its_end_or_by_that_of_both() {
        let account = answering(vec![
            ("screen", text(200, "CON {screen} {session} {turn} {known}")),
            ("end", text(201, "END {screen}")),
        ]);
        let said = said(Event::Input, &[("session", "s1")]);
        let reply = |go| account.reply(&said, &screen("Karibu", go));
        assert_eq!(told(&reply(Go::Continue)), (200, "CON Karibu s1 2 true"));
        assert_eq!(told(&reply(Go::End)), (201, "END Karibu"));
        assert_eq!(
            reply(Go::End).headers,
            [("content-type".into(), "text/plain".into())]
        );
        assert_eq!(reply(Go::End).line, 3);
    }

    #[test]
    fn the_rules_of_screens_come_before_the_alphabet_is_told() {
        let mut profile = profile_of(vec![("screen", text(200, "{screen}|{screen.alphabet}"))]);
        profile.screen.gsm7_only = true;
        profile.screen.newline = Newline::CarriageReturn;
        let account = account(profile, &[]);
        let response = account.reply(&said(Event::Begin, &[]), &screen("a☺\nb", Go::End));
        assert_eq!(response.body, "a?\rb|gsm7");
    }

    #[test]
    fn headers_are_filled_and_those_without_a_value_left_out() {
        let mut freeflow = text(200, "{screen}");
        freeflow.headers = pairs(&[
            ("Freeflow", "{go}"),
            ("charge", "{setting.charge}"),
            ("amount", "{setting.amount}"),
            ("Content-Type", "text/plain; charset=utf-8"),
        ]);
        let account = answering(vec![("screen", freeflow)]);
        let response = account.reply(&said(Event::Begin, &[]), &screen("x", Go::End));
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            response.headers,
            [
                header("freeflow", "end"),
                header("charge", "N"),
                header("content-type", "text/plain; charset=utf-8"),
            ]
        );
    }

    #[test]
    fn news_are_answered_by_their_own_name_by_unknown_or_by_other() {
        let account = answering(vec![
            ("abort", text(200, "gone {known} {kept.code}")),
            ("unknown", text(200, "Unknown Session")),
            ("other", text(204, "")),
            ("chosen", text(200, "chosen")),
        ]);
        let kept = [("code".to_owned(), "*152#".to_owned())];
        let acknowledge = |event, known| account.acknowledge(&said(event, &[]), known, &kept);
        assert_eq!(
            told(&acknowledge(Event::Abort, true)),
            (200, "gone true *152#")
        );
        assert_eq!(
            told(&acknowledge(Event::Abort, false)),
            (200, "Unknown Session")
        );
        assert_eq!(told(&acknowledge(Event::Timeout, true)), (204, ""));
        assert_eq!(told(&acknowledge(Event::Ignored, false)), (204, ""));
        assert_eq!(told(&acknowledge(Event::Receipt, false)), (204, ""));
        let mut abort = said(Event::Abort, &[]);
        abort.reply = Some("chosen".into());
        assert_eq!(
            told(&account.acknowledge(&abort, false, &[])),
            (200, "chosen")
        );
    }

    #[test]
    fn an_input_of_a_lost_session_gets_lost_or_error_or_400() {
        let lost = said(Event::Input, &[]);
        let mut replies = vec![("error", text(200, "END {error}"))];
        let account = answering(replies.clone());
        assert_eq!(
            told(&account.acknowledge(&lost, false, &[])),
            (200, "END this session is not known, or is over")
        );
        replies.push(("lost", text(200, "Unknown Session")));
        replies.push(("own", text(200, "own {screen}")));
        let account = answering(replies);
        let lost = Said {
            reply: Some("own".into()),
            ..lost
        };
        assert_eq!(
            told(&account.acknowledge(&lost, false, &[])),
            (200, "Unknown Session")
        );
        let account = answering(vec![]);
        assert_eq!(account.acknowledge(&lost, false, &[]).status, 400);
    }

    #[test]
    fn what_the_profile_does_not_answer_gets_an_empty_200() {
        let account = answering(vec![]);
        assert!(!account.later());
        let response = account.acknowledge(&said(Event::Message, &[]), true, &[]);
        assert_eq!((told(&response), response.headers.len()), ((200, ""), 0));
    }

    #[test]
    fn what_is_missing_is_listed_as_the_aggregator_writes_it() {
        let names = vec![(
            "missing_parameter".to_owned(),
            Tree::Filled(template("{missing}")),
        )];
        let account = answering(vec![
            ("missing", answer(400, Body::Json(Tree::Map(names)))),
            ("error", text(400, "{error}")),
        ]);
        let missing = Refused::Missing(vec!["query.MSC".into(), "query.DEST".into()]);
        assert_eq!(
            told(&account.refuse(&refused(missing, Event::Error))),
            (400, r#"{"missing_parameter":["MSC","DEST"]}"#)
        );
        assert_eq!(
            told(&account.refuse(&refused(Refused::Twice("query.a".into()), Event::Begin))),
            (400, "query.a comes twice with different values")
        );
    }

    #[test]
    fn refusals_fall_back_to_error_and_to_400_and_what_is_not_theirs_to_403() {
        let malformed = || refused(Refused::Malformed("JSON"), Event::Begin);
        let theirs = || refused(Refused::NotTheirs, Event::Begin);
        let account = answering(vec![("error", text(200, "{error} {session}"))]);
        assert_eq!(
            told(&account.refuse(&malformed())),
            (200, "the body is not valid JSON s1")
        );
        assert_eq!(told(&account.refuse(&theirs())), (403, "Forbidden"));
        let account = answering(vec![("refused", text(400, "no"))]);
        assert_eq!(
            told(&account.refuse(&malformed())),
            (400, "the body is not valid JSON")
        );
        assert_eq!(told(&account.refuse(&theirs())), (400, "no"));
        let ruled = refused(Refused::Rule(None), Event::Refused);
        assert_eq!(told(&account.refuse(&ruled)), (400, "no"));
    }

    #[test]
    fn a_rule_chooses_its_own_answer_and_sentence() {
        let account = answering(vec![
            ("gone", text(404, "{error}")),
            ("error", text(400, "")),
        ]);
        let mut refusal = refused(Refused::Rule(Some("Invalid".into())), Event::Error);
        refusal.said.reply = Some("gone".into());
        assert_eq!(told(&account.refuse(&refusal)), (404, "Invalid"));
    }

    #[test]
    fn a_state_is_read_back_for_its_caller_only() {
        let account = answering(vec![("screen", text(200, "{state}"))]);
        let of = |phone: &str| said(Event::Begin, &[("phone", phone)]);
        let state = account
            .reply(&of("+255700000001"), &screen("x", Go::Continue))
            .body;
        let read = |phone: &str, state: &str| {
            let said = of(phone);
            let written = Written::new(&account, &said);
            let read = Filter::Signed.apply(state.into(), &written);
            read.map(|read| read.and_then(Datum::into_text))
        };
        let told = read("+255700000001", &state).unwrap().unwrap();
        assert!(state.starts_with(&told), "{told}");
        assert!(
            state
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        );
        assert_eq!(read("+255700000002", &state), Err(Refused::NotSigned));
        assert_eq!(
            read("+255700000001", &format!("1{state}")),
            Err(Refused::NotSigned)
        );
    }

    proptest! {
        #[test]
        fn whatever_a_screen_holds_its_answer_is_well_formed(shown in any::<String>(), name in any::<String>()) {
            let mut answer = answer(200, Body::Json(Tree::Map(vec![
                ("shown".into(), Tree::Filled(template("{screen}"))),
                ("name".into(), Tree::Filled(template("x{name}"))),
            ])));
            answer.headers = pairs(&[("X-Screen", "{screen}"), ("X-Name", "n{name}")]);
            let account = answering(vec![("screen", answer)]);
            let said = said(Event::Begin, &[("name", &name)]);
            let response = account.reply(&said, &screen(&shown, Go::End));
            let json: Json = serde_json::from_str(&response.body).unwrap();
            prop_assert_eq!(json["shown"].as_str(), Some(shown.as_str()));
            let expected = format!("x{name}");
            prop_assert_eq!(json["name"].as_str(), Some(expected.as_str()));
            for (_, value) in &response.headers {
                prop_assert!(!value.contains(|character: char| character.is_control() && character != '\t'));
                prop_assert!(value.is_ascii());
            }
        }
    }
}
