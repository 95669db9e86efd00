//! Turns a parsed schema into the one form in which schemas can be compared.

pub mod constant;
