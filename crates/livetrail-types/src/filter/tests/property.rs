//! What has to hold for every query there is.

use super::*;
use crate::FILTER_PARAMETERS;
use proptest::{collection, prelude::*, sample};

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[!,\\\\a-b ]{0,8}",
        "[0-9:./a-fx!,-]{0,24}",
        "-?[0-9]{0,20}(\\.[0-9]{1,9})?(e[0-9]{1,3})?",
        sample::select(vec!["true", "4xx", "other", "::/0", "192.0.2.0/24", "2026-03-01T12:00:00Z"])
            .prop_map(str::to_owned),
    ]
}

fn query() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let names = FILTER_PARAMETERS.iter().map(|parameter| parameter.name).chain(["page", ""]);
    collection::vec((sample::select(names.collect::<Vec<_>>()), value()), 0..6)
}

fn parse(query: &[(&'static str, String)]) -> Result<Filter, Vec<FieldError>> {
    Filter::parse(query.iter().map(|(name, value)| (*name, value.as_str())), &context())
}

proptest! {
    #[test]
    fn no_query_makes_it_panic(query in query()) {
        match parse(&query) {
            Ok(filter) => { filter.matches(&Subject { activity: &activity(json!({})), profile: None }); }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(query.iter().any(|(name, _)| *name == error.pointer), "{error:?}");
                }
            }
        }
    }

    #[test]
    fn the_order_of_different_parameters_does_not_matter(query in query()) {
        let mut reversed = query.clone();
        reversed.sort_by_key(|(name, _)| std::cmp::Reverse(*name));
        if let (Ok(one), Ok(other)) = (parse(&query), parse(&reversed)) {
            prop_assert_eq!(one.fingerprint(), other.fingerprint());
        }
    }

    #[test]
    fn an_escaped_value_means_exactly_itself(user in "[^\\s\\x00]([^\\n\\x00]{0,20}[^\\s\\x00])?") {
        let escaped = user.replace('\\', "\\\\").replace(',', "\\,").replace('!', "\\!");
        let wanted = Filter::of(vec![Condition::Text(TextField::UserId, Choice::any([user]))]);
        prop_assert_eq!(parse(&[("user_id", escaped)]), Ok(wanted));
    }

    #[test]
    fn a_choice_and_its_negation_divide_everything(values in collection::vec("[a-c]", 1..3), user in "[a-d]") {
        let (any, none) = (values.join(","), format!("!{}", values.join(",!")));
        let activity = activity(json!({ "user_id": user }));
        let holds = |value: String| {
            let filter = parse(&[("user_id", value)]).expect("a filter");
            filter.matches(&Subject { activity: &activity, profile: None })
        };
        prop_assert_ne!(holds(any), holds(none));
    }
}

#[test]
fn every_parameter_that_is_documented_is_read() {
    for parameter in FILTER_PARAMETERS {
        let value = match parameter.name {
            _ if parameter.is_flag => "true",
            _ if parameter.is_date => "1772366400",
            "success_filter" => "failure",
            "ip" => "192.0.2.1",
            "status" => "4xx",
            "category" => "other",
            _ => "x",
        };
        let filter = parse(&[(parameter.name, value.to_owned())]);
        assert_eq!(filter.map(|filter| filter.conditions().len()), Ok(1), "{}", parameter.name);
    }
}
