//! Webhooks, verified by the library of Standard Webhooks.

use super::{receiver::Receiver, *};
use standardwebhooks::Webhook;

fn knows(secret: &WebhookSecret) -> Webhook {
    Webhook::new(secret.text()).expect("a secret")
}

#[tokio::test]
async fn a_receiver_with_any_of_the_secrets_verifies_a_webhook_and_one_with_another_does_not() {
    let receiver = Receiver::answering(200).await;
    let secrets = vec![secret(2), secret(1)];
    let destination = Destination::Webhook { url: receiver.url("hook"), secrets: secrets.clone() };
    sender().send(&destination, KEY, &raised()).await.expect("a delivery");
    let request = receiver.only();
    assert_eq!(request.method, "POST");
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["webhook-id"], KEY);
    for secret in &secrets {
        knows(secret).verify(request.body.as_bytes(), &request.headers).expect("a right signature");
    }
    knows(&secret(3)).verify(request.body.as_bytes(), &request.headers).expect_err("another secret");
    let changed = request.body.replace("critical", "info");
    assert_ne!(changed, request.body);
    knows(&secrets[0]).verify(changed.as_bytes(), &request.headers).expect_err("a changed body");
    let mut renamed = request.headers.clone();
    renamed.insert("webhook-id", "another".parse().expect("a value"));
    knows(&secrets[0]).verify(request.body.as_bytes(), &renamed).expect_err("a changed id");
}

#[tokio::test]
async fn a_second_attempt_has_the_same_id_and_the_same_body() {
    let receiver = Receiver::answering(500).await;
    let (sender, destination) = (sender(), webhook(receiver.url("hook")));
    for _ in 0..2 {
        sender.send(&destination, KEY, &raised()).await.expect_err("a failure");
    }
    let [first, second] = receiver.received().try_into().expect("two attempts");
    assert_eq!(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert_eq!(first.body, second.body);
}

#[test]
fn a_new_secret_is_one_that_the_library_knows_and_that_does_not_print() {
    let made = WebhookSecret::fresh(&System);
    assert_ne!(made, WebhookSecret::fresh(&System));
    knows(&made);
    assert_eq!(format!("{made:?}"), "[secret]");
    let destination = Destination::Webhook { url: "https://a.example/h".into(), secrets: vec![made.clone()] };
    assert_eq!(destination.check(), Ok(()));
}
