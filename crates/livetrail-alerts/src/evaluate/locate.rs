use std::net::IpAddr;

/// A place on Earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

/// Finds the place of an address, in the operator's own file. Alerts of `impossible_travel` are a function of
/// the log and of this file.
pub trait Locate: Send + Sync {
    /// The place; `None` if it is unknown.
    fn locate(&self, address: IpAddr) -> Option<Coordinates>;
}

/// Knows no place, so that `impossible_travel` never raises an alert.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPlaces;

impl Locate for NoPlaces {
    fn locate(&self, _: IpAddr) -> Option<Coordinates> {
        None
    }
}

/// The mean radius of the Earth, in km.
const RADIUS: f64 = 6_371.0;

impl Coordinates {
    pub(super) fn to_bits(self) -> u128 {
        u128::from(self.latitude.to_bits()) << 64 | u128::from(self.longitude.to_bits())
    }

    #[expect(clippy::cast_possible_truncation, reason = "each half is taken")]
    pub(super) fn from_bits(bits: u128) -> Self {
        Self { latitude: f64::from_bits((bits >> 64) as u64), longitude: f64::from_bits(bits as u64) }
    }

    /// The distance in km, by the haversine formula.
    pub fn distance(self, other: Self) -> f64 {
        let half = |one: f64, other: f64| ((other - one).to_radians() / 2.0).sin().powi(2);
        let cosines = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let square = half(self.latitude, other.latitude) + cosines * half(self.longitude, other.longitude);
        2.0 * RADIUS * square.sqrt().min(1.0).asin()
    }
}
