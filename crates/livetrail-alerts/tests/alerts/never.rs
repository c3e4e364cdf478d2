//! Rules that no activity could ever make raise an alert are refused.

use crate::{common::rule, refusals::check};

const CONDITION: &str = "type = \"event_count\"\ngte = 10\n";
const FILTER: &str = "action_filter = [\"login\"]\n\n[condition]\ntype = \"event_count\"\ngte = 10\n";

#[test]
fn a_filter_that_no_activity_matches() {
    check(
        "action_filter = [\"login\"]",
        "status = [\"404\", \"!4xx\"]",
        "line 8, column 1: `filter` matches no activity: its conditions on status exclude one another",
    );
    check(
        "timespan = \"10m\"\n\n[filter]\n",
        "timespan = \"10m\"\ntenant = \"acme\"\n\n[filter]\ntenant_id = \"other\"\n",
        "line 9, column 1: `filter` matches no activity: its conditions on tenant_id exclude one another",
    );
}

#[test]
fn a_part_that_contradicts_the_filter() {
    check(
        FILTER,
        "status = \"2xx\"\n\n[condition]\ntype = \"ratio\"\npart = { status = \"5xx\" }\ngte = 0.2\nmin_count = 50\n",
        "line 13, column 8: `condition.part` matches no activity: its conditions on status contradict the \
          rule's filter",
    );
    check(
        CONDITION,
        "type = \"temporal\"\nsteps = [{ filter = { status = 404 } }, { filter = { action_filter = \"logout\" } }]\n",
        "line 13, column 52: `condition.steps[1].filter` matches no activity: its conditions on action_filter \
          contradict the rule's filter",
    );
}

#[test]
fn more_values_than_a_group_can_have() {
    let count = |field: &str, gte: u64| format!("type = \"value_count\"\nfield = \"{field}\"\ngte = {gte}\n");
    check(
        CONDITION,
        &count("user_id", 3),
        "line 13, column 9: `condition.field` needs 3 values of user_id, but all activities of a group have the \
          same: see `group_by`",
    );
    check(
        CONDITION,
        &count("action_type", 2),
        "line 13, column 9: `condition.field` needs 2 values of action_type, but the filter admits 1 only",
    );
    check(
        CONDITION,
        "type = \"first_seen\"\nfield = \"user_id\"\nlearning = \"1m\"\n",
        "line 13, column 9: `condition.field` needs 2 values of user_id, but all activities of a group have the \
          same: see `group_by`",
    );
    check(
        FILTER,
        "ip = \"192.0.2.1\"\n\n[condition]\ntype = \"impossible_travel\"\n",
        "line 12, column 8: `condition.type` needs 2 values of ip_address, but the filter admits 1 only",
    );
}

#[test]
fn rules_that_can_raise_an_alert_are_read() {
    for condition in [
        "type = \"value_count\"\nfield = \"user_id\"\ngte = 1\n",
        "type = \"value_count\"\nfield = \"action_type\"\ngte = 2\n",
        "type = \"value_count\"\nfield = \"network\"\ngte = 300\n",
        "type = \"ratio\"\npart = { success_filter = false }\ngte = 0.5\nmin_count = 5\n",
    ] {
        rule(&format!(
            "id = \"a\"\ntitle = \"A\"\nseverity = \"info\"\ngroup_by = [\"user_id\"]\ntimespan = \"10m\"\n\
             [filter]\naction_filter = [\"login\", \"logout\"]\n[condition]\n{condition}"
        ));
    }
}
