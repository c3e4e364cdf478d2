//! The suite that every database has to pass, written against [`Store`] alone.
//!
//! A database's own tests give a [`Fixture`] and take the whole suite with one line:
//!
//! ```text
//! livetrail_store::conformance_tests!(Folder::new());
//! ```
//!
//! That makes one test of every behaviour that the list below names, by noun. A behaviour that is written but not
//! listed would never run, so the compiler has to see it: the nouns are private and the list is their only caller.

mod alerts;
mod append;
mod bounds;
mod credential;
mod deliveries;
mod directory;
mod erasure;
mod filter;
mod generate;
mod grant;
mod groups;
mod idempotency;
mod list;
pub mod oracle;
mod page;
mod question;
mod read;
mod restore;
mod retention;
mod sample;
mod secret;
mod session;
mod stats;
mod views;

use crate::Store;
use async_trait::async_trait;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestCaseResult, TestRunner},
};
use std::{
    ops::{Deref, RangeInclusive},
    sync::Arc,
};
use tokio::{runtime::Handle, task::block_in_place};

/// One log of the database under test. It is gone when the value is.
#[async_trait]
pub trait Fixture: Send + Sync + 'static {
    /// Opens the store: a fresh log the first time, the same one from then on. A test drops the store before it opens
    /// it again.
    async fn open(&self) -> Arc<dyn Store>;

    /// Deletes the activities at these positions with SQL, under an open store.
    async fn delete(&self, positions: RangeInclusive<u64>);

    /// Runs SQL that both databases understand as another process, under an open store.
    async fn run_sql(&self, sql: &str);

    /// Copies the database as it is now, in the way of its operators and under an open store.
    async fn back_up(&self);

    /// Puts the last copy in the place of the database, in the way of its operators. The store may be open.
    async fn restore(&self);
}

/// A log under test: its store, and the means to open it again.
struct Log {
    fixture: Box<dyn Fixture>,
    store: Option<Arc<dyn Store>>,
}

impl Log {
    async fn open(fixture: impl Fixture) -> Self {
        let store = fixture.open().await;
        Self { fixture: Box::new(fixture), store: Some(store) }
    }

    /// Another handle on the same store, for a task of its own.
    fn handle(&self) -> Arc<dyn Store> {
        Arc::clone(self.store.as_ref().expect("the store is open"))
    }

    /// Closes the store and opens it again, as a restart does.
    async fn reopen(&mut self) {
        self.store = None;
        self.store = Some(self.fixture.open().await);
    }
}

impl Deref for Log {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        self.store.as_deref().expect("the store is open")
    }
}

/// Moderate, since every case asks a database.
const CASES: u32 = 64;

/// Runs `check` for generated values and makes what fails smaller.
pub fn for_all<S: Strategy>(values: &S, check: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(values, check).unwrap_or_else(|error| panic!("{error}"));
}

/// Waits for an answer in the middle of what is not asynchronous: a generated case. The runtime has to have several
/// threads.
pub fn wait<T>(answer: impl Future<Output = T>) -> T {
    block_in_place(|| Handle::current().block_on(answer))
}

/// Makes of the list one function a behaviour, and the macro that makes one test of each. `$d` is a dollar sign,
/// which the inner macro needs for itself.
macro_rules! suite {
    ($d:tt $($noun:ident: $($behaviour:ident)*;)*) => {
        /// Every behaviour, by noun: opens the fixture's log and panics when it does not behave.
        #[expect(missing_docs, reason = "the names say what they are about")]
        pub mod suite {
            $(pub mod $noun {
                use crate::conformance::{Fixture, Log, $noun as behaviours};
                $(pub async fn $behaviour(fixture: impl Fixture) {
                    behaviours::$behaviour(Log::open(fixture).await).await;
                })*
            })*
        }

        /// Makes one test of every behaviour for the database whose [`Fixture`](crate::conformance::Fixture) the
        /// expression gives, anew for each.
        #[macro_export]
        macro_rules! conformance_tests {
            ($d fixture:expr) => {
                $(mod $noun {
                    #[allow(unused_imports, reason = "the fixture may be named by a whole path")]
                    use super::*;
                    $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $behaviour() {
                        $d crate::conformance::suite::$noun::$behaviour($d fixture).await;
                    })*
                })*
            };
        }
    };
}

suite! { $
    append:
        a_fresh_log_is_empty
        positions_begin_at_one_and_follow_the_order_of_the_batch
        an_empty_batch_stores_nothing
        a_large_batch_is_stored_whole
        what_was_stored_is_told_with_its_positions
        many_appenders_leave_no_gap_and_share_no_position
        each_batch_of_many_appenders_lies_together_and_in_order
        whoever_sees_a_position_can_read_everything_before_it
        what_was_acknowledged_can_be_read_at_once
        an_append_that_nobody_waits_for_leaves_no_gap
        the_log_and_its_epoch_survive_a_restart
        positions_go_on_after_a_restart;
    bounds:
        a_whole_log_begins_at_zero
        the_floor_stays_when_sql_deletes_the_oldest
        a_range_below_the_floor_is_trimmed_and_goes_on_after_it
        a_range_over_deleted_activities_above_the_floor_has_the_others
        rows_are_read_by_position_in_the_order_asked_for;
    retention:
        the_oldest_are_dropped_and_the_floor_is_kept
        a_log_that_is_dropped_whole_goes_on_after_its_last_position
        an_append_between_two_steps_is_stored
        a_floor_beyond_the_head_is_the_head
        a_floor_does_not_fall
        removed_activities_leave_their_positions_empty
        the_newest_activity_may_be_removed_and_its_position_is_not_given_again
        removals_are_numbered_in_the_order_of_their_commits
        what_sql_deletes_is_numbered_like_any_removal
        removals_below_the_floor_are_forgotten
        the_id_of_a_removed_activity_is_free_again
        lists_and_figures_follow_removals
        a_hold_is_kept_as_it_was_given_and_released_once
        a_removal_that_was_decided_before_a_hold_is_refused
        activities_are_swept_by_position_and_by_time
        a_lease_is_given_when_the_one_before_has_ended
        alerts_whose_activities_are_gone_are_removed_when_they_are_old_enough
        an_alert_that_has_changed_is_looked_at_again_before_it_is_removed;
    erasure:
        the_activities_about_a_person_are_found
        what_a_person_did_keeps_its_place_and_nothing_of_the_person
        of_what_was_done_to_a_person_the_data_of_the_other_stay
        of_a_person_who_was_only_the_target_nothing_else_is_emptied
        an_erasure_renews_the_edition_and_one_of_nothing_does_not
        an_erasure_that_was_decided_before_a_hold_is_refused
        an_erased_activity_that_is_sent_again_is_a_duplicate
        what_the_user_does_later_is_stored_and_can_be_erased_again
        a_profile_is_erased_in_its_tenant_or_in_all
        the_activities_about_alerts_are_found
        an_alert_is_erased_unless_it_has_changed_since
        alerts_are_not_erased_against_a_hold_that_was_made_since;
    alerts:
        what_was_stored_before_there_were_alerts_is_not_evaluated
        an_alert_is_kept_with_the_position_and_comes_back_exactly
        an_alert_that_goes_on_keeps_what_people_have_decided
        alerts_are_found_by_the_time_of_their_activities
        an_alert_is_told_until_its_activity_is_in_the_log
        progress_with_other_rules_is_refused
        an_evaluator_that_was_replaced_keeps_nothing_any_more
        a_node_keeps_its_turn_and_gives_it_back
        a_rule_counts_from_the_position_that_was_reached
        rules_with_too_many_groups_are_kept_with_the_position
        a_rule_is_removed_once
        alerts_without_an_end_end_with_their_rule
        a_new_rule_takes_no_place_of_another_and_none_beyond_the_bound
        alerts_are_paged_from_the_latest_on
        alerts_are_found_by_what_they_have
        open_alerts_are_counted_by_rule_and_tenant
        each_change_of_an_alert_is_told_once_in_order;
    deliveries:
        a_channel_comes_back_exactly_and_keeps_its_history_when_it_changes
        a_delivery_is_kept_with_its_alert_and_only_once
        the_longest_due_delivery_of_an_enabled_channel_comes_first
        a_message_has_the_due_deliveries_of_its_thread
        an_attempt_is_made_by_one_node
        outcomes_are_kept_and_noted_at_the_channel
        a_message_that_some_recipients_have_is_sent_and_its_channel_fails
        parked_messages_are_replayed_whole
        what_a_thread_was_told_is_known
        deliveries_wait_for_a_cooldown_and_for_the_end_of_a_mute
        deliveries_that_were_sent_long_ago_are_removed;
    views:
        a_view_comes_back_exactly_after_a_restart
        personal_views_are_seen_by_their_owner_and_shared_ones_in_the_tenant
        a_view_is_changed_except_its_owner_and_its_creation
        one_view_of_an_owner_is_the_default
        views_are_bounded_by_owner_and_by_tenant
        of_many_who_save_at_once_none_goes_over_the_bound
        an_erasure_removes_personal_views_and_the_name_at_shared_ones;
    restore:
        a_log_that_is_put_back_while_it_is_closed_has_another_epoch
        a_log_that_is_put_back_under_its_store_takes_nothing_until_it_is_opened_again
        a_log_may_be_put_back_again_and_again;
    idempotency:
        the_same_activity_again_is_a_duplicate_of_the_first
        the_same_id_with_other_content_is_a_conflict
        a_batch_may_hold_the_same_activity_twice
        duplicates_and_conflicts_take_no_position
        a_duplicate_is_recognised_after_a_restart
        an_id_belongs_to_its_tenant
        an_id_that_the_server_made_is_in_conflict_with_a_sender_who_uses_it
        of_many_who_send_the_same_activity_at_once_one_stores_it;
    read:
        an_activity_is_found_by_its_id
        the_activities_of_all_tenants_are_found_by_an_id_that_they_share
        an_unknown_id_is_not_found
        an_id_is_found_within_its_tenant_only
        a_range_begins_after_its_position_and_ends_at_its_limit
        a_range_beyond_the_head_is_empty
        a_full_activity_comes_back_exactly
        an_activity_without_anything_optional_comes_back_exactly
        details_come_back_as_the_text_they_were
        moments_come_back_to_the_microsecond
        addresses_of_both_kinds_come_back
        any_activity_comes_back_exactly
        a_lean_range_has_what_the_index_reads_and_nothing_else;
    list:
        the_newest_come_first_unless_another_order_is_asked_for
        every_order_is_kept_with_nulls_last_and_positions_between_equals
        actions_are_sorted_by_their_bytes
        numbered_pages_divide_the_list
        a_page_beyond_the_last_is_empty
        an_empty_log_has_an_empty_first_page
        a_full_last_page_leads_nowhere
        a_list_names_the_head_it_was_made_at
        a_filter_decides_what_belongs_to_the_list;
    page:
        walking_forward_and_back_visits_each_row_once_while_others_arrive
        a_numbered_page_can_be_left_in_both_directions
        a_cursor_survives_the_wire_and_a_restart
        a_cursor_does_not_fit_another_filter
        a_cursor_does_not_fit_another_order
        a_cursor_does_not_fit_another_log
        a_cursor_may_be_used_with_another_page_size
        a_cursor_that_somebody_made_up_does_no_harm
        a_long_page_of_large_rows_is_cut_short_and_goes_on;
    stats:
        an_empty_log_has_figures_of_nothing
        the_figures_of_a_few_activities_are_right
        figures_stop_at_the_head_they_are_asked_for
        the_last_day_replaces_the_dates_of_the_filter
        users_are_counted_once
        nineteen_of_twenty_durations_are_no_longer_than_the_percentile
        of_actions_that_occur_as_often_the_first_by_name_is_on_top
        figures_agree_with_a_plain_computation;
    groups:
        an_empty_log_has_no_groups
        without_anything_in_common_all_are_one_group
        the_largest_come_first_and_between_equals_the_smallest_keys_with_null_last
        groups_are_of_what_the_filter_means
        groups_agree_with_a_plain_computation;
    question:
        an_abandoned_question_ends_and_leaves_its_place
        reads_by_key_do_not_wait_for_questions;
    filter:
        every_condition_means_what_the_filter_says
        every_query_means_what_the_filter_says
        a_choice_without_values_means_everything
        signs_of_pattern_languages_stand_for_themselves
        a_name_counts_in_its_own_tenant_only
        a_name_that_changes_is_found_by_the_new_one_only;
    directory:
        a_profile_is_put_and_found
        a_profile_is_replaced_whole
        of_a_profile_that_is_put_twice_at_once_the_last_counts
        a_directory_belongs_to_its_tenant
        the_directory_survives_a_restart
        rows_show_the_profile_of_their_user_in_their_tenant
        rows_show_the_profile_of_today
        users_are_found_by_a_part_of_their_name_in_every_tenant
        a_name_is_compared_as_filters_compare_it
        names_that_are_changed_removed_and_written_by_others_count_at_once
        an_admin_is_made_and_unmade_once
        an_admin_of_a_tenant_is_one_in_that_tenant_only
        admins_survive_a_restart;
    credential:
        a_credential_is_kept_as_it_was_given
        a_credential_is_removed_once
        of_many_who_remove_a_credential_at_once_one_is_told_that_it_was_there
        credentials_survive_a_restart
        when_a_credential_was_used_only_moves_forward;
    session:
        a_session_is_kept_as_it_was_given_and_the_latest_seen_comes_first
        sessions_survive_a_restart
        a_session_is_ended_once_and_told_as_it_was
        the_sessions_of_a_user_are_ended_with_those_of_links_that_the_user_made
        the_sessions_on_a_key_are_ended_and_no_others
        the_sessions_of_a_user_may_be_ended_in_one_tenant_only
        all_sessions_are_ended_at_once
        of_very_many_sessions_that_end_at_once_the_number_and_some_users_are_told
        the_oldest_session_of_a_backing_ends_for_the_fifty_first
        pages_divide_the_sessions_that_have_not_expired
        a_new_session_takes_the_place_of_those_that_had_expired
        when_a_session_was_seen_only_moves_forward
        a_session_uses_its_link_up_in_the_same_commit
        of_many_who_use_a_link_at_once_one_begins_a_session;
    grant:
        a_grant_is_kept_as_it_was_given
        of_many_who_use_a_grant_at_once_one_is_told_that_it_was_there
        a_new_grant_takes_the_place_of_those_that_had_expired
        a_grant_ends_with_the_session_that_asked_for_it
        grants_of_a_user_or_a_key_end_with_its_sessions;
    secret:
        a_secret_is_kept_by_its_name
        a_secret_is_replaced_only_where_the_one_before_is_known
        a_secret_survives_a_restart
        of_many_who_bring_a_secret_at_once_one_is_told_that_it_is_kept;
}
