//! Channels that are notified of alerts: their settings, their secrets, and what became of their messages.

mod change;
mod create;
mod deliveries;
mod info;
mod list;
mod settings;
mod try_out;

pub(crate) use change::AlertChannelChange;
pub(super) use change::{
    __path_change_channel, __path_remove_channel, __path_rotate_secret, change_channel, remove_channel,
    rotate_secret,
};
pub(super) use create::{__path_create_channel, create_channel};
pub(crate) use create::{NewAlertChannel, NewChannelInfo};
pub(super) use deliveries::{
    __path_list_deliveries, __path_replay_deliveries, list_deliveries, replay_deliveries,
};
pub(crate) use deliveries::{DeliveryList, Replayed};
pub(crate) use info::AlertChannelInfo;
pub(crate) use list::AlertChannelList;
pub(super) use list::{__path_get_channel, __path_list_channels, get_channel, list_channels};
pub(crate) use settings::ChannelKind;
pub(crate) use try_out::TestOutcome;
pub(super) use try_out::{__path_test_channel, test_channel};

use super::error::{ApiError, ApiResult};
use crate::{access::Principal, alerts::may_see, app::App};
use livetrail_store::AlertChannel;
use uuid::Uuid;

/// The channel with an id, if the principal may see it.
async fn find(app: &App, principal: &Principal, id: &str) -> ApiResult<AlertChannel> {
    let found = match Uuid::try_parse(id) {
        Ok(id) => app.store.alert_channels().await?.into_iter().find(|channel| channel.id == id),
        Err(_) => None,
    };
    found.filter(|channel| may_see(principal, channel.tenant.as_deref())).ok_or_else(not_found)
}

fn not_found() -> ApiError {
    ApiError::not_found("There is no channel with this id")
}
