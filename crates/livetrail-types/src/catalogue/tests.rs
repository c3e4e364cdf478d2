use super::*;
use crate::DelegateType;

fn mention<'a>(action_type: &'a str, target: Option<&'a str>) -> Mention<'a> {
    Mention { action_type, user: "Anna", delegate: None, target, resource_type: None, success: true }
}

fn described(action_type: &str, target: Option<&str>) -> String {
    Catalogue::builtin().describe(&mention(action_type, target))
}

fn described_failure(action_type: &str, target: Option<&str>) -> String {
    Catalogue::builtin().describe(&Mention { success: false, ..mention(action_type, target) })
}

fn refused(toml_text: &str) -> String {
    Catalogue::builtin().extended(toml_text).expect_err("it should be refused").to_string()
}

fn with_action(fields: &str) -> String {
    format!("[[action]]\nkey = \"parcel_sent\"\n{fields}")
}

#[test]
fn the_builtin_catalogue_holds_every_documented_action() {
    let catalogue = Catalogue::builtin();
    assert_eq!(catalogue.actions().len(), 59);
    for key in
        ["user_login", "admin_view_activity_logs", "two_factor_disabled", "api_operation", "alert_raised"]
    {
        assert!(catalogue.get(key).is_some(), "{key} is missing");
    }
}

#[test]
fn every_action_belongs_to_a_category_and_every_category_has_an_action() {
    let catalogue = Catalogue::builtin();
    for action in catalogue.actions() {
        assert!(
            catalogue.actions_in(&action.category).is_some_and(|keys| keys.contains(&action.key.as_str()))
        );
    }
    for category in catalogue.categories() {
        assert!(catalogue.actions_in(&category.key).is_some_and(|keys| !keys.is_empty()), "{category:?}");
    }
}

#[test]
fn a_known_action_reads_as_its_sentence() {
    assert_eq!(described("user_created", Some("bob@example.com")), "Anna created user bob@example.com");
    assert_eq!(described("user_login", None), "Anna signed in");
}

#[test]
fn a_sentence_still_reads_well_when_its_target_is_not_known() {
    assert_eq!(described("user_created", None), "Anna created a user");
    assert_eq!(described("user_created", Some("")), "Anna created a user");
    assert_eq!(described("settings_updated", None), "Anna updated the settings");
    assert_eq!(described_failure("user_created", None), "Anna failed to create user");
}

#[test]
fn a_sentence_names_the_party_that_acted_in_the_users_name() {
    let catalogue = Catalogue::builtin();
    let described = |action: &str, success: bool, kind: Option<DelegateType>| {
        let delegate = Some(Delegate { id: "bot", kind });
        catalogue.describe(&Mention { delegate, success, ..mention(action, Some("Bob")) })
    };
    for (kind, shown) in [
        (Some(DelegateType::User), "Anna (represented by bot)"),
        (Some(DelegateType::Agent), "Anna (through agent bot)"),
        (Some(DelegateType::Service), "Anna (through service bot)"),
        (None, "Anna (through bot)"),
    ] {
        assert_eq!(described("user_created", true, kind), format!("{shown} created user Bob"));
        assert_eq!(described("user_created", false, kind), format!("{shown} failed to create user Bob"));
        assert_eq!(described("parcel_sent", false, kind), format!("{shown}: parcel sent (failed)"));
    }
}

#[test]
fn the_name_of_a_delegate_shows_what_is_invisible_in_it() {
    let delegate = Some(Delegate { id: "\u{202e}tob", kind: None });
    let sentence = Catalogue::builtin().describe(&Mention { delegate, ..mention("user_login", None) });
    assert_eq!(sentence, "Anna (through ⟨U+202E⟩tob) signed in");
}

/// A name as a sentence shows it.
fn shown(name: &str) -> String {
    let sentence = described("user_created", Some(name));
    sentence.strip_prefix("Anna created user ").expect("the sentence").to_owned()
}

#[test]
fn a_name_shows_what_is_invisible_in_it() {
    for (name, visible) in [
        ("\u{202e}nimda\u{200b}", "⟨U+202E⟩nimda⟨U+200B⟩"),
        ("\u{2066}ada\u{2069}", "⟨U+2066⟩ada⟨U+2069⟩"),
        ("real-admin\u{fe0f}", "real-admin⟨U+FE0F⟩"),
        ("u-1\u{fe0f}", "u-1⟨U+FE0F⟩"),
        ("real\u{200d}-admin", "real⟨U+200D⟩-admin"),
        ("real\u{200c}-admin", "real⟨U+200C⟩-admin"),
        ("👩\u{200d}", "👩⟨U+200D⟩"),
        ("د\u{200c}د", "د⟨U+200C⟩د"),
        ("ad\u{ad}a", "ad⟨U+00AD⟩a"),
        ("ada\u{3164}", "ada⟨U+3164⟩"),
        ("ada\u{2800}", "ada⟨U+2800⟩"),
        ("ada\u{e0041}", "ada⟨U+E0041⟩"),
        ("ada\u{2028}", "ada⟨U+2028⟩"),
        ("ada\u{7}", "ada⟨U+0007⟩"),
        ("ada\nb", "ada⟨U+000A⟩b"),
    ] {
        assert_eq!(shown(name), visible, "{name:?}");
    }
}

#[test]
fn a_name_shows_the_spaces_by_which_it_could_pass_for_another() {
    for (name, visible) in [
        ("ada ", "ada⟨U+0020⟩"),
        (" ada", "⟨U+0020⟩ada"),
        ("ada  b", "ada⟨U+0020⟩ b"),
        ("ada\u{a0}b", "ada⟨U+00A0⟩b"),
        ("   ", "⟨U+0020⟩⟨U+0020⟩⟨U+0020⟩"),
        ("é ", "é⟨U+0020⟩"),
    ] {
        assert_eq!(shown(name), visible, "{name:?}");
    }
}

#[test]
fn a_name_keeps_what_its_language_or_an_emoji_needs() {
    for name in [
        "Ada Lovelace",
        "Zoë Strauß-Øre",
        "Ünal",
        "山田\u{3000}太郎",
        "می\u{200c}خواهم",
        "क्\u{200d}ष",
        "👩\u{200d}💻 ❤\u{fe0f} 1\u{fe0f}⃣ 👨🏽\u{200d}🚀",
        "שרה",
        "١٢٣",
    ] {
        assert_eq!(shown(name), name);
    }
}

#[test]
fn a_key_shows_what_is_invisible_in_it() {
    let published =
        Mention { resource_type: Some("post\u{202e}"), ..mention("content_published", Some("Hello")) };
    assert_eq!(Catalogue::builtin().describe(&published), "Anna published post⟨U+202E⟩ Hello");
    assert_eq!(described("shared\u{200b}", None), "Anna: shared⟨U+200B⟩");
}

#[test]
fn no_builtin_sentence_ends_in_the_middle_when_nothing_but_the_user_is_known() {
    for action in Catalogue::builtin().actions() {
        for sentence in [described(&action.key, None), described_failure(&action.key, None)] {
            let last = sentence.split(' ').next_back().unwrap_or_default();
            assert!(!["of", "for", "to", "on", "the", "a", ""].contains(&last), "{sentence}");
            assert!(!sentence.contains("  ") && !sentence.contains('{'), "{sentence}");
            assert!(sentence.contains("Anna"), "{sentence}");
        }
    }
}

#[test]
fn the_kind_of_thing_is_named_in_words() {
    let published =
        Mention { resource_type: Some("blog_post"), ..mention("content_published", Some("Hello")) };
    assert_eq!(Catalogue::builtin().describe(&published), "Anna published blog post Hello");
    assert_eq!(described("content_published", Some("Hello")), "Anna published Hello");
}

#[test]
fn a_failed_action_says_so() {
    assert_eq!(described_failure("user_login", None), "Anna failed to sign in");
    let catalogue = Catalogue::builtin()
        .extended(&with_action("category = \"system\"\nsentence = \"{user} sent parcel {target}\""))
        .expect("it is valid");
    let failure = Mention { success: false, ..mention("parcel_sent", Some("7")) };
    assert_eq!(catalogue.describe(&failure), "Anna sent parcel 7 (failed)");
}

#[test]
fn a_refusal_does_not_sound_like_a_failure() {
    assert_eq!(described_failure("access_refused", None), "Anna was refused access");
}

#[test]
fn an_unknown_action_reads_as_its_name_in_words() {
    assert_eq!(described("document_shared", None), "Anna: document shared");
    assert_eq!(described("billing.invoice:sent", None), "Anna: billing invoice sent");
    assert_eq!(described("documentShared", None), "Anna: document shared");
    assert_eq!(described("rotate-api-key", None), "Anna: rotate API key");
    assert_eq!(described_failure("document_shared", None), "Anna: document shared (failed)");
}

#[test]
fn an_unknown_action_is_other_with_the_fallback_icon_and_severity() {
    let catalogue = Catalogue::builtin();
    assert_eq!(catalogue.category_of("document_shared"), Catalogue::OTHER);
    assert_eq!(catalogue.icon_of("document_shared"), "activity");
    assert_eq!(catalogue.severity_of("document_shared"), Severity::Info);
}

#[test]
fn a_category_that_does_not_exist_is_told_from_one_whose_actions_cannot_be_listed() {
    let catalogue = Catalogue::builtin();
    assert_eq!(catalogue.actions_in("nonsense"), None);
    assert_eq!(catalogue.actions_in(Catalogue::OTHER), Some(Vec::new()));
    assert_eq!(catalogue.actions_in("ai"), Some(vec!["chat_message"]));
}

#[test]
fn titles_are_the_keys_in_words() {
    let catalogue = Catalogue::builtin();
    let title = |key| catalogue.get(key).map(|action| action.title.as_str());
    assert_eq!(title("user_login"), Some("User login"));
    assert_eq!(title("api_key_created"), Some("API key created"));
}

#[test]
fn severities_are_ordered() {
    let catalogue = Catalogue::builtin();
    assert!(catalogue.severity_of("admin_role_changed") > catalogue.severity_of("user_deleted"));
    assert!(catalogue.severity_of("user_deleted") > catalogue.severity_of("chat_message"));
}

#[test]
fn a_deployment_adds_categories_and_actions_of_its_own() {
    let own = "[[category]]\nkey = \"shipping\"\n\n".to_owned()
        + &with_action("category = \"shipping\"\nicon = \"package\"\nsentence = \"{user} sent {target}\"");
    let catalogue = Catalogue::builtin().extended(&own).expect("it is valid");
    assert_eq!(catalogue.category_of("parcel_sent"), "shipping");
    assert_eq!(catalogue.icon_of("parcel_sent"), "package");
    assert_eq!(catalogue.describe(&mention("parcel_sent", Some("it"))), "Anna sent it");
    assert_eq!(catalogue.categories().last().map(|c| c.title.as_str()), Some("Shipping"));
}

#[test]
fn an_entry_for_a_known_action_changes_only_what_it_names() {
    let own = "[[action]]\nkey = \"user_login\"\nseverity = \"warning\"";
    let catalogue = Catalogue::builtin().extended(own).expect("it is valid");
    assert_eq!(catalogue.severity_of("user_login"), Severity::Warning);
    assert_eq!(catalogue.icon_of("user_login"), "log-in");
    assert_eq!(catalogue.actions().len(), Catalogue::builtin().actions().len());
}

#[test]
fn a_new_sentence_for_a_known_action_replaces_its_other_sentences_too() {
    let own = "[[action]]\nkey = \"user_created\"\nsentence = \"{user} hired {target}\"";
    let catalogue = Catalogue::builtin().extended(own).expect("it is valid");
    assert_eq!(catalogue.describe(&mention("user_created", None)), "Anna hired");
    let failure = Mention { success: false, ..mention("user_created", Some("Bob")) };
    assert_eq!(catalogue.describe(&failure), "Anna hired Bob (failed)");
}

#[test]
fn a_wrong_entry_is_refused_with_its_line_and_what_would_be_right() {
    let cases = [
        ("[[action]]\nkey = \"parcel sent\"", "line 2: `parcel sent`: the key of an action has only"),
        ("\n\n[[action]]\nkey = \"\"", "line 4: ``: a key has 1 to 50 characters"),
        ("[[category]]\nkey = \"Shipping\"", "lower-case letters"),
        ("[[category]]\nkey = \"other\"", "choose another key"),
        (&with_action("sentence = \"{user}\""), "`category` is missing"),
        (&with_action("category = \"ai\""), "`sentence` is missing"),
        (&with_action("category = \"ai\"\nsentence = \" \""), "`sentence` is empty"),
        (&with_action("category = \"sesions\"\nsentence = \"{user}\""), "did you mean `sessions`?"),
        (
            &with_action("category = \"ai\"\nsentence = \"{admin} ran\""),
            "`sentence` has `{admin}`; the placeholders",
        ),
        (&with_action("category = \"ai\"\nsentence = \"{user ran\""), "`sentence` has `{user ran`"),
        (&with_action("category = \"ai\"\nsentence = \"{user}\"\nfailed = \"}\""), "`failed` has `}`"),
        (&with_action("sentense = \"x\""), "unknown field `sentense`"),
        (&with_action("severity = \"bad\""), "expected one of `info`, `notice`, `warning`, `critical`"),
        ("[[action]]\nkey = ", "line 2"),
    ];
    for (text, expected) in cases {
        let message = refused(text);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_key_that_is_too_long_or_stands_twice_is_refused() {
    let entry =
        |key: &str| format!("[[action]]\nkey = \"{key}\"\ncategory = \"ai\"\nsentence = \"{{user}}\"\n");
    assert!(Catalogue::builtin().extended(&entry(&"x".repeat(50))).is_ok());
    assert!(refused(&entry(&"x".repeat(51))).contains("1 to 50"));
    assert!(refused(&(entry("twice") + &entry("twice"))).starts_with("line 6: `twice`: the key stands"));
}
