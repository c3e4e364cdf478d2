use super::Refusal;
use livetrail_store::StoreError;
use thiserror::Error;

/// Why a request does not become a principal.
#[derive(Debug, Error)]
pub enum AccessError {
    /// The client's credential is not sufficient.
    #[error("{}", .0.detail())]
    Refused(Refusal),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for AccessError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The result of a check.
pub type AccessResult<T> = Result<T, AccessError>;
