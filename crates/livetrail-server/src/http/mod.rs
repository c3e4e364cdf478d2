//! The API and the page over HTTP. The only room that knows axum.
//!
//! Each endpoint is a file that can be read alone: its parameters, its answer, its documentation, a few lines of code.
//! Errors become `application/problem+json` in one place ([`problems`]).

mod activities;
mod admins;
mod alert_channels;
mod alert_rules;
mod alerts;
mod around;
mod asking;
mod audit_details;
mod body;
mod brake;
mod catalogue;
mod check;
mod columns;
mod compressed;
mod connection;
mod csv;
mod docs;
mod document;
mod erasures;
mod error;
mod export;
mod extract;
mod facets;
mod file;
mod forwarded;
#[doc(hidden)]
pub mod fuzzing;
mod get;
mod groups;
mod headers;
mod holds;
mod index;
mod json;
mod keys;
mod last_answer;
mod list;
mod live;
mod log_sessions;
mod metrics;
mod oidc;
mod page;
mod probes;
mod problems;
mod query;
mod redaction;
mod reports;
mod retention;
mod same_site;
mod saved_views;
mod session;
mod session_audit;
mod session_cookie;
mod sessions;
mod settings;
mod stats;
mod stream_parameters;
mod take_once;
mod ticket;
mod timeline;
mod traced;
mod unread;
mod users;

pub(crate) use admins::SignInLink;
pub(crate) use alert_channels::{
    AlertChannelChange, AlertChannelInfo, AlertChannelList, ChannelKind, DeliveryList, NewAlertChannel,
    NewChannelInfo, Replayed, TestOutcome,
};
pub(crate) use alert_rules::{AlertRuleInfo, AlertRuleList, BacktestRequest, NewAlertRule, RuleChange};
pub(crate) use alerts::{AlertList, Mute, WithReason};
pub use connection::{Listener, Push, Service, serve};
pub use document::openapi;
pub(crate) use erasures::ErasureRequest;
pub(crate) use holds::{HoldInfo, HoldRequest};
pub(crate) use keys::{KeyList, KeyRequest, NewKey};
pub use metrics::metrics_router;
pub(crate) use retention::{RetentionInfo, RunRequest};
pub(crate) use sessions::{SessionInfo, SessionList, SessionsEnded};

use crate::app::App;
use asking::ANSWERED_BY;
use axum::{
    Router,
    http::{HeaderValue, Method, header},
    middleware, routing,
};
use error::ApiError;
use problems::REQUEST_ID;
use std::{sync::Arc, time::Duration};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use utoipa_axum::{router::OpenApiRouter, routes};

/// How long a browser may go by a preflight that it has made.
const PREFLIGHT_LIFE: Duration = Duration::from_mins(10);

/// Every endpoint that the OpenAPI document describes.
fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(document::description())
        .routes(routes!(activities::post_activities))
        .routes(routes!(list::list_activities))
        .routes(routes!(stats::get_stats))
        .routes(routes!(facets::get_facets))
        .routes(routes!(timeline::get_timeline))
        .routes(routes!(groups::get_groups))
        .routes(routes!(log_sessions::list_log_sessions))
        .routes(routes!(export::export_activities))
        .routes(routes!(live::stream_activities))
        .routes(routes!(live::stream_activities_alias))
        .routes(routes!(live::websocket))
        .routes(routes!(live::websocket_alias))
        .routes(routes!(ticket::create_ticket))
        .routes(routes!(reports::list_reports))
        .routes(routes!(reports::recent_activity))
        .routes(routes!(reports::failed_logins))
        .routes(routes!(reports::failed_sign_ins))
        .routes(routes!(reports::admin_audit))
        .routes(routes!(reports::endpoint_performance))
        .routes(routes!(get::get_activity))
        .routes(routes!(users::put_user))
        .routes(routes!(users::post_users))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::revoke_key))
        .routes(routes!(admins::add_admin, admins::remove_admin))
        .routes(routes!(admins::create_sign_in_link))
        .routes(routes!(session::get_session, session::sign_in, session::sign_out))
        .routes(routes!(sessions::list_sessions, sessions::end_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(index::get_index))
        .routes(routes!(index::verify_index))
        .routes(routes!(index::rebuild_index))
        .routes(routes!(retention::get_retention))
        .routes(routes!(retention::start_retention))
        .routes(routes!(holds::create_hold))
        .routes(routes!(holds::release_hold))
        .routes(routes!(erasures::erase_user))
        .routes(routes!(alerts::list_alerts))
        .routes(routes!(alerts::get_alert))
        .routes(routes!(alerts::acknowledge_alert))
        .routes(routes!(alerts::resolve_alert))
        .routes(routes!(alerts::mute_alert))
        .routes(routes!(alert_rules::list_rules, alert_rules::create_rule))
        .routes(routes!(alert_rules::backtest_rule))
        .routes(routes!(alert_rules::change_rule, alert_rules::remove_rule))
        .routes(routes!(alert_channels::list_channels, alert_channels::create_channel))
        .routes(routes!(
            alert_channels::get_channel,
            alert_channels::change_channel,
            alert_channels::remove_channel
        ))
        .routes(routes!(alert_channels::rotate_secret))
        .routes(routes!(alert_channels::test_channel))
        .routes(routes!(alert_channels::replay_deliveries))
        .routes(routes!(alert_channels::list_deliveries))
        .routes(routes!(saved_views::list_views, saved_views::create_view))
        .routes(routes!(saved_views::change_view, saved_views::remove_view))
        .routes(routes!(oidc::begin_single_sign_on))
        .routes(routes!(oidc::end_single_sign_on))
        .routes(routes!(catalogue::get_catalogue))
        .routes(routes!(redaction::try_redaction))
        .routes(routes!(settings::list_settings))
        .routes(routes!(probes::health))
        .routes(routes!(probes::ready))
        .routes(routes!(probes::config))
        .routes(routes!(metrics::metrics))
}

/// The whole server as one service.
pub fn router(app: &Arc<App>) -> Router {
    let (api, described) = api().split_for_parts();
    app.requests.begin(described.paths.paths.into_keys());
    let routes = api
        .route("/openapi.json", routing::get(docs::get_openapi))
        .route("/docs", routing::get(docs::reference_page))
        .merge(
            page::ADDRESSES
                .iter()
                .fold(Router::new(), |pages, at| pages.route(at, routing::get(page::shell))),
        )
        .fallback(page::asset)
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(middleware::from_fn_with_state(Arc::clone(app), around::around))
        .with_state(Arc::clone(app));
    match cors(app) {
        Some(cors) => routes.layer(cors),
        None => routes,
    }
}

/// For the pages of the origins that the configuration names, if it names any.
fn cors(app: &App) -> Option<CorsLayer> {
    if app.settings.cors_origins.is_empty() {
        return None;
    }
    let origins: Vec<HeaderValue> =
        app.settings.cors_origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        // Libraries add headers of their own (tracing, caches), and one that is not allowed would stop the call.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            header::RETRY_AFTER,
            header::CONTENT_DISPOSITION,
            REQUEST_ID,
            ANSWERED_BY,
            export::TOTAL,
            reports::IS_COMPLETE,
        ])
        .max_age(PREFLIGHT_LIFE);
    Some(layer)
}
