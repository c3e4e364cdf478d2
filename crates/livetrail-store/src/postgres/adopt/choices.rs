use super::super::table::TableOptions;

/// What an operator decides about the adoption of an application's table.
#[derive(Clone, Debug, Default)]
pub struct AdoptionChoices {
    /// Names of what may be lost, as the refusal to adopt names them.
    pub without: Vec<String>,
    /// The zone of timestamps that have none, by a name that PostgreSQL knows: `Europe/Berlin`, say.
    pub timezone: Option<String>,
    /// Columns of the application that the log has under another name, because theirs is Livetrail's: the name in the
    /// log, and that in the application's table.
    pub columns: Vec<(String, String)>,
    /// The table stays as it is, and the log is kept beside it.
    pub beside: Option<TableOptions>,
}

impl AdoptionChoices {
    pub(super) fn keeps(&self, name: &str) -> bool {
        !self.without.iter().any(|lost| lost == name)
    }
}
