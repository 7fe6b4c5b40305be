//! Writes a transcript: of a dialogue in a journal, or of a transcript that is played again.
//!
//! The journal holds keys and no pages, so the keys are pressed again, in the demo's world and on
//! today's files, and what then comes is written down.

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::{Context, bail};

use super::{
    Arguments, found, mistakes,
    play::{Player, Stage},
    printed, stage,
};
use crate::{
    cli::Database,
    cli::{
        files_at,
        transcript::{self, Action, Recorded, Transcript},
    },
    config::Settings,
    menu::{MenuSet, Verb},
    model::{DialogueId, Language, Msisdn, NumberRule, ServiceCode, local_day},
    scheme::sandbox::demo_members,
    store::{JournaledTurn, Sealer},
};

/// What is typed where what was typed is not kept.
const KEPT_FROM_US: &str = "1111";

/// Prints a transcript of `story`: a dialogue's id, `last`, or a transcript's file.
pub(super) async fn record(
    settings: &Settings,
    story: &str,
    arguments: &Arguments,
) -> anyhow::Result<ExitCode> {
    if let Some(mistakes) = mistakes(settings)? {
        bail!("no server can play it, the files have mistakes:\n{mistakes}");
    }
    let scratch = tempfile::tempdir().context("no scratch folder could be made")?;
    let stage = stage(settings, scratch.path()).await?;
    let path = Path::new(story);
    let written = if path.is_file() {
        play_again(&stage, path, arguments.language).await?
    } else {
        let database = match &arguments.from {
            Some(file) => Database::in_file(file),
            None => Database::of(settings)?,
        };
        let journaled = Journaled::read(&database, story).await?;
        journaled.play(settings, &stage, arguments.keep).await?
    };
    print!("{written}");
    Ok(ExitCode::SUCCESS)
}

/// A transcript as it plays now, in a language of choice.
async fn play_again(
    stage: &Stage,
    path: &Path,
    language: Option<Language>,
) -> anyhow::Result<String> {
    let sources = files_at(path)?;
    let source = sources.first().context("it is no YAML file")?;
    let mut told = transcript::read(source, 0)
        .map_err(|reports| anyhow::anyhow!("{}", printed(&reports, &sources)))?;
    if let (Some(_), Some(language)) = (told.language, language) {
        told.language = Some(language);
    }
    let mut recorder = Recorder::start(stage, &told).await?;
    for step in &told.steps {
        recorder.follow(&step.action).await?;
    }
    Ok(recorder.end(&told).await)
}

/// Plays, and writes down what came.
struct Recorder {
    player: Player,
    steps: Vec<Recorded>,
}

impl Recorder {
    async fn start(stage: &Stage, told: &Transcript) -> anyhow::Result<Self> {
        Ok(Self {
            player: Player::start(stage, told).await?,
            steps: Vec::new(),
        })
    }

    /// Does a step again; where it expects something, what came instead is written down.
    async fn follow(&mut self, action: &Action) -> anyhow::Result<()> {
        match action {
            Action::See(_) | Action::End(_) => self.look(),
            Action::Sms(_) => {
                let sms = self.player.next_sms().await?;
                self.note(Action::Sms(sms.context("an SMS did not come")?), "");
            }
            Action::Dial(_)
            | Action::Press(_)
            | Action::Pay(_)
            | Action::HangUp
            | Action::Phone(_)
            | Action::Answer(_)
            | Action::Again(_)
            | Action::Wait(_) => self.act(action, "").await?,
        }
        Ok(())
    }

    async fn act(&mut self, action: &Action, note: &str) -> anyhow::Result<()> {
        let done = self.player.act(action).await;
        done.map_err(|why| anyhow::anyhow!("{}", why.trim()))?;
        self.note(action.clone(), note);
        Ok(())
    }

    fn look(&mut self) {
        if let Some(display) = self.player.display() {
            let text = display.text.clone();
            let page = if display.last {
                Action::End(text)
            } else {
                Action::See(text)
            };
            self.note(page, "");
        }
    }

    fn is_over(&mut self) -> bool {
        self.player.display().is_none_or(|display| display.last)
    }

    fn note(&mut self, action: Action, note: &str) {
        self.steps.push(Recorded {
            action,
            note: note.to_owned(),
        });
    }

    async fn end(self, told: &Transcript) -> String {
        let written = transcript::write(told, &self.steps);
        self.player.stop().await;
        written
    }
}

/// A dialogue as a journal has it.
struct Journaled {
    turns: Vec<JournaledTurn>,
    /// Of the demo's phones the one that called; `None` for any other.
    phone: Option<Msisdn>,
}

impl Journaled {
    async fn read(database: &Database, story: &str) -> anyhow::Result<Self> {
        // Opening it would make it.
        let address = &database.address;
        if address.file().is_some_and(|file| !file.is_file()) {
            bail!("{address} is not there: no dialogue was journaled");
        }
        let (opened, sealer) = database.open().await?;
        let mut transaction = opened.read().await?;
        let mut journal = transaction.journal();
        let dialogue = match DialogueId::parse(story) {
            Some(dialogue) => Some(dialogue),
            None if story == "last" => journal.newest().await?,
            None => {
                bail!("{story} is no dialogue: give its 32 digits, `last`, or a transcript's file")
            }
        };
        let dialogue = dialogue.context("no dialogue was journaled yet")?;
        let turns = journal.dialogue(dialogue).await?;
        let first = turns.first();
        let first = first.with_context(|| format!("the journal has no dialogue {dialogue}"))?;
        let phone = phone_of(&sealer, &first.phone_index);
        Ok(Self { turns, phone })
    }

    async fn play(&self, settings: &Settings, stage: &Stage, keep: bool) -> anyhow::Result<String> {
        let head = self.head(settings)?;
        let mut recorder = Recorder::start(stage, &head).await?;
        let menus = self.dialled(&recorder.player.sets())?;
        let mut told = head;
        told.language = self.language(&menus);
        if told.language.is_none() {
            recorder.player.stop().await;
            recorder = Recorder::start(stage, &told).await?;
        }
        for turn in &self.turns {
            self.turn(&mut recorder, turn, &menus.service, keep).await?;
        }
        let unread = recorder.player.unread_sms().await?;
        for sms in unread {
            recorder.note(Action::Sms(sms), "");
        }
        Ok(recorder.end(&told).await)
    }

    /// The set whose code was dialled.
    fn dialled(&self, sets: &[Arc<MenuSet>]) -> anyhow::Result<Arc<MenuSet>> {
        let dialled = self.turns.iter().find(|turn| turn.event == "begin");
        let code = dialled.and_then(|turn| turn.input.as_deref());
        let code = code.context("the journal does not say what was dialled")?;
        let found = sets.iter().find(|set| set.service.as_str() == code);
        found
            .map(Arc::clone)
            .with_context(|| format!("nothing that is served now is dialled as {code}"))
    }

    async fn turn(
        &self,
        recorder: &mut Recorder,
        turn: &JournaledTurn,
        service: &ServiceCode,
        keep: bool,
    ) -> anyhow::Result<()> {
        match turn.event.as_str() {
            "begin" => recorder.act(&Action::Dial(service.clone()), "").await?,
            "input" if recorder.is_over() => return Ok(()),
            "input" => {
                let (typed, note) = typed(turn.input.as_deref(), keep);
                recorder.act(&Action::Press(typed), note).await?;
            }
            "repeat" => return recorder.act(&Action::Again(1), "").await,
            // It stepped nothing.
            _ => return Ok(()),
        }
        recorder.look();
        Ok(())
    }

    fn head(&self, settings: &Settings) -> anyhow::Result<Transcript> {
        let first = self.turns.first().context("the dialogue has no turn")?;
        let today = local_day(first.at);
        let source = crate::model::source::Source {
            name: "a recording".to_owned(),
            text: format!("transcript: Recorded on {today}\ntoday: {today}\nsteps: []\n"),
        };
        let head = transcript::read(&source, 0)
            .ok()
            .context("it cannot be told")?;
        let known = found(settings, &[])?;
        let file = format!("{}.yaml", first.gateway);
        let is_known = known.iter().any(|source| source.name.ends_with(&file));
        Ok(Transcript {
            phone: self.phone.clone().unwrap_or(head.phone),
            gateway: if is_known {
                first.gateway.clone()
            } else {
                head.gateway
            },
            language: Some(first.language),
            ..head
        })
    }

    /// The language that the caller had chosen before; `None` where she was asked for it.
    fn language(&self, menus: &MenuSet) -> Option<Language> {
        let first = self.turns.first()?;
        let root = menus.menus.first()?;
        let asks = root.screens.get(usize::from(menus.first_dial))?;
        let asked = matches!(asks.verb, Verb::Language { .. })
            && first.screen == format!("{}.{}", root.name, asks.name);
        (!asked).then_some(first.language)
    }
}

/// The demo's phone of that index.
fn phone_of(sealer: &Sealer, index: &[u8]) -> Option<Msisdn> {
    let phones = demo_members().into_iter().filter_map(|member| member.phone);
    let mut phones = phones;
    phones.find(|phone| sealer.index(phone) == index)
}

/// What is typed again, and what its reader is to know of it. A key or two and the demo's numbers are
/// nobody's; anything longer may be a person's.
fn typed(input: Option<&str>, keep: bool) -> (String, &'static str) {
    let Some(input) = input else {
        let note = "What was typed here is sensitive and was not kept.";
        return (KEPT_FROM_US.to_owned(), note);
    };
    let is_key = input.chars().count() <= 3;
    let member = NumberRule::Chf.read(input).ok();
    let demos = demo_members();
    let is_demos = member.is_some_and(|member| demos.iter().any(|it| it.number == member));
    if keep || is_key || is_demos {
        return (input.to_owned(), "");
    }
    match (member, demos.first()) {
        (Some(_), Some(first)) => (
            first.number.to_string(),
            "Another member's number was typed here.",
        ),
        (None, _) | (_, None) => (masked(input), "What was typed here is masked."),
    }
}

/// A text of the same shape that says nothing.
fn masked(text: &str) -> String {
    let mask = |character: char| match character {
        digit if digit.is_ascii_digit() => '1',
        letter if letter.is_alphabetic() => 'x',
        other => other,
    };
    text.chars().map(mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_the_demos_numbers_are_kept_and_others_masked() {
        assert_eq!(typed(Some("98"), false), ("98".to_owned(), ""));
        assert_eq!(typed(Some("400000042"), false).0, "400000042");
        assert_eq!(typed(Some("123456782"), false).0, "070707081");
        assert_eq!(typed(Some("Asha, 0712"), false).0, "xxxx, 1111");
        assert_eq!(typed(Some("Asha"), true), ("Asha".to_owned(), ""));
        assert_eq!(typed(None, true).0, KEPT_FROM_US);
    }
}
