use proptest::prelude::*;

use super::DeviceClass::{Bot, Desktop, Mobile, Script, Tablet};
use super::*;

/// User agent, browser, operating system, class.
type Case = (&'static str, &'static str, &'static str, DeviceClass);

fn check(cases: &[Case]) {
    for &(user_agent, browser, os, class) in cases {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let expected = Device { browser: some(browser), os: some(os), class };
        assert_eq!(Device::parse(user_agent), Some(expected), "{user_agent}");
    }
}

#[test]
fn desktop_browsers_are_recognised() {
    check(&[
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "Chrome 126",
            "Windows",
            Desktop,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.2535.67",
            "Edge 125",
            "Windows",
            Desktop,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0",
            "Opera 110",
            "Windows",
            Desktop,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "Safari 17",
            "macOS",
            Desktop,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Firefox 127",
            "macOS",
            Desktop,
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
            "Firefox 126",
            "Linux",
            Desktop,
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "Chrome 126",
            "ChromeOS",
            Desktop,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
            "Internet Explorer 11",
            "Windows",
            Desktop,
        ),
    ]);
}

#[test]
fn phones_are_recognised() {
    check(&[
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17",
            "iOS 17",
            Mobile,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
            "Chrome 126",
            "iOS 17",
            Mobile,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15",
            "Firefox 127",
            "iOS 16",
            Mobile,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/125.0.2535.60 Mobile/15E148 Safari/605.1.15",
            "Edge 125",
            "iOS 17",
            Mobile,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "Chrome 126",
            "Android 10",
            Mobile,
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet 25",
            "Android 14",
            Mobile,
        ),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
            "Firefox 127",
            "Android 14",
            Mobile,
        ),
        (
            "Mozilla/5.0 (Linux; Android 7.0; CUBOT NOTE S) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.88 Mobile Safari/537.36",
            "Chrome 99",
            "Android 7",
            Mobile,
        ),
        ("ExampleApp/5.1 (iPhone; iOS 17.5; Scale/3.00)", "ExampleApp 5", "iOS", Mobile),
        ("Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A)", "Dalvik 2", "Android 13", Mobile),
    ]);
}

#[test]
fn tablets_are_recognised() {
    check(&[
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17",
            "iPadOS 17",
            Tablet,
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "Chrome 126",
            "Android 13",
            Tablet,
        ),
    ]);
}

#[test]
fn bots_are_recognised_behind_the_browser_that_they_imitate() {
    check(&[
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot 2", "", Bot),
        (
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.114 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Googlebot 2",
            "Android 6",
            Bot,
        ),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot 2", "", Bot),
        ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot 7", "", Bot),
        (
            "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
            "Baiduspider 2",
            "",
            Bot,
        ),
        (
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "facebookexternalhit 1",
            "",
            Bot,
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1; +https://openai.com/gptbot)",
            "GPTBot 1",
            "",
            Bot,
        ),
        ("my_crawler", "my_crawler", "", Bot),
    ]);
}

#[test]
fn scripts_and_libraries_are_recognised() {
    check(&[
        ("curl/8.7.1", "curl 8", "", Script),
        ("Wget/1.21.4", "Wget 1", "", Script),
        ("python-requests/2.32.3", "python-requests 2", "", Script),
        ("python-httpx/0.27.0", "python-httpx 0", "", Script),
        ("Python/3.12 aiohttp/3.9.5", "aiohttp 3", "", Script),
        ("okhttp/4.12.0", "okhttp 4", "", Script),
        ("axios/1.7.2", "axios 1", "", Script),
        ("node", "Node.js", "", Script),
        ("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "node-fetch 1", "", Script),
        ("Go-http-client/2.0", "Go 2", "", Script),
        ("Java/17.0.11", "Java 17", "", Script),
        ("Apache-HttpClient/4.5.14 (Java/17.0.11)", "Apache HttpClient 4", "", Script),
        ("PostmanRuntime/7.39.0", "Postman 7", "", Script),
        ("reqwest/0.12.5", "reqwest 0", "", Script),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
            "Headless Chrome 126",
            "Linux",
            Script,
        ),
        ("inventory-sync/3.2", "inventory-sync 3", "", Script),
    ]);
}

#[test]
fn what_says_nothing_is_no_device() {
    for user_agent in ["", "   ", "-", "unknown", "Mozilla/5.0", "\u{1F980}/1", "we like java and curl here"]
    {
        assert_eq!(Device::parse(user_agent), None, "{user_agent}");
    }
}

#[test]
fn a_device_is_written_in_lower_case_and_read_again() {
    let device = Device::parse("curl/8.7.1").expect("it is known");
    let json = serde_json::to_value(&device).expect("it can be written");
    assert_eq!(json, serde_json::json!({"browser": "curl 8", "os": null, "class": "script"}));
    assert_eq!(serde_json::from_value::<Device>(json).expect("it can be read"), device);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _ = Device::parse(&text);
    }

    #[test]
    fn no_mixture_of_tokens_makes_it_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "Chrome/", "Android ", "é", "bot", "/", "Mozilla/5.0", "9999999", "iPad", "CPU OS ", "node", "ß",
            ]),
            0..12,
        ),
    ) {
        let text = parts.concat();
        prop_assert!(Device::parse(&text).is_none_or(|d| d.browser.is_none_or(|b| b.len() <= 64)));
    }
}
