//! The kustomization that Flux builds: generated where a directory has none, with the overlay of a Kustomization object.
