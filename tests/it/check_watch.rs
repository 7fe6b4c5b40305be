//! `nyota check --watch`: a report after every save, until Ctrl-C.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::support::PATIENCE;

/// A check that watches a set of one file in a folder of its own.
struct Watching {
    folder: TempDir,
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("salamu")).unwrap();
        fs::write(root(folder.path()), SALAMU).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_nyota"))
            .args(["check", "--watch", "salamu"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut watching = Self {
            folder,
            process,
            said,
        };
        watching.hear("0 errors, 0 warnings").await;
        watching
    }

    fn save(&self, text: &str) {
        fs::write(root(self.folder.path()), text).unwrap();
    }

    /// The first line from here on that holds `part`.
    async fn hear(&mut self, part: &str) -> String {
        let heard = timeout(PATIENCE, async {
            loop {
                let line = self.said.next_line().await.unwrap();
                let line = line.expect("it goes on");
                if line.contains(part) {
                    return line;
                }
            }
        });
        heard.await.unwrap_or_else(|_| panic!("{part} never came"))
    }
}

fn root(folder: &Path) -> PathBuf {
    folder.join("salamu/salamu.yaml")
}

/// A menu set of one file and one page.
const SALAMU: &str = r#"menu: salamu
service: "*152*77#"
languages: {sw: Kiswahili}
keys: {back: "0", home: "00", more: "98"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo.}
late: {ask: Weka tarakimu 4, wrong: Si sahihi.}
messages: {payment_received: "{amount}", cover_active: "{from}"}
first_dial: main
start: main
screens:
  main: {end: Kwaheri}
"#;

#[tokio::test]
async fn what_is_saved_is_checked_at_once() {
    let mut watching = Watching::begin().await;
    watching.save(&SALAMU.replace("start: main", "start: mian"));
    watching.hear("M026 unknown screen `mian`").await;
    watching.hear("1 error, 0 warnings").await;
    watching.save(SALAMU);
    watching.hear("0 errors, 0 warnings").await;
}

#[tokio::test]
async fn a_folder_that_goes_and_comes_back_is_watched_on() {
    let mut watching = Watching::begin().await;
    let at = |name: &str| watching.folder.path().join(name);
    let (there, away) = (at("salamu"), at("elsewhere"));
    fs::rename(&there, &away).unwrap();
    watching.hear("nyota: nothing was checked").await;
    fs::rename(&away, &there).unwrap();
    watching.hear("0 errors, 0 warnings").await;
    watching.save(&SALAMU.replace("start: main", "start: mian"));
    watching.hear("M026").await;
}

#[tokio::test]
async fn ctrl_c_ends_it_as_fine() {
    let mut watching = Watching::begin().await;
    let id = watching.process.id().unwrap().to_string();
    let told = Command::new("kill").args(["-INT", &id]).status().await;
    assert!(told.unwrap().success());
    let ended = timeout(PATIENCE, watching.process.wait()).await;
    assert_eq!(ended.expect("it ends").unwrap().code(), Some(0));
}
