//! What each credential may do: the right answer to a call, computed from role, tenant and kind.

use super::{calls::Call, credentials::Credential};
use livetrail_types::Role;
use reqwest::Method;

pub(super) const INVALID: &str = "Invalid token";
pub(super) const REQUIRED: &str = "Authentication required";
const ADMIN: &str = "Admin access required";
const WRITER: &str = "Writer access required";
const OTHER_TENANT: &str = "This credential belongs to another tenant";

/// What a call needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Needs {
    Nothing,
    /// A secret in the body that may read.
    SignIn,
    Write,
    Read,
    /// To read what is about all tenants.
    ReadEverything,
    /// To read who has access.
    Audit,
    /// To decide about alerts of the own tenant, or of all.
    Decide,
    Administer,
}

/// What the server takes a credential for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opens {
    /// Nothing: 401 with this detail.
    Refused(&'static str),
    /// The application knows the user, who has no role here.
    NoRole,
    /// Everything that the role may, for all tenants.
    All(Role),
    /// What the role may within a tenant.
    OfTenant(Role),
}

/// The status of an answer and, of 401 and 403, its detail.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome(pub(super) u16, pub(super) String);

impl Outcome {
    fn of(status: u16, detail: &str) -> Self {
        Self(status, detail.to_owned())
    }
}

fn may(role: Role, is_bound: bool, needs: Needs) -> bool {
    match needs {
        Needs::Nothing => true,
        Needs::Write => matches!(role, Role::Writer | Role::Admin),
        Needs::Read | Needs::SignIn => role != Role::Writer,
        Needs::ReadEverything => role != Role::Writer && !is_bound,
        Needs::Audit => matches!(role, Role::Auditor | Role::Admin) && !is_bound,
        Needs::Decide => role == Role::Admin,
        Needs::Administer => role == Role::Admin && !is_bound,
    }
}

/// The right answer.
pub(super) fn expected(call: &Call, credential: &Credential) -> Outcome {
    let Outcome(status, detail) = match (call.needs, credential.opens(call)) {
        (Needs::Nothing, _) => Outcome::of(call.granted, ""),
        (_, Opens::Refused(detail)) => Outcome::of(401, detail),
        (_, Opens::NoRole) => Outcome::of(403, ADMIN),
        (needs, Opens::All(role)) => if_allowed(call, may(role, false, needs)),
        (needs, Opens::OfTenant(role)) if may(role, true, needs) && call.names_other_tenant => {
            Outcome::of(403, OTHER_TENANT)
        }
        (needs, Opens::OfTenant(role)) => if_allowed(call, may(role, true, needs)),
    };
    // An answer to HEAD has no body.
    if call.method == Method::HEAD { Outcome::of(status, "") } else { Outcome(status, detail) }
}

fn if_allowed(call: &Call, is_allowed: bool) -> Outcome {
    match call.needs {
        _ if is_allowed => Outcome::of(call.granted, ""),
        Needs::Write => Outcome::of(403, WRITER),
        _ => Outcome::of(403, ADMIN),
    }
}
