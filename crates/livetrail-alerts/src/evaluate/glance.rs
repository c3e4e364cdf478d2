//! What rules ask of one activity. Many rules ask the same, so each answer is found once.

use super::{Group, Locate};
use crate::rule::Field;
use livetrail_types::Activity;

/// 128 bits of a hash, for a value or a group. Two with the same are not to be expected. With it, a group is found
/// in one place of memory, without its texts.
pub(crate) type Key = u128;

/// An activity, and what was found out about it.
pub(crate) struct Glance<'a> {
    pub(crate) activity: &'a Activity,
    pub(crate) places: &'a dyn Locate,
    values: Vec<(Field, Option<Key>)>,
    /// By the set of fields.
    groups: Vec<(u32, Option<Key>)>,
}

impl<'a> Glance<'a> {
    pub(crate) fn at(activity: &'a Activity, places: &'a dyn Locate) -> Self {
        Self { activity, places, values: Vec::new(), groups: Vec::new() }
    }

    /// The key of a field's value; `None` if it has none.
    pub(crate) fn value(&mut self, field: Field) -> Option<Key> {
        if let Some((_, known)) = self.values.iter().find(|(known, _)| *known == field) {
            return *known;
        }
        let key = field.of(self.activity).map(|value| key(value.as_bytes()));
        self.values.push((field, key));
        key
    }

    /// The key of the group by these fields; `None` if one of them has no value.
    pub(crate) fn group(&mut self, group_by: &[Field]) -> Option<Key> {
        let set = group_by.iter().fold(0, |set, field| set | 1 << *field as u32);
        if let Some((_, known)) = self.groups.iter().find(|(known, _)| *known == set) {
            return *known;
        }
        let tenant = self.activity.tenant_id.as_deref();
        let key = key_of_group(tenant, group_by, |at| self.value(group_by[at]));
        self.groups.push((set, key));
        key
    }
}

impl Group {
    /// The group of an activity; `None` if one of the fields has no value.
    pub(crate) fn of(group_by: &[Field], activity: &Activity) -> Option<Self> {
        let values = group_by.iter().map(|field| field.of(activity).map(String::from));
        Some(Self { values: values.collect::<Option<_>>()?, tenant: activity.tenant_id.clone() })
    }

    /// What [`Glance::group`] says of its activities.
    pub(crate) fn key(&self, group_by: &[Field]) -> Option<Key> {
        key_of_group(self.tenant.as_deref(), group_by, |at| {
            self.values.get(at).map(|value| key(value.as_bytes()))
        })
    }
}

/// The key of a group, whatever the order of its fields. `value` gives the key of a field by its place.
fn key_of_group(
    tenant: Option<&str>,
    group_by: &[Field],
    mut value: impl FnMut(usize) -> Option<Key>,
) -> Option<Key> {
    let mut hash = blake3::Hasher::new();
    hash.update(&[u8::from(tenant.is_some())]);
    if let Some(tenant) = tenant {
        hash.update(&key(tenant.as_bytes()).to_le_bytes());
    }
    for (field, _) in Field::ALL {
        if let Some(at) = group_by.iter().position(|one| *one == field) {
            hash.update(&value(at)?.to_le_bytes());
        }
    }
    Some(first_half(&hash.finalize()))
}

fn key(bytes: &[u8]) -> Key {
    first_half(&blake3::hash(bytes))
}

fn first_half(hash: &blake3::Hash) -> Key {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    Key::from_le_bytes(bytes)
}
