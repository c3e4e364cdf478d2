//! Tells people and programs of alerts.

mod addresses;
mod bounded;
mod channel;
mod destination;
mod email;
mod html;
mod message;
mod outbox;
mod post;
mod recipients;
mod sender;
mod slack;
mod teams;
#[cfg(test)]
mod tests;
mod webhook;

pub(crate) use channel::{DestinationSeal, SealedDestination};
pub(crate) use destination::{Destination, DestinationError, WebhookSecret};
pub(crate) use message::{Kind, Message};
pub(crate) use outbox::Delivery;
pub(super) use outbox::{Delivering, deliveries};
pub(crate) use sender::{SendError, SendErrorKind, Sender};
