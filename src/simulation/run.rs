use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::{
    dice::Dice,
    node::{self, Node},
    phone::Phone,
    plan::{Bug, Plan},
    stage::{Record, Stage},
};

/// How long copies of requests and turns may still be on their way after the last act.
const SETTLED: Duration = Duration::from_secs(30);
/// After so long nothing that was promised may be left.
const LONGEST: Duration = Duration::from_hours(30);

/// Runs a seed. Two runs of one seed are the same, event by event.
pub(super) fn run(seed: u64, bug: Option<Bug>, traced: bool) -> Record {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let dice = Dice::of(seed);
        let plan = Plan {
            bug,
            ..Plan::draw(&dice)
        };
        let stage = Arc::new(Stage::new(plan, dice, traced));
        play(&stage).await;
        stage.record()
    })
}

async fn play(stage: &Arc<Stage>) {
    stage.say(|| format!("{:?}", stage.plan));
    for number in 0..stage.plan.nodes {
        tokio::spawn(node::keep(Arc::clone(stage), number));
    }
    tokio::task::yield_now().await;
    let phones = (0..stage.plan.phones).map(|number| Phone::new(Arc::clone(stage), number));
    let phones: Vec<_> = phones.map(|phone| tokio::spawn(phone.live())).collect();
    for phone in phones {
        phone.await.unwrap();
    }
    tokio::time::sleep(SETTLED).await;
    stage.be_quiet();
    let running = stage.nodes();
    for number in 0..stage.plan.nodes {
        stage.put_node(number, None);
    }
    for node in running {
        node.end();
    }
    let last = Node::start(stage, 0);
    stage.put_node(0, Some(Arc::clone(&last)));
    end(stage).await;
    last.end();
}

/// Waits until nothing is left to do, and has the judge look at what stands.
async fn end(stage: &Arc<Stage>) {
    let begun = stage.elapsed();
    while stage.judge().violation().is_none() && stage.elapsed() < begun + LONGEST {
        tokio::time::sleep(Duration::from_secs(200)).await;
        let told = stage.couriers.load(Ordering::Relaxed) == 0;
        if told && stage.store.rows().jobs.values().all(|job| job.given_up) {
            break;
        }
    }
    let (rows, lines) = (stage.store.rows(), stage.lines.bytes());
    stage.judge().end(&rows, &lines);
}
