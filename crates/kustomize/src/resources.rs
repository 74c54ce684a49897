//! Objects out of files.
