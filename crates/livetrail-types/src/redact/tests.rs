use std::borrow::Cow;

use crate::json::made::json;
use proptest::prelude::*;

use super::*;

mod activity;

const JWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

fn text(text: &str) -> String {
    Redaction::standard().text(text).into_owned()
}

fn value(mut value: Value) -> Value {
    Redaction::standard().value(&mut value);
    value
}

fn assert_kept(kept: &str) {
    assert_eq!(Redaction::standard().text(kept), Cow::Borrowed(kept));
    assert!(matches!(Redaction::standard().text(kept), Cow::Borrowed(_)), "{kept}");
}

#[test]
fn the_value_of_a_secret_key_is_redacted_unless_it_is_nothing_or_a_truth() {
    let given =
        json!({"password": "hunter2", "pin": 1, "token": 12, "secret": {"a": [1]}, "cvv": null, "ssn": true});
    let expected = json!({
        "password": REDACTED, "pin": 1, "token": REDACTED, "secret": REDACTED, "cvv": null, "ssn": true
    });
    assert_eq!(value(given), expected);
}

#[test]
fn keys_are_compared_without_case_and_separators() {
    for key in
        ["api_key", "API-Key", "apiKey", "apikey", "Api Key", "Set-Cookie", "client.secret", "PRIVATE_KEY"]
    {
        assert_eq!(value(json!({key: "x"})), json!({key: REDACTED}), "{key}");
    }
    for key in ["token_count", "tokens", "passwords_changed", "session", "pass", "key", "", "_-_"] {
        assert_eq!(value(json!({key: 7})), json!({key: 7}), "{key}");
    }
}

#[test]
fn further_keys_may_be_named() {
    let redaction = Redaction::new(["Licence-Number".to_owned(), "пароль".to_owned(), "--".to_owned()]);
    let mut given = json!({"licenceNumber": 1, "Пароль": 2, "pwd": 3, "": 4});
    redaction.value(&mut given);
    assert_eq!(given, json!({"licenceNumber": REDACTED, "Пароль": REDACTED, "pwd": REDACTED, "": 4}));
}

#[test]
fn settings_that_redact_the_same_have_equal_rules() {
    let rules = |names: &[&str]| Redaction::new(names.iter().map(|name| (*name).to_owned())).rules();
    assert_eq!(rules(&["PIN", "licence-number"]), rules(&["licenceNumber", "pin", "Pin", "password", "--"]));
    assert_eq!(rules(&["PIN", "b"]).redact_key, ["b", "pin"]);
    assert_eq!(rules(&["Password"]), Redaction::standard().rules());
    assert_ne!(rules(&["pin"]), Redaction::standard().rules());
    assert_ne!(Redaction::off().rules(), Redaction::standard().rules());
}

#[test]
fn secrets_are_found_at_any_depth() {
    let given = json!({"a": [{"b": {"changes": [{"Password": "x"}, JWT]}}]});
    assert_eq!(value(given), json!({"a": [{"b": {"changes": [{"Password": REDACTED}, REDACTED]}}]}));
}

#[test]
fn a_value_that_is_nested_deeper_than_the_stack_is_redacted_too() {
    let mut deep = json!({"pwd": "x"});
    for _ in 0..200_000 {
        deep = Value::Array(vec![deep]);
    }
    Redaction::standard().value(&mut deep);
    // Taken apart from outside, since dropping it as a whole would recurse.
    while let Value::Array(items) = &mut deep {
        deep = items.pop().expect("each holds one");
    }
    assert_eq!(deep, json!({"pwd": REDACTED}));
}

#[test]
fn json_web_tokens_are_redacted_wherever_they_stand() {
    assert_eq!(text(JWT), REDACTED);
    assert_eq!(text(&format!("/stream?token={JWT}&x=1")), "/stream?token=[redacted]&x=1");
    assert_eq!(text(&format!("a \"{JWT}\", b {JWT}.")), "a \"[redacted]\", b [redacted].");
    assert_eq!(text("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."), REDACTED);
    assert_eq!(
        text("eyJhbGciOiJSU0EifQ.OKOawDo13g.48V1_ALb6US04U3b.5eym8TW_c8SuK0.XFBoMYUZodetZdv end"),
        "[redacted] end"
    );
    assert_kept("eyJ is how they begin, as in eyJhbGciOiJub25lIn0");
}

#[test]
fn bearer_tokens_are_redacted_with_their_scheme() {
    for token in ["Bearer s3cr3t", "bearer abcdefgh", "BEARER  xY9.z-_~+/==", "Bearer mF_9.B5f-4.1JqM"] {
        assert_eq!(text(token), REDACTED, "{token}");
    }
    assert_eq!(text("sent Bearer abc123def twice"), "sent [redacted] twice");
    assert_eq!(text("Authorization: Bearer abcdefgh, then"), "Authorization: [redacted], then");
    assert_eq!(text("It was Bearer k3y4me. Really."), "It was [redacted]. Really.");
}

#[test]
fn prose_about_bearers_is_kept() {
    for prose in [
        "the bearer of this letter",
        "Bearer authentication failed",
        "Bearer token",
        "forbearer a1b2c3d4",
        "bearer",
        "The bearer is responsible for misunderstandings.",
    ] {
        assert_kept(prose);
    }
}

#[test]
fn private_keys_are_redacted_and_public_ones_kept() {
    let key = |label: &str| format!("-----BEGIN {label}-----\nMIIEvQIBADANBg\n-----END {label}-----");
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
        assert_eq!(text(&format!("a {} b", key(label))), "a [redacted] b", "{label}");
    }
    assert_eq!(text("x -----BEGIN EC PRIVATE KEY-----\nMHcCAQEE…"), "x [redacted]");
    assert_kept(&key("PUBLIC KEY"));
    assert_kept("-----BEGIN PRIVATE KEY");
}

#[test]
fn card_numbers_of_every_issuer_are_redacted() {
    for card in [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4222222222222",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "3056 930902 5904",
        "6011111111111117",
        "3530111333300000",
        "6200000000000005",
        "2200 0000 0000 0053",
    ] {
        assert_eq!(text(card), REDACTED, "{card}");
        assert_eq!(text(&format!("paid 12 by {card} 3 times")), "paid 12 by [redacted] 3 times", "{card}");
        assert_eq!(text(&format!("card={card}, exp 12/27")), "card=[redacted], exp 12/27", "{card}");
    }
    assert_eq!(text("2024-11-05 4111 1111 1111 1111 12-27"), "2024-11-05 [redacted] 12-27");
    assert_eq!(text("4111111111111111 5555555555554444"), "[redacted] [redacted]");
    assert_eq!(text("“4111111111111111”"), "“[redacted]”");
}

#[test]
fn numbers_that_are_no_cards_are_kept() {
    for kept in [
        "4111111111111112",
        "1111111111111117",
        "41111111111111111111111",
        "x4111111111111111",
        "4111111111111111x",
        "card_4111111111111111",
        "4111111111111111é",
        "0.4111111111111111",
        "4111  1111  1111  1111",
        "4111 1111-1111 1111",
        "1718000000123456",
        "1718000000123",
        "+49 171 1234567",
        "+4917112345678",
        "+4222222222222",
        "192.0.2.14 took 1500 ms, 2048 rows",
        "2024-11-05T10:11:12.123456Z",
        "550e8400-e29b-41d4-a716-446655440000",
        "abcdef01-4111-4111-8111-411141114111",
        "aaaaaaaa-aaaa-aaaa-4111-111111111111",
    ] {
        assert_kept(kept);
    }
}

#[test]
fn a_json_number_that_is_a_card_number_is_redacted() {
    let given =
        json!([4_111_111_111_111_111_u64, 1_718_000_000_123_456_u64, -4_111_111_111_111_111_i64, 1.5]);
    assert_eq!(value(given), json!([REDACTED, 1_718_000_000_123_456_u64, -4_111_111_111_111_111_i64, 1.5]));
}

#[test]
fn of_a_secret_that_was_changed_both_sides_are_replaced_and_stay_sides() {
    let mut changes = json!({
        "password": {"from": "hunter2", "to": ["hunter3"]},
        "api_key": {"from": null, "to": "k-1"},
        "note": {"from": {"token": "t-1"}, "to": "card 4111 1111 1111 1111"},
    });
    Redaction::standard().changes(changes.as_object_mut().expect("an object"));
    let expected = json!({
        "password": {"from": REDACTED, "to": REDACTED},
        "api_key": {"from": null, "to": REDACTED},
        "note": {"from": {"token": REDACTED}, "to": format!("card {REDACTED}")},
    });
    assert_eq!(changes, expected);
}

#[test]
fn redaction_that_is_off_changes_nothing() {
    let given = json!({"password": "x", "text": JWT, "card": 4_111_111_111_111_111_u64});
    let mut same = given.clone();
    Redaction::off().value(&mut same);
    assert_eq!(same, given);
    assert_eq!(Redaction::off().text(JWT), JWT);
}

/// A number of the length that begins as given and has a right check digit.
fn with_check_digit(mut digits: String) -> String {
    let fits = |last: &char| {
        let all = digits.chars().chain([*last]).map(|c| c.to_digit(10).unwrap_or(0)).collect::<Vec<_>>();
        let double = |d: u32| d * 2 / 10 + d * 2 % 10;
        let sum: u32 =
            all.iter().rev().enumerate().map(|(i, d)| if i % 2 == 1 { double(*d) } else { *d }).sum();
        sum.is_multiple_of(10)
    };
    let last = ('0'..='9').find(fits).expect("one of ten fits");
    digits.push(last);
    digits
}

fn grouped(digits: &str, separator: &str) -> String {
    let groups = digits.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(separator)
}

/// It ends at once or, were the pass quadratic, not in hours.
#[test]
fn texts_that_are_made_to_be_slow_are_not() {
    for part in [
        "eyJ",
        "-4111111111111111-eyJ-",
        "4111-1111-1111-1111-",
        "4111 ",
        "Bearer=",
        "bearer ",
        "-----BEGIN ",
        "token:",
        "token: ",
        "a token: \"",
        "x://a:b/",
        "sk-",
        "://",
        "=,a",
        "\\",
        "\\\"token\\\":",
        "{\"token\":[",
        "Authorization: ",
        "AKIAIOSFODNN7EXAMPLE ",
    ] {
        let _ = text(&part.repeat(1_000_000 / part.len()));
    }
}

proptest! {
    #[test]
    fn no_visa_or_mastercard_number_that_stands_as_a_token_survives(
        digits in "4[0-9]{14}|5[1-5][0-9]{13}|22[3-9][0-9]{12}|4[0-9]{17}",
        separator in "[ -]?",
        before in "(|.*[(:=,;'\"/#“])",
        after in "(|[):=,;'\"/#”.].*)",
    ) {
        let card = grouped(&with_check_digit(digits), &separator);
        let clean = text(&format!("{before}{card}{after}"));
        prop_assert!(!clean.contains(&card), "{clean}");
    }

    #[test]
    fn a_card_number_among_other_numbers_does_not_survive(
        before in "[0-9]{1,6}", after in "[0-9]{1,6}", digits in "4[0-9]{14}",
    ) {
        let card = grouped(&with_check_digit(digits), " ");
        let clean = text(&format!("{before}  {card} {after}"));
        prop_assert!(!clean.contains(&card), "{clean}");
    }

    #[test]
    fn words_uuids_times_and_telephone_numbers_survive(
        words in "[a-zA-Z ,.!?äöü]{0,60}",
        uuid in "[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        micros in 1_000_000_000_000_000_u64..2_000_000_000_000_000,
        phone in "\\+[1-9][0-9]{7,14}",
    ) {
        let lower = words.to_lowercase();
        let schemes = ["bearer", "basic", "token", "apikey", "dpop", "ntlm", "negotiate"];
        prop_assume!(!schemes.iter().any(|scheme| lower.contains(scheme)) && !words.contains("eyJ"));
        let kept = format!("{words} {uuid}, {micros}, {phone}");
        prop_assert_eq!(text(&kept), kept);
    }

    #[test]
    fn redacting_twice_is_redacting_once(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "4111111111111111", "4111", "1111", "5555 5555 5555 4444", "3056 930902 5904", "0", "+", " ", "-", ".", "_", "é", "x", "Bearer ",
                "bearer", "authorization:", "abcdef", "a1b2c3", "eyJhbGciOiJub25lIn0", ".eyJzdWIiOiJhIn0.", "eyJ", "%20",
                "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "aaaaaaaa-aaaa-aaaa-4111-111111111111",
            ]),
            0..14,
        ),
    ) {
        let once = text(&parts.concat());
        prop_assert_eq!(text(&once), once);
    }

    #[test]
    fn no_text_makes_it_panic(given in "\\PC*") {
        let _ = text(&given);
    }
}
