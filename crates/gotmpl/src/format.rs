//! Go's `fmt`: `print` and `printf` of every kind of value.
