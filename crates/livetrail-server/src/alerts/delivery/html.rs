//! The HTML part of an e-mail. It loads nothing, and all texts in it are escaped.

use super::message::Message;
use std::fmt::Write;

pub(super) fn page(message: &Message, public_url: &str) -> String {
    let links = message.links(public_url);
    let headline = escaped(&message.headline());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{headline}</title></head>\n\
         <body style=\"font-family: sans-serif\">\n<h1 style=\"font-size: 1.2em\">{headline}</h1>\n"
    );
    // Writing to a string cannot fail.
    if let Some(note) = message.note() {
        let _ = writeln!(page, "<p>{}</p>", escaped(&note));
    }
    page.push_str("<table>\n");
    for (name, value) in message.facts() {
        let (name, value) = (escaped(&name), escaped(&value));
        let _ = writeln!(
            page,
            "<tr><th style=\"text-align: left; padding-right: 1em\">{name}</th><td>{value}</td></tr>"
        );
    }
    let _ = write!(page, "</table>\n<p><a href=\"{}\">Show in Livetrail</a>", escaped(&links.alert));
    if let Some(url) = links.activities {
        let _ = write!(page, " · <a href=\"{}\">Show its activities</a>", escaped(&url));
    }
    page.push_str("</p>\n</body></html>\n");
    page
}

/// For texts and for attributes in double quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
