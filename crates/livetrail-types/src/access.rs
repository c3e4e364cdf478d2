use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// What a credential may do. Each role may do less than the next, except that a writer may not read and an auditor may
/// not write.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sends activities and tells the directory who users are.
    Writer,
    /// Reads lists, streams and reports.
    Viewer,
    /// Reads everything there is, keys, sessions and settings included, and changes nothing.
    Auditor,
    /// Everything.
    Admin,
}

impl Role {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Writer => "writer",
            Self::Viewer => "viewer",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// Whether it may append.
    pub fn writes(self) -> bool {
        matches!(self, Self::Writer | Self::Admin)
    }

    /// Whether it may read the log.
    pub fn reads(self) -> bool {
        matches!(self, Self::Viewer | Self::Auditor | Self::Admin)
    }

    /// Whether it may read who has access: keys and sessions.
    pub fn audits(self) -> bool {
        matches!(self, Self::Auditor | Self::Admin)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "writer" => Ok(Self::Writer),
            "viewer" => Ok(Self::Viewer),
            "auditor" => Ok(Self::Auditor),
            "admin" => Ok(Self::Admin),
            _ => Err("must be writer, viewer, auditor or admin"),
        }
    }
}
