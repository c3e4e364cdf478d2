//! Which addresses are reached.

use super::{receiver::Receiver, *};
use crate::alerts::delivery::{DestinationError, addresses::AddressGuard};

fn guard(allowed: &[&str]) -> AddressGuard {
    AddressGuard::new(&allowed.iter().map(|network| network.parse().expect("a network")).collect::<Vec<_>>())
}

fn may_reach(guard: &AddressGuard, address: &str) -> bool {
    let host = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    guard.check_url(&format!("http://{host}/").parse().expect("a URL")).is_ok()
}

#[test]
fn only_public_addresses_are_reached() {
    let guard = guard(&[]);
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "4000::1",
    ] {
        assert!(!may_reach(&guard, address), "{address}");
    }
    for address in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "128.0.0.1",
        "169.253.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::1",
        "2606:4700::1111",
        "2a00:1450::1",
    ] {
        assert!(may_reach(&guard, address), "{address}");
    }
}

#[test]
fn an_allowed_network_is_reached_in_every_form_and_no_other() {
    let guard = guard(&["10.1.2.0/24", "fd00:1::/32"]);
    for address in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00:1::5"] {
        assert!(may_reach(&guard, address), "{address}");
    }
    for address in ["10.1.3.3", "::ffff:10.1.3.3", "fd00:2::5", "127.0.0.1"] {
        assert!(!may_reach(&guard, address), "{address}");
    }
}

#[tokio::test]
async fn a_receiver_at_an_address_that_is_not_public_hears_nothing() {
    let receiver = Receiver::answering(200).await;
    let port = receiver.port;
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://LOCALHOST:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://0x7f000001:{port}/"),
        format!("http://0177.0.0.1:{port}/"),
        format!("http://[::ffff:7f00:1]:{port}/"),
        format!("http://0.0.0.0:{port}/"),
        format!("http://１２７.0.0.1:{port}/"),
    ] {
        for to in
            [webhook(&url), Destination::Slack { url: url.clone() }, Destination::Teams { url: url.clone() }]
        {
            let sender = Conditions { allowed: &[], ..Conditions::default() }.sender();
            let error = sender.send(&to, KEY, &raised()).await.expect_err("a refusal");
            assert!(is_refused(&error) && error.detail.contains("no public address"), "{url}: {error:?}");
        }
    }
    assert!(receiver.received().is_empty());
    sender().send(&webhook(receiver.url("")), KEY, &raised()).await.expect("a delivery where it is allowed");
}

#[test]
fn a_destination_at_an_address_that_is_not_public_is_refused_before_it_is_kept() {
    let error = sender().check(&Destination::Email { to: vec!["a@example.com".into()] });
    let detail = "e-mails need the settings smtp-url and smtp-from".to_owned();
    assert_eq!(error, Err(DestinationError { field: "to", detail }));
}
