use super::*;

fn read_again(filter: &Filter) -> Filter {
    let parameters: Vec<(&str, String)> =
        filter.parameters().into_iter().map(|(name, values)| (name, values.join(","))).collect();
    let pairs = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    Filter::parse(pairs, &context()).unwrap_or_else(|errors| panic!("{parameters:?}: {errors:?}"))
}

#[test]
fn a_filter_that_is_written_as_parameters_is_read_as_the_same_filter() {
    for query in include_str!("canonical.txt").lines().filter_map(|line| line.strip_prefix("? ")) {
        let filter = filter(query);
        assert_eq!(read_again(&filter).canonical(), filter.canonical(), "{query}");
    }
}

#[test]
fn values_that_look_like_the_grammar_of_lists_are_escaped() {
    let values = ["a,b", "!c", r"d\", "e!f", "ü \"g\"", "&h=i"].map(str::to_owned);
    for choice in [Choice::any(values.clone()), Choice::none(values)] {
        let filter = Filter::of(vec![Condition::Text(TextField::UserId, choice)]);
        assert_eq!(read_again(&filter), filter);
    }
    let choice = Choice { any: vec!["!a,b".to_owned()], none: vec!["c".to_owned()] };
    let users = Filter::of(vec![Condition::Text(TextField::UserId, choice)]);
    assert_eq!(users.parameters(), [("user_id", vec![r"\!a\,b".to_owned(), "!c".to_owned()])]);
}

#[test]
fn searches_are_taken_whole() {
    let filter = filter("q=a,!b&text=c\\d");
    assert_eq!(filter.parameters(), [("q", vec!["a,!b".to_owned()]), ("text", vec!["c\\d".to_owned()])]);
}
