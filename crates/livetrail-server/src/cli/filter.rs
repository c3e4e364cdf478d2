/// Which activities a command is about.
#[derive(clap::Args)]
pub(super) struct FilterArgs {
    /// Filter as the API takes it, NAME=VALUE; may be repeated
    #[arg(long, short, value_name = "NAME=VALUE", value_parser = pair)]
    pub(super) filter: Vec<(String, String)>,
}

/// In which order a command lists them.
#[derive(clap::Args)]
pub(super) struct SortArgs {
    /// timestamp, action_type, duration_ms or status_code
    #[arg(long, default_value = "timestamp")]
    sort_by: String,
    /// asc or desc
    #[arg(long, default_value = "desc")]
    sort_order: String,
}

impl SortArgs {
    /// As the API takes it; the API refuses invalid values.
    pub(super) fn pairs(&self) -> [(&'static str, &str); 2] {
        [("sort_by", &self.sort_by), ("sort_order", &self.sort_order)]
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or("write it as NAME=VALUE, such as success_filter=failure")?;
    Ok((name.into(), value.into()))
}
