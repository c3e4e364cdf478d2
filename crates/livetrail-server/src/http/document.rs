//! The API's description of itself (OpenAPI 3.1): what the endpoints say, completed by what is true of all of them.

use livetrail_types::Problem;
use utoipa::{
    OpenApi as _,
    openapi::{
        Components, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
        path::Operation,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Livetrail",
        description = "Know who did what, as it happens: activities in, durable, live and searchable. Errors are \
                       `application/problem+json` (RFC 9457)."
    ),
    components(schemas(Problem)),
    tags(
        (name = "Activities", description = "In, and out again"),
        (name = "Live", description = "As it happens"),
        (name = "Reports", description = "Questions that are asked again and again"),
        (name = "Views", description = "What the page of activities shows, saved by name"),
        (name = "Alerts", description = "What rules have found in the log, and the rules"),
        (name = "Users", description = "What to call the users whose ids activities carry"),
        (name = "Catalogue", description = "The actions that have a name"),
        (name = "Retention", description = "How long activities are kept, and what keeps them longer"),
        (name = "Access", description = "Keys, admins and the page's session"),
        (name = "Operations", description = "For those who run the server"),
        (name = "Probes", description = "Open to anybody"),
    )
)]
struct Description;

/// What clients send, and the one answer that leaves out what it does not have. Every other answer has every field.
const WITH_OPTIONAL_FIELDS: [&str; 21] = [
    "AlertChannelChange",
    "AlertDecision",
    "AlertMute",
    "AlertRuleChange",
    "BacktestRequest",
    "ErasureRequest",
    "FieldError",
    "HoldRequest",
    "KeyRequest",
    "NamedUser",
    "Names",
    "NewActivity",
    "NewAlertChannel",
    "NewAlertRule",
    "NewSavedView",
    "Problem",
    "RedactionTrial",
    "RunRequest",
    "SavedViewChange",
    "SecretRotation",
    "SignIn",
];

/// The document without its paths.
pub(super) fn description() -> OpenApi {
    let mut document = Description::openapi();
    let components = document.components.get_or_insert_with(Components::new);
    let bearer =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key or a JWT")).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::new(super::same_site::SESSION_COOKIE);
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    document.security = Some(vec![
        SecurityRequirement::new("bearer", Vec::<String>::new()),
        SecurityRequirement::new("session", Vec::<String>::new()),
    ]);
    document
}

/// The whole document.
pub fn openapi() -> OpenApi {
    let (_, mut document) = super::api().split_for_parts();
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete];
        operations.into_iter().flatten().for_each(complete);
    }
    if let Some(recent) = document.paths.paths.get_mut("/api/admin/reports/recent_activity") {
        recent.get.iter_mut().for_each(|operation| require_parameter(operation, "user_id"));
    }
    let schemas = document.components.iter_mut().flat_map(|components| &mut components.schemas);
    for (name, schema) in schemas {
        if let (false, RefOr::T(schema)) = (WITH_OPTIONAL_FIELDS.contains(&name.as_str()), schema) {
            require_every_field(schema);
        }
    }
    document
}

/// What every call with a body refuses before it looks into it.
const BODY_REFUSALS: [(&str, &str); 4] = [
    ("400", "The body is not JSON"),
    ("413", "The body is too large"),
    ("415", "Unknown content type or encoding"),
    ("422", "A field is not right; each is named"),
];

/// Every call that needs a credential may refuse it, every call with a body the body, and every refusal is a problem.
fn complete(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    if operation.request_body.is_some() {
        for (status, why) in BODY_REFUSALS {
            responses.entry(status.into()).or_insert_with(|| Response::new(why).into());
        }
    }
    if operation.security.is_none() {
        let refusals =
            [("401", "No credential, or one that opens nothing"), ("403", "The credential is not enough")];
        for (status, why) in refusals {
            responses.entry(status.into()).or_insert_with(|| Response::new(why).into());
        }
    }
    if responses.contains_key("401") {
        let why = "Too many credentials from the client's address were not valid, and this one is not either";
        responses.entry("429".into()).or_insert_with(|| Response::new(why).into());
    }
    for (status, response) in responses {
        if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let described = ResponseBuilder::new().content("application/problem+json", content).build();
            response.content = described.content;
        }
    }
}

/// What is a filter like any other elsewhere, and needed here.
fn require_parameter(operation: &mut Operation, name: &str) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.name == name
        {
            parameter.required = Required::True;
        }
    }
}

/// What is not known is null, never absent.
fn require_every_field(schema: &mut Schema) {
    match schema {
        Schema::Object(object) => object.required = object.properties.keys().cloned().collect(),
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(|part| {
            if let RefOr::T(part) = part {
                require_every_field(part);
            }
        }),
        _ => {}
    }
}
