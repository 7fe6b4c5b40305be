//! Two nodes of the real program on one Postgres and one Redis, behind any balancer: any turn on any
//! of them, one of them killed at the worst moments, and everything sent eight times at once.
//!
//! `NYOTA_DIALOGUES` says how many dialogues are sent eightfold; 1,000 take some minutes.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use futures_util::future::{join, join_all};
use nyota::{
    sandbox::Keys,
    store::{Bill, BillState},
};
use tokio::time::sleep;

use crate::support::{
    chaos::{Chaos, Weather},
    demo::{Demo, Home},
    gepg,
    phone::{Page, Phone, control_number},
    postgres_server::PostgresServer,
    records::Records,
    redis::Redis,
    until,
};

const PHONE: &str = "+255700000077";
/// How every commit of a line is asked, and nothing else.
const COMMIT: &[u8] = b"EVALSHA";

/// Two nodes; the first reaches Redis through a proxy.
struct World {
    first: Option<Demo>,
    second: Demo,
    chaos: Chaos,
    home: Home,
    database: String,
    records: Records,
    _redis: Redis,
}

impl World {
    async fn start() -> Self {
        let database = PostgresServer::shared().database().await;
        let redis = Redis::start().await;
        let chaos = Chaos::before(redis.port).await;
        let home = Home::new();
        // Both at once, on a database and in a folder where nothing is yet.
        let (first, second) = join(
            node(&home, &database, chaos.port()),
            node(&home, &database, redis.port),
        )
        .await;
        let records = Records::at(&database, &home.data().join("nyota.keys")).await;
        Self {
            first: Some(first),
            second,
            chaos,
            home,
            database,
            records,
            _redis: redis,
        }
    }

    fn addresses(&self) -> [&str; 2] {
        let first = self.first.as_ref().unwrap();
        [&first.address, &self.second.address]
    }

    /// A phone that asked for a renewal in English and reads what it costs; nothing is left to do.
    async fn phone_that_agrees(&self, number: &str) -> Phone {
        let [first, second] = self.addresses();
        let mut phone = Phone::new(second, number);
        phone.dial_in_english().await;
        let page = phone.press_all(&["2", "400000042"]).await;
        assert!(page.text.contains("30,000"), "{page:?}");
        self.records.settled().await;
        phone.move_to(first);
        phone
    }

    /// Kills the first node; what its proxy holds never arrives.
    async fn kill_first(&mut self) {
        self.first.take().unwrap().kill().await;
        self.chaos.set(Weather::Reset);
    }

    /// Starts it again.
    async fn start_first(&mut self) {
        self.chaos.set(Weather::Fair);
        let first = node(&self.home, &self.database, self.chaos.port()).await;
        self.first = Some(first);
    }
}

async fn node(home: &Home, database: &str, redis: u16) -> Demo {
    let redis = format!("redis://127.0.0.1:{redis}");
    let environment = [("DATABASE_URL", database), ("REDIS_URL", &redis)];
    home.clone().start(&environment).await
}

#[tokio::test]
async fn a_dialogue_whose_every_turn_is_on_another_node_renews_and_is_paid() {
    let world = World::start().await;
    let [first, second] = world.addresses();
    let mut phone = Phone::new(first, PHONE);
    phone.dial().await;
    let mut nodes = [second, first].into_iter().cycle();
    for (keys, says) in [
        ("2", "Welcome to CHF"),
        ("2", "Enter the CHF number to renew"),
        ("400000042", "30,000"),
    ] {
        phone.move_to(nodes.next().unwrap());
        let page = phone.press(keys).await;
        assert!(page.text.contains(says), "{page:?}");
        // The other node gives the same bytes.
        phone.move_to(nodes.next().unwrap());
        assert_eq!(phone.call().await, page);
        phone.move_to(nodes.next().unwrap());
    }
    phone.move_to(second);
    let page = phone.press("1").await;
    assert!(page.last, "{page:?}");
    let number = control_number(&world.records.sms(PHONE, "control number").await);
    phone.move_to(first);
    phone.pay(&number).await;
    world.records.sms(PHONE, "membership ACTIVE").await;
    world.records.settled().await;
    assert_eq!(world.records.inbox(PHONE).await.len(), 3);
    assert_eq!(world.records.books().await, [30_000, -30_000, 0]);
    assert_eq!(world.records.payable(PHONE).await, 0);
}

#[tokio::test]
async fn a_dialogue_goes_on_when_its_node_is_killed_and_when_that_is_back() {
    let mut world = World::start().await;
    let mut phone = Phone::new(world.addresses()[0], PHONE);
    phone.dial_in_english().await;
    let page = phone.press("1").await;
    world.kill_first().await;
    phone.move_to(&world.second.address);
    assert_eq!(phone.call().await, page);
    let page = phone.press("400000042").await;
    assert!(page.text.contains("Neema M."), "{page:?}");
    world.start_first().await;
    phone.move_to(world.addresses()[0]);
    assert_eq!(phone.call().await, page);
    let page = phone.press("1").await;
    assert!(page.text.contains("Enter the CHF number"), "{page:?}");
}

#[tokio::test]
async fn a_turn_that_was_killed_before_or_after_any_commit_is_the_same_on_the_other_node() {
    let mut world = World::start().await;
    // Its three commits: before the bill is asked for, before the SMS, with the page.
    for commit in 0..3_u8 {
        for (heard, weather) in [
            (false, Weather::RequestHeld(COMMIT)),
            (true, Weather::AnswerHeld(COMMIT)),
        ] {
            let number = format!("+25570000010{commit}{}", u8::from(heard));
            let mut phone = world.phone_that_agrees(&number).await;
            let mut weathers = vec![Weather::AnswerHeld(COMMIT); usize::from(commit)];
            weathers.push(weather);
            let asked = send_until_held(&world.chaos, &phone, &weathers).await;
            assert!(!asked.is_finished(), "it must be killed before it answers");
            asked.abort();
            world.kill_first().await;

            phone.type_in("1");
            phone.move_to(&world.second.address);
            let page = phone.call().await;
            let text = page.text.to_lowercase();
            assert!(page.last && text.contains("control number"), "{page:?}");
            assert_eq!(phone.call().await, page);
            world.start_first().await;
            phone.move_to(world.addresses()[0]);
            assert_eq!(phone.call().await, page);
            let told = told_of_one_number(&world.records, &number).await;
            // Killed between its last commit and its answer, nobody knows whether she read the page.
            let at_most = if heard && commit == 2 { 2 } else { 1 };
            assert!(
                (1..=at_most).contains(&told),
                "{told} SMS, {commit} {heard}"
            );
        }
    }
}

/// Sends "yes", and holds each commit in its turn as the weathers say.
async fn send_until_held(
    chaos: &Chaos,
    phone: &Phone,
    weathers: &[Weather],
) -> tokio::task::JoinHandle<Page> {
    let mut asking = phone.clone();
    chaos.set(weathers[0]);
    let asked = tokio::spawn(async move { asking.press("1").await });
    chaos.caught().await;
    for weather in &weathers[1..] {
        chaos.set(*weather);
        chaos.caught().await;
    }
    asked
}

/// How many SMS told a phone its control number: always the same one, of a bill that can be paid.
async fn told_of_one_number(records: &Records, phone: &str) -> usize {
    let number = control_number(&records.sms(phone, "control number").await);
    records.settled().await;
    let inbox = records.inbox(phone).await;
    assert!(inbox.iter().all(|text| text.contains(&number)), "{inbox:?}");
    let bill = records.bill(&number).await.unwrap();
    assert_eq!(bill.state, BillState::Payable);
    inbox.len()
}

/// What a caller of the eightfold test does after she chose English, and whether it makes a bill.
const JOURNEYS: [(&[&str], bool); 5] = [
    (&["2", "400000042", "1"], true),
    (&["1", "070707081"], false),
    (&["2", "100000014", "1"], true),
    (&["3", "0", "4"], false),
    (&["2", "200000021", "1"], true),
];

/// What is said where a call cannot be taken.
const NO_SERVICE: [&str; 2] = [
    "Samahani, huduma haipatikani kwa sasa. Jaribu tena baadaye.",
    "Sorry, the service is not available now. Please try again later.",
];

/// How many of them are under way at once.
const AT_ONCE: usize = 4;

/// One dialogue, each of its turns sent eight times at once, to both nodes by turns. Every answer is
/// the same as its seven copies.
async fn dialogue(addresses: [&str; 2], number: &str, journey: &[&str]) -> Vec<Page> {
    let mut phone = Phone::new(addresses[0], number);
    let mut pages = vec![eightfold(&mut phone, addresses, None).await];
    for keys in std::iter::once(&"2").chain(journey) {
        pages.push(eightfold(&mut phone, addresses, Some(keys)).await);
    }
    pages
}

/// How often a call could not be taken, because Redis took longer than it may on a busy machine.
static NOT_TAKEN: AtomicUsize = AtomicUsize::new(0);

/// The answer to a call. One that could not be taken and says so comes again, as aggregators do.
async fn answer(phone: &Phone) -> Page {
    until("a call that is taken", async || {
        let page = phone.call().await;
        if !NO_SERVICE.contains(&page.text.as_str()) {
            return Some(page);
        }
        NOT_TAKEN.fetch_add(1, Ordering::SeqCst);
        sleep(Duration::from_secs(1)).await;
        None
    })
    .await
}

async fn eightfold(phone: &mut Phone, addresses: [&str; 2], keys: Option<&str>) -> Page {
    match keys {
        Some(keys) => phone.type_in(keys),
        None => phone.session = format!("eightfold {}", phone.number),
    }
    let copies = (0..8).map(|copy| {
        let mut phone = phone.clone();
        phone.move_to(addresses[copy % 2]);
        async move { answer(&phone).await }
    });
    let mut answers = join_all(copies).await;
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{}: {answers:?}",
        phone.number
    );
    answers.remove(0)
}

#[expect(
    clippy::print_stdout,
    reason = "the figures of the long run are to be read"
)]
#[tokio::test]
async fn eight_copies_of_every_turn_over_two_nodes_are_answered_alike_and_done_once() {
    let dialogues = dialogues();
    let world = World::start().await;
    let began = Instant::now();
    let numbers: Vec<_> = (0..dialogues)
        .map(|index| format!("+25571{index:07}"))
        .collect();
    let journeys = || JOURNEYS.iter().cycle();
    let mut turns = 0;
    let callers: Vec<_> = numbers.iter().zip(journeys()).collect();
    let mut last_pages = Vec::new();
    for some in callers.chunks(AT_ONCE) {
        let under_way = some
            .iter()
            .map(|(number, (keys, _))| dialogue(world.addresses(), number, keys));
        for mut pages in join_all(under_way).await {
            turns += pages.len();
            last_pages.extend(pages.pop());
        }
    }
    let took = began.elapsed();
    world.records.settled().await;

    let mut messages = 0;
    let mut paid = Vec::new();
    for ((number, (_, bills)), page) in numbers.iter().zip(journeys()).zip(&last_pages) {
        let inbox = world.records.inbox(number).await;
        // On a busy machine an answer may have been promised.
        let told = *bills || page.text.contains("by SMS");
        assert_eq!(inbox.len(), usize::from(told), "{number}: {inbox:?}");
        messages += inbox.len();
        let control = inbox.first().filter(|_| *bills);
        let control = control.map(|text| control_number(text));
        paid.extend(control.filter(|control| !paid.contains(control)));
    }
    // One bill for each member, whoever asked for it.
    assert_eq!(paid.len(), 3);
    let bills = pay_eightfold(&world, &paid).await;
    let sum: i64 = bills.iter().map(|bill| bill.made.amount.minor / 100).sum();
    assert_eq!(world.records.books().await, [sum, -sum, 0]);
    assert_eq!(world.records.quarantined().await, 0);
    let answers = turns * 8;
    let not_taken = NOT_TAKEN.load(Ordering::SeqCst);
    println!(
        "{dialogues} dialogues, {turns} turns, {answers} answers in {took:.1?}, {not_taken} calls not taken at first; {} bills, {messages} SMS with a control number, {sum} shillings in the books",
        bills.len()
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the length of a test is no setting of the program"
)]
fn dialogues() -> usize {
    std::env::var("NYOTA_DIALOGUES").map_or(60, |count| count.parse().unwrap())
}

/// Posts the payment of each bill eight times at once, to both nodes; each is acknowledged.
async fn pay_eightfold(world: &World, numbers: &[String]) -> Vec<Bill> {
    let keys = Keys::load_or_make(&world.home.data()).await.unwrap();
    let gateway = keys.of_gateway().unwrap();
    let mut bills = Vec::new();
    for number in numbers {
        let bill = world.records.bill(number).await.unwrap();
        let notice = gepg::sealed(&gateway, gepg::payment_of(&bill));
        let posts = (0..8).map(|copy| {
            let address = world.addresses()[copy % 2];
            until("an acknowledgement", async || {
                let status = gepg::status_of_post(address, notice.clone()).await;
                (status == 200).then_some(())
            })
        });
        join_all(posts).await;
        bills.push(bill);
    }
    world.records.settled().await;
    bills
}
