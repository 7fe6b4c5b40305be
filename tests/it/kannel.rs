//! A real Kannel with a network of phones: what the profile `kannel` says of it is so.

use std::fs;

use nyota::store::MessageState;

use crate::support::{
    demo::{Demo, Home},
    kannel::{Kannel, Ports, Sms},
    records::Records,
    until,
};

const PHONE: &str = "+255700000077";
const OURS: &str = "15200";
/// Beyond the GSM alphabet, with what a careless reader would squeeze.
const UCS2: &str = "Ž ☺  +%d &amp;";

/// A server whose SMS go by a Kannel.
struct World {
    demo: Demo,
    records: Records,
    kannel: Kannel,
}

impl World {
    async fn new() -> Self {
        let (ports, home) = (Ports::free(), Home::new());
        let settings = format!(
            "gateways:
  kannel:
    sender: \"{OURS}\"
    settings:
      base_url: http://127.0.0.1:{}/cgi-bin/sendsms
      username: nyota
      password: change-me
routes:
  - {{gateway: kannel}}
",
            ports.sendsms
        );
        fs::write(home.path().join("nyota.yaml"), settings).unwrap();
        let demo = home.start(&[]).await;
        Self {
            kannel: Kannel::start(ports, &demo.address).await,
            records: demo.records().await,
            demo,
        }
    }

    /// Waits until the only SMS of [`PHONE`] has come so far; gives its text.
    async fn only_sms(&self, state: MessageState) -> (i64, String) {
        until(&format!("an SMS that is {state:?}"), async || {
            let messages = self.records.messages(PHONE).await;
            assert!(messages.len() <= 1, "{messages:?}");
            let message = messages
                .into_iter()
                .find(|message| message.state == state)?;
            Some((message.id, message.text))
        })
        .await
    }

    /// The words of its receipts, once all have come.
    async fn two_receipts(&self, message: i64) -> Vec<(String, MessageState)> {
        until("two receipts", async || {
            let receipts = self.records.receipts(message).await;
            (receipts.len() >= 2).then_some(receipts)
        })
        .await
    }
}

#[tokio::test]
async fn an_sms_of_a_renewal_goes_out_and_both_its_receipts_are_kept() {
    let world = World::new().await;
    let mut phone = crate::support::phone::Phone::new(&world.demo.address, PHONE);
    phone.dial_in_english().await;
    phone.press_all(&["2", "100000014", "1"]).await;
    // Kannel has taken it, and no network is there yet.
    let (id, text) = world.only_sms(MessageState::Sent).await;
    assert!(text.contains("control number"), "{text}");
    assert_eq!(world.records.receipts(id).await, []);
    let network = world.kannel.network().await;
    assert_eq!(network.receives(1).await, [Sms::new(OURS, PHONE, &text)]);
    world.only_sms(MessageState::Delivered).await;
    let mut receipts = world.two_receipts(id).await;
    // Kannel tells of both at once, so either may be the first.
    receipts.sort();
    let [delivered, taken] = [("1", MessageState::Delivered), ("8", MessageState::Sent)];
    let expected = [delivered, taken].map(|(status, state)| (status.to_owned(), state));
    assert_eq!(receipts, expected);
    // Nor has the one that came last moved it back.
    world.only_sms(MessageState::Delivered).await;
}

#[tokio::test]
async fn an_sms_beyond_the_gsm_alphabet_arrives_as_it_was_written() {
    let world = World::new().await;
    let network = world.kannel.network().await;
    world.records.queue_sms("kannel", PHONE, UCS2).await;
    assert_eq!(network.receives(1).await, [Sms::new(OURS, PHONE, UCS2)]);
    world.only_sms(MessageState::Delivered).await;
}

#[tokio::test]
async fn a_long_sms_arrives_whole_and_has_one_pair_of_receipts() {
    let world = World::new().await;
    let network = world.kannel.network().await;
    let text = "Bima yako é hai + 5% & zaidi. ".repeat(9);
    let text = text.trim_end();
    world.records.queue_sms("kannel", PHONE, text).await;
    until("the end of a long SMS", async || {
        let ends = network.received().first()?.text.ends_with("zaidi.");
        (ends && network.received()[0].text.len() == text.len()).then_some(())
    })
    .await;
    assert_eq!(network.received(), [Sms::new(OURS, PHONE, text)]);
    let (id, _) = world.only_sms(MessageState::Delivered).await;
    assert_eq!(world.two_receipts(id).await.len(), 2);
}

#[tokio::test]
async fn what_a_member_sends_is_kept_as_it_was_written_and_kannel_answers_nothing_of_its_own() {
    let world = World::new().await;
    for text in ["BIMA  070707081", UCS2] {
        let network = world
            .kannel
            .network_with(&Sms::new(PHONE, OURS, text))
            .await;
        let came = until("an SMS of a member", async || {
            let incoming = world.records.incoming().await;
            incoming.into_iter().find(|came| came.text == text)
        })
        .await;
        assert_eq!((came.from.e164().as_str(), came.to.as_str()), (PHONE, OURS));
        assert_eq!(came.account, "kannel");
        assert!(came.their_id.is_some() && came.sent_at.is_some());
        // What Kannel answered would have come before this.
        world.records.queue_sms("kannel", PHONE, text).await;
        assert_eq!(network.receives(1).await, [Sms::new(OURS, PHONE, text)]);
    }
    assert_eq!(world.records.incoming().await.len(), 2);
}
