//! The hint for a name that is probably misspelt.

/// A longer name is not a typing error, and comparing it would only cost time.
const MAX_MISSPELT: usize = 40;
/// Names are alike from this likeness on, by Jaro and Winkler, where 1 is the same name.
const ALIKE: f64 = 0.8;

/// The known name that is most like one of the spellings of a given name, if they are alike.
pub fn nearest<'a>(spellings: &[&str], known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if spellings.iter().any(|spelling| spelling.len() > MAX_MISSPELT) {
        return None;
    }
    let likeness = |name: &str| {
        let likenesses = spellings.iter().map(|spelling| strsim::jaro_winkler(name, spelling));
        likenesses.fold(0.0, f64::max)
    };
    let rated =
        known.into_iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness > ALIKE);
    rated.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["user_id", "action_type", "adminId"];

    #[test]
    fn a_misspelt_name_is_near_to_the_one_that_was_meant() {
        for (spellings, name) in [
            (&["usr_id"][..], Some("user_id")),
            (&["action_typ", "actionTyp"], Some("action_type")),
            (&["admni_id", "admniId"], Some("adminId")),
            (&["colour"], None),
            (&[""], None),
        ] {
            assert_eq!(nearest(spellings, KNOWN), name, "{spellings:?}");
        }
    }

    #[test]
    fn a_name_that_is_too_long_for_a_typing_error_is_near_to_none() {
        let long = "action_type".repeat(4);
        assert_eq!(nearest(&[&long], [long.as_str()]), None);
        assert_eq!(nearest(&["action_type"], []), None);
    }
}
