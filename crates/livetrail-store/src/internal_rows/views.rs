//! Saved views.

use super::{
    Column, Columns,
    alerts::{count, flag, number},
    id, moment, required, text, time,
};
use crate::{Result, SavedView, ViewBounds, ViewKept, ViewOwner};
use uuid::Uuid;

impl ViewOwner {
    /// Which views are the owner's; nobody has those of an erased user.
    pub(crate) fn columns(&self) -> [Column; 3] {
        let or_empty = |name: &Option<String>| text(name.as_deref().unwrap_or_default());
        [Column::Text(self.user_id.clone()), or_empty(&self.issuer), or_empty(&self.tenant)]
    }

    fn read(row: &impl Columns) -> Result<Self> {
        let unless_empty = |name: Option<String>| name.filter(|name| !name.is_empty());
        Ok(Self {
            user_id: row.text(1)?,
            issuer: unless_empty(row.text(2)?),
            tenant: unless_empty(row.text(3)?),
        })
    }
}

impl SavedView {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self {
            id: id(row, 0)?,
            owner: ViewOwner::read(row)?,
            name: required(row.text(4)?, "name")?,
            query: required(row.text(5)?, "query")?,
            shared: flag(row, 6)?,
            is_default: flag(row, 7)?,
            created_at: moment(row, 8)?,
            updated_at: moment(row, 9)?,
        })
    }

    /// What [`ADD`](crate::internal_tables::views::ADD) takes.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let (owner, mut given) = (self.owner.columns(), self.changeable());
        let updated_at = given.pop();
        let before = std::iter::once(text(self.id)).chain(owner).chain(given);
        before.chain([time(self.created_at)]).chain(updated_at).collect()
    }

    /// What [`CHANGE`](crate::internal_tables::views::CHANGE) takes.
    pub(crate) fn changed(&self) -> Vec<Column> {
        self.changeable().into_iter().chain([text(self.id)]).collect()
    }

    fn changeable(&self) -> Vec<Column> {
        vec![
            text(&self.name),
            text(&self.query),
            count(self.shared.into()),
            count(self.is_default.into()),
            time(self.updated_at),
        ]
    }

    /// The other views of the owner.
    pub(crate) fn others(&self) -> Vec<Column> {
        self.owner.columns().into_iter().chain([text(self.id)]).collect()
    }
}

impl ViewBounds {
    /// Whether a view fits, by a row of [`COUNT`](crate::internal_tables::views::COUNT).
    pub(crate) fn check(self, row: &impl Columns, view: &SavedView) -> Result<ViewKept> {
        let (owned, shared) = (number(row, 0)?, number(row, 1)?);
        Ok(match () {
            () if view.owner.user_id.is_some() && owned >= self.owned => ViewKept::OwnerIsFull,
            () if view.shared && shared >= self.shared => ViewKept::TenantIsFull,
            () => ViewKept::Kept,
        })
    }
}

/// The id of a view as a value.
pub(crate) fn view_id(id: Uuid) -> Column {
    text(id)
}
