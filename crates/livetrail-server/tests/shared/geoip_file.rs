//! A small file with the places of addresses (<https://maxmind.github.io/MaxMind-DB/>).

use std::net::Ipv4Addr;

/// Nodes of the tree: what follows after a bit that is 0, and after one that is 1.
type Node = [Next; 2];

#[derive(Clone, Copy)]
enum Next {
    Nothing,
    Node(usize),
    /// Where the record is in the data.
    Record(usize),
}

/// A file that has networks, each with a latitude and a longitude.
pub(crate) fn with(places: &[(&str, f64, f64)]) -> Vec<u8> {
    let (mut nodes, mut data): (Vec<Node>, Vec<u8>) = (vec![[Next::Nothing; 2]], Vec::new());
    for (network, latitude, longitude) in places {
        let record = Next::Record(data.len());
        data.extend(map(&[(
            "location",
            map(&[("latitude", double(*latitude)), ("longitude", double(*longitude))]),
        )]));
        insert(&mut nodes, network, record);
    }
    let count = nodes.len();
    let value = |next: Next| match next {
        Next::Nothing => count,
        Next::Node(node) => node,
        Next::Record(at) => count + 16 + at,
    };
    let mut file: Vec<u8> = nodes.iter().flatten().flat_map(|next| number(value(*next), 3)).collect();
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    file.extend(map(&[
        ("binary_format_major_version", [vec![0xa2], number(2, 2)].concat()),
        ("binary_format_minor_version", [vec![0xa2], number(0, 2)].concat()),
        ("build_epoch", [vec![0x08, 0x02], number(1_790_000_000, 8)].concat()),
        ("database_type", text("Test-City")),
        ("description", map(&[])),
        ("ip_version", [vec![0xa2], number(4, 2)].concat()),
        ("languages", vec![0x00, 0x04]),
        ("node_count", [vec![0xc4], number(count, 4)].concat()),
        ("record_size", [vec![0xa2], number(24, 2)].concat()),
    ]));
    file
}

fn insert(nodes: &mut Vec<Node>, network: &str, record: Next) {
    let (address, length) = network.split_once('/').expect("a network");
    let bits = address.parse::<Ipv4Addr>().expect("an address").to_bits();
    let last = length.parse::<u32>().expect("a length") - 1;
    let mut node = 0;
    for place in 0..=last {
        let bit = (bits >> (31 - place) & 1) as usize;
        node = match nodes[node][bit] {
            _ if place == last => {
                nodes[node][bit] = record;
                return;
            }
            Next::Node(next) => next,
            _ => {
                nodes[node][bit] = Next::Node(nodes.len());
                nodes.push([Next::Nothing; 2]);
                nodes.len() - 1
            }
        };
    }
}

/// The last bytes of a number, the most significant first.
fn number(value: usize, bytes: usize) -> Vec<u8> {
    value.to_be_bytes()[8 - bytes..].to_vec()
}

fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("a short text");
    assert!(length < 29, "a longer text has its length in further bytes");
    [&[0x40 | length], text.as_bytes()].concat()
}

fn double(value: f64) -> Vec<u8> {
    [&[0x68], &value.to_be_bytes()[..]].concat()
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xe0 | u8::try_from(entries.len()).expect("few entries")];
    for (name, value) in entries {
        bytes.extend(text(name));
        bytes.extend(value);
    }
    bytes
}
