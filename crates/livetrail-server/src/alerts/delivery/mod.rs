//! Tells people and programs of alerts.

mod addresses;
mod bounded;
mod destination;
mod email;
mod html;
mod message;
mod post;
mod sender;
mod slack;
mod teams;
#[cfg(test)]
mod tests;
mod webhook;

pub(crate) use destination::{Destination, DestinationError, WebhookSecret};
pub(crate) use message::{Kind, Message};
pub(crate) use sender::{SendError, SendErrorKind, Sender};
