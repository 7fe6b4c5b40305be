use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::{sync::OnceCell, time::Instant};

use super::{
    Event, Gateway, Turns,
    drive::{Driven, Lost},
    event::{Began, event, overtaken},
    journal::Taken,
    line::Line,
    opening::Opening,
    position::Seen,
};
use crate::{
    dialogue::{self, Page, State},
    model::{
        self, Call, DialogueId, Language, MenusName, Msisdn, Position, Signal, accumulated::Mark,
    },
    session::{LineKey, SessionError, Versioned},
};

/// What goes back to the aggregator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A page.
    Page {
        /// Its text.
        text: String,
        /// Whether it ends the dialogue.
        last: bool,
    },
    /// Nothing is shown: the dialogue is over on the aggregator's side, or it asked for something else.
    Silence,
    /// An input whose session nobody knows, of a gateway that wants to be told so.
    Unknown,
}

/// What came of a call, with what the gateway's answer may say of the dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What goes back.
    pub reply: Reply,
    /// Our id of the dialogue; 0 where there is none.
    pub dialogue: DialogueId,
    /// How many pages it has shown, this one included.
    pub pages: u32,
    /// Whether the session was known before.
    pub known: bool,
    /// What the session's begin told for all, by the profile's names.
    pub kept: Vec<(String, String)>,
}

impl Answered {
    /// A reply that tells of no dialogue.
    pub(super) fn only(reply: Reply) -> Self {
        Self {
            reply,
            dialogue: DialogueId(0),
            pages: 1,
            known: false,
            kept: Vec::new(),
        }
    }

    fn page(page: &Page) -> Self {
        Self::only(reply(page))
    }
}

/// Why there is no page of a dialogue.
enum Untaken {
    /// There is another that says why.
    Told(Page),
    /// The turn cannot be taken.
    Unavailable,
    /// Nobody knows the session, and the gateway is to be told so.
    Unknown,
}

/// A turn that was taken.
struct Round {
    event: Event,
    /// Whether the session was known before.
    known: bool,
    /// `None` where there is nothing to show.
    driven: Option<Driven>,
}

/// What a turn keeps of its deadline for its commit and its way back.
const MARGIN: Duration = Duration::from_millis(400);
/// How often a turn begins again because another one was first. Each time the line has moved on, so
/// this many rivals at once are no phone.
const ROUNDS: usize = 16;

/// What looking up a caller's language may take where her line cannot be read.
const LANGUAGE: Duration = Duration::from_millis(150);

/// A line as it was loaded.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The version that a commit replaces; `None` where there is no line.
    pub(super) version: Option<u64>,
    /// The line; `None` where there is none, or one that cannot be opened or that another version of
    /// nyota wrote: then its caller starts again in its place.
    pub(super) line: Option<Line>,
}

/// One call being taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taking<'a> {
    pub(super) gateway: Gateway<'a>,
    pub(super) call: &'a Call,
    /// The caller's phone, told by the call or before it.
    pub(super) phone: &'a Msisdn,
    pub(super) key: LineKey,
    pub(super) deadline: Instant,
    pub(super) now: chrono::DateTime<chrono::Utc>,
    /// The line's language, once it is known: what cannot be served is said in it.
    pub(super) spoken: &'a OnceLock<Language>,
    /// Whether it may begin a dialogue, once that was asked.
    pub(super) counted: &'a OnceCell<bool>,
}

impl Turns {
    /// Takes one call and gives its reply, within the gateway's deadline. A turn that has begun is
    /// taken to its end, also where its caller's connection goes away.
    pub async fn take(self: &Arc<Self>, gateway: Gateway<'_>, call: &Call) -> Answered {
        let turns = Arc::clone(self);
        let (name, call) = (gateway.name.to_owned(), call.clone());
        let Gateway { page, deadline, .. } = gateway;
        let page = self.options.page.unwrap_or(page);
        let taken = tokio::spawn(async move {
            let name = &name;
            let gateway = Gateway {
                name,
                page,
                deadline,
            };
            turns.take_here(gateway, call).await
        });
        taken.await.unwrap_or_else(|error| {
            tracing::error!(gateway = gateway.name, %error, "a turn ended in disorder");
            Answered::page(&self.unavailable(None))
        })
    }

    async fn take_here(&self, gateway: Gateway<'_>, mut call: Call) -> Answered {
        let begun = Instant::now();
        let limit = self.limit(gateway);
        let recalled = self.recall(gateway.name, &mut call);
        let recalled = tokio::time::timeout_at(begun + limit, recalled).await;
        let told = match recalled {
            Ok(Ok(told)) => told,
            Ok(Err(error)) => {
                log_session(&error);
                return Answered::page(&self.unavailable(None));
            }
            Err(_) => {
                tracing::error!(gateway = gateway.name, "a turn passed its deadline");
                return Answered::page(&self.unavailable(None));
            }
        };
        let Some(phone) = call.caller.phone.told().cloned() else {
            return self.nobody(&call);
        };
        let call = &call;
        let (spoken, counted) = (OnceLock::new(), OnceCell::new());
        let taking = Taking {
            gateway,
            call,
            phone: &phone,
            key: self.line_key(gateway.name, &phone),
            deadline: begun + limit.saturating_sub(MARGIN),
            now: self.clock.now(),
            spoken: &spoken,
            counted: &counted,
        };
        if let Some(page) = self.wrong_number(call) {
            return Answered::page(&page);
        }
        let taken = tokio::time::timeout_at(begun + limit, self.rounds(&taking)).await;
        let taken = taken.unwrap_or_else(|_| {
            tracing::error!(gateway = gateway.name, "a turn passed its deadline");
            Err(Untaken::Unavailable)
        });
        match taken {
            Ok(round) => self.answered(&taking, round, told, begun.elapsed()),
            Err(Untaken::Told(page)) => Answered::page(&page),
            Err(Untaken::Unknown) => Answered::only(Reply::Unknown),
            Err(Untaken::Unavailable) => {
                let spoken = self.spoken(&taking, begun + limit).await;
                Answered::page(&self.unavailable(spoken))
            }
        }
    }

    /// The answer to a call of a session whose phone nobody knows.
    fn nobody(&self, call: &Call) -> Answered {
        if is_over(call) {
            Answered::only(Reply::Silence)
        } else if call.lost == model::Lost::Refuse {
            Answered::only(Reply::Unknown)
        } else {
            Answered::page(&self.forgotten())
        }
    }

    fn answered(
        &self,
        taking: &Taking<'_>,
        round: Round,
        told: Vec<(String, String)>,
        took: Duration,
    ) -> Answered {
        let kept = if round.event == Event::Begin {
            taking.call.keep.clone()
        } else {
            told
        };
        let mut answered = Answered {
            known: round.known,
            kept,
            ..Answered::only(Reply::Silence)
        };
        if let Some(driven) = round.driven {
            self.note(taking, &round.event, &driven, took);
            answered.reply = reply(&driven.page);
            answered.dialogue = driven.dialogue;
            answered.pages = driven.turn.saturating_add(1);
        }
        answered
    }

    /// Begins again from the line as it stands for as long as others are first.
    async fn rounds(&self, taking: &Taking<'_>) -> Result<Round, Untaken> {
        let mut loaded = match self.begin_from(taking).await {
            Ok(loaded) => loaded,
            Err(error) => return Err(away(&error)),
        };
        let mut began = None;
        for _ in 0..ROUNDS {
            if let Some(line) = &loaded.line {
                taking.spoken.get_or_init(|| line.state.language());
            }
            let event = self.event(taking, loaded.line.as_ref());
            let known = self.knows(taking, loaded.line.as_ref());
            let event = match began {
                Some(began) => self.in_time(taking, event, began, loaded.line.as_ref()),
                None => event,
            };
            began.get_or_insert_with(|| {
                let line = loaded.line.as_ref();
                line.map(|line| Began::from(line, &event))
            });
            match self.round(taking, &event, loaded).await {
                Ok(driven) => {
                    return Ok(Round {
                        event,
                        known,
                        driven,
                    });
                }
                Err(Lost::To(stands)) => loaded = *stands,
                Err(Lost::Sessions(error)) => return Err(away(&error)),
                Err(Lost::Unknown) => return Err(Untaken::Unknown),
                Err(Lost::TooMany) => {
                    return Err(Untaken::Told(self.refused(taking)));
                }
                // Said in the log where it was tried.
                Err(Lost::Away) => {
                    return Err(Untaken::Unavailable);
                }
                Err(Lost::NoMenus) => {
                    tracing::error!(
                        gateway = taking.gateway.name,
                        "a call opens nothing: several menu sets are served, and the gateway's profile reads no service code"
                    );
                    return Err(Untaken::Unavailable);
                }
                Err(Lost::WrongNumber(page)) => return Err(Untaken::Told(page)),
            }
        }
        tracing::error!(
            gateway = taking.gateway.name,
            "a turn was overtaken too often"
        );
        Err(Untaken::Unavailable)
    }

    /// Whether the line is in the session of the call, and goes on.
    fn knows(&self, taking: &Taking<'_>, line: Option<&Line>) -> bool {
        let session = self.mark(&taking.call.caller.session);
        line.is_some_and(|line| line.session == session && !line.over)
    }

    /// Loads the line. A begin is counted at the same time, so that it costs no trip more.
    async fn load_counting(&self, taking: &Taking<'_>) -> Result<Loaded, SessionError> {
        if taking.call.signal != Signal::Begin {
            return self.load(taking.key).await;
        }
        let (loaded, _) = tokio::join!(self.load(taking.key), self.may_begin_once(taking));
        loaded
    }

    /// Whether this call may begin a dialogue: counted once, however often it is asked.
    async fn may_begin_once(&self, taking: &Taking<'_>) -> bool {
        let phone = taking.phone;
        let counted = taking.counted.get_or_init(|| self.may_begin(phone));
        *counted.await
    }

    /// The line that a turn begins from: this node's copy where that will be proved by a commit, else
    /// the line as it stands.
    async fn begin_from(&self, taking: &Taking<'_>) -> Result<Loaded, SessionError> {
        match self.copy(taking).await {
            Some(copy) => Ok(copy),
            None => self.load_counting(taking).await,
        }
    }

    /// This node's copy of the line, for an input of a caller whose line asks nothing: that ends in a
    /// commit, which is lost where another node has gone on. Anything else could be answered without
    /// one, with a page that no longer stands. Nor for a bare input: whether it is a repeat, or late, is
    /// known only by what stood when it came.
    async fn copy(&self, taking: &Taking<'_>) -> Option<Loaded> {
        if matches!(taking.call.position, Position::Bare { .. }) {
            return None;
        }
        let copy = self.sessions.recall(taking.key).await?;
        let copy = self.loaded(taking.key, Some(copy));
        let line = copy.line.as_ref().filter(|line| line.asking.is_none())?;
        matches!(self.event(taking, Some(line)), Event::Input(_)).then_some(copy)
    }

    fn event(&self, taking: &Taking<'_>, line: Option<&Line>) -> Event {
        event(taking.call, line, taking.now, &|text| self.mark(text))
    }

    /// The event, unless others have overtaken the turn since it began.
    fn in_time(
        &self,
        taking: &Taking<'_>,
        event: Event,
        began: Option<Began>,
        stands: Option<&Line>,
    ) -> Event {
        let session = self.mark(&taking.call.caller.session);
        match stands.filter(|stands| stands.session == session) {
            Some(stands) => overtaken(event, began, taking.call, stands),
            None => event,
        }
    }

    async fn round(
        &self,
        taking: &Taking<'_>,
        event: &Event,
        loaded: Loaded,
    ) -> Result<Option<Driven>, Lost> {
        let Loaded { version, line } = loaded;
        match (event, line) {
            (Event::Over, line) => {
                if let Some(line) = line {
                    self.forget(taking, version, line).await?;
                }
                Ok(None)
            }
            (Event::Gap, line) if self.refuses(taking, line.as_ref()) => Err(Lost::Unknown),
            (Event::Repeat, Some(line)) if line.asking.is_some() => {
                self.join(taking, version, line).await.map(Some)
            }
            (Event::Input(_) | Event::Older, Some(line)) if line.asking.is_some() => {
                self.wait(taking, version, line).await.map(Some)
            }
            (Event::Repeat | Event::Older, Some(line)) => Ok(Some(self.again(taking, line).await)),
            (Event::Input(input), Some(line)) => {
                self.input(taking, version, line, input).await.map(Some)
            }
            (Event::Stale, Some(line)) => Ok(Some(self.busy(&line).await)),
            (
                Event::Begin
                | Event::Gap
                | Event::Repeat
                | Event::Older
                | Event::Stale
                | Event::Input(_),
                line,
            ) => {
                let opening = match event {
                    Event::Begin => Opening::Dialled,
                    Event::Gap
                    | Event::Repeat
                    | Event::Older
                    | Event::Stale
                    | Event::Input(_)
                    | Event::Over => Opening::Anew,
                };
                if taking.call.signal == Signal::BeginOrInput
                    && let Some(page) = self.wrong_code(taking.call, true)
                {
                    return Err(Lost::WrongNumber(page));
                }
                if !self.may_begin_once(taking).await {
                    return Err(Lost::TooMany);
                }
                let begun = self.begin(taking, version, line.as_ref(), opening);
                begun.await.map(Some)
            }
        }
    }

    /// Whether an input is refused because nobody knows its session.
    fn refuses(&self, taking: &Taking<'_>, line: Option<&Line>) -> bool {
        taking.call.lost == model::Lost::Refuse && !self.knows(taking, line)
    }

    /// Forgets the session of a line that is over on the aggregator's side, where that may use its id
    /// again without a word. The dialogue can still be resumed.
    async fn forget(
        &self,
        taking: &Taking<'_>,
        version: Option<u64>,
        mut line: Line,
    ) -> Result<(), Lost> {
        let ends = taking.call.forgets && taking.call.signal != Signal::Status;
        if !ends || !self.knows(taking, Some(&line)) {
            return Ok(());
        }
        line.session = Mark::default();
        line.previous = None;
        self.put(taking, version, &line, self.usual())
            .await
            .map(drop)
    }

    pub(super) async fn load(&self, key: LineKey) -> Result<Loaded, SessionError> {
        Ok(self.loaded(key, self.sessions.load(key).await?))
    }

    /// A line as it stands.
    pub(super) fn loaded(&self, key: LineKey, stands: Option<Versioned>) -> Loaded {
        let version = stands.as_ref().map(|stands| stands.version);
        let line = stands.and_then(|stands| Line::decode(&stands.bytes, &self.sealer, key));
        Loaded { version, line }
    }

    /// The key of a phone's line on a gateway.
    pub(super) fn line_key(&self, gateway: &str, phone: &Msisdn) -> LineKey {
        let parts = [gateway.as_bytes(), phone.digits().as_bytes()];
        LineKey(self.sealer.mac("line", &parts))
    }

    /// A mark of a text that is not kept.
    pub(super) fn mark(&self, text: &str) -> Mark {
        let mac = self.sealer.mac("mark", &[text.as_bytes()]);
        let mut mark = Mark::default();
        for (slot, byte) in mark.iter_mut().zip(mac) {
            *slot = byte;
        }
        mark
    }

    /// A line for a dialogue that begins.
    pub(super) fn new_line(
        &self,
        taking: &Taking<'_>,
        menus: MenusName,
        state: State,
        replaced: Option<&Line>,
    ) -> Line {
        let session = self.mark(&taking.call.caller.session);
        let previous = replaced.and_then(|line| {
            if line.session == session {
                line.previous
            } else {
                Some(line.session)
            }
        });
        let before = replaced.filter(|line| line.session == session);
        let before = before.map(|line| line.seen);
        Line {
            menus,
            dialogue: DialogueId(self.chance.draw()),
            turn: 0,
            session,
            previous,
            seen: Seen::of(&taking.call.position, before, &|text| self.mark(text)),
            at: taking.now.timestamp_millis(),
            took: 0,
            over: false,
            off_by: None,
            unread: None,
            asking: None,
            state,
        }
    }

    fn limit(&self, gateway: Gateway<'_>) -> Duration {
        let own = self.options.deadline.unwrap_or(gateway.deadline);
        own.min(gateway.deadline)
    }

    /// The page for a code that no menu has. Where a call may be an input, its code counts only when it
    /// has turned out to be none.
    fn wrong_number(&self, call: &Call) -> Option<Page> {
        match call.signal {
            Signal::BeginOrInput => None,
            Signal::Begin => self.wrong_code(call, true),
            Signal::Input | Signal::Abort | Signal::Timeout | Signal::Status | Signal::Ended => {
                self.wrong_code(call, false)
            }
        }
    }

    fn wrong_code(&self, call: &Call, begins: bool) -> Option<Page> {
        let edition = self.catalogue.current();
        let ours = call.service_code.as_ref().is_none_or(|code| {
            // Below a shared code the calls after the first may bear the shared part alone.
            edition.dialled(Some(code)).is_some() || (!begins && edition.lies_below(code))
        });
        (!ours).then(|| dialogue::wrong_number(edition.first(), edition.first().fallback()))
    }

    /// The language to say in what cannot be served: the line's; where that could not be read, the
    /// caller's as the store knows it, in whatever time there is until `end`.
    async fn spoken(&self, taking: &Taking<'_>, end: Instant) -> Option<Language> {
        if let Some(language) = taking.spoken.get() {
            return Some(*language);
        }
        let until = end.min(Instant::now() + LANGUAGE);
        self.effects.language(taking.phone, until).await
    }

    /// The page for a call that tells no phone, when what its session's first call told is forgotten.
    /// Its menus and its language are so, too.
    fn forgotten(&self) -> Page {
        let menus = self.any_menus();
        dialogue::forgotten(&menus, menus.fallback())
    }

    fn unavailable(&self, spoken: Option<Language>) -> Page {
        let menus = self.any_menus();
        dialogue::unavailable(&menus, spoken.unwrap_or(menus.fallback()))
    }
}

fn reply(page: &Page) -> Reply {
    Reply::Page {
        text: page.text.clone(),
        last: page.last,
    }
}

fn is_over(call: &Call) -> bool {
    matches!(
        call.signal,
        Signal::Abort | Signal::Timeout | Signal::Status | Signal::Ended
    )
}

/// Of an outage that the log was told of, a turn is no news.
fn away(error: &SessionError) -> Untaken {
    log_session(error);
    Untaken::Unavailable
}

fn log_session(error: &SessionError) {
    if !error.told {
        let cause: &dyn std::error::Error = error;
        tracing::error!(
            cause,
            "a turn cannot be taken: its line cannot be read or written"
        );
    }
}

/// What the journal needs of a turn.
impl Turns {
    fn note(&self, taking: &Taking<'_>, event: &Event, driven: &Driven, took: Duration) {
        self.journal.note(&Taken {
            at: taking.now,
            gateway: taking.gateway.name,
            phone: taking.phone,
            event,
            driven,
            took,
        });
    }
}
