//! A phone whose requests reach the webhook as Africa's Talking forwards them.

use reqwest::Client;

use super::PATIENCE;

/// The menu set's service code.
const CODE: &str = "*152*00#";

/// A client that waits for as long as a test may.
pub(crate) fn client() -> Client {
    let client = Client::builder().no_proxy().timeout(PATIENCE);
    client.build().unwrap()
}

/// A phone in a caller's hand.
#[derive(Clone)]
pub(crate) struct Phone {
    /// Its number, with its plus.
    pub(crate) number: String,
    /// The aggregator's id of the dialogue.
    pub(crate) session: String,
    client: Client,
    address: String,
    dials: u32,
    text: String,
}

/// What its display shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The page.
    pub(crate) text: String,
    /// Whether the dialogue is over.
    pub(crate) last: bool,
}

impl Phone {
    /// A phone in the network of the server at `address`.
    pub(crate) fn new(address: &str, number: &str) -> Self {
        Self {
            number: number.to_owned(),
            session: String::new(),
            client: client(),
            address: address.to_owned(),
            dials: 0,
            text: String::new(),
        }
    }

    /// Dials, in a session of its own.
    pub(crate) async fn dial(&mut self) -> Page {
        self.dials += 1;
        self.session = format!(
            "ATUid_{}_{}",
            self.number.trim_start_matches('+'),
            self.dials
        );
        self.dial_in(&self.session.clone()).await
    }

    /// As after so many dials more: sessions of another run of the program are not used again.
    pub(crate) fn skip_dials(&mut self, dials: u32) {
        self.dials += dials;
    }

    /// Dials in a session that the aggregator names.
    pub(crate) async fn dial_in(&mut self, session: &str) -> Page {
        session.clone_into(&mut self.session);
        self.text.clear();
        self.call().await
    }

    /// From now on another node of the server takes its calls.
    pub(crate) fn move_to(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// Types and sends.
    pub(crate) async fn press(&mut self, keys: &str) -> Page {
        self.type_in(keys);
        self.call().await
    }

    /// Types without sending.
    pub(crate) fn type_in(&mut self, keys: &str) {
        if !self.text.is_empty() {
            self.text.push('*');
        }
        self.text.push_str(keys);
    }

    /// Types one after the other; gives the last page.
    pub(crate) async fn press_all(&mut self, keys: &[&str]) -> Page {
        let mut page = None;
        for key in keys {
            page = Some(self.press(key).await);
        }
        page.unwrap()
    }

    /// Dials for the first time and chooses English.
    pub(crate) async fn dial_in_english(&mut self) -> Page {
        self.dial().await;
        self.press("2").await
    }

    /// The last request once more, byte for byte.
    pub(crate) async fn call(&self) -> Page {
        self.call_with(&self.text).await
    }

    /// A request of this session with this accumulated text.
    pub(crate) async fn call_with(&self, text: &str) -> Page {
        let body = self.post(CODE, text).await;
        let (kind, text) = body.split_once(' ').unwrap();
        assert!(kind == "CON" || kind == "END", "{body}");
        Page {
            text: text.to_owned(),
            last: kind == "END",
        }
    }

    /// The body that the webhook answers, whose status must be 200.
    pub(crate) async fn post(&self, code: &str, text: &str) -> String {
        let form = [
            ("sessionId", self.session.as_str()),
            ("serviceCode", code),
            ("phoneNumber", &self.number),
            ("networkCode", "64004"),
            ("text", text),
        ];
        let url = format!("{}/ussd/africastalking", self.address);
        let answer = self.client.post(url).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    }

    /// The accumulated text of its last request.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Pays a control number by mobile money.
    pub(crate) async fn pay(&self, number: &str) {
        let url = format!("{}/simulator/pay", self.address);
        let order = serde_json::json!({"phone": self.number, "control_number": number});
        let answer = self.client.post(url).json(&order).send().await.unwrap();
        assert_eq!(answer.status(), 202, "{}", answer.text().await.unwrap());
    }
}

/// The twelve digits of a control number in a text.
pub(crate) fn control_number(text: &str) -> String {
    text.split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 12)
        .unwrap_or_else(|| panic!("no control number in:\n{text}"))
        .to_owned()
}
