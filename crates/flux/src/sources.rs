//! From sourceRef to a tree of files.
