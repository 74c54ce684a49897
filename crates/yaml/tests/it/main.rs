//! Tests of reading and printing against what the upstream libraries do.

mod printing;
mod reading;
