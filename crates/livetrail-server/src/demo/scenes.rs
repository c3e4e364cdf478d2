//! Scenes of users, visitors and the attacker.

use livetrail_types::{DelegateType, actions};
use rand::RngExt;
use serde_json::json;

use super::lines::{DOCUMENTS, MESSAGES, TITLES, preview};
use super::sitting::{Deed, Sitting};

/// Signs in, talks to the assistant, tidies up, and signs out or just leaves.
pub(super) fn chat(sitting: &mut Sitting<'_>) {
    sign_in(sitting);
    open_session(sitting);
    for _ in 0..sitting.rng.random_range(2..12) {
        say_something(sitting);
    }
    if sitting.chance(0.35) {
        rename_session(sitting);
    }
    if sitting.chance(0.12) {
        delete_session(sitting);
    }
    if sitting.chance(0.1) {
        update_preferences(sitting);
    }
    if sitting.chance(0.03) {
        pry(sitting);
    }
    leave(sitting);
}

/// Signs in and works with documents.
pub(super) fn documents(sitting: &mut Sitting<'_>) {
    sign_in(sitting);
    list_documents(sitting);
    for _ in 0..sitting.rng.random_range(1..4) {
        let name = sitting.pick(&DOCUMENTS);
        if upload(sitting, name) {
            follow_processing(sitting, name);
        }
    }
    say_something(sitting);
    if sitting.chance(0.3) {
        delete_document(sitting);
    }
    leave(sitting);
}

/// Uploads a whole folder at once.
pub(super) fn spree(sitting: &mut Sitting<'_>) {
    sign_in(sitting);
    for _ in 0..sitting.rng.random_range(10..25) {
        let name = format!("scan-{:04}.pdf", sitting.rng.random_range(1..2000));
        upload(sitting, &name);
    }
    list_documents(sitting);
    leave(sitting);
}

/// An AI agent sorts the user's documents.
pub(super) fn agent(sitting: &mut Sitting<'_>) {
    sitting.delegate_to("filing-agent", DelegateType::Agent, "mcp");
    list_documents(sitting);
    for _ in 0..sitting.rng.random_range(1..5) {
        let name = sitting.pick(&DOCUMENTS);
        upload(sitting, name);
    }
    delete_document(sitting);
}

/// Support staff look into a user's account as that user sees it.
pub(super) fn support(sitting: &mut Sitting<'_>) {
    let staff = sitting.everybody.iter().filter(|person| person.is_admin).collect::<Vec<_>>();
    let supporter = sitting.pick(&staff);
    sitting.delegate_to(&supporter.user_id, DelegateType::User, "ui");
    list_documents(sitting);
    update_preferences(sitting);
}

/// A visitor without an account tries the assistant, and may sign up.
pub(super) fn visit(sitting: &mut Sitting<'_>) {
    for _ in 0..sitting.rng.random_range(1..6) {
        say_something(sitting);
    }
    if sitting.chance(0.3) {
        sign_up(sitting);
    }
}

/// Guesses the password of one account until the platform has had enough.
pub(super) fn attack(sitting: &mut Sitting<'_>) {
    let attempts = sitting.rng.random_range(9..26);
    for attempt in 0..attempts {
        let deed = Deed::new(actions::USER_LOGIN, "POST", "/api/auth/login").took(90..240);
        let deed = if attempt > 14 {
            deed.failing(429, "TooManyAttempts", "Too many attempts; try again in 15 minutes").took(2..6)
        } else {
            wrong_password(deed)
        };
        sitting.does(deed.details(json!({ "attempt": attempt + 1 })));
        sitting.pause(0.3..2.0);
    }
}

fn sign_in(sitting: &mut Sitting<'_>) {
    while sitting.chance(0.08) {
        sitting.does(wrong_password(Deed::new(actions::USER_LOGIN, "POST", "/api/auth/login").took(90..240)));
        sitting.pause(3.0..15.0);
    }
    let deed = Deed::new(actions::USER_LOGIN, "POST", "/api/auth/login").took(90..260);
    sitting.does(deed.details(json!({ "method": "password" })));
    sitting.pause(2.0..12.0);
}

fn wrong_password(deed: Deed) -> Deed {
    deed.failing(401, "InvalidCredentials", "Wrong e-mail address or password")
}

fn sign_up(sitting: &mut Sitting<'_>) {
    sitting.pause(10.0..40.0);
    let deed = Deed::new(actions::USER_SIGNUP, "POST", "/api/auth/signup").took(140..420);
    let deed = if sitting.chance(0.2) {
        deed.failing(409, "EmailTaken", "There is already an account with this e-mail address")
    } else {
        deed.status(201)
    };
    sitting.does(deed.details(json!({ "source": "chat" })));
}

fn open_session(sitting: &mut Sitting<'_>) {
    let message = sitting.pick(&MESSAGES);
    let details = json!({ "first_message_preview": preview(message) });
    let session = sitting.session.clone();
    let deed = Deed::new(actions::SESSION_CREATE, "POST", "/api/sessions").status(201);
    sitting.does(deed.on("session", &session).details(details));
    sitting.pause(0.2..1.0);
}

fn say_something(sitting: &mut Sitting<'_>) {
    let message = sitting.pick(&MESSAGES);
    let details = json!({
        "message_preview": preview(message),
        "session_id": sitting.session,
        "stream": sitting.chance(0.9),
        "user_type": if sitting.who.email.is_some() { "registered" } else { "anonymous" },
    });
    let deed = answered(sitting, Deed::new(actions::CHAT_MESSAGE, "POST", "/api/chat").took(600..6_500));
    sitting.does(deed.details(details).with("db_query_count", 4));
    sitting.pause(6.0..45.0);
}

/// The assistant's answer, which does not always come.
fn answered(sitting: &mut Sitting<'_>, deed: Deed) -> Deed {
    match sitting.rng.random_range(0..250) {
        0..3 => deed.failing(500, "ModelError", "The model ended the answer without a result"),
        3..6 => deed.failing(504, "Timeout", "The model did not answer within 30 s").took(30_000..30_400),
        6..9 => deed.failing(429, "RateLimited", "More than 20 messages a minute").took(2..9),
        _ => deed,
    }
}

fn rename_session(sitting: &mut Sitting<'_>) {
    let (title, session) = (sitting.pick(&TITLES), sitting.session.clone());
    let deed = Deed::new(actions::SESSION_RENAME, "PATCH", "/api/sessions/{id}").on("session", &session);
    sitting.does(deed.details(json!({ "new_name": title })).changed("name", "New conversation", title));
    sitting.pause(1.0..8.0);
}

fn delete_session(sitting: &mut Sitting<'_>) {
    let session = sitting.session.clone();
    sitting.does(Deed::new(actions::SESSION_DELETE, "DELETE", "/api/sessions/{id}").on("session", &session));
    sitting.pause(1.0..8.0);
}

fn update_preferences(sitting: &mut Sitting<'_>) {
    let themes = sitting.pick(&[("light", "dark"), ("dark", "light"), ("light", "system")]);
    let deed = Deed::new(actions::PREFERENCES_UPDATE, "PUT", "/api/preferences");
    sitting.does(deed.details(json!({ "section": "appearance" })).changed("theme", themes.0, themes.1));
    sitting.pause(1.0..8.0);
}

/// A user follows a link that is meant for admins.
fn pry(sitting: &mut Sitting<'_>) {
    let deed = Deed::new(actions::ADMIN_LIST_USERS, "GET", "/api/admin/users").took(3..12);
    sitting.does(deed.failing(403, "PermissionDenied", "Admin access required"));
    sitting.pause(2.0..9.0);
}

fn list_documents(sitting: &mut Sitting<'_>) {
    let count = sitting.rng.random_range(0..40);
    sitting
        .does(Deed::new(actions::DOCUMENT_LIST, "GET", "/api/documents").details(json!({ "count": count })));
    sitting.pause(2.0..12.0);
}

/// Whether it worked.
fn upload(sitting: &mut Sitting<'_>, name: &str) -> bool {
    let too_large = sitting.chance(0.08);
    let kilobytes = sitting.rng.random_range(if too_large { 26_000..90_000 } else { 40..9_000 });
    let deed =
        Deed::new(actions::DOCUMENT_UPLOAD, "POST", "/api/documents").on("document", name).took(250..2_800);
    let deed = deed.details(json!({ "file_name": name, "size_kb": kilobytes })).status(201);
    let refused = |deed: Deed| deed.failing(413, "PayloadTooLarge", "The file is larger than 25 MB");
    sitting.does(if too_large { refused(deed) } else { deed });
    sitting.pause(0.1..0.9);
    !too_large
}

fn follow_processing(sitting: &mut Sitting<'_>, name: &str) {
    for state in ["queued", "processing", "ready"] {
        sitting.pause(1.5..4.0);
        let deed =
            Deed::new(actions::DOCUMENT_STATUS, "GET", "/api/documents/{id}/status").on("document", name);
        sitting.does(deed.details(json!({ "status": state })).took(4..30));
    }
    sitting.pause(2.0..12.0);
}

fn delete_document(sitting: &mut Sitting<'_>) {
    let name = sitting.pick(&DOCUMENTS);
    let deed = Deed::new(actions::DOCUMENT_DELETE, "DELETE", "/api/documents/{id}").on("document", name);
    let missing = sitting.chance(0.15);
    let not_found = |deed: Deed| deed.failing(404, "NotFound", "There is no such document");
    sitting.does(if missing { not_found(deed) } else { deed.status(204) });
    sitting.pause(2.0..12.0);
}

/// Many do not sign out.
fn leave(sitting: &mut Sitting<'_>) {
    if sitting.chance(0.7) {
        sitting.does(Deed::new(actions::USER_LOGOUT, "POST", "/api/auth/logout"));
    }
}
