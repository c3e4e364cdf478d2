//! What clients say, and how they are answered.

use super::{Reply, inbox::Key, inbox::Message, thread::Reactor};
use crate::hub::{Ending, Heard, add_message, reactor::client::Place};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::io::AsyncReadExt;

/// How long a client of a WebSocket has to agree that it ends.
const AGREE: Duration = Duration::from_secs(1);

impl Reactor {
    /// Hears what a client says, unless it waits for an answer.
    pub(super) fn listen(&mut self, key: Key) {
        let Some(client) = self.client(key).filter(|client| !client.awaits_answer()) else { return };
        let mut answers = Vec::new();
        let heard = client.hear(&mut answers);
        if !answers.is_empty() {
            self.say(key, &answers);
        }
        match heard {
            Ok(Heard::Nothing) => {}
            Ok(Heard::Sign) => self.inbox.send(Message::Listen(key)),
            Ok(Heard::Message(message)) => {
                let Some(client) = self.client(key) else { return };
                let (visitor, inbox) = (Arc::clone(&client.visitor), Arc::clone(&self.inbox));
                self.runtime.spawn(async move {
                    let reply = visitor.hear(&message).await;
                    inbox.send(Message::Answer(key, reply));
                });
            }
            Err(ending) => self.end_one(key, ending),
        }
    }

    /// Answers a client, and goes on listening.
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
            let (left, wire) = (client.class, client.wire());
            client.place = Place::Behind(position);
            self.leave_class(left);
            self.join_class(filter, wire, key.index);
            self.behind.push_back(key);
        }
        self.listen(key);
    }

    /// Says something that is not of the log.
    pub(super) fn say(&mut self, key: Key, bytes: &[u8]) {
        let shown = self.shown;
        let Some(client) = self.client(key) else { return };
        match client.say(bytes, Instant::now()) {
            Ok(true) => {}
            Ok(false) => {
                if client.place == Place::Live {
                    client.place = Place::Behind(shown);
                }
                // Told again when the socket takes more; this is for what it may take by now.
                self.behind.push_back(key);
            }
            Err(error) => {
                let ending = match error.kind() {
                    std::io::ErrorKind::WouldBlock => Ending::Stalled,
                    _ => Ending::Gone,
                };
                self.end_one(key, ending);
            }
        }
    }

    /// Ends a stream, and says why.
    pub(super) fn end_one(&mut self, key: Key, ending: Ending) {
        let (Some(hub), shown) = (self.hub.upgrade(), self.shown) else { return };
        let Some(client) = self.client(key) else { return };
        client.say_last_words(ending, &hub, shown, Instant::now());
        let Some(mut client) = self.remove(key, ending) else { return };
        if client.conversation.is_none() || ending == Ending::Gone {
            return;
        }
        // What the client says meanwhile is read, since a socket that is closed over unread bytes is reset, and the last
        // words with it.
        let _ = self.poll.registry().deregister(&mut client.socket);
        let (socket, room) = (std::net::TcpStream::from(client.socket), client.room);
        self.runtime.spawn(async move {
            let Ok(mut socket) = tokio::net::TcpStream::from_std(socket) else { return };
            let mut nothing = [0; 1024];
            let agreed = async { while matches!(socket.read(&mut nothing).await, Ok(1..)) {} };
            let _ = tokio::time::timeout(AGREE, agreed).await;
            drop(room);
        });
    }
}
