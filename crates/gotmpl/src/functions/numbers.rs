//! Sprig on numbers: conversion, arithmetic, rounding, sequences.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
