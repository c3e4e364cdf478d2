use super::{Loadable, Part, Unreadable, hashes, pages::Place};
use crate::column::{Found, Unique};
use std::{ops::Deref, sync::Arc};

/// A part of the index that is in memory, or in a file and read when it is needed.
#[derive(Clone, Debug)]
pub(crate) enum Column<T> {
    Here(T),
    Stored(Place),
}

/// A part that is in memory for as long as this is kept.
pub(crate) enum Loaded<'a, T> {
    Borrowed(&'a T),
    Shared(Arc<T>),
}

impl<T: Default> Default for Column<T> {
    fn default() -> Self {
        Self::Here(T::default())
    }
}

impl<T> Deref for Loaded<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Borrowed(part) => part,
            Self::Shared(part) => part,
        }
    }
}

impl<T: Loadable> Column<T> {
    pub(crate) fn get(&self) -> Result<Loaded<'_, T>, Unreadable> {
        match self {
            Self::Here(part) => Ok(Loaded::Borrowed(part)),
            Self::Stored(place) => place.load().map(Loaded::Shared),
        }
    }
}

impl Column<Unique> {
    /// Finds texts, in any order, without reading the whole part.
    pub(crate) fn find<'a>(
        &self,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<Found>, Unreadable> {
        match self {
            Self::Here(part) => Ok(texts.into_iter().map(|text| part.find(text)).collect()),
            Self::Stored(place) => hashes::find(place, texts).ok_or(Unreadable { file: place.file }),
        }
    }
}

impl<T: Part> Column<T> {
    /// Reads the part from its file, if it is in one, for its checksum alone.
    pub(crate) fn verify(&self) -> Result<(), Unreadable> {
        match self {
            Self::Here(_) => Ok(()),
            Self::Stored(place) => place.verify(),
        }
    }

    /// The part if it is in no file yet.
    pub(crate) fn here(&self) -> Option<&T> {
        match self {
            Self::Here(part) => Some(part),
            Self::Stored(_) => None,
        }
    }

    pub(crate) fn here_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Here(part) => Some(part),
            Self::Stored(_) => None,
        }
    }

    /// What it takes in memory apart from the cache, in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.here().map_or(0, Part::memory)
    }
}
