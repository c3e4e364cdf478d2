//! What receivers read. `UPDATE=1` writes the bodies anew.

use super::{
    receiver::Receiver,
    smtp_server::{Security, SmtpServer},
    *,
};
use serde_json::Value;
use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "UPDATE=1 writes the body anew")]
fn assert_body(name: &str, body: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/alerts/delivery/tests/bodies").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, body).expect("the body is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == body, "{name} differs: run the tests with UPDATE=1 and look at the change\n{body}");
}

/// The JSON that a receiver gets.
async fn sent(destination: impl Fn(String) -> Destination, message: &Message) -> Value {
    let receiver = Receiver::answering(200).await;
    sender().send(&destination(receiver.url("hook")), KEY, message).await.expect("a delivery");
    let request = receiver.only();
    assert_eq!(request.headers["content-type"], "application/json");
    serde_json::from_str(&request.body).expect("JSON")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON") + "\n"
}

fn slack(url: String) -> Destination {
    Destination::Slack { url }
}

fn teams(url: String) -> Destination {
    Destination::Teams { url }
}

/// Every text of a JSON value, with the name it stands under.
fn texts<'a>(value: &'a Value, name: &'a str, found: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::String(text) => found.push((name, text)),
        Value::Array(items) => items.iter().for_each(|item| texts(item, name, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| texts(field, name, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_webhook_has_the_alert_as_the_api_shows_it() {
    let body = sent(webhook, &raised()).await;
    assert_body("webhook.json", &pretty(&body));
    assert_eq!(body["data"], serde_json::to_value(hostile_alert()).expect("JSON"));
}

#[tokio::test]
async fn slack_is_told_without_a_mention_or_a_link_of_the_hostile_texts() {
    let body = sent(slack, &raised()).await;
    assert_body("slack.json", &pretty(&body));
    let mut found = Vec::new();
    texts(&body, "", &mut found);
    for (_, text) in found {
        for link in text.split('<').skip(1) {
            assert!(link.starts_with(PUBLIC_URL), "{text}");
        }
    }
    let text = body["text"].as_str().expect("a text");
    let outside_code: String = text.split('`').step_by(2).collect();
    for word in ["@here", "@all", "@channel", "evil.example|", "[click]"] {
        assert!(!outside_code.contains(word), "{word}: {outside_code}");
    }
}

#[tokio::test]
async fn teams_is_told_without_markdown() {
    let body = sent(teams, &raised()).await;
    assert_body("teams.json", &pretty(&body));
    let card = body["attachments"][0]["content"].as_object().expect("a card");
    assert!(!card.contains_key("msteams"), "nobody is mentioned");
    for block in card["body"].as_array().expect("blocks") {
        assert_eq!(block["type"], "RichTextBlock", "others read Markdown");
    }
    for action in card["actions"].as_array().expect("actions") {
        assert!(action["url"].as_str().expect("a URL").starts_with(PUBLIC_URL));
    }
}

#[tokio::test]
async fn an_email_has_no_foreign_header_and_no_foreign_markup() {
    let server = SmtpServer::start(Security::Plain).await;
    let to = vec!["ops@example.com".into(), "security@example.com".into()];
    let sender = Conditions { smtp: Some(server.settings()), ..Conditions::default() }.sender();
    sender.send(&Destination::Email { to }, KEY, &raised()).await.expect("a delivery");
    let mail = server.only().mail;
    // Date and boundary are new each time.
    let date = mail.lines().find_map(|line| line.strip_prefix("Date: ")).expect("a date");
    let boundary =
        mail.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a boundary");
    let stable = mail.replace(date, "DATE").replace(boundary, "BOUNDARY").replace("\r\n", "\n");
    assert_body("email.txt", &stable);
    let head = mail.split("\r\n\r\n").next().expect("a head");
    for line in head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
        let name = line.split(':').next().expect("a name");
        assert!(
            ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
                .contains(&name),
            "{line}"
        );
    }
    let html = mail.split("Content-Type: text/html").nth(1).expect("HTML").replace("=\r\n", "");
    for markup in ["<img", "<at>", "<of>", "<!channel"] {
        assert!(!html.contains(markup), "{html}");
    }
    for link in html.split("href=3D\"").skip(1) {
        assert!(link.starts_with(PUBLIC_URL), "{html}");
    }
}

#[tokio::test]
async fn each_kind_of_message_says_what_has_happened() {
    let mut further = message(Kind::Continued);
    further.further = 3;
    let going = message(Kind::Continued);
    let mut one = message(Kind::Raised);
    one.further = 1;
    let mut resolved = message(Kind::Resolved);
    resolved.alert.decided_by = Some("ada <!here>".into());
    resolved.alert.reason = Some("a load test".into());
    let mut flood = message(Kind::Flood);
    flood.silent_until = Some(moment("2026-03-02T12:00:00Z"));
    let test = Message::test(Some("acme".into()), moment("2026-03-01T12:00:00Z"));
    for (message, words) in [
        (further, ["[critical] 4 more alerts: Many", "The rule raised 3 further alerts before it"]),
        (going, ["[critical] Still going: Many", "activities: `1204`"]),
        (one, ["[critical] Many failed", "The rule raised 1 further alert before it"]),
        (resolved, ["[resolved] Many failed", "by: `ada &lt;!here&gt;`\nreason: `a load test`"]),
        (flood, ["[muted] Too many alerts: Many", "nothing of it until 2026-03-02 12:00:00 UTC"]),
        (test, ["[test] This is a test", "https://log.example.com/alerts|Show"]),
    ] {
        let webhook = sent(webhook, &message).await;
        assert_eq!(webhook["type"], message.kind.name());
        assert_eq!((&webhook["further"], webhook["timestamp"].is_string()), (&message.further.into(), true));
        let told = sent(slack, &message).await;
        let text = told["text"].as_str().expect("a text");
        assert!(words.iter().all(|words| text.contains(words)), "{words:?}: {text}");
        assert!(sent(teams, &message).await["attachments"][0]["content"]["body"].is_array());
    }
}

#[tokio::test]
async fn long_texts_are_cut_where_people_read_and_whole_in_webhooks() {
    let mut long = raised();
    long.alert.title = "ä".repeat(2_000);
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
        long.alert.group.insert(name.into(), "\u{202e}".repeat(2_000));
    }
    let told = sent(slack, &long).await;
    let blocks = told["blocks"].as_array().expect("blocks");
    assert!(blocks[0]["text"]["text"].as_str().expect("a header").chars().count() <= 150);
    for fields in blocks.iter().filter_map(|block| block["fields"].as_array()) {
        assert!(fields.len() <= 10);
        assert!(fields.iter().all(|field| field["text"].as_str().expect("a text").chars().count() <= 2_000));
    }
    assert!(sent(teams, &long).await.to_string().len() < 28_000, "the most that Teams takes");
    assert_eq!(sent(webhook, &long).await["data"]["title"], "ä".repeat(2_000));
}
