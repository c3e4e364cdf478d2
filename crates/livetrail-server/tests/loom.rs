//! Threads that push take changes and sleep, without a lock around both. Every order of the threads' steps is tried
//! here. loom finds a deadlock where a thread sleeps and no other thread wakes it.

#[path = "../src/hub/reactor/mailbox.rs"]
mod mailbox;

mod sync {
    pub(super) use loom::sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    };
    pub(super) use std::sync::PoisonError;
}

use loom::{
    sync::{
        Arc, Notify,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};
use mailbox::{Mailbox, Wake};

/// What a thread sleeps on.
struct Bed(Notify);

impl Wake for Arc<Bed> {
    fn wake(&self) {
        self.0.notify();
    }
}

type Box<T> = Arc<Mailbox<T, Arc<Bed>>>;

fn mailbox<T>() -> (Box<T>, Arc<Bed>) {
    let bed = Arc::new(Bed(Notify::new()));
    (Arc::new(Mailbox::new(Arc::clone(&bed))), bed)
}

/// A thread that shows two positions, one after the other.
fn publish(mailbox: &Box<()>) -> (Arc<AtomicU64>, thread::JoinHandle<()>) {
    let head = Arc::new(AtomicU64::new(0));
    let (mailbox, shown) = (Arc::clone(mailbox), Arc::clone(&head));
    let publisher = thread::spawn(move || {
        for position in 1..=2 {
            shown.store(position, Ordering::Release);
            mailbox.wake();
        }
    });
    (head, publisher)
}

#[test]
fn whatever_is_shown_is_seen() {
    loom::model(|| {
        let (mailbox, bed) = mailbox::<()>();
        let (head, publisher) = publish(&mailbox);
        let mut seen = 0;
        while seen < 2 {
            bed.0.wait();
            mailbox.sleep();
            seen = head.load(Ordering::Acquire);
        }
        publisher.join().expect("no panic");
    });
}

#[test]
fn whatever_is_shown_while_a_thread_stays_awake_is_seen_when_it_looks_again() {
    loom::model(|| {
        let (mailbox, bed) = mailbox::<()>();
        let (head, publisher) = publish(&mailbox);
        bed.0.wait();
        mailbox.sleep();
        // It has seen something, and waits until the next pass is due; no thread needs to wake it for that.
        mailbox.stay_awake();
        mailbox.sleep();
        let mut seen = head.load(Ordering::Acquire);
        while seen < 2 {
            bed.0.wait();
            mailbox.sleep();
            seen = head.load(Ordering::Acquire);
        }
        publisher.join().expect("no panic");
    });
}

#[test]
fn every_letter_arrives_once() {
    loom::model(|| {
        let (mailbox, bed) = mailbox();
        let senders = [1, 2].map(|letter| {
            let mailbox = Arc::clone(&mailbox);
            thread::spawn(move || mailbox.send(letter))
        });
        let mut letters = Vec::new();
        while letters.len() < 2 {
            bed.0.wait();
            mailbox.sleep();
            letters.extend(mailbox.take());
        }
        letters.sort_unstable();
        assert_eq!(letters, [1, 2]);
        for sender in senders {
            sender.join().expect("no panic");
        }
    });
}

#[test]
fn no_letter_stays_where_nobody_reads() {
    loom::model(|| {
        let (mailbox, _bed) = mailbox();
        let letter = Arc::new(());
        let sender = {
            let (mailbox, letter) = (Arc::clone(&mailbox), Arc::clone(&letter));
            thread::spawn(move || mailbox.send(letter))
        };
        mailbox.close();
        sender.join().expect("no panic");
        assert!(mailbox.is_closed() && mailbox.take().is_empty());
    });
}
