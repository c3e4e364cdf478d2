//! Proxies of the environment. A process cannot safely change its environment, so the test starts itself again.

use super::{receiver::Receiver, *};
use std::process::Command;

/// The name of the test.
const NAME: &str = "alerts::delivery::tests::proxies::a_proxy_of_the_environment_is_not_used";
/// Where the second process sends its message.
const TARGET: &str = "TEST_OF_PROXIES_TARGET";

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the second process is told its target by the environment")]
async fn a_proxy_of_the_environment_is_not_used() {
    if let Ok(url) = std::env::var(TARGET) {
        return sender().send(&webhook(url), KEY, &raised()).await.expect("a delivery");
    }
    let (proxy, receiver) = (Receiver::answering(502).await, Receiver::answering(200).await);
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    command.args(["--exact", NAME]);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(variable, proxy.url(""));
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy").env(TARGET, receiver.url("hook"));
    // The receivers answer on this thread meanwhile.
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic");
    let output = output.expect("the test runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    receiver.only();
    assert!(proxy.received().is_empty());
}
