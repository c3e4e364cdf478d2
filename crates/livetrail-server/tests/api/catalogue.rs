use crate::fixture::Fixture;
use serde_json::Value;

#[tokio::test]
async fn the_catalogue_has_the_actions_and_their_categories() {
    let fixture = Fixture::start().await;
    let catalogue = fixture.get("/api/admin/catalogue").await;
    let actions = catalogue.body["actions"].as_array().expect("actions");
    let login = actions.iter().find(|action| action["key"] == "user_login").expect("user_login");
    for name in ["category", "icon", "severity"] {
        assert!(login[name].is_string(), "{name} in {login}");
    }
    let keys: Vec<&Value> =
        catalogue.body["categories"].as_array().expect("categories").iter().map(|c| &c["key"]).collect();
    assert!(actions.iter().all(|action| keys.contains(&&action["category"])));
    for own in ["access_refused", "alert_raised", "admin_view_activity_logs", "export_generated"] {
        assert!(actions.iter().any(|action| action["key"] == own), "{own}");
    }
}

#[tokio::test]
async fn actions_of_a_deployment_are_in_the_catalogue_and_on_activities() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("actions.toml");
    let addition = "[[category]]\nkey = \"shipping\"\ntitle = \"Shipping\"\n\n[[action]]\nkey = \"parcel_sent\"\n\
                    category = \"shipping\"\nicon = \"package\"\nsentence = \"{user} sent a parcel\"\n";
    std::fs::write(&file, addition).expect("a file");
    let fixture = Fixture::start_with(|config| config.actions = Some(file)).await;
    fixture.post(crate::fixture::activity("u-1", "parcel_sent")).await;
    let listed = fixture.list("category=shipping").await;
    assert_eq!(listed.each("description"), ["u-1 sent a parcel"]);
    assert_eq!(listed.each("icon"), ["package"]);
}
