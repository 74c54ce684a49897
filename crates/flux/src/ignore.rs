//! Which files of a source become part of its artifact.
