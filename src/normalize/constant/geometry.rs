//! `point`, `line`, `lseg`, `box`, `path`, `polygon`, `circle`: `1,2` to `(1,2)`.
//!
//! `src/backend/utils/adt/geo_ops.c, pair_decode, path_decode, path_encode`. Numbers are printed as
//! double precision. A box is stored with its upper right corner first. Whatever is not one of
//! the forms of the manual is undecided, and so are NaN and the infinities.

use super::float::{finite, print_float8};
use super::scan::{Cursor, trim};
use super::{Output, Refusal};

type Pair = (f64, f64);

pub(super) fn point(text: &str) -> Output {
    match points(trim(text))?.as_slice() {
        &[point] if text.matches('(').count() <= 1 => Ok(print_point(point)),
        _ => Err(Refusal::Undecided),
    }
}

/// `{A,B,C}`; a line through two points is computed, and not decided here.
pub(super) fn line(text: &str) -> Output {
    let inner = trim(text).strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let numbers = numbers(inner.ok_or(Refusal::Undecided)?)?;
    let &[a, b, c] = numbers.as_slice() else { return Err(Refusal::Undecided) };
    // Slopes that are tiny count as zero.
    if a.abs() < 1e-5 && b.abs() < 1e-5 {
        return Err(Refusal::Undecided);
    }
    Ok(format!("{{{},{},{}}}", print_float8(a), print_float8(b), print_float8(c)))
}

pub(super) fn lseg(text: &str) -> Output {
    let text = trim(text);
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match points(inner.unwrap_or(text))?.as_slice() {
        &[first, second] => Ok(format!("[{},{}]", print_point(first), print_point(second))),
        _ => Err(Refusal::Undecided),
    }
}

pub(super) fn rectangle(text: &str) -> Output {
    let points = points(trim(text))?;
    let &[(x1, y1), (x2, y2)] = points.as_slice() else { return Err(Refusal::Undecided) };
    let order =
        |first: f64, second: f64| if first < second { (second, first) } else { (first, second) };
    let ((right, left), (top, bottom)) = (order(x1, x2), order(y1, y2));
    Ok(format!("{},{}", print_point((right, top)), print_point((left, bottom))))
}

/// Square brackets for an open path, round ones for a closed one.
pub(super) fn path(text: &str) -> Output {
    let text = trim(text);
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(inner) if !trim(inner).starts_with("((") => {
            Ok(format!("[{}]", print_points(&points(inner)?)))
        }
        Some(_) => Err(Refusal::Undecided),
        None => Ok(format!("({})", print_points(&points(text)?))),
    }
}

pub(super) fn polygon(text: &str) -> Output {
    Ok(format!("({})", print_points(&points(trim(text))?)))
}

pub(super) fn circle(text: &str) -> Output {
    let text = trim(text);
    let strip =
        |open: char, close: char| text.strip_prefix(open).and_then(|text| text.strip_suffix(close));
    let inner = match strip('<', '>') {
        Some(inner) => inner,
        None if text.starts_with("((") => strip('(', ')').ok_or(Refusal::Undecided)?,
        None => text,
    };
    let (center, radius) = inner.rsplit_once(',').ok_or(Refusal::Undecided)?;
    let (center, radius) = (points(trim(center))?, number(radius)?);
    let &[center] = center.as_slice() else { return Err(Refusal::Undecided) };
    if radius < 0.0 || trim(inner).starts_with("((") {
        return Err(Refusal::Undecided);
    }
    Ok(format!("<{},{}>", print_point(center), print_float8(radius)))
}

/// Points as `(1,2),(3,4)` or `1,2,3,4`, with or without parentheses around all of them.
fn points(text: &str) -> Result<Vec<Pair>, Refusal> {
    let text = trim(text);
    if !text.contains('(') {
        return pairs(text);
    }
    let single = text.rfind('(') == Some(0);
    let wrapped = text.strip_prefix('(').is_some_and(|rest| trim(rest).starts_with('('));
    let inner = if single || wrapped {
        text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).ok_or(Refusal::Undecided)?
    } else {
        text
    };
    if single {
        return pairs(inner);
    }
    let mut cursor = Cursor::new(trim(inner));
    let mut points = Vec::new();
    loop {
        if !cursor.eat(b'(') {
            return Err(Refusal::Undecided);
        }
        let pair = pairs(cursor.take_while(|byte| byte != b'(' && byte != b')'))?;
        let &[point] = pair.as_slice() else { return Err(Refusal::Undecided) };
        points.push(point);
        cursor.eat(b')');
        cursor.skip_space();
        if cursor.is_done() {
            break;
        }
        if !cursor.eat(b',') {
            return Err(Refusal::Undecided);
        }
        cursor.skip_space();
    }
    if inner.ends_with(')') { Ok(points) } else { Err(Refusal::Undecided) }
}

fn pairs(text: &str) -> Result<Vec<Pair>, Refusal> {
    let numbers = numbers(text)?;
    let (pairs, rest) = numbers.as_chunks::<2>();
    if !rest.is_empty() || pairs.is_empty() {
        return Err(Refusal::Undecided);
    }
    Ok(pairs.iter().map(|&[x, y]| (x, y)).collect())
}

fn numbers(text: &str) -> Result<Vec<f64>, Refusal> {
    text.split(',').map(number).collect()
}

fn number(text: &str) -> Result<f64, Refusal> {
    // The shape around a wrong number may give it another meaning.
    finite(text).map_err(|_| Refusal::Undecided)
}

fn print_point((x, y): Pair) -> String {
    format!("({},{})", print_float8(x), print_float8(y))
}

fn print_points(points: &[Pair]) -> String {
    let points: Vec<String> = points.iter().map(|&point| print_point(point)).collect();
    points.join(",")
}
