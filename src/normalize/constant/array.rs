//! Arrays: `{ 1 , 2 }` to `{1,2}`, `[0:1]={a,b c}` to `[0:1]={a,"b c"}`.
//!
//! `src/backend/utils/adt/arrayfuncs.c, array_in, array_out`. Elements are put in output form by
//! their own type. Lower bounds count. The surprise: how lenient the reader is with stray
//! quotes depends on the version (17 reads strictly), so those are undecided.

use std::fmt::Write as _;

use super::scan::{Cursor, is_space};
use super::types::{ConstantType, Typmod};
use super::{Output, Refusal, output};

const MAX_DIMENSIONS: usize = 6;

pub(super) fn array(
    element: &ConstantType<'_>,
    typmod: Option<Typmod>,
    text: &str,
    depth: u32,
) -> Output {
    // An array of arrays is an array of more dimensions; the catalogue has no such element.
    if matches!(element, ConstantType::Array(_)) {
        return Err(Refusal::Undecided);
    }
    let delimiter = if matches!(element, ConstantType::Box) { b';' } else { b',' };
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    let bounds = take_bounds(&mut cursor)?;
    let mut reader = Reader {
        cursor,
        delimiter,
        element,
        typmod,
        depth,
        output: String::new(),
        lengths: Vec::new(),
    };
    if reader.cursor.peek() != Some(b'{') {
        return Err(Refusal::Invalid);
    }
    let dimensions = reader.nested(0)?;
    reader.cursor.skip_space();
    if !reader.cursor.is_done() {
        return Err(Refusal::Invalid);
    }
    let lengths: Vec<usize> = reader.lengths.iter().map_while(|&length| length).collect();
    if dimensions == 0 {
        // Bounds around nothing are an error or not, by version.
        return if bounds.is_empty() { Ok("{}".to_owned()) } else { Err(Refusal::Undecided) };
    }
    if !bounds.is_empty() {
        let given: Vec<usize> = bounds.iter().map(|bound| bound.length).collect();
        if given != lengths {
            return Err(Refusal::Invalid);
        }
    }
    let mut text = String::new();
    if bounds.iter().any(|bound| bound.lower != 1) {
        for Bound { lower, length } in &bounds {
            let upper = i64::from(*lower) + i64::try_from(*length).unwrap_or_default() - 1;
            let _ = write!(text, "[{lower}:{upper}]");
        }
        text.push('=');
    }
    text.push_str(&reader.output);
    Ok(text)
}

struct Bound {
    lower: i32,
    length: usize,
}

/// `[0:2][1:1]=`, or nothing.
fn take_bounds(cursor: &mut Cursor<'_>) -> Result<Vec<Bound>, Refusal> {
    let mut bounds = Vec::new();
    while cursor.peek() == Some(b'[') {
        if bounds.len() >= MAX_DIMENSIONS {
            return Err(Refusal::Invalid);
        }
        cursor.next();
        let first = take_bound(cursor)?;
        let (lower, upper) =
            if cursor.eat(b':') { (first, take_bound(cursor)?) } else { (1, first) };
        if !cursor.eat(b']') {
            return Err(Refusal::Undecided);
        }
        cursor.skip_space();
        // An upper bound just below the lower one is an empty array to some versions.
        if upper < lower || upper == i32::MAX {
            return Err(Refusal::Undecided);
        }
        let length = usize::try_from(i64::from(upper) - i64::from(lower) + 1)
            .map_err(|_| Refusal::Undecided)?;
        bounds.push(Bound { lower, length });
    }
    if !bounds.is_empty() {
        if !cursor.eat(b'=') {
            return Err(Refusal::Invalid);
        }
        cursor.skip_space();
    }
    Ok(bounds)
}

fn take_bound(cursor: &mut Cursor<'_>) -> Result<i32, Refusal> {
    let start = *cursor;
    if !cursor.eat(b'-') {
        cursor.eat(b'+');
    }
    cursor.digits();
    cursor.since(start).parse().map_err(|_| Refusal::Undecided)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    delimiter: u8,
    element: &'a ConstantType<'a>,
    typmod: Option<Typmod>,
    depth: u32,
    output: String,
    /// The length of each dimension, once known.
    lengths: Vec<Option<usize>>,
}

impl Reader<'_> {
    /// Reads `{…}` at this level and returns how many dimensions it has; zero when empty.
    fn nested(&mut self, level: usize) -> Result<usize, Refusal> {
        if level >= MAX_DIMENSIONS {
            return Err(Refusal::Invalid);
        }
        self.cursor.eat(b'{');
        self.output.push('{');
        if self.lengths.len() == level {
            self.lengths.push(None);
        }
        self.cursor.skip_space();
        if self.cursor.eat(b'}') {
            // Empty inner arrays are read differently by version.
            return if level == 0 { Ok(0) } else { Err(Refusal::Undecided) };
        }
        let mut count = 0;
        let mut below = None;
        loop {
            self.cursor.skip_space();
            let dimensions = if self.cursor.peek() == Some(b'{') {
                self.nested(level + 1)?
            } else {
                self.element()?;
                0
            };
            // Elements and arrays side by side, or arrays of unlike depth.
            if *below.get_or_insert(dimensions) != dimensions {
                return Err(Refusal::Invalid);
            }
            count += 1;
            self.cursor.skip_space();
            if self.cursor.eat(self.delimiter) {
                self.output.push(char::from(self.delimiter));
            } else if self.cursor.eat(b'}') {
                break;
            } else {
                return Err(Refusal::Invalid);
            }
        }
        self.output.push('}');
        if let Some(length) = self.lengths.get_mut(level)
            && *length.get_or_insert(count) != count
        {
            return Err(Refusal::Invalid);
        }
        Ok(below.unwrap_or_default() + 1)
    }

    fn element(&mut self) -> Result<(), Refusal> {
        let Some(text) = take_element(&mut self.cursor, self.delimiter)? else {
            self.output.push_str("NULL");
            return Ok(());
        };
        let value = output(self.element, self.typmod, &text, self.depth + 1)?;
        if needs_quotes(&value, self.delimiter) {
            self.output.push('"');
            for character in value.chars() {
                if matches!(character, '"' | '\\') {
                    self.output.push('\\');
                }
                self.output.push(character);
            }
            self.output.push('"');
        } else {
            self.output.push_str(&value);
        }
        Ok(())
    }
}

/// The text of an element, or none for NULL.
fn take_element(cursor: &mut Cursor<'_>, delimiter: u8) -> Result<Option<String>, Refusal> {
    if cursor.eat(b'"') {
        let mut text = String::new();
        loop {
            text.push_str(cursor.take_while(|byte| byte != b'"' && byte != b'\\'));
            if cursor.eat(b'"') {
                break;
            }
            cursor.next().ok_or(Refusal::Invalid)?;
            text.push(cursor.next_char().ok_or(Refusal::Invalid)?);
        }
        cursor.skip_space();
        // Text after a closing quote is an error since 17 only.
        let ends = cursor.peek().is_none_or(|next| next == delimiter || next == b'}');
        return if ends { Ok(Some(text)) } else { Err(Refusal::Undecided) };
    }
    let mut text = String::new();
    let mut escaped = false;
    // Blanks at the end go, but not one after a backslash.
    let mut kept = 0;
    loop {
        let plain = cursor.take_while(|byte| !b"\"\\{}".contains(&byte) && byte != delimiter);
        text.push_str(plain);
        kept = kept.max(text.trim_end_matches(|c: char| u8::try_from(c).is_ok_and(is_space)).len());
        match cursor.peek() {
            Some(b'\\') => {
                cursor.next();
                text.push(cursor.next_char().ok_or(Refusal::Invalid)?);
                escaped = true;
                kept = text.len();
            }
            Some(b'"' | b'{') => return Err(Refusal::Undecided),
            Some(_) => break,
            None => return Err(Refusal::Invalid),
        }
    }
    text.truncate(kept);
    if text.is_empty() {
        return Err(Refusal::Invalid);
    }
    Ok(if !escaped && text.eq_ignore_ascii_case("null") { None } else { Some(text) })
}

fn needs_quotes(text: &str, delimiter: u8) -> bool {
    text.is_empty()
        || text.eq_ignore_ascii_case("null")
        || text.bytes().any(|byte| b"\"\\{}".contains(&byte) || byte == delimiter || is_space(byte))
}
