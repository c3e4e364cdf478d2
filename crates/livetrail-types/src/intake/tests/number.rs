use super::*;

#[test]
fn whole_numbers_are_kept_from_the_least_to_the_most() {
    for status in [100, 404, 599] {
        assert_eq!(accepted(with("status_code", json!(status))).status_code, Some(status));
    }
    for number in [0, i32::MAX] {
        assert_eq!(accepted(with("duration_ms", json!(number))).duration_ms, Some(number));
        assert_eq!(accepted(with("db_query_count", json!(number))).db_query_count, Some(number));
    }
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    assert_eq!(accepted(with("duration_ms", json!(12.0))).duration_ms, Some(12));
}

#[test]
fn numbers_out_of_range_are_refused_and_the_hint_says_the_range() {
    for number in [json!(99), json!(600), json!(0), json!(-200), json!(66_000), json!(u64::MAX)] {
        check_refused("status_code", number, "from 100 to 599");
    }
    for field in ["duration_ms", "db_query_count"] {
        for number in [json!(-1), json!(2_147_483_648_i64), json!(1e300), json!(-1e300)] {
            check_refused(field, number, "from 0 to 2147483647");
        }
    }
}

#[test]
fn what_is_no_whole_number_is_refused() {
    for field in ["status_code", "duration_ms", "db_query_count"] {
        for value in [json!("200"), json!(200.5), json!(true), json!([200]), json!({}), json!("")] {
            check_refused(field, value, "must be a whole number");
        }
    }
}

#[test]
fn booleans_are_true_and_false_and_nothing_like_them() {
    for field in ["success", "is_admin"] {
        for value in [json!("true"), json!(1), json!(0), json!([]), json!({})] {
            check_refused(field, value, "must be true or false");
        }
    }
    assert_eq!(accepted(with("success", json!(false))).success, Some(false));
    assert_eq!(accepted(with("success", json!(null))).success, None);
    assert!(!accepted(with("is_admin", json!(null))).is_admin);
}

#[test]
fn an_id_is_a_uuid_of_any_version_and_spelling() {
    let id = "0198c0de-7a3b-7000-8000-0123456789ab";
    for given in [id, "0198C0DE-7A3B-7000-8000-0123456789AB", "0198c0de7a3b700080000123456789ab"] {
        let read = accepted(with("id", json!(given))).id;
        assert_eq!(read.map(|id| id.to_string()).as_deref(), Some(id));
    }
    assert!(accepted(with("id", json!("67e55044-10b1-426f-9247-bb680e5fe0c8"))).id.is_some());
}

#[test]
fn what_is_no_uuid_is_refused_with_an_example() {
    let nil = "00000000-0000-0000-0000-000000000000";
    for value in [json!("17"), json!(""), json!(17), json!({}), json!(nil), json!("0198c0de")] {
        check_refused("id", value, "must be a UUID, as in 0198c0de");
    }
}

#[test]
fn a_moment_is_rfc_3339_with_an_offset_or_epoch_seconds() {
    for given in [
        json!("2026-03-01T12:00:00Z"),
        json!("2026-03-01T13:00:00+01:00"),
        json!("2026-03-01T12:00:00.000000Z"),
        json!(1_772_366_400),
        json!(1_772_366_400.0),
    ] {
        let read = accepted(with("timestamp", given.clone())).timestamp;
        assert_eq!(read.map(Timestamp::as_microsecond), Some(1_772_366_400_000_000), "{given}");
    }
}

#[test]
fn a_naive_time_is_refused_and_the_hint_shows_an_offset() {
    for given in ["2026-03-01T12:00:00", "2026-03-01 12:00:00", "2026-03-01"] {
        check_refused("timestamp", json!(given), "has no UTC offset");
    }
}

#[test]
fn what_looks_like_milliseconds_is_refused_and_the_hint_says_to_divide() {
    for given in [json!(1_772_366_400_000_i64), json!(1_772_366_400_000.5), json!(u64::MAX)] {
        check_refused("timestamp", given, "divide by 1000");
    }
}

#[test]
fn what_is_no_moment_is_refused() {
    for given in [json!("yesterday"), json!(""), json!(false), json!([1_772_366_400]), json!({})] {
        check_refused("timestamp", given, "must be RFC 3339 with an offset");
    }
}
