//! Saved views of the embedded database.

use super::{SqliteStore, credentials::all};
use crate::{
    Result, SavedView, ViewBounds, ViewKept, ViewOwner, Views,
    internal_rows::{Column, view_id},
    internal_tables::views as sql,
};
use async_trait::async_trait;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

#[async_trait]
impl Views for SqliteStore {
    async fn views(&self, of: ViewOwner) -> Result<Vec<SavedView>> {
        let reading = move |connection: &Connection| {
            all(connection, sql::VIEWS, of.columns(), |row| SavedView::read(row))
        };
        self.readers.run(reading).await
    }

    async fn add_view(&self, view: SavedView, bounds: ViewBounds) -> Result<ViewKept> {
        self.writer.run(move |connection| keep(connection, &view, bounds, (sql::ADD, view.columns()))).await
    }

    async fn change_view(&self, view: SavedView, bounds: ViewBounds) -> Result<ViewKept> {
        self.writer
            .run(move |connection| keep(connection, &view, bounds, (sql::CHANGE, view.changed())))
            .await
    }

    async fn remove_view(&self, id: Uuid) -> Result<bool> {
        Ok(self.changed(sql::REMOVE, vec![view_id(id)]).await? > 0)
    }
}

/// Adds or changes a view.
fn keep(
    connection: &mut Connection,
    view: &SavedView,
    bounds: ViewBounds,
    (statement, values): (&str, Vec<Column>),
) -> Result<ViewKept> {
    let transaction = connection.transaction()?;
    let checked = all(&transaction, sql::COUNT, view.others(), |row| bounds.check(row, view))?.pop();
    if let Some(full) = checked.filter(|kept| *kept != ViewKept::Kept) {
        return Ok(full);
    }
    if view.is_default {
        transaction.execute(sql::OTHERS_ARE_NOT_DEFAULT, params_from_iter(view.others()))?;
    }
    if transaction.execute(statement, params_from_iter(values))? == 0 {
        return Ok(ViewKept::Missing);
    }
    transaction.commit()?;
    Ok(ViewKept::Kept)
}
