//! Places of addresses, from a file of the operator in MaxMind's format
//! (<https://maxmind.github.io/MaxMind-DB/>).

use anyhow::{Context, Result, ensure};
use livetrail_alerts::{Coordinates, Locate};
use maxminddb::{LookupResult, Reader, geoip2};
use std::{net::IpAddr, path::Path};

/// Networks of a file that are looked at for a place. The first ones of a file with places have one.
const LOOKED_AT: usize = 10_000;

/// A GeoIP file in memory, or none.
pub(crate) struct Places(Option<Reader<Vec<u8>>>);

impl Places {
    /// Reads the file that the setting names.
    ///
    /// # Errors
    /// That the file cannot be read, or that it has no places.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else { return Ok(Self(None)) };
        let shown = file.display();
        let bytes = std::fs::read(file).with_context(|| format!("geoip-file: {shown} cannot be read"))?;
        let reader = Reader::from_source(bytes).map_err(|error| {
            anyhow::anyhow!("geoip-file: {shown} is not a file in MaxMind's format (.mmdb): {error}")
        })?;
        let has_places = reader
            .networks(Default::default())
            .is_ok_and(|networks| networks.take(LOOKED_AT).flatten().any(|one| place(&one).is_some()));
        ensure!(
            has_places,
            "geoip-file: {shown} has no places ({}); name a file with cities, such as GeoLite2-City.mmdb",
            reader.metadata().database_type
        );
        Ok(Self(Some(reader)))
    }

    /// Whether there is a file.
    pub(crate) fn are_known(&self) -> bool {
        self.0.is_some()
    }
}

impl Locate for Places {
    fn locate(&self, address: IpAddr) -> Option<Coordinates> {
        place(&self.0.as_ref()?.lookup(address).ok()?)
    }
}

fn place(found: &LookupResult<'_, Vec<u8>>) -> Option<Coordinates> {
    let geoip2::City { location, .. } = found.decode().ok()??;
    Some(Coordinates { latitude: location.latitude?, longitude: location.longitude? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geoip_file;

    fn open(content: &[u8]) -> Result<Places> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("places.mmdb");
        std::fs::write(&file, content).expect("a file");
        Places::open(Some(&file))
    }

    #[test]
    fn an_address_is_where_its_network_is() {
        let places =
            open(&geoip_file::with(&[("192.0.2.0/24", 52.5, 13.4), ("198.51.100.7/32", -33.9, 151.2)]));
        let places = places.expect("places");
        let found = |address: &str| places.locate(address.parse().expect("an address"));
        assert_eq!(found("192.0.2.200"), Some(Coordinates { latitude: 52.5, longitude: 13.4 }));
        assert_eq!(found("198.51.100.7"), Some(Coordinates { latitude: -33.9, longitude: 151.2 }));
        assert_eq!((found("198.51.100.8"), found("203.0.113.1"), found("2001:db8::1")), (None, None, None));
    }

    #[test]
    fn without_a_file_no_place_is_known() {
        let places = Places::open(None).expect("no places");
        assert!(!places.are_known() && places.locate([192, 0, 2, 1].into()).is_none());
    }

    #[test]
    fn a_file_without_places_is_refused() {
        let refusal = |content: &[u8]| format!("{:#}", open(content).err().expect("a refusal"));
        assert!(refusal(b"GIF89a").contains("is not a file in MaxMind's format"), "{}", refusal(b"GIF89a"));
        let empty = geoip_file::with(&[]);
        assert!(refusal(&empty).contains("has no places (Test-City)"), "{}", refusal(&empty));
        let whole = geoip_file::with(&[("192.0.2.0/24", 52.5, 13.4)]);
        for end in 0..whole.len() {
            let _ = open(&whole[..end]).map(|places| places.locate([192, 0, 2, 1].into()));
        }
        let missing = Places::open(Some(Path::new("nowhere.mmdb"))).err().expect("a refusal");
        assert!(
            format!("{missing:#}").starts_with("geoip-file: nowhere.mmdb cannot be read: "),
            "{missing:#}"
        );
    }
}
