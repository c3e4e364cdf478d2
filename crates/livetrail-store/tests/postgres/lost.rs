//! The answer to a commit is lost on its way. Whether it was committed is found out, not guessed.

use super::{activity, everything, small};
use crate::until::until;
use livetrail_store::{Credentials, Log, Placement, PostgresOptions, PostgresStore, StoreError, Timeouts};
use livetrail_types::{Epoch, Stamped};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What a proxy does with the next commit that comes by.
const PASS: u8 = 0;
/// Cuts the connection when the server has answered, and keeps the answer.
const LOSE_ANSWER: u8 = 1;
/// Cuts the connection and keeps the question.
const LOSE_QUESTION: u8 = 2;
/// Forwards nothing in either direction, from the next commit on.
const FALL_SILENT: u8 = 3;
/// Forwards nothing in either direction.
const SILENT: u8 = 4;

/// A proxy between a store and its server.
struct Proxy {
    address: SocketAddr,
    next: Arc<AtomicU8>,
}

impl Proxy {
    async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (address, next) = (listener.local_addr().expect("an address"), Arc::new(AtomicU8::new(PASS)));
        let plan = Arc::clone(&next);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, server, Arc::clone(&plan)));
            }
        });
        Self { address, next }
    }
}

async fn relay(mut client: TcpStream, server: SocketAddr, plan: Arc<AtomicU8>) -> std::io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let (mut question, mut answer, mut lost) = (vec![0; 65_536], vec![0; 65_536], false);
    loop {
        tokio::select! {
            read = client.read(&mut question) => {
                let sent = &question[..read?];
                if sent.is_empty() { return Ok(()) }
                let commits = sent.windows(7).any(|bytes| bytes == b"COMMIT\0");
                let next = plan.load(Ordering::Acquire);
                if lost && next != SILENT {
                    // As a network does that has forgotten a connection meanwhile.
                    return Ok(());
                }
                match if commits || next == SILENT { next } else { PASS } {
                    SILENT => lost = true,
                    FALL_SILENT => {
                        plan.store(SILENT, Ordering::Release);
                        lost = true;
                    }
                    LOSE_QUESTION => {
                        plan.store(PASS, Ordering::Release);
                        return Ok(());
                    }
                    LOSE_ANSWER => {
                        plan.store(PASS, Ordering::Release);
                        server.write_all(sent).await?;
                        // The answer comes when it is committed.
                        server.read_u8().await?;
                        return Ok(());
                    }
                    _ => server.write_all(sent).await?,
                }
            }
            read = server.read(&mut answer) => {
                let got = &answer[..read?];
                if got.is_empty() { return Ok(()) }
                client.write_all(got).await?;
            }
        }
    }
}

/// A store that reaches its server by way of a proxy.
async fn behind_a_proxy(timeouts: Timeouts) -> (super::PostgresFixture, Proxy, PostgresStore) {
    let log = super::PostgresFixture::new();
    let server = log.database.url();
    let address = server.split_once('@').and_then(|(_, rest)| rest.split_once('/')).expect("an address").0;
    let proxy = Proxy::start(address.parse().expect("an address")).await;
    let url = server.replace(address, &proxy.address.to_string());
    let options = PostgresOptions { timeouts, ..small() };
    let store = PostgresStore::open(url.parse().expect("an address"), options, Epoch(1)).await;
    (log, proxy, store.expect("the store opens"))
}

fn batch(n: u64) -> Vec<Stamped> {
    (n * 10..n * 10 + 3).map(activity).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_acknowledged_if_it_was_committed_and_only_then() {
    let (_log, proxy, store) = behind_a_proxy(Timeouts::default()).await;
    store.append(batch(1)).await.expect("an append");

    proxy.next.store(LOSE_ANSWER, Ordering::Release);
    let appended = store.append(batch(2)).await.expect("it was committed, and that is found out");
    assert_eq!(appended.placements, [Placement::New(4), Placement::New(5), Placement::New(6)]);
    assert_eq!(everything(&store).await.len(), 6);

    proxy.next.store(LOSE_QUESTION, Ordering::Release);
    let error = store.append(batch(3)).await.expect_err("it was not committed, and that is found out");
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert_eq!(everything(&store).await.len(), 6);

    // A client that sends it again has it stored once.
    let again = store.append(batch(3)).await.expect("an append");
    assert_eq!(again.placements, [Placement::New(7), Placement::New(8), Placement::New(9)]);
    assert!(store.append(batch(2)).await.expect("an append").stored.is_empty());
    assert_eq!(everything(&store).await.len(), 9);
}

/// Sends a batch that was not stored until it is, as a client does.
async fn append_when_it_is_back(store: &PostgresStore, n: u64) {
    let mut stored = 0;
    until(async || {
        let appended = store.append(batch(n)).await;
        stored = appended.as_ref().map_or(0, |appended| appended.stored.len());
        appended.is_ok()
    })
    .await;
    assert_eq!(stored, 3, "the question never came");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_falls_silent_keeps_nobody_waiting_for_ever() {
    // What has to be answered below is answered sooner, however busy the machine is.
    let moment = Duration::from_secs(5);
    let hasty =
        Timeouts { connect: moment, statement: moment, batch: moment, commit: moment, outcome: moment };
    let (_log, proxy, store) = behind_a_proxy(hasty).await;
    store.append(batch(1)).await.expect("an append");
    let is_away = |error: StoreError| assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");

    proxy.next.store(SILENT, Ordering::Release);
    let (head, rows, appended, credentials) =
        tokio::join!(store.head(), store.range(0, 10), store.append(batch(2)), store.credentials());
    is_away(head.expect_err("nobody says where the log ends"));
    is_away(rows.expect_err("nobody gives rows"));
    is_away(appended.expect_err("nobody takes rows"));
    is_away(credentials.expect_err("nobody gives credentials"));
    proxy.next.store(PASS, Ordering::Release);
    append_when_it_is_back(&store, 2).await;

    proxy.next.store(FALL_SILENT, Ordering::Release);
    is_away(store.append(batch(3)).await.expect_err("nobody says what became of it"));
    proxy.next.store(PASS, Ordering::Release);
    append_when_it_is_back(&store, 3).await;
    assert_eq!(everything(&store).await.len(), 9);
}
