//! Variables in built objects: `postBuild` of a Kustomization.
