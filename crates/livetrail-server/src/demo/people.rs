//! The people of the demo: users, admins, visitors without an account, and an attacker.
//!
//! Addresses are from the ranges that are kept free for examples (RFC 5737, RFC 3849), and so are the domains
//! (RFC 2606).

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// A user with an account, as in the user directory, with address and devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id that activities carry, `usr-1001`; a visitor's begins with `anon-`.
    pub user_id: String,
    /// The e-mail address; a visitor has none.
    pub email: Option<String>,
    /// The name to show; a visitor has none.
    pub display_name: Option<String>,
    /// Whether this is one of the platform's admins.
    pub is_admin: bool,
    pub(super) address: String,
    pub(super) user_agents: Vec<&'static str>,
}

/// How many of `NAMES`, from the first on, are admins.
const ADMINS: usize = 4;

/// Display name and e-mail name.
const NAMES: [(&str, &str); 40] = [
    ("Ingrid Solheim", "ingrid.solheim"),
    ("Marcus Oyelaran", "marcus.oyelaran"),
    ("Chiara Bellini", "chiara.bellini"),
    ("Tomasz Wilk", "tomasz.wilk"),
    ("Aiko Tanabe", "aiko.tanabe"),
    ("Beatriz Carvalho", "bea.carvalho"),
    ("Rohan Mehta", "rohan.mehta"),
    ("Sofie Lindqvist", "sofie.lindqvist"),
    ("Kwame Asante", "kwame.asante"),
    ("Elif Yıldız", "elif.yildiz"),
    ("Jonas Brandt", "jonas.brandt"),
    ("Léa Fournier", "lea.fournier"),
    ("Mateo Ríos", "mateo.rios"),
    ("Nguyễn Thị Mai", "mai.nguyen"),
    ("Oksana Kovalenko", "oksana.kovalenko"),
    ("Pádraig Ó Briain", "padraig.obriain"),
    ("Zanele Dlamini", "zanele.dlamini"),
    ("Henrik Aalto", "henrik.aalto"),
    ("Yara Haddad", "yara.haddad"),
    ("Daniel Novák", "daniel.novak"),
    ("Priya Raman", "priya.raman"),
    ("Søren Kjær", "soren.kjaer"),
    ("Camila Duarte", "camila.duarte"),
    ("Min-jun Seo", "minjun.seo"),
    ("Fatou Ndiaye", "fatou.ndiaye"),
    ("Wei Zhang", "wei.zhang"),
    ("Georgia Papadaki", "georgia.papadaki"),
    ("Thabo Mokoena", "thabo.mokoena"),
    ("Hannah Whitfield", "hannah.whitfield"),
    ("Ilse van Dijk", "ilse.vandijk"),
    ("Arjun Nair", "arjun.nair"),
    ("Lucía Ferrer", "lucia.ferrer"),
    ("Mikael Sandström", "mikael.sandstrom"),
    ("Noor Rahman", "noor.rahman"),
    ("Petra Horvat", "petra.horvat"),
    ("Samuel Adeyemi", "samuel.adeyemi"),
    ("Tereza Svobodová", "tereza.svobodova"),
    ("Umar Siddiqui", "umar.siddiqui"),
    ("Viktor Ionescu", "viktor.ionescu"),
    ("Grace Kimani", "grace.kimani"),
];

const COMPUTERS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.2535.67",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
];

const HANDHELDS: [&str; 5] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
];

/// The attacker's user agent.
const SCRIPTS: [&str; 3] = ["python-requests/2.32.3", "Go-http-client/1.1", "curl/8.7.1"];

/// All users with an account, the admins first.
pub(super) fn residents(rng: &mut StdRng) -> Vec<Person> {
    NAMES.iter().enumerate().map(|(place, names)| resident(rng, place, *names)).collect()
}

fn resident(rng: &mut StdRng, place: usize, (display_name, mailbox): (&str, &str)) -> Person {
    let is_admin = place < ADMINS;
    let mut user_agents = vec![pick(rng, &COMPUTERS)];
    // Admins do their work at a desk.
    if !is_admin && rng.random_bool(0.6) {
        user_agents.push(pick(rng, &HANDHELDS));
    }
    Person {
        user_id: format!("usr-{}", 1001 + place),
        email: Some(format!("{mailbox}@example.com")),
        display_name: Some(display_name.to_owned()),
        is_admin,
        address: home(place),
        user_agents,
    }
}

/// An address of their own for each.
fn home(place: usize) -> String {
    match place % 4 {
        0 => format!("2001:db8:{:x}::{:x}", 0x10 + place, 0xa0 + place),
        1 => format!("192.0.2.{}", 10 + place),
        _ => format!("198.51.100.{}", 20 + place),
    }
}

/// A visitor without an account.
pub(super) fn visitor(rng: &mut StdRng) -> Person {
    let user_agents = vec![if rng.random_bool(0.5) { pick(rng, &COMPUTERS) } else { pick(rng, &HANDHELDS) }];
    let address = format!("203.0.113.{}", rng.random_range(100..250));
    Person { user_id: format!("anon-{:08x}", rng.next_u32()), address, user_agents, ..nobody() }
}

/// The attacker with a user's account: the user's id, another address, a script.
pub(super) fn intruder(rng: &mut StdRng, victim: &Person) -> Person {
    let address = format!("203.0.113.{}", rng.random_range(60..70));
    Person { address, user_agents: vec![pick(rng, &SCRIPTS)], is_admin: false, ..victim.clone() }
}

fn nobody() -> Person {
    Person {
        user_id: String::new(),
        email: None,
        display_name: None,
        is_admin: false,
        address: String::new(),
        user_agents: Vec::new(),
    }
}

/// One of them.
pub(super) fn pick<T: Copy>(rng: &mut StdRng, from: &[T]) -> T {
    *from.choose(rng).expect("there is always something to pick from")
}
