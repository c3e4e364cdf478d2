//! Messages of Slack's incoming webhooks: <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>.
//! Mattermost, Rocket.Chat and Discord (its URL with `/slack`) read them too, mostly the `text` only.
//!
//! Texts come from activities, so they must not mention people or be links. In the blocks they are of the type
//! `plain_text`, in which Slack looks for neither. In `text`, which is formatted, values are code.

use super::message::{Message, cut};
use serde_json::{Value, json};

/// Slack's limits: characters of a header, fields of a section.
const MAX_HEADER: usize = 140;
const MAX_FIELDS: usize = 10;

pub(super) fn body(message: &Message, public_url: &str) -> Value {
    let (facts, links) = (message.facts(), links(message, public_url));
    let mut blocks = vec![json!({ "type": "header", "text": plain(&cut(&message.headline(), MAX_HEADER)) })];
    blocks.extend(message.note().map(|note| json!({ "type": "section", "text": plain(&note) })));
    let fields: Vec<_> = facts.iter().map(|(name, value)| plain(&format!("{name}\n{value}"))).collect();
    blocks.extend(fields.chunks(MAX_FIELDS).map(|fields| json!({ "type": "section", "fields": fields })));
    let text = json!({ "type": "mrkdwn", "text": &links, "verbatim": true });
    blocks.push(json!({ "type": "context", "elements": [text] }));
    json!({
        "text": text_of(message, &facts, &links),
        "blocks": blocks,
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

/// What notifications show, and clients that do not know blocks.
fn text_of(message: &Message, facts: &[(String, String)], links: &str) -> String {
    // A space without a width takes the meaning from `@channel`, which other servers read without Slack's brackets.
    let mut lines = vec![escaped(&message.headline()).replace('@', "@\u{200b}")];
    lines.extend(message.note());
    lines.extend(facts.iter().map(|(name, value)| format!("{}: {}", escaped(name), code(value))));
    lines.push(links.to_owned());
    lines.join("\n")
}

fn links(message: &Message, public_url: &str) -> String {
    let links = message.links(public_url);
    let alert = format!("<{}|Show in Livetrail>", escaped(&links.alert));
    let activities = links.activities.map(|url| format!(" · <{}|Show its activities>", escaped(&url)));
    alert + &activities.unwrap_or_default()
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": escaped(text), "emoji": false })
}

/// A value as code. A backtick would end it.
fn code(text: &str) -> String {
    format!("`{}`", escaped(&text.replace('`', "'")))
}

/// Slack's three control characters.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
