//! From an entry to every object that Flux would apply, in waves.
