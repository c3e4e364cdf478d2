//! Demo traffic: a fictional chat platform with users, admins, visitors and one attacker. It is sent to a server
//! through its public API, as an application would send it.
//!
//! [`World`] decides what happens and when, from a seed alone; the player gives ids and times and delivers it.

mod back_office;
mod courier;
mod happening;
mod lines;
mod people;
mod player;
mod scenes;
mod sitting;
#[cfg(test)]
mod tests;
mod world;

pub use courier::{Destination, PlayError};
pub use happening::Happening;
pub use people::Person;
pub use player::{Plan, play};
pub use world::World;
