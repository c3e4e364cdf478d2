//! The API's description of itself (OpenAPI 3.1), and a page that shows it.

use super::{error::ApiResult, page};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use livetrail_types::Problem;
use std::sync::LazyLock;
use utoipa::{
    OpenApi,
    openapi::{
        Components, ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

#[derive(OpenApi)]
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
        (name = "Users", description = "What to call the users whose ids activities carry"),
        (name = "Catalogue", description = "The actions that have a name"),
        (name = "Access", description = "Keys, admins and the page's session"),
        (name = "Probes", description = "Open to anybody"),
    )
)]
struct Description;

/// The document without its paths.
pub(super) fn description() -> utoipa::openapi::OpenApi {
    let mut document = Description::openapi();
    let components = document.components.get_or_insert_with(Components::new);
    let bearer =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key or a JWT")).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::new(super::caller::SESSION_COOKIE);
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    document.security = Some(vec![
        SecurityRequirement::new("bearer", Vec::<String>::new()),
        SecurityRequirement::new("session", Vec::<String>::new()),
    ]);
    document
}

/// The whole document. Every error that an endpoint names is a problem.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) = super::api().split_for_parts();
    for path in document.paths.paths.values_mut() {
        for operation in
            [&mut path.get, &mut path.put, &mut path.post, &mut path.delete].into_iter().flatten()
        {
            for (status, response) in &mut operation.responses.responses {
                if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
                    describe_as_problem(response);
                }
            }
        }
    }
    document
}

fn describe_as_problem(response: &mut Described) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let described = ResponseBuilder::new().content("application/problem+json", content).build();
    response.content = described.content;
}

/// Written once: anybody may ask for it, as often as they like.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| openapi().to_json().unwrap_or_default());

pub(super) async fn get_openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The reference page is a file of the dashboard's build; what it runs comes from here too.
pub(super) async fn reference_page() -> ApiResult<Response> {
    let mut response = page::file("docs.html");
    // The reference draws itself with styles of its own making.
    let policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(response)
}
