//! What a client has written about a channel, checked.

use crate::{
    access::is_name,
    alerts::{
        delivery::{Destination, DestinationError, WebhookSecret},
        rules,
    },
    app::App,
    http::error::{ApiError, ApiResult},
};
use livetrail_types::{FieldError, quoted};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

const MAX_NAME: usize = 100;
const MAX_RULES: usize = 200;
const MAX_COOLDOWN_MINUTES: u64 = 24 * 60;
/// The pause without another wish.
pub(super) const COOLDOWN_MINUTES: u64 = 60;

/// What kind of destination a channel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ChannelKind {
    /// Signed requests, by Standard Webhooks.
    Webhook,
    /// An incoming webhook of Slack, or of a server that takes the same messages.
    Slack,
    /// A workflow of Microsoft Teams that is started by a webhook.
    Teams,
    /// E-mail.
    Email,
}

impl ChannelKind {
    /// The kind of a channel that is kept.
    pub(super) fn named(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// The destination of a channel of this kind.
    ///
    /// # Errors
    /// A field that is missing, or that other kinds have.
    pub(super) fn destination(
        self,
        url: Option<String>,
        to: Option<Vec<String>>,
        secret: Option<WebhookSecret>,
    ) -> ApiResult<Destination> {
        if secret.is_some() && self != Self::Webhook {
            return Err(fault("/secret", "is only possible for a webhook"));
        }
        let required = || fault("/url", "is missing: where the messages are posted");
        match (self, url, to) {
            (Self::Email, None, Some(to)) => Ok(Destination::Email { to }),
            (Self::Email, None, None) => Err(fault("/to", "is missing: a list of e-mail addresses")),
            (Self::Email, Some(_), _) => Err(fault("/url", "is not possible for e-mail; give to")),
            (_, _, Some(_)) => Err(fault("/to", "is only possible for e-mail; give url")),
            (Self::Webhook, url, None) => {
                let url = url.ok_or_else(required)?;
                Ok(Destination::Webhook { url, secrets: secret.into_iter().collect() })
            }
            (Self::Slack, url, None) => Ok(Destination::Slack { url: url.ok_or_else(required)? }),
            (Self::Teams, url, None) => Ok(Destination::Teams { url: url.ok_or_else(required)? }),
        }
    }
}

/// Checks a destination under the settings of this server.
pub(super) fn check_destination(app: &App, destination: &Destination) -> ApiResult<()> {
    app.delivery.check(destination).map_err(|DestinationError { field, detail }| {
        let pointer = if field == "secrets" { "/secret".to_owned() } else { format!("/{field}") };
        fault(&pointer, detail)
    })
}

pub(super) fn name(text: &str) -> ApiResult<String> {
    let text = text.trim().to_owned();
    let detail = format!("must have 1 to {MAX_NAME} characters, and no control characters");
    if is_name(&text, MAX_NAME) { Ok(text) } else { Err(fault("/name", detail)) }
}

pub(super) fn cooldown(minutes: u64) -> ApiResult<Duration> {
    if minutes > MAX_COOLDOWN_MINUTES {
        let detail = format!("must be at most {MAX_COOLDOWN_MINUTES}, which is a day");
        return Err(fault("/cooldown_minutes", detail));
    }
    Ok(Duration::from_secs(60 * minutes))
}

/// Rules that exist, each once.
pub(super) async fn rules(app: &App, mut ids: Vec<String>) -> ApiResult<Vec<String>> {
    ids.sort();
    ids.dedup();
    if ids.len() > MAX_RULES {
        return Err(fault(
            "/rules",
            format!("must have at most {MAX_RULES} ids; leave it empty for all rules"),
        ));
    }
    let (known, _) = rules::known(app.store.alert_rules().await?.rules, &app.filter_context());
    match ids.iter().find(|id| !known.iter().any(|known| known.rule.id == **id)) {
        Some(unknown) => Err(fault("/rules", format!("has {}, and there is no such rule", quoted(unknown)))),
        None => Ok(ids),
    }
}

pub(super) fn fault(pointer: &str, detail: impl Into<String>) -> ApiError {
    ApiError::invalid(vec![FieldError::new(pointer, detail)])
}
