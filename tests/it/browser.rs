//! Drives the simulator in a headless Chromium, from the first dial to renewed cover.
//!
//! Set `NYOTA_SCREENSHOT=docs/simulator.png` to have the picture of the README made on the way, and
//! `NYOTA_MAP_SCREENSHOT` for one of the map.

use std::time::Duration;

use tokio::time::sleep;

use crate::support::{
    browser::Browser,
    demo::{Demo, Home},
};

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// One phone on the simulator's table.
struct Phone<'b> {
    browser: &'b Browser,
    id: &'static str,
}

impl Phone<'_> {
    fn part(&self, name: &str) -> String {
        format!("[data-testid={}] [data-testid={name}]", self.id)
    }

    async fn press(&self, name: &str) {
        self.browser.click(&self.part(name)).await;
    }

    /// The page, once it contains `part`.
    async fn sees(&self, part: &str) -> String {
        let display = self.part("display");
        self.browser.wait_for_text(&display, part).await
    }

    /// Types on the key pad and sends.
    async fn keys(&self, digits: &str) {
        for digit in digits.chars() {
            self.press(&format!("key-{digit}")).await;
        }
        self.press("call").await;
    }

    /// Presses the key of the option that says `text`, once the page has one.
    async fn choose(&self, text: &str) {
        let page = self.sees(text).await;
        let option = page.lines().find(|line| line.contains(text)).unwrap();
        let key: String = option.chars().take_while(char::is_ascii_digit).collect();
        assert!(!key.is_empty(), "{text:?} is no option of:\n{page}");
        self.keys(&key).await;
    }

    /// The newest SMS, once that contains `part`; leaves the phone at rest.
    async fn newest_sms(&self, part: &str) -> String {
        self.press("hang-up").await;
        self.press("soft-left").await;
        let newest = format!("{} li:first-child button", self.part("inbox"));
        for _ in 0..40 {
            self.browser.click(&newest).await;
            let text = self.browser.text(&self.part("page")).await;
            if text.contains(part) {
                self.press("hang-up").await;
                return text;
            }
            self.press("soft-right").await;
            sleep(Duration::from_millis(250)).await;
        }
        panic!("no SMS came that says {part:?}");
    }
}

/// The twelve digits in a text.
fn control_number(text: &str) -> String {
    text.split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 12)
        .unwrap_or_else(|| panic!("no control number in:\n{text}"))
        .to_owned()
}

/// The last day in a text that says `2 Dec 2025 to 1 Dec 2026`.
fn last_day(text: &str) -> &str {
    let (_, rest) = text.split_once(" to ").unwrap();
    rest.split(['\n', '.']).next().unwrap()
}

async fn simulator(demo: &Demo) -> Browser {
    let browser = Browser::start().await;
    browser.open(&format!("{}/simulator", demo.address)).await;
    browser.find("[data-testid=phone-2]").await;
    browser
}

#[tokio::test]
async fn a_caller_checks_cover_renews_pays_and_sees_it_renewed() {
    let demo = Demo::start().await;
    let browser = simulator(&demo).await;
    let phone = Phone {
        browser: &browser,
        id: "phone-1",
    };
    phone.press("call").await;
    assert!(phone.sees("English").await.contains("DEMO"));
    phone.choose("English").await;

    phone.choose("Check membership").await;
    let cover = check(&phone).await;
    phone.choose("Renew").await;
    let agree = phone.sees("Is this right?").await;
    assert!(
        agree.contains("30,000") && agree.contains("Neema"),
        "{agree}"
    );
    phone.keys("1").await;
    let number = promised_number(&phone).await;

    phone.press("hang-up").await;
    phone.press("soft-right").await;
    let offered = format!(
        "return document.querySelector('{}').value",
        phone.part("entry")
    );
    assert_eq!(browser.script(&offered).await, number.as_str());
    phone.press("call").await;
    phone.sees("Paid TZS 30,000").await;
    let renewed = phone.newest_sms("ACTIVE").await;

    phone.press("call").await;
    phone.choose("Check membership").await;
    let now = check(&phone).await;
    picture(&browser).await;
    assert_ne!(last_day(&cover), last_day(&now));
    assert_eq!(last_day(&renewed), last_day(&now));
    assert_eq!(browser.complaints().await, Vec::<String>::new());

    // The phones still listen for SMS; that must not hold the server up.
    assert!(demo.end(Duration::from_secs(8)).await.success());
    browser.quit().await;
}

/// Takes the README's picture where that is asked for: the second phone is in the middle of a
/// dialogue too.
async fn picture(browser: &Browser) {
    let Some(file) = std::env::var_os("NYOTA_SCREENSHOT") else {
        return;
    };
    let other = Phone {
        browser,
        id: "phone-2",
    };
    other.press("call").await;
    other.choose("Kiswahili").await;
    other.choose("Huisha").await;
    other.sees("wa nani").await;
    browser.screenshot(file.as_ref()).await;
}

/// From the cover of the member whose phone it is to Neema's.
async fn check(phone: &Phone<'_>) -> String {
    phone.choose("Another number").await;
    phone.sees("CHF number").await;
    phone.browser.click("[data-testid=member-400000042]").await;
    phone.press("call").await;
    phone.sees("Neema").await
}

/// The control number on the display, or in the SMS where it was late.
async fn promised_number(phone: &Phone<'_>) -> String {
    let page = phone.sees("ontrol number").await;
    if page.contains("prepared") {
        control_number(&phone.newest_sms("control number").await)
    } else {
        control_number(&page)
    }
}

#[tokio::test]
async fn a_phone_is_used_by_keyboard_alone_and_says_what_it_shows() {
    let demo = Demo::start().await;
    let browser = simulator(&demo).await;
    let phone = Phone {
        browser: &browser,
        id: "phone-1",
    };
    browser.press(ENTER).await;
    let page = phone.sees("English").await;
    let spoken = browser
        .script("return document.querySelector('[data-testid=phone-1] [role=status]').textContent")
        .await;
    assert_eq!(spoken.as_str().map(str::trim), Some(page.trim()));
    browser.press("9").await;
    browser.press(ENTER).await;
    phone.sees("English").await;
    browser.press(ESCAPE).await;
    let home = "[data-testid=phone-1] [data-state=home]";
    browser.find(home).await;
    browser.quit().await;
}

/// The screens that are lit on the map, once `screen` is one of them, or none is where it is empty.
async fn lit(browser: &Browser, screen: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-testid=map] .lit')]\
                  .map(page => page.dataset.screen)";
    for _ in 0..200 {
        let lit: Vec<String> = serde_json::from_value(browser.script(script).await).unwrap();
        if lit.iter().any(|lit| lit == screen) || screen.is_empty() && lit.is_empty() {
            return lit;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("{screen:?} was never lit");
}

/// Whether the lit screen of the map is within the map's frame.
const IN_SIGHT: &str = "
    const frame = document.querySelector('[data-testid=map]').getBoundingClientRect();
    const page = document.querySelector('[data-testid=map] .lit .face').getBoundingClientRect();
    return page.left >= frame.left && page.right <= frame.right
        && page.top >= frame.top && page.bottom <= frame.bottom;";

/// Whether pages are as high as they were drawn: no style of the simulator's own changes them.
const AS_DRAWN: &str = "
    const faces = [...document.querySelectorAll('[data-testid=map] rect.face')];
    return faces.length > 9
        && faces.every(face => face.getBBox().height === Number(face.getAttribute('height')));";

/// The colour of the lit page and of another: the map has its style.
const COLOURS: &str = "
    return ['[data-testid=map] .lit .face', '[data-testid=map] .page:not(.lit) .face']
        .map(face => getComputedStyle(document.querySelector(face)).stroke);";

#[tokio::test]
async fn the_map_lights_the_screen_that_each_phone_is_on() {
    let demo = Demo::start().await;
    let browser = simulator(&demo).await;
    let [phone, other] = ["phone-1", "phone-2"].map(|id| Phone {
        browser: &browser,
        id,
    });
    browser
        .find("[data-testid=map] [data-screen='chf.main']")
        .await;
    assert_eq!(lit(&browser, "").await, Vec::<String>::new());

    phone.press("call").await;
    assert_eq!(lit(&browser, "chf.language").await, ["chf.language"]);
    phone.choose("English").await;
    assert_eq!(lit(&browser, "chf.main").await, ["chf.main"]);
    phone.choose("Payments").await;
    assert_eq!(lit(&browser, "pay.main").await, ["pay.main"]);
    // The map speaks the language of the phone, and shows what is lit.
    let page = "[data-testid=map] [data-screen='pay.main']";
    browser.wait_for_text(page, "Check").await;
    until_in_sight(&browser).await;
    let colours = browser.script(COLOURS).await;
    assert_ne!(colours[0], colours[1]);
    assert_eq!(browser.script(AS_DRAWN).await, true);
    map_picture(&browser).await;

    other.press("call").await;
    let both = lit(&browser, "chf.language").await;
    assert_eq!(both, ["chf.language", "pay.main"]);
    let said = browser.text("[data-testid=map-where]").await;
    assert_eq!(said, "Phone 1: pay.main · Phone 2: chf.language");
    phone.press("hang-up").await;
    other.press("hang-up").await;
    lit(&browser, "").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.quit().await;
}

async fn until_in_sight(browser: &Browser) {
    for _ in 0..100 {
        if browser.script(IN_SIGHT).await == true {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("the lit screen never came into sight");
}

/// Takes a picture of the map where that is asked for.
async fn map_picture(browser: &Browser) {
    if let Some(file) = std::env::var_os("NYOTA_MAP_SCREENSHOT") {
        browser
            .script("document.querySelector('.map').scrollIntoView()")
            .await;
        browser.screenshot(file.as_ref()).await;
    }
}

#[tokio::test]
async fn a_dropped_dialogue_is_dialled_again() {
    let demo = Demo::start().await;
    let browser = simulator(&demo).await;
    let phone = Phone {
        browser: &browser,
        id: "phone-2",
    };
    phone.press("call").await;
    phone.choose("English").await;
    phone.sees("Check membership").await;
    phone.press("drop").await;
    phone.sees("Network lost").await;
    phone.press("hang-up").await;
    phone.press("call").await;
    phone.sees("Check membership").await;
    browser.quit().await;
}

/// The dialogue that was just played, as its transcript.
async fn saved(phone: &Phone<'_>) -> String {
    phone.press("save").await;
    let story = phone.part("story");
    phone.browser.find(&format!("{story}:focus")).await;
    let value = format!("return document.querySelector('{story}').value");
    let value = phone.browser.script(&value).await;
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_dialogue_is_saved_as_a_transcript_that_plays() {
    let demo = Demo::start().await;
    let browser = simulator(&demo).await;
    let phone = Phone {
        browser: &browser,
        id: "phone-1",
    };
    phone.press("call").await;
    phone.choose("English").await;
    phone.choose("Check membership").await;
    check(&phone).await;
    phone.choose("Renew").await;
    phone.sees("Is this right?").await;
    phone.keys("0").await;
    phone.sees("Neema").await;
    let transcript = saved(&phone).await;
    assert!(!transcript.contains("DEMO"), "{transcript}");
    assert!(transcript.contains("press: \"400000042\""), "{transcript}");
    let home = Home::new();
    let file = home.path().join("saved.yaml");
    std::fs::write(&file, transcript).unwrap();
    let output = home.run(&["test", file.to_str().unwrap()], &[]).await;
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("1 passed, 0 failed"), "{printed}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.quit().await;
}
