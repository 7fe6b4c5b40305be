use super::{
    job::{claim, counts},
    world::{add, at, day, incoming, intent, job, key, message, phone, receipt, told},
};
use crate::{
    model::{DialogueId, Language},
    store::{
        Decision, JobFilter, JobKind, JobVerdict, JournalEntry, Kept, MessageState, NewIncoming,
        NewNotice, Store, Told, Verdict,
    },
};

const DAY: i64 = 86_400;

/// Deletes what is from before that second, after it was counted: the two must agree.
pub(crate) async fn delete(store: &dyn Store, kept: Kept, seconds: i64) -> u64 {
    let mut tx = store.write().await.unwrap();
    let counted = tx.retention().count(kept, at(seconds)).await.unwrap();
    let deleted = tx.retention().delete(kept, at(seconds), 100).await.unwrap();
    assert_eq!(counted, deleted, "{kept:?}");
    tx.commit().await.unwrap();
    deleted
}

fn turn(number: u32, seconds: i64) -> JournalEntry {
    JournalEntry {
        at: at(seconds),
        gateway: "africastalking".to_owned(),
        phone: phone(1),
        dialogue: DialogueId(5),
        turn: number,
        event: "input",
        input: None,
        set: "chf".to_owned(),
        screen: "chf.cover".to_owned(),
        language: Language::SWAHILI,
        units: 120,
        asks: 0,
        last: false,
        took_micros: 1,
    }
}

async fn journal(store: &dyn Store, seconds: &[i64]) {
    let entries: Vec<_> = (0..)
        .zip(seconds)
        .map(|(number, seconds)| turn(number, *seconds))
        .collect();
    let mut tx = store.write().await.unwrap();
    tx.journal().append(&entries).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn turns_of_the_journal_go_from_the_beginning_on_without_gaps(store: &dyn Store) {
    // One was noted behind a later one.
    journal(store, &[0, 1, 5, 2, 6]).await;
    assert_eq!(delete(store, Kept::Journal, 0).await, 0);
    assert_eq!(delete(store, Kept::Journal, 3).await, 2);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.journal().turns().await.unwrap(), 3);
    drop(tx);
    assert_eq!(delete(store, Kept::Journal, 9).await, 3);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.journal().turns().await.unwrap(), 0);
    drop(tx);
    assert_eq!(delete(store, Kept::Journal, 9).await, 0);
}

pub(crate) async fn effects_that_ended_go_and_those_that_wait_stay(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut effects = tx.effects();
    for turn in 0..4 {
        effects.intend(&intent(turn)).await.unwrap();
    }
    effects.finish(key(0), b"found", at(1)).await.unwrap();
    effects.finish(key(1), b"found", at(1)).await.unwrap();
    effects
        .keep_answer(key(1), b"state", at(5000))
        .await
        .unwrap();
    effects.finish(key(2), b"found", at(4000)).await.unwrap();
    drop(effects);
    tx.commit().await.unwrap();
    // All are of no use after 600 s.
    assert_eq!(delete(store, Kept::Effects, 600).await, 0);
    assert_eq!(delete(store, Kept::Effects, 601).await, 2);
    let there = async |turn| {
        let mut tx = store.read().await.unwrap();
        tx.effects().get(key(turn)).await.unwrap().is_some()
    };
    assert_eq!([there(0).await, there(3).await], [false, false]);
    assert_eq!([there(1).await, there(2).await], [true, true]);
    assert_eq!(delete(store, Kept::Effects, 5001).await, 2);
}

pub(crate) async fn an_effect_that_a_job_is_about_stays(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    tx.effects().intend(&intent(0)).await.unwrap();
    tx.commit().await.unwrap();
    let mut finish = job(&key(0).to_string());
    finish.kind = JobKind::FinishEffect;
    add(store, &[finish]).await;
    assert_eq!(delete(store, Kept::Effects, DAY).await, 0);
    let claimed = claim(store, 1, 1).await;
    let mut tx = store.write().await.unwrap();
    tx.jobs().done(&claimed[0]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(delete(store, Kept::Effects, DAY).await, 1);
}

async fn queue(store: &dyn Store) -> i64 {
    let mut tx = store.write().await.unwrap();
    let id = tx.messages().queue(&message("k", &phone(1))).await.unwrap();
    tx.commit().await.unwrap();
    id.unwrap()
}

async fn text(store: &dyn Store, id: i64) -> Option<String> {
    let mut tx = store.read().await.unwrap();
    let message = tx.messages().get(id).await.unwrap();
    message.map(|message| message.text)
}

pub(crate) async fn the_text_of_an_old_message_goes_before_the_message(store: &dyn Store) {
    let id = queue(store).await;
    // It may be sent until 3600 s.
    assert_eq!(delete(store, Kept::Texts, 3600).await, 0);
    assert_eq!(delete(store, Kept::Messages, DAY).await, 0);
    assert_eq!(delete(store, Kept::Texts, 3601).await, 1);
    assert_eq!(delete(store, Kept::Texts, DAY).await, 0);
    assert_eq!(text(store, id).await.as_deref(), Some(""));
    // It is known still, so that none is sent twice.
    let mut tx = store.write().await.unwrap();
    let again = tx.messages().queue(&message("k", &phone(1))).await.unwrap();
    assert_eq!(again, None);
    drop(tx);
    assert_eq!(delete(store, Kept::Messages, DAY).await, 1);
    assert_eq!(text(store, id).await, None);
}

pub(crate) async fn a_failed_message_is_queued_again_while_it_has_its_text(store: &dyn Store) {
    let id = queue(store).await;
    let requeue = async |until, now| {
        let mut tx = store.write().await.unwrap();
        let queued = tx.messages().requeue(id, at(until), at(now)).await.unwrap();
        tx.commit().await.unwrap();
        queued
    };
    let fail = async || {
        let mut tx = store.write().await.unwrap();
        let mut messages = tx.messages();
        let moved = messages.advance(id, MessageState::Failed, at(1)).await;
        assert!(moved.unwrap());
        drop(messages);
        tx.commit().await.unwrap();
    };
    assert!(!requeue(9000, 2).await, "it is to be sent already");
    fail().await;
    assert!(requeue(9000, 2).await);
    let mut tx = store.read().await.unwrap();
    let queued = tx.messages().get(id).await.unwrap().unwrap();
    assert_eq!(
        (queued.state, queued.not_after),
        (MessageState::Queued, at(9000))
    );
    drop(tx);
    fail().await;
    assert_eq!(delete(store, Kept::Texts, 9001).await, 1);
    assert!(!requeue(DAY, 9002).await, "its text is gone");
}

/// Keeps SMS that came so many seconds after the beginning.
async fn come(store: &dyn Store, seconds: &[i64]) {
    let mut tx = store.write().await.unwrap();
    for seconds in seconds {
        let came = NewIncoming {
            received_at: at(*seconds),
            ..incoming(Some(&seconds.to_string()))
        };
        assert!(tx.incoming().keep(&came).await.unwrap().is_some());
    }
    tx.commit().await.unwrap();
}

pub(crate) async fn the_text_of_an_sms_that_came_goes_with_those_of_messages(store: &dyn Store) {
    queue(store).await;
    come(store, &[1, 2, 9000]).await;
    let mut tx = store.write().await.unwrap();
    let mut deleted = Vec::new();
    for _ in 0..3 {
        let mut retention = tx.retention();
        deleted.push(retention.delete(Kept::Texts, at(3601), 2).await.unwrap());
    }
    assert_eq!(deleted, [2, 1, 0]);
    // Nothing is left in them to be answered.
    let next = tx.incoming().next(9).await.unwrap();
    let waiting: Vec<_> = next.into_iter().map(|next| next.came.received_at).collect();
    assert_eq!(waiting, [at(9000)]);
    // They are known still.
    let again = tx.incoming().keep(&incoming(Some("1"))).await.unwrap();
    assert_eq!(again, None);
    tx.commit().await.unwrap();
    assert_eq!(delete(store, Kept::Texts, 9001).await, 1);
}

pub(crate) async fn receipts_and_sms_that_came_go_by_their_age(store: &dyn Store) {
    let id = queue(store).await;
    come(store, &[0, 10]).await;
    let mut tx = store.write().await.unwrap();
    for (own_id, seconds) in [(Some(id), 0), (None, 0), (None, 10)] {
        let told = Told {
            own_id,
            at: at(seconds),
            ..told("1", MessageState::Sent)
        };
        tx.receipts().keep(&receipt(told)).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (kept, old) in [(Kept::Receipts, 2), (Kept::Incoming, 1)] {
        assert_eq!(delete(store, kept, 0).await, 0, "{kept:?}");
        assert_eq!(delete(store, kept, 10).await, old, "{kept:?}");
        assert_eq!(delete(store, kept, 11).await, 1, "{kept:?}");
    }
    let mut tx = store.read().await.unwrap();
    let message = tx.messages().get(id).await.unwrap().unwrap();
    assert_eq!(message.state, MessageState::Sent);
}

pub(crate) async fn enquiries_and_counts_go_by_the_day(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for (caller, on) in [(1, "2026-03-01"), (2, "2026-03-02"), (3, "2026-03-03")] {
        let mut enquiries = tx.enquiries();
        let asked = enquiries.ask(&phone(caller), day(on), "m", 9).await;
        assert!(asked.unwrap());
        drop(enquiries);
        let mut notices = tx.notices();
        let counted = notices.count_unproved("gepg", day(on), Verdict::Refused);
        assert_eq!(counted.await.unwrap(), 1);
    }
    tx.commit().await.unwrap();
    for kept in [Kept::Enquiries, Kept::NoticeCounts] {
        // `at(0)` is on 2026-03-02.
        assert_eq!(delete(store, kept, 0).await, 1, "{kept:?}");
        assert_eq!(delete(store, kept, DAY).await, 1, "{kept:?}");
        assert_eq!(delete(store, kept, DAY).await, 0, "{kept:?}");
    }
}

pub(crate) async fn notices_that_proved_true_stay(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut kept = Vec::new();
    for verdict in [
        Verdict::Taken,
        Verdict::Repeated,
        Verdict::Refused,
        Verdict::Unreadable,
    ] {
        let notice = NewNotice {
            provider: "gepg".to_owned(),
            message: String::new(),
            raw: b"raw".to_vec(),
            hash: [3; 32],
            received_at: at(0),
            verdict,
            note: String::new(),
        };
        kept.push(tx.notices().keep(&notice).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(delete(store, Kept::UnprovedNotices, 0).await, 0);
    assert_eq!(delete(store, Kept::UnprovedNotices, DAY).await, 2);
    let mut tx = store.read().await.unwrap();
    let mut there = Vec::new();
    for id in kept {
        there.push(tx.notices().raw(id).await.unwrap().is_some());
    }
    assert_eq!(there, [true, true, false, false]);
}

pub(crate) async fn jobs_that_were_given_up_go_and_open_ones_stay(store: &dyn Store) {
    let mut short = job("late");
    short.not_after = at(10);
    add(store, &[short, job("open")]).await;
    assert_eq!(claim(store, 11, 9).await.len(), 1);
    assert_eq!(delete(store, Kept::GivenUpJobs, 11).await, 0);
    assert_eq!(delete(store, Kept::GivenUpJobs, 12).await, 1);
    assert_eq!(counts(store).await, (1, 0));
}

pub(crate) async fn decisions_and_periods_go_by_their_age(store: &dyn Store) {
    let mut late = job("late");
    late.not_after = at(10);
    add(store, &[late]).await;
    claim(store, 11, 9).await;
    let mut tx = store.write().await.unwrap();
    tx.schedules()
        .begin("retention", "d", at(20))
        .await
        .unwrap();
    let filter = JobFilter {
        limit: 1,
        ..JobFilter::default()
    };
    let id = tx.decisions().jobs(filter).await.unwrap()[0].id;
    let decision = Decision {
        verdict: JobVerdict::Drop,
        by: "neema".to_owned(),
        why: "why".to_owned(),
        at: at(20),
    };
    tx.decisions().decide(id, &decision).await.unwrap();
    tx.commit().await.unwrap();
    for kept in [Kept::Decisions, Kept::Schedules] {
        assert_eq!(delete(store, kept, 20).await, 0);
        assert_eq!(delete(store, kept, 21).await, 1);
    }
}

pub(crate) async fn no_more_is_deleted_at_once_than_was_said(store: &dyn Store) {
    journal(store, &[0, 1, 2, 3, 4]).await;
    let mut tx = store.write().await.unwrap();
    for subject in ["b1", "b2", "b3", "b4", "b5"] {
        let mut late = job(subject);
        late.not_after = at(0);
        tx.jobs().add(&late).await.unwrap();
    }
    tx.jobs().give_up_overdue(at(1)).await.unwrap();
    for kept in [Kept::Journal, Kept::GivenUpJobs] {
        let mut deleted = Vec::new();
        for _ in 0..4 {
            let mut retention = tx.retention();
            deleted.push(retention.delete(kept, at(DAY), 2).await.unwrap());
        }
        assert_eq!(deleted, [2, 2, 1, 0], "{kept:?}");
    }
}
