//! The values of a HelmRelease, composed from their sources.
