//! Messages for workflows of Microsoft Teams that begin with "When a Teams webhook request is received": an Adaptive
//! Card as the only attachment.
//!
//! Texts come from activities. Teams reads Markdown in a `TextBlock` and in facts, and so links, but not in the
//! `TextRun` of a `RichTextBlock`. Nobody is mentioned, because the card names no entities.

use super::message::Message;
use livetrail_types::Severity;
use serde_json::{Value, json};

pub(super) fn body(message: &Message, public_url: &str) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card(message, public_url),
        }],
    })
}

fn card(message: &Message, public_url: &str) -> Value {
    let run = |text: &str| json!({ "type": "TextRun", "text": text });
    let mut body = vec![paragraph(&[json!({
        "type": "TextRun",
        "text": message.headline(),
        "weight": "Bolder",
        "size": "Large",
        "color": color(message.alert.severity),
    })])];
    body.extend(message.note().map(|note| paragraph(&[run(&note)])));
    body.extend(message.facts().iter().map(|(name, value)| {
        let name = json!({ "type": "TextRun", "text": format!("{name}: "), "isSubtle": true });
        paragraph(&[name, run(value)])
    }));
    json!({
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": body,
        "actions": actions(message, public_url),
    })
}

fn paragraph(inlines: &[Value]) -> Value {
    json!({ "type": "RichTextBlock", "inlines": inlines, "spacing": "Small" })
}

fn actions(message: &Message, public_url: &str) -> Vec<Value> {
    let open = |title: &str, url: &str| json!({ "type": "Action.OpenUrl", "title": title, "url": url });
    let links = message.links(public_url);
    let mut actions = vec![open("Show in Livetrail", &links.alert)];
    actions.extend(links.activities.map(|url| open("Show its activities", &url)));
    actions
}

/// The names that Adaptive Cards have for colours.
fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Info | Severity::Notice => "Default",
        Severity::Warning => "Warning",
        Severity::Critical => "Attention",
    }
}
