//! Scenes of admins.

use livetrail_types::actions;
use rand::RngExt;
use serde_json::json;

use super::lines::{ARTICLES, SETTINGS};
use super::sitting::{Deed, Sitting};

/// Looks after users and their feedback.
pub(super) fn moderate(sitting: &mut Sitting<'_>) {
    log_in(sitting);
    list_users(sitting);
    for _ in 0..sitting.rng.random_range(1..4) {
        look_at_user(sitting);
    }
    match sitting.rng.random_range(0..4) {
        0 => suspend(sitting),
        1 => activate(sitting),
        2 => create_user(sitting),
        _ => work_through_feedback(sitting),
    }
    log_out(sitting);
}

/// Looks after subscriptions, payments and payouts.
pub(super) fn bill(sitting: &mut Sitting<'_>) {
    log_in(sitting);
    for _ in 0..sitting.rng.random_range(2..6) {
        match sitting.rng.random_range(0..4) {
            0 => refund(sitting),
            1 => decide_payout(sitting),
            _ => change_subscription(sitting),
        }
        sitting.pause(5.0..30.0);
    }
    if sitting.chance(0.4) {
        export(sitting);
    }
    log_out(sitting);
}

/// Writes, publishes and takes down content.
pub(super) fn publish(sitting: &mut Sitting<'_>) {
    log_in(sitting);
    let (kind, name) = sitting.pick(&ARTICLES);
    let steps: [(&str, &str, &str); 3] = [
        (actions::CONTENT_CREATED, "POST", "/api/admin/content"),
        (actions::CONTENT_UPDATED, "PUT", "/api/admin/content/{id}"),
        (actions::CONTENT_PUBLISHED, "POST", "/api/admin/content/{id}/publish"),
    ];
    for (action, method, endpoint) in steps {
        sitting.does(Deed::new(action, method, endpoint).on(kind, name).details(json!({ "title": name })));
        sitting.pause(8.0..50.0);
    }
    if sitting.chance(0.3) {
        let (kind, name) = sitting.pick(&ARTICLES);
        let endpoint = "/api/admin/content/{id}/unpublish";
        sitting.does(Deed::new(actions::CONTENT_UNPUBLISHED, "POST", endpoint).on(kind, name));
    }
    log_out(sitting);
}

/// Looks after settings, keys, sessions and the other admins.
pub(super) fn operate(sitting: &mut Sitting<'_>) {
    log_in(sitting);
    update_settings(sitting);
    match sitting.rng.random_range(0..6) {
        0 => replace_key(sitting),
        1 => enable_two_factor(sitting),
        2 => change_role(sitting),
        3 => bulk(sitting),
        4 => invalidate_session(sitting),
        _ => configure_integration(sitting),
    }
    log_out(sitting);
}

fn log_in(sitting: &mut Sitting<'_>) {
    sitting.does(Deed::new(actions::LOGIN, "POST", "/api/admin/login").took(110..300));
    sitting.pause(3.0..12.0);
}

fn log_out(sitting: &mut Sitting<'_>) {
    sitting.pause(5.0..40.0);
    let deed = match sitting.rng.random_range(0..5) {
        0 => Deed::new(actions::SESSION_EXPIRED, "POST", "/api/admin/logout")
            .details(json!({ "idle_minutes": 30 })),
        _ => Deed::new(actions::LOGOUT, "POST", "/api/admin/logout"),
    };
    sitting.does(deed);
}

fn list_users(sitting: &mut Sitting<'_>) {
    let page = sitting.rng.random_range(1..4);
    let deed = Deed::new(actions::ADMIN_LIST_USERS, "GET", "/api/admin/users").took(30..190);
    sitting.does(deed.details(json!({ "page": page, "limit": 20 })).with("db_query_count", 2));
    sitting.pause(4.0..20.0);
}

fn look_at_user(sitting: &mut Sitting<'_>) {
    let user = sitting.some_user();
    sitting.does(Deed::new(actions::ADMIN_VIEW_USER_DETAILS, "GET", "/api/admin/users/{id}").to(user));
    sitting.pause(5.0..25.0);
}

fn suspend(sitting: &mut Sitting<'_>) {
    let user = sitting.some_user();
    let reason = sitting.pick(&["spam", "terms of use", "chargeback"]);
    let deed = Deed::new(actions::USER_SUSPENDED, "POST", "/api/admin/users/{id}/suspend").to(user);
    sitting.does(deed.changed("status", "active", "suspended").details(json!({ "reason": reason })));
}

fn activate(sitting: &mut Sitting<'_>) {
    let user = sitting.some_user();
    let deed = Deed::new(actions::USER_ACTIVATED, "POST", "/api/admin/users/{id}/activate").to(user);
    sitting.does(deed.changed("status", "suspended", "active"));
}

fn create_user(sitting: &mut Sitting<'_>) {
    let name = sitting.id("new");
    let details = json!({ "email": format!("{name}@example.com"), "role": "member" });
    let deed = Deed::new(actions::USER_CREATED, "POST", "/api/admin/users").status(201).took(60..180);
    sitting.does(deed.with("resource_type", "user").with("target_user_id", name).details(details));
}

fn work_through_feedback(sitting: &mut Sitting<'_>) {
    sitting.does(Deed::new(actions::ADMIN_LIST_FEEDBACK, "GET", "/api/admin/feedback"));
    for _ in 0..sitting.rng.random_range(1..5) {
        sitting.pause(6.0..30.0);
        let (feedback, status) = (sitting.id("fb"), sitting.pick(&["resolved", "in progress", "declined"]));
        let deed = Deed::new(actions::ADMIN_UPDATE_FEEDBACK_STATUS, "PATCH", "/api/admin/feedback/{id}");
        sitting.does(deed.on("feedback", &feedback).changed("status", "open", status));
    }
}

fn change_subscription(sitting: &mut Sitting<'_>) {
    let subscription = sitting.id("sub");
    let (action, from, to) = sitting.pick(&[
        (actions::SUBSCRIPTION_CREATED, "none", "active"),
        (actions::SUBSCRIPTION_CANCELLED, "active", "cancelled"),
        (actions::SUBSCRIPTION_PAUSED, "active", "paused"),
        (actions::SUBSCRIPTION_RESUMED, "paused", "active"),
    ]);
    let owner = sitting.some_user().user_id.as_str();
    let deed = Deed::new(action, "PATCH", "/api/admin/subscriptions/{id}").on("subscription", &subscription);
    sitting.does(deed.details(json!({ "owner": owner })).changed("status", from, to).took(80..400));
}

fn refund(sitting: &mut Sitting<'_>) {
    let (transaction, amount) = (sitting.id("tx"), sitting.pick(&["9.00", "29.00", "99.00", "348.00"]));
    let deed = Deed::new(actions::TRANSACTION_REFUNDED, "POST", "/api/admin/transactions/{id}/refund");
    let deed = deed.on("transaction", &transaction).took(300..1_900);
    let deed = deed.details(json!({ "amount": amount, "currency": "EUR", "reason": "customer_request" }));
    let deed = if sitting.chance(0.12) {
        deed.failing(502, "PaymentProviderError", "The payment provider refused: the charge is too old")
    } else {
        deed.changed("status", "settled", "refunded")
    };
    sitting.does(deed);
}

fn decide_payout(sitting: &mut Sitting<'_>) {
    let payout = sitting.id("po");
    let (action, status) =
        sitting.pick(&[(actions::PAYOUT_APPROVED, "approved"), (actions::PAYOUT_REJECTED, "rejected")]);
    let deed = Deed::new(action, "PATCH", "/api/admin/payouts/{id}").on("payout", &payout).took(60..260);
    let amount = sitting.rng.random_range(40..4_000);
    sitting.does(
        deed.changed("status", "pending", status).details(json!({ "amount": amount, "currency": "EUR" })),
    );
    if status == "approved" {
        sitting.pause(1.0..4.0);
        let endpoint = "/api/admin/payouts/{id}/process";
        sitting.does(
            Deed::new(actions::PAYOUT_PROCESSED, "POST", endpoint).on("payout", &payout).took(500..2_500),
        );
    }
}

fn export(sitting: &mut Sitting<'_>) {
    let (what, rows) =
        (sitting.pick(&["transactions", "subscriptions", "users"]), sitting.rng.random_range(90..9_000));
    let deed = Deed::new(actions::EXPORT_GENERATED, "GET", "/api/admin/export").took(700..7_000);
    sitting.does(deed.with("resource_type", what).details(json!({ "format": "csv", "rows": rows })));
}

fn update_settings(sitting: &mut Sitting<'_>) {
    let (section, field, values) = sitting.pick(&SETTINGS);
    let from = sitting.rng.random_range(0..values.len());
    let to = (from + sitting.rng.random_range(1..values.len())) % values.len();
    let deed = Deed::new(actions::SETTINGS_UPDATED, "PUT", "/api/admin/settings").on("settings", section);
    sitting.does(deed.changed(field, values[from], values[to]));
    sitting.pause(5.0..25.0);
}

fn replace_key(sitting: &mut Sitting<'_>) {
    for (action, method) in [(actions::API_KEY_CREATED, "POST"), (actions::API_KEY_REVOKED, "DELETE")] {
        let key = sitting.id("key");
        sitting.does(Deed::new(action, method, "/api/admin/keys").on("api_key", &key));
        sitting.pause(5.0..20.0);
    }
}

fn enable_two_factor(sitting: &mut Sitting<'_>) {
    sitting.does(Deed::new(actions::TWO_FACTOR_ENABLED, "POST", "/api/admin/two-factor").to(sitting.who));
}

fn change_role(sitting: &mut Sitting<'_>) {
    let admins = sitting.everybody.iter().filter(|person| person.is_admin).collect::<Vec<_>>();
    let (admin, roles) =
        (sitting.pick(&admins), sitting.pick(&[("support", "finance"), ("finance", "owner")]));
    let deed = Deed::new(actions::ADMIN_ROLE_CHANGED, "PATCH", "/api/admin/admins/{id}").to(admin);
    sitting.does(deed.with("resource_type", "admin").changed("role", roles.0, roles.1));
}

fn bulk(sitting: &mut Sitting<'_>) {
    let count = sitting.rng.random_range(12..400);
    let deed = Deed::new(actions::BULK_ACTION_PERFORMED, "POST", "/api/admin/users/bulk").took(900..9_000);
    sitting.does(
        deed.with("resource_type", "user").details(json!({ "action": "send_reminder", "count": count })),
    );
}

fn invalidate_session(sitting: &mut Sitting<'_>) {
    let (session, user) = (sitting.id("ses"), sitting.some_user());
    let deed =
        Deed::new(actions::SESSION_INVALIDATED, "DELETE", "/api/admin/sessions/{id}").on("session", &session);
    sitting.does(deed.status(204).details(json!({ "owner": user.user_id })));
}

fn configure_integration(sitting: &mut Sitting<'_>) {
    let integration = sitting.pick(&["calendar", "mail", "crm"]);
    let deed = Deed::new(actions::INTEGRATION_CONFIGURED, "PUT", "/api/admin/integrations/{id}");
    sitting.does(deed.on("integration", integration).changed("enabled", false, true));
}
