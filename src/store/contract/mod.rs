//! What every engine of the store must do. Each function is one behaviour, on a store that is fresh.
//!
//! 1. A test module of an engine says `contract::every_behaviour!(open)`, `open` being an async
//!    function that gives a fresh store; each behaviour becomes a test.
//!    `contract::every_behaviour_of_two!(open)` does the same for two stores on one database.
//! 2. A new behaviour is a function in its noun's file and a name in the list below; one that is in
//!    no list is unused code, and clippy says so.
//!
//! Left out: what only one engine has, such as files and their modes.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod bill;
pub(crate) mod caller;
pub(crate) mod decision;
pub(crate) mod edition;
pub(crate) mod effect;
pub(crate) mod enquiry;
pub(crate) mod full;
pub(crate) mod incoming;
pub(crate) mod job;
pub(crate) mod lease;
pub(crate) mod ledger;
pub(crate) mod message;
pub(crate) mod nodes;
pub(crate) mod payment;
pub(crate) mod publication;
pub(crate) mod receipt;
pub(crate) mod reconciliation;
pub(crate) mod record;
pub(crate) mod retention;
pub(crate) mod route;
pub(crate) mod sandbox;
pub(crate) mod schedule;
pub(crate) mod scheme;
pub(crate) mod sealed;
pub(crate) mod switch;
pub(crate) mod transaction;
pub(crate) mod world;

/// What dialogues and their work need.
macro_rules! behaviour_for_dialogues {
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
            route {
                a_claim_takes_jobs_of_its_route_only,
                urgent_jobs_have_room_beside_the_others,
                a_route_at_its_rate_gives_no_more,
                a_rate_holds_over_claims_at_once,
                a_route_at_its_rate_keeps_no_other_waiting,
                open_routes_say_when_they_are_due,
                overdue_jobs_are_seen_before_they_are_given_up,
                jobs_are_counted_by_route_and_by_kind,
            }
            schedule {
                a_period_is_begun_once,
                of_two_that_begin_a_period_at_once_one_does,
            }
            bill {
                a_bill_reads_as_it_was_made,
                of_two_bills_with_one_key_the_first_is_there,
                a_bill_is_given_to_phones_each_told_once,
                a_bill_is_found_by_who_agreed_and_to_what,
                the_newest_generation_is_found_by_any,
                a_bill_moves_from_the_states_it_should,
                a_number_is_given_once_to_one_bill,
                another_number_of_a_bill_finds_it_and_is_no_others,
                a_bill_is_flagged_whatever_its_state,
                husband_and_wife_find_the_bill_of_their_family,
                payable_bills_are_the_phones_and_the_members_newest_first,
                at_most_twenty_bills_are_payable_at_once,
            }
            payment {
                a_payment_reads_as_it_was_recorded,
                a_payment_told_again_is_known_and_another_with_its_key_a_conflict,
                of_one_payment_told_at_once_one_is_new,
                two_payments_with_one_reference_are_both_there,
                the_last_payment_is_of_the_phones_or_the_members_bill,
                a_payment_moves_from_the_states_it_should,
                a_payment_is_found_by_all_that_tells_it_apart,
                unmatched_money_is_found_by_bill_and_number_until_it_is_booked,
                quarantined_payments_are_counted,
                a_payment_is_not_of_a_bill_that_is_not_there,
            }
            ledger {
                an_entry_moves_both_accounts_by_its_amount,
                a_reference_is_posted_once,
                currencies_are_kept_apart,
                what_a_bill_a_payment_and_a_family_have_is_summed,
                an_entry_of_nothing_or_of_one_account_is_refused,
            }
            message {
                a_message_is_queued_once_for_its_key_and_phone,
                a_message_moves_on_and_never_back,
                a_phone_has_room_for_so_many_messages_after_a_moment,
                a_refused_message_says_why_and_takes_no_room,
                the_room_of_a_phone_is_kept_when_all_queue_at_once,
                an_inbox_is_the_phones_own_in_order,
                an_inbox_is_read_fifty_at_a_time,
                an_inbox_passes_over_no_message_that_is_still_to_be_sent,
            }
            record {
                a_notice_is_kept_byte_for_byte,
                notices_without_proof_are_counted_by_the_day,
                the_journal_counts_its_turns,
                the_journal_gives_a_dialogue_back_in_its_order,
                the_journal_tells_who_is_on_which_screen,
            }
            edition {
                an_edition_is_kept_once_and_reads_as_it_was,
                an_edition_is_found_by_the_beginning_of_its_name,
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

/// All of it: what operators need as well.
macro_rules! every_behaviour {
    ($open:path) => {
        $crate::store::contract::behaviour_for_dialogues!($open);
        $crate::store::contract::tests_of! { $open,
            audit {
                bills_and_payments_are_listed_as_wanted,
                the_sums_of_the_accounts_are_those_of_their_rows,
                payments_and_bills_are_compared_with_the_ledger,
                entries_are_read_by_period_and_by_what_they_are_about,
                what_a_person_did_is_kept_in_its_order,
                a_refund_is_asked_for_once_and_approved_by_another,
            }
            reconciliation {
                a_day_is_asked_about_and_its_answer_kept,
                a_row_of_a_day_is_found_once_for_its_place,
            }
            decision {
                what_was_given_up_is_listed_the_newest_first,
                open_jobs_are_listed_behind_those_that_were_given_up,
                a_job_that_is_to_be_tried_again_begins_anew,
                a_dropped_job_is_gone_and_who_dropped_it_is_kept,
                nothing_is_decided_about_a_job_that_was_not_given_up,
            }
            receipt {
                a_message_that_a_route_took_tells_which_and_under_which_id,
                a_receipt_moves_the_message_of_its_route_and_id,
                our_id_finds_a_message_before_theirs,
                the_newest_message_of_an_id_is_meant,
                receipts_in_any_order_and_twice_leave_their_message_at_its_end,
                of_two_ends_the_first_that_was_told_stands,
                a_receipt_of_no_message_is_kept_and_changes_nothing,
                a_receipt_ahead_of_the_answer_is_found_when_that_is_written,
                a_receipt_of_long_before_is_another_messages,
                a_receipt_by_our_id_needs_no_answer,
                receipts_may_call_a_message_by_another_id_than_the_answer_did,
                of_two_answers_the_first_stands,
                why_a_message_failed_is_in_the_aggregators_words,
                receipts_of_the_time_before_do_not_move_a_message_that_is_sent_again,
                a_message_that_went_by_another_route_is_not_moved_by_the_first,
                a_message_that_a_receipt_moved_is_in_its_phones_inbox,
            }
            record {
                the_journal_says_when_each_gateway_was_heard_last,
            }
            incoming {
                an_sms_that_came_reads_as_it_was_kept,
                an_sms_is_kept_once_for_its_account_and_id,
                an_sms_without_id_is_the_same_for_ten_minutes,
                new_sms_come_oldest_first_and_each_is_done_once,
            }
            retention {
                turns_of_the_journal_go_from_the_beginning_on_without_gaps,
                effects_that_ended_go_and_those_that_wait_stay,
                an_effect_that_a_job_is_about_stays,
                the_text_of_an_old_message_goes_before_the_message,
                a_failed_message_is_queued_again_while_it_has_its_text,
                the_text_of_an_sms_that_came_goes_with_those_of_messages,
                receipts_and_sms_that_came_go_by_their_age,
                enquiries_and_counts_go_by_the_day,
                notices_that_proved_true_stay,
                jobs_that_were_given_up_go_and_open_ones_stay,
                decisions_and_periods_go_by_their_age,
                no_more_is_deleted_at_once_than_was_said,
            }
            publication {
                the_newest_publication_is_current,
                only_what_was_never_current_is_offered,
                what_changed_since_the_last_offer_is_offered_again,
                what_is_not_kept_is_not_published,
                the_standing_moves_with_what_nodes_follow,
                publications_are_seen_in_the_order_of_their_numbers,
            }
            scheme {
                what_is_known_of_a_cover_is_what_its_scheme_said_last,
                a_cursor_is_where_it_was_moved_to,
                what_has_changed_is_noted_once,
                a_complaint_is_kept_once_and_says_where_it_is,
                a_mark_says_when_something_was_last_done,
                what_schemes_said_goes_by_its_age,
            }
            switch {
                the_newest_switch_of_a_set_holds,
                a_switch_reads_as_it_was_made_also_when_it_is_over,
                switches_are_seen_in_the_order_of_their_numbers,
            }
            sealed {
                every_sealed_column_is_full_here,
                what_another_key_sealed_is_sealed_again,
                a_value_that_does_not_open_stops_no_other,
                a_reseal_goes_on_where_it_was_stopped,
                a_value_that_was_replaced_meanwhile_is_left_alone,
            }
            backup {
                a_backup_fills_a_database_of_the_other_engine_with_the_same,
                a_backup_of_the_other_engine_fills_this_one_with_the_same,
                sequences_and_balances_go_on_after_a_restore,
                a_backup_is_restored_into_an_empty_database_only,
                a_backup_that_is_not_as_it_was_written_changes_nothing,
                a_restore_that_fails_leaves_the_database_empty,
                a_backup_shows_nothing_that_is_sealed,
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
            a_receipt_and_the_answer_that_come_at_once_find_each_other,
            an_sms_without_id_that_comes_to_both_at_once_is_kept_once,
            two_nodes_never_take_one_sms_that_came,
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

pub(crate) use behaviour_for_dialogues;
pub(crate) use every_behaviour;
pub(crate) use every_behaviour_of_two;
pub(crate) use tests_of;
pub(crate) use tests_of_two;
