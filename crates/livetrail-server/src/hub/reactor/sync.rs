//! What `mailbox` is made of. Its test has a module of this name with the same of loom's.

pub(super) use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
