//! Objects that more than one unit claims.
