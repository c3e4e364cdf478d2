//! Devices that a thread has read lately. A log has few user agents and repeats them in almost every row, and reading
//! one takes some microseconds.

use super::Device;
use std::collections::HashMap;

/// User agents that are kept. When there are more, all are forgotten: that is simpler than to look for the oldest.
const MAX_KEPT: usize = 128;

/// Devices by their user agents.
#[derive(Default)]
pub(super) struct Recent {
    devices: HashMap<Box<str>, Option<Device>>,
}

impl Recent {
    pub(super) fn get(&mut self, user_agent: &str) -> Option<Device> {
        if let Some(known) = self.devices.get(user_agent) {
            return known.clone();
        }
        if self.devices.len() >= MAX_KEPT {
            self.devices.clear();
        }
        let device = Device::recognise(user_agent);
        self.devices.insert(user_agent.into(), device.clone());
        device
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_number_is_kept_and_each_answer_is_that_of_its_own_user_agent() {
        let mut recent = Recent::default();
        for _ in 0..2 {
            for version in 0..MAX_KEPT * 3 {
                let device = recent.get(&format!("curl/{version}.1"));
                assert_eq!(device.and_then(|device| device.browser), Some(format!("curl {version}")));
                assert!(recent.devices.len() <= MAX_KEPT);
            }
        }
    }
}
