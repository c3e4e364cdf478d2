//! What is wrong around the server: no room on the disk, more than it can store, clients that do not behave.

mod client;
mod disk;
mod queue;
