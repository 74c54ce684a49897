//! Artifacts composed by ArtifactGenerators.
