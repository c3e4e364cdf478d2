//! Full partitions.
