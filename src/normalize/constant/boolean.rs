//! `boolean`: every spelling and unique prefix of true/false, yes/no, on/off, 1/0 to `t` or `f`.
//!
//! `src/backend/utils/adt/bool.c, boolin, parse_bool_with_len`.

use super::scan::trim;
use super::{Output, Refusal};

pub(super) fn boolean(text: &str) -> Output {
    let word = trim(text).to_ascii_lowercase();
    let prefix_of = |full: &str| !word.is_empty() && full.starts_with(&word);
    // A single `o` begins both `on` and `off`.
    let value = match word.as_str() {
        "on" | "1" => true,
        "of" | "off" | "0" => false,
        _ if prefix_of("true") || prefix_of("yes") => true,
        _ if prefix_of("false") || prefix_of("no") => false,
        _ => return Err(Refusal::Invalid),
    };
    Ok(if value { "t" } else { "f" }.to_owned())
}
