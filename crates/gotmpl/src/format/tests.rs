use super::*;


