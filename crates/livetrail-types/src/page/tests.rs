use super::*;
use crate::Condition;
use jiff::Timestamp;
use proptest::prelude::*;

fn sort() -> impl Strategy<Value = Sort> {
    let by = prop::sample::select(vec![
        SortBy::Timestamp,
        SortBy::ActionType,
        SortBy::DurationMs,
        SortBy::StatusCode,
    ]);
    let order = prop::sample::select(vec![SortOrder::Asc, SortOrder::Desc]);
    (by, order).prop_map(|(by, order)| Sort { by, order })
}

fn key() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        Just(Scalar::Null),
        any::<i64>().prop_map(Scalar::Number),
        any::<String>().prop_map(Scalar::Text),
    ]
}

fn cursor() -> impl Strategy<Value = PageCursor> {
    let places = 0..=i64::MAX as u64;
    (any::<u32>(), places.clone(), any::<u64>(), sort(), any::<bool>(), key(), places, any::<u32>()).prop_map(
        |(epoch, head, filter, sort, backwards, key, position, page)| PageCursor {
            epoch,
            head,
            filter,
            sort,
            backwards,
            key,
            position,
            page,
        },
    )
}

fn encoded(json: &str) -> String {
    URL_SAFE_NO_PAD.encode(json)
}

proptest! {
    #[test]
    fn a_page_cursor_survives_the_wire(cursor in cursor()) {
        prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn a_page_cursor_needs_no_escaping_in_a_url(cursor in cursor()) {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        prop_assert!(cursor.to_string().bytes().all(plain));
    }

    #[test]
    fn garbage_is_refused_and_never_panics(text in prop_oneof![any::<String>(), "[A-Za-z0-9_-]{0,80}"]) {
        prop_assert_eq!(text.parse::<PageCursor>(), Err(BadCursor));
    }

    #[test]
    fn a_damaged_cursor_is_refused_or_another_one(cursor in cursor(), place: prop::sample::Index, byte: u8) {
        let mut bytes = URL_SAFE_NO_PAD.decode(cursor.to_string()).expect("our own base64");
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(other) = URL_SAFE_NO_PAD.encode(&bytes).parse::<PageCursor>() {
            prop_assert_eq!(other.to_string().parse(), Ok(other));
        }
    }
}

#[test]
fn near_misses_are_refused() {
    let sort = r#"{"by":"timestamp","order":"desc"}"#;
    let good = format!("[1,2,3,{sort},false,4,5,6]");
    assert!(encoded(&good).parse::<PageCursor>().is_ok());
    for near in [
        String::new(),
        "[]".into(),
        "{}".into(),
        good.replace(",6]", "]"),
        good.replace("[1,", "[-1,"),
        good.replace(",false,", ",null,"),
        good.replace("timestamp", "user_id"),
        good.replace(",4,", ",[4],"),
        // Positions that no database can hold.
        good.replace("[1,2,", "[1,9223372036854775808,"),
        good.replace(",5,6]", ",9223372036854775808,6]"),
    ] {
        assert_eq!(encoded(&near).parse::<PageCursor>(), Err(BadCursor), "{near}");
    }
    assert_eq!(format!("{}=", encoded(&good)).parse::<PageCursor>(), Err(BadCursor));
}

#[test]
fn a_page_cursor_fits_the_log_the_filter_and_the_order_it_comes_from_and_no_other() {
    let filter = Filter::of(vec![Condition::From(Timestamp::UNIX_EPOCH)]);
    let sort = Sort::default();
    let cursor = PageCursor {
        epoch: 7,
        head: 9,
        filter: filter.fingerprint(),
        sort,
        backwards: false,
        key: Scalar::Null,
        position: 3,
        page: 2,
    };
    assert!(cursor.fits(Epoch(7), &filter, sort));
    assert!(!cursor.fits(Epoch(8), &filter, sort));
    assert!(!cursor.fits(Epoch(7), &Filter::default(), sort));
    assert!(!cursor.fits(Epoch(7), &filter, Sort { by: SortBy::DurationMs, ..sort }));
    assert!(!cursor.fits(Epoch(7), &filter, Sort { order: SortOrder::Asc, ..sort }));
}
