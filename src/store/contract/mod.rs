//! What every engine of the store must do. Each function is one behaviour, on a store that is fresh.
//!
//! 1. A test module of an engine says `contract::every_behaviour!(open)`, `open` being an async
//!    function that gives a fresh store; each behaviour becomes a test.
//!    `contract::every_behaviour_of_two!(open)` does the same for two stores on one database.
//! 2. A new behaviour is a function in its noun's file and a name in the list below; one that is in
//!    no list is unused code, and clippy says so.
//!
//! Left out: what only one engine has, such as files and their modes.

pub(crate) mod bill;
pub(crate) mod caller;
pub(crate) mod edition;
pub(crate) mod effect;
pub(crate) mod enquiry;
pub(crate) mod job;
pub(crate) mod lease;
pub(crate) mod ledger;
pub(crate) mod message;
pub(crate) mod nodes;
pub(crate) mod payment;
pub(crate) mod record;
pub(crate) mod sandbox;
pub(crate) mod transaction;
pub(crate) mod world;

macro_rules! every_behaviour {
    ($open:path) => {
        $crate::store::contract::tests_of! { $open,
            transaction {
                what_is_committed_lasts_and_what_is_dropped_is_undone,
                a_read_sees_one_moment_and_does_not_wait_for_a_writer,
                a_read_writes_nothing,
                writers_take_turns,
                a_write_that_was_not_waited_for_holds_up_nobody,
            }
            caller {
                a_language_is_remembered_and_changed,
            }
            effect {
                of_two_intents_with_one_key_one_is_ours,
                an_effect_reads_as_it_was_intended,
                of_two_outcomes_the_first_stands,
                a_promise_after_the_end_gives_the_outcome,
                a_promise_before_the_end_is_seen_by_who_ends_it,
                an_effect_that_is_not_there_is_not_changed,
                the_newest_answer_that_is_kept_and_unopened_waits,
                an_answer_waits_until_its_time_or_until_it_is_opened,
                wrong_tries_are_counted,
            }
            job {
                two_claims_at_once_never_get_one_job,
                urgent_jobs_go_first_and_then_the_oldest,
                a_job_is_taken_back_unless_someone_runs_it,
                a_job_is_not_claimed_before_its_time,
                a_second_job_of_one_kind_and_subject_is_the_same,
                a_done_job_is_gone_and_can_be_added_again,
                a_retried_job_comes_back_at_its_time,
                a_job_past_its_time_is_given_up,
                a_job_that_was_given_up_begins_anew_when_added,
                a_waiting_job_is_woken_and_a_leased_one_left_alone,
                the_next_job_is_told_also_while_it_runs,
            }
            lease {
                a_leased_job_comes_back_when_the_lease_is_over,
                a_renewed_lease_lasts_as_long_as_was_said,
                an_old_lease_changes_nothing,
                an_old_lease_does_not_end_the_next_job_of_its_subject,
                a_held_job_is_not_given_up_by_its_time,
            }
            bill {
                a_bill_reads_as_it_was_made,
                of_two_bills_with_one_key_the_first_is_there,
                a_bill_is_given_to_phones_each_told_once,
                a_bill_is_found_by_who_agreed_and_to_what,
                the_newest_generation_is_found_by_any,
                a_bill_moves_from_the_states_it_should,
                a_number_is_given_once_to_one_bill,
                payable_bills_are_the_phones_and_the_members_newest_first,
                at_most_twenty_bills_are_payable_at_once,
            }
            payment {
                a_payment_reads_as_it_was_recorded,
                a_payment_told_again_is_known_and_another_with_its_key_a_conflict,
                of_one_payment_told_at_once_one_is_new,
                two_payments_with_one_reference_are_both_there,
                the_last_payment_is_of_the_phones_or_the_members_bill,
                only_a_posted_payment_is_activated_and_once,
                quarantined_payments_are_counted,
                a_payment_is_not_of_a_bill_that_is_not_there,
            }
            ledger {
                an_entry_moves_both_accounts_by_its_amount,
                a_reference_is_posted_once,
                currencies_are_kept_apart,
                an_entry_of_nothing_or_of_one_account_is_refused,
            }
            message {
                a_message_is_queued_once_for_its_key_and_phone,
                a_message_moves_on_and_never_back,
                an_inbox_is_the_phones_own_in_order,
                an_inbox_is_read_fifty_at_a_time,
                an_inbox_passes_over_no_message_that_is_still_to_be_sent,
            }
            record {
                a_notice_is_kept_byte_for_byte,
                notices_without_proof_are_counted_by_the_day,
                the_journal_counts_its_turns,
                the_journal_gives_a_dialogue_back_in_its_order,
            }
            edition {
                the_last_published_edition_is_current,
                an_edition_is_published_once_and_reads_as_it_was,
            }
            enquiry {
                the_limit_of_enquiries_is_exact,
                asking_again_on_the_day_is_free,
                a_refusal_notes_nothing,
                another_day_and_another_phone_begin_anew,
                the_limit_holds_when_all_ask_at_once,
            }
            sandbox {
                cover_is_written_once_for_its_receipt,
                the_cover_that_ends_last_is_found,
                control_numbers_come_in_sequence_also_at_once,
                a_bill_taken_again_keeps_its_number,
                a_sandbox_bill_is_paid_once,
            }
        }
    };
}

macro_rules! every_behaviour_of_two {
    ($open:path) => {
        $crate::store::contract::tests_of_two! { $open,
            two_nodes_never_claim_one_job,
            a_write_that_reads_first_is_not_overtaken_by_another_node,
            of_two_that_look_for_a_bill_before_they_make_it_the_second_finds_it,
            of_two_bills_given_one_number_at_once_one_has_it,
            of_two_payments_with_one_reference_at_once_the_second_knows_of_the_first,
            a_row_that_a_write_has_read_stays_as_it_was_read,
            of_two_guesses_at_once_the_second_knows_of_the_first,
            a_phones_messages_are_numbered_in_the_order_in_which_they_are_kept,
        }
    };
}

macro_rules! tests_of_two {
    ($open:path, $($behaviour:ident,)+) => {
        $(
            #[tokio::test]
            async fn $behaviour() {
                let (one, other) = $open().await;
                $crate::store::contract::nodes::$behaviour(&one, &other).await;
            }
        )+
    };
}

macro_rules! tests_of {
    ($open:path, $($noun:ident { $($behaviour:ident,)+ })+) => {
        $($(
            #[tokio::test]
            async fn $behaviour() {
                $crate::store::contract::$noun::$behaviour(&$open().await).await;
            }
        )+)+
    };
}

pub(crate) use every_behaviour;
pub(crate) use every_behaviour_of_two;
pub(crate) use tests_of;
pub(crate) use tests_of_two;
