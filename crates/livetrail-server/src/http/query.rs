//! Query strings: what is about the page, what is about the filter.

use super::error::{ApiError, ApiResult};
use crate::{
    access::{Principal, Refusal},
    app::App,
};
use axum::{extract::Query, http::Uri};
use livetrail_types::{
    Choice, Condition, FILTER_PARAMETERS, FieldError, Filter, FilterParameter, ListQuery, PageStart, Sort,
    SortBy, SortOrder, TextField, limits, nearest, quoted, shorten_quotes,
};
use serde_json::{Map, Value};
use utoipa::{
    IntoParams,
    openapi::{
        Object, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

/// The filters of lists and streams, except dates. A filter may be repeated or comma-separated (any of) and prefixed
/// with `!` (none of); a backslash takes the next character as it is.
pub(super) struct FilterParameters;

/// The dates of a filter, which are part of it wherever nothing else says the time.
pub(super) struct DateParameters;

impl IntoParams for FilterParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        FILTER_PARAMETERS.iter().filter(|parameter| !parameter.is_date).map(documented).collect()
    }
}

impl IntoParams for DateParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        FILTER_PARAMETERS.iter().filter(|parameter| parameter.is_date).map(documented).collect()
    }
}

fn documented(parameter: &FilterParameter) -> Parameter {
    let schema = if parameter.is_flag { Type::Boolean } else { Type::String };
    let description = Some(parameter.description).filter(|text| !text.is_empty());
    ParameterBuilder::new()
        .name(parameter.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(description)
        .schema(Some(Object::with_type(schema)))
        .build()
}

/// The page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageParameters {
    /// The page, from 1
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// Activities a page
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// `next_cursor` or `prev_cursor` of a page that was read before: later arrivals then shift nothing
    cursor: Option<String>,
}

impl PageParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self {
            page: reader.number("page", 1, u32::MAX),
            limit: reader.number("limit", 1, limits::PAGE_LIMIT),
            cursor: reader.take("cursor"),
        }
    }
}

/// The order of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SortParameters {
    #[param(inline)]
    sort_by: Option<SortBy>,
    #[param(inline)]
    sort_order: Option<SortOrder>,
}

impl SortParameters {
    pub(super) fn take(reader: &mut PairReader) -> Self {
        Self { sort_by: reader.one_of("sort_by"), sort_order: reader.one_of("sort_order") }
    }

    /// The order that they ask for, the newest first where they leave it open.
    pub(super) fn sort(self) -> Sort {
        Sort { by: self.sort_by.unwrap_or_default(), order: self.sort_order.unwrap_or_default() }
    }
}

/// The decoded pairs of a query string.
pub(super) fn pairs(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

/// Reads a list's query, as far as this principal may ask it.
pub(super) fn list_query(mut reader: PairReader, app: &App, principal: &Principal) -> ApiResult<ListQuery> {
    let PageParameters { page, limit, cursor } = PageParameters::take(&mut reader);
    let sort = SortParameters::take(&mut reader).sort();
    let cursor = cursor.map(|text| text.parse().map_err(|bad| reader.refuse("cursor", &bad)));
    let filter = reader.filter(app, principal)?;
    let start = match cursor {
        Some(Ok(cursor)) => PageStart::Cursor(cursor),
        _ => PageStart::Number(page.unwrap_or(1)),
    };
    Ok(ListQuery { filter, sort, limit: limit.unwrap_or(limits::PAGE_DEFAULT), start })
}

/// Reads the filter of a stream, which has no pages. `is_other` says which parameters are about something else.
pub(super) fn stream_filter(
    uri: &Uri,
    app: &App,
    principal: &Principal,
    is_other: impl Fn(&str) -> bool,
) -> ApiResult<Filter> {
    let mut reader = PairReader::of(uri);
    reader.pairs.retain(|(name, _)| !is_other(name));
    reader.live_filter(app, principal)
}

/// The pairs of an object that is a filter; what is no value of one is left out.
pub(super) fn object_pairs(filter: &Map<String, Value>) -> Vec<(String, String)> {
    let values = filter.iter().flat_map(|(name, value)| match value {
        Value::Array(values) => values.iter().map(|value| (name, value)).collect(),
        one => vec![(name, one)],
    });
    let written = values.filter_map(|(name, value)| match value {
        Value::String(text) => Some((name.clone(), text.clone())),
        Value::Bool(_) | Value::Number(_) => Some((name.clone(), value.to_string())),
        _ => None,
    });
    written.collect()
}

/// Reads the filter of a stream from an object: each value is what a parameter would be, or an array of such.
pub(super) fn object_filter(
    filter: Map<String, Value>,
    app: &App,
    principal: &Principal,
) -> ApiResult<Filter> {
    let mut reader = PairReader { pairs: Vec::new(), errors: Vec::new() };
    for (name, value) in filter {
        let values = match value {
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            match value {
                Value::Null => {}
                Value::String(text) => reader.pairs.push((name.clone(), text)),
                Value::Bool(_) | Value::Number(_) => reader.pairs.push((name.clone(), value.to_string())),
                Value::Array(_) | Value::Object(_) => {
                    reader.refuse(&name, &"must be a text, a number, a boolean or an array of such");
                }
            }
        }
    }
    reader.live_filter(app, principal)
}

/// Takes what it knows from a query string, piece by piece; the rest is the filter. What is not right is gathered, so
/// that all of it is named at once.
pub(super) struct PairReader {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl PairReader {
    pub(super) fn of(uri: &Uri) -> Self {
        Self { pairs: pairs(uri), errors: Vec::new() }
    }

    /// Whether `name` is given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(given, value)| given == name && !value.is_empty())
    }

    /// Whether `name` is given, be it empty.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.pairs.iter().any(|(given, _)| given == name)
    }

    /// The last value of `name`; an empty one is none.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let taken = self.pairs.extract_if(.., |(given, _)| given == name).last();
        taken.map(|(_, value)| value).filter(|value| !value.is_empty())
    }

    pub(super) fn number(&mut self, name: &str, least: u32, most: u32) -> Option<u32> {
        let text = self.take(name)?;
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.refuse(
                name,
                &format_args!("must be a whole number from {least} to {most}, not {}", quoted(&text)),
            );
        }
        number
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let text = self.take(name)?;
        let flag = text.to_ascii_lowercase().parse().ok();
        if flag.is_none() {
            self.refuse(name, &format_args!("must be true or false, not {}", quoted(&text)));
        }
        flag
    }

    pub(super) fn one_of<T: serde::de::DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let text = self.take(name)?.to_ascii_lowercase();
        // The names on the wire are those that serde knows.
        let read = serde_json::from_value(serde_json::Value::String(text));
        read.map_err(|error| self.refuse(name, &shorten_quotes(&error.to_string()))).ok()
    }

    /// Refuses parameters that mean nothing here.
    pub(super) fn refuse_all(&mut self, names: &[&str], why: &str) {
        for name in names {
            if self.take(name).is_some() {
                self.refuse(name, &why);
            }
        }
    }

    /// Refuses the parameters of lists where `what` takes none of them.
    pub(super) fn refuse_about_lists(&mut self, what: &str) {
        let names = ["page", "limit", "sort_by", "sort_order", "cursor"];
        self.refuse_all(&names, &format!("has no meaning for {what}: leave it out"));
    }

    /// Refuses what is left: the call has these parameters and no others.
    pub(super) fn refuse_unknown(&mut self, known: &[&str]) {
        for (name, _) in std::mem::take(&mut self.pairs) {
            let hint = match nearest(&[&name], known.iter().copied()) {
                Some(nearest) => format!("did you mean {nearest}?"),
                None => format!("the parameters are {}", known.join(", ")),
            };
            self.refuse(&name, &format_args!("is unknown; {hint}"));
        }
    }

    pub(super) fn refuse(&mut self, name: &str, detail: &dyn std::fmt::Display) {
        self.errors.push(FieldError::new(name, detail.to_string()));
    }

    /// There is no filter: what was not right is refused.
    pub(super) fn end(self) -> ApiResult<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(self.errors)) }
    }

    /// The rest is the filter of a stream.
    fn live_filter(mut self, app: &App, principal: &Principal) -> ApiResult<Filter> {
        self.refuse_about_lists("a live stream");
        self.refuse_all(&["text"], "has no meaning for a live stream: leave it out");
        self.filter(app, principal)
    }

    /// The rest is the filter. A principal that is bound to a tenant sees that tenant only.
    pub(super) fn filter(mut self, app: &App, principal: &Principal) -> ApiResult<Filter> {
        let pairs = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let filter = Filter::parse(pairs, &app.filter_context());
        let filter = filter.unwrap_or_else(|errors| {
            self.errors.extend(errors);
            Filter::default()
        });
        if !self.errors.is_empty() {
            return Err(ApiError::invalid(self.errors));
        }
        match &principal.tenant {
            None => Ok(filter),
            Some(own) if names_another_tenant(&filter, own) => Err(Refusal::OtherTenant.into()),
            Some(own) => Ok(filter.and(Condition::Text(TextField::TenantId, Choice::any([own.clone()])))),
        }
    }
}

fn names_another_tenant(filter: &Filter, own: &str) -> bool {
    filter.conditions().iter().any(|condition| match condition {
        Condition::Text(TextField::TenantId, choice) => {
            choice.any.iter().chain(&choice.none).any(|named| named != own)
        }
        _ => false,
    })
}

/// Whether an `Accept-Encoding` header takes `encoding`.
pub(super) fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !words.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
