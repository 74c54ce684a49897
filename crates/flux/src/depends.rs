//! The dependsOn graph: cycles and dangling names.
