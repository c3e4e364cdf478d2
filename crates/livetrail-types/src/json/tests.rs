use super::*;
use proptest::{collection, prelude::*};

fn read(text: &str) -> Result<String, String> {
    parse(text.as_bytes()).map(|value| value.to_string()).map_err(|error| error.to_string())
}

#[track_caller]
fn stays(text: &str) {
    assert_eq!(read(text).as_deref(), Ok(text));
}

#[test]
fn a_number_keeps_its_digits() {
    for number in [
        "0",
        "-0",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "0.1000",
        "1e2",
        "1E+2",
        "3.141592653589793238462643383279",
    ] {
        stays(number);
    }
}

#[test]
fn no_key_has_a_meaning() {
    for key in [
        "$serde_json::private::RawValue",
        "$serde_json::private::Number",
        "$__toml_private_datetime",
        "__proto__",
        "",
    ] {
        for value in ["5", "null", "\"{\\\"a\\\": 1}\"", "[]"] {
            stays(&format!("{{\"{key}\":{value}}}"));
        }
    }
}

#[test]
fn nesting_ends_at_the_limit_whatever_it_is_made_of() {
    let nested = |open: &str, close: &str, levels: usize| {
        read(&format!("{}1{}", open.repeat(levels), close.repeat(levels)))
    };
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        let levels = crate::limits::JSON_TEXT_DEPTH / open.matches(['[', '{']).count();
        assert!(nested(open, close, levels).is_ok());
        let error = nested(open, close, levels + 1).expect_err("one too many");
        assert!(error.starts_with("nested too deeply"), "{error}");
        assert!(nested(open, close, 1_000_000).is_err());
    }
}

#[test]
fn an_item_has_so_many_values_at_most() {
    let array = |values: usize| format!("[{}0]", "0,".repeat(values - 2));
    assert!(read(&array(crate::limits::JSON_VALUES)).is_ok());
    assert!(read(&array(crate::limits::JSON_VALUES + 1)).expect_err("one too many").contains("too many"));
}

#[test]
fn a_byte_order_mark_is_skipped_and_a_lone_surrogate_becomes_a_replacement_character() {
    assert_eq!(read("\u{feff}{}").as_deref(), Ok("{}"));
    for (text, expected) in [
        (r#""\ud83d\ude00""#, "\"😀\""),
        (r#""\ud83d""#, "\"\u{fffd}\""),
        (r#""\ude00a""#, "\"\u{fffd}a\""),
        (r#""\ud83d\n""#, "\"\u{fffd}\\n\""),
        (r#""\ud83d\u0041""#, "\"\u{fffd}A\""),
        (r#""\ud83d\ud83d\ude00""#, "\"\u{fffd}😀\""),
    ] {
        assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn a_bad_number_costs_its_own_item() {
    for bad in ["NaN", "Infinity", "-Infinity", "1e999", "{\"a\":[NaN]}", "1e-999"] {
        let text = format!("[1,{bad},2]");
        let mut parser = Parser::new(text.as_bytes()).expect("UTF-8");
        assert!(parser.begin_array());
        let first = parser.next_item(true).expect("an item");
        assert_eq!(first.and_then(Result::ok), Some(Value::from(1)));
        assert!(parser.next_item(false).expect("an item").is_some_and(|item| item.is_err()), "{bad}");
        let last = parser.next_item(false).expect("an item");
        assert_eq!(last.and_then(Result::ok), Some(Value::from(2)));
        assert_eq!(parser.next_item(false), Ok(None));
        assert_eq!(parser.end(), Ok(()));
        assert!(parse(text.as_bytes()).is_err());
    }
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    for (text, error) in [
        ("", "unexpected end of text at line 1 column 1"),
        ("{", "expected a key in double quotes at line 1 column 2"),
        ("[1,]", "expected a value at line 1 column 4"),
        ("{\"a\":1,}", "expected a key in double quotes at line 1 column 8"),
        ("[1\n 2]", "expected `,` or `]` at line 2 column 2"),
        ("{} {}", "unexpected text after the end at line 1 column 4"),
        ("\"a\nb\"", "a control character has to be escaped at line 1 column 3"),
        ("\"\\u+041\"", "`\\u` needs four hexadecimal digits at line 1 column 2"),
        ("nul", "expected a value at line 1 column 1"),
        ("01", "invalid number at line 1 column 3"),
    ] {
        assert_eq!(read(text), Err(error.to_owned()), "{text}");
    }
    for text in
        ["-", "1.", ".5", "1e", "+1", "--1", "0x1", "1_000", "'a'", "[", "]", "{]", "tru e", "//", "NaNa"]
    {
        assert!(read(text).is_err(), "{text}");
    }
    assert!(parse(&[b'"', 0xff, b'"']).is_err());
}

#[test]
fn every_faulty_item_of_a_batch_has_its_own_place() {
    let mut parser = Parser::new(b"[NaN,\n\n  NaN, 1,\nNaN]").expect("UTF-8");
    assert!(parser.begin_array());
    let mut places = Vec::new();
    while let Some(item) = parser.next_item(places.is_empty()).expect("an item") {
        places.push(item.map_or_else(|error| error.to_string(), |value| value.to_string()));
    }
    let nan = |place: &str| format!("NaN and Infinity are not JSON, send null at {place}");
    assert_eq!(places, [nan("line 1 column 2"), nan("line 3 column 3"), "1".into(), nan("line 4 column 1")]);
}

#[test]
fn of_a_key_that_is_given_twice_the_last_value_counts() {
    assert_eq!(read(r#"{"a":1,"b":2,"a":3}"#).as_deref(), Ok(r#"{"a":3,"b":2}"#));
}

#[test]
fn the_canonical_form_does_not_tell_equal_numbers_apart() {
    let canonical = |text: &str| {
        let mut bytes = Vec::new();
        to_canonical_writer(&mut bytes, &parse(text.as_bytes()).expect("JSON")).expect("memory");
        String::from_utf8(bytes).expect("UTF-8")
    };
    assert_eq!(canonical("[1.50,1e2,0.10]"), "[1.5,100.0,0.1]");
    assert_eq!(canonical("9223372036854775808"), "9223372036854775808");
    assert_ne!(canonical("0.12345678901234567890"), canonical("0.12345678901234567891"));
}

#[test]
fn white_space_between_tokens_goes_and_in_texts_stays() {
    let compact = |text| Json::compacted(text).map(|json| json.as_str().to_owned());
    assert_eq!(compact("{ \"a b\" : [ 1.00, \"\\\" x\" ] }").as_deref(), Some(r#"{"a b":[1.00,"\" x"]}"#));
    assert_eq!(compact("{"), None);
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ \\[\\]{}:,\"\\\\0-9eE.+a-z-]{0,40}",
        collection::vec(
            prop_oneof!["[\\[\\]{}:,]", "\"[a-z\\\\/u0-9]{0,6}\"", "-?[0-9.eE]{1,6}", "true|false|null"],
            0..12
        )
        .prop_map(|tokens| tokens.concat()),
    ]
}

proptest! {
    #[test]
    fn what_a_library_reads_is_read_alike(text in any_text()) {
        let library = serde_json::from_str::<serde_json::Value>(&text).map(Value::from);
        let own = parse(text.as_bytes());
        match (library, own) {
            (Ok(theirs), Ok(own)) => {
                let mut canonical = Vec::new();
                to_canonical_writer(&mut canonical, &own).expect("memory");
                let again = serde_json::from_slice::<serde_json::Value>(&canonical).map(Value::from);
                prop_assert_eq!(again.expect("JSON"), theirs);
            }
            (Err(_), Err(_)) => {}
            // Where a library loses what it cannot hold (1e-999 is 0), or is stricter (a lone surrogate).
            (Ok(_), Err(error)) => prop_assert!(error.to_string().starts_with("number out of range"), "{error}"),
            (Err(_), Ok(_)) => prop_assert!(text.contains("\\u") || text.starts_with('\u{feff}'), "{text}"),
        }
    }

    #[test]
    fn what_is_written_is_read_back(text in any_text()) {
        if let Ok(value) = parse(text.as_bytes()) {
            prop_assert_eq!(parse(value.to_string().as_bytes()), Ok(value));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}

proptest! {
    #[test]
    fn a_line_is_the_same_json_without_a_sign_that_ends_a_line(
        text in collection::vec(prop_oneof![Just('\u{85}'), Just('\u{2028}'), Just('\u{2029}'), any::<char>()], 0..20),
    ) {
        let text: String = text.into_iter().collect();
        let value = Value::from(text.as_str());
        for written in [value.clone(), Value::Array(vec![value.clone(), value.clone()])] {
            let mut line = Vec::new();
            to_line_writer(&mut line, &written).expect("memory");
            let line = String::from_utf8(line).expect("text");
            let ends = ['\u{85}', '\u{2028}', '\u{2029}', '\n', '\r'];
            prop_assert!(!line.contains(ends));
            prop_assert_eq!(parse(line.as_bytes()).expect("JSON"), written);
        }
    }
}
