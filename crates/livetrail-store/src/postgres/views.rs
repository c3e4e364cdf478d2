//! Saved views in PostgreSQL.

use super::{PostgresStore, credentials::bound};
use crate::{
    Result, SavedView, ViewBounds, ViewKept, ViewOwner, Views,
    internal_rows::{Column, view_id},
    internal_tables::views as sql,
};
use async_trait::async_trait;
use uuid::Uuid;

/// Of two nodes that keep a view at once, the second one counts the view of the first. Readers do not wait.
const LOCK: &str = "LOCK TABLE livetrail_views IN SHARE ROW EXCLUSIVE MODE";

#[async_trait]
impl Views for PostgresStore {
    async fn views(&self, of: ViewOwner) -> Result<Vec<SavedView>> {
        self.rows_of(sql::VIEWS, of.columns().to_vec()).await?.iter().map(SavedView::read).collect()
    }

    async fn add_view(&self, view: SavedView, bounds: ViewBounds) -> Result<ViewKept> {
        self.keep_view(&view, bounds, (sql::ADD, view.columns())).await
    }

    async fn change_view(&self, view: SavedView, bounds: ViewBounds) -> Result<ViewKept> {
        self.keep_view(&view, bounds, (sql::CHANGE, view.changed())).await
    }

    async fn remove_view(&self, id: Uuid) -> Result<bool> {
        Ok(self.changed(sql::REMOVE, vec![view_id(id)]).await? > 0)
    }
}

impl PostgresStore {
    /// Adds or changes a view.
    async fn keep_view(
        &self,
        view: &SavedView,
        bounds: ViewBounds,
        (statement, values): (&str, Vec<Column>),
    ) -> Result<ViewKept> {
        let keeping = async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            transaction.batch_execute(LOCK).await?;
            let counted = transaction.query_one(sql::COUNT, &bound(&view.others())).await?;
            let checked = bounds.check(&counted, view)?;
            if checked != ViewKept::Kept {
                return Ok(checked);
            }
            if view.is_default {
                transaction.execute(sql::OTHERS_ARE_NOT_DEFAULT, &bound(&view.others())).await?;
            }
            if transaction.execute(statement, &bound(&values)).await? == 0 {
                return Ok(ViewKept::Missing);
            }
            transaction.commit().await?;
            Ok(ViewKept::Kept)
        };
        self.answer(keeping).await
    }
}
