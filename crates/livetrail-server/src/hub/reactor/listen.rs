//! What clients send, and the answers.

use super::{Reply, inbox::Key, inbox::Message, thread::Reactor};
use crate::hub::{Announcement, CloseReason, Incoming, add_message, reactor::client::Progress};
use bytes::Bytes;
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::io::AsyncReadExt;

/// How long a client of a WebSocket has to answer a close frame.
const AGREE: Duration = Duration::from_secs(1);

impl Reactor {
    /// Reads what a client has sent, unless it waits for an answer.
    pub(super) fn listen(&mut self, key: Key) {
        let Some(client) = self.client(key).filter(|client| !client.awaits_answer()) else { return };
        let mut answers = Vec::new();
        let incoming = client.hear(&mut answers);
        if !answers.is_empty() {
            self.say(key, &answers);
        }
        match incoming {
            Ok(Incoming::Nothing) => {}
            Ok(Incoming::Sign) => self.inbox.send(Message::Listen(key)),
            Ok(Incoming::Message(message)) => {
                let Some(client) = self.client(key) else { return };
                let (owner, inbox) = (Arc::clone(&client.owner), Arc::clone(&self.inbox));
                self.runtime.spawn(async move {
                    let reply = owner.hear(&message).await;
                    inbox.send(Message::Answer(key, reply));
                });
            }
            Err(reason) => self.end_one(key, reason),
        }
    }

    /// Answers a client, and reads it again.
    pub(super) fn answer(&mut self, key: Key, reply: Reply) {
        let Some(client) = self.client(key) else { return };
        if let Some(conversation) = &mut client.conversation {
            conversation.awaits_answer = false;
        }
        let mut answers = Vec::new();
        reply.messages.into_iter().for_each(|message| add_message(&mut answers, message));
        self.say(key, &answers);
        if let Some((filter, position)) = reply.subscription {
            let Some(client) = self.client(key) else { return };
            let (left, transport) = (client.class, client.transport());
            client.progress = Progress::Behind(position);
            self.leave_class(left);
            self.join_class(filter, transport, key.index);
            self.behind.push_back(key);
        }
        self.listen(key);
    }

    /// Sends messages beside the activities to the clients that may see their subject.
    pub(super) fn announce(&mut self, announcement: &Announcement) {
        let (Some(hub), shown) = (self.hub.upgrade(), self.shown) else { return };
        let mut made = HashMap::new();
        let keys: Vec<Key> = self.clients.iter().map(|(index, client)| client.key(index)).collect();
        for key in keys {
            let Some(client) = self.client(key) else { continue };
            let of = (client.transport(), client.owner.tenant().map(str::to_owned), client.position(shown));
            let make = |(transport, tenant, position): &(_, Option<String>, _)| {
                announcement.frames(*transport, tenant.as_deref(), hub.cursor(*position))
            };
            let frames: Bytes = made.entry(of).or_insert_with_key(make).clone();
            if !frames.is_empty() {
                self.say(key, &frames);
            }
        }
    }

    /// Sends something other than activities.
    pub(super) fn say(&mut self, key: Key, bytes: &[u8]) {
        let shown = self.shown;
        let Some(client) = self.client(key) else { return };
        match client.say(bytes, Instant::now()) {
            Ok(true) => {}
            Ok(false) => {
                if client.progress == Progress::Live {
                    client.progress = Progress::Behind(shown);
                }
                // An event tells when the socket takes more. It may do so already.
                self.behind.push_back(key);
            }
            Err(error) => {
                let reason = match error.kind() {
                    std::io::ErrorKind::WouldBlock => CloseReason::Stalled,
                    _ => CloseReason::Gone,
                };
                self.end_one(key, reason);
            }
        }
    }

    /// Closes a stream with its last frame.
    pub(super) fn end_one(&mut self, key: Key, reason: CloseReason) {
        let (Some(hub), shown) = (self.hub.upgrade(), self.shown) else { return };
        let Some(client) = self.client(key) else { return };
        client.say_last_words(reason, &hub, shown, Instant::now());
        let Some(mut client) = self.remove(key, reason) else { return };
        if client.conversation.is_none() || reason == CloseReason::Gone {
            return;
        }
        // The system resets a connection that is closed with unread bytes, and the client may then lose the close
        // frame. So the client is read until it closes.
        let _ = self.poll.registry().deregister(&mut client.socket);
        let (socket, permit) = (std::net::TcpStream::from(client.socket), client.permit);
        self.runtime.spawn(async move {
            let Ok(mut socket) = tokio::net::TcpStream::from_std(socket) else { return };
            let mut nothing = [0; 1024];
            let agreed = async { while matches!(socket.read(&mut nothing).await, Ok(1..)) {} };
            let _ = tokio::time::timeout(AGREE, agreed).await;
            drop(permit);
        });
    }
}
