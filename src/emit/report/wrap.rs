//! Fits text into columns of a terminal. Widths are those of Unicode (UAX 11):
//! `漢` takes two columns. Text must be escaped before, so that it has no control
//! characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text in exactly `columns` columns: filled with blanks, or cut with `…`.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    let mut fitted = cut(text, columns);
    let used = width(&fitted);
    fitted.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    fitted
}

/// The text in at most `columns` columns, its end replaced by `…` when it is longer.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = take(text.chars(), columns.saturating_sub(1));
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The same, but the beginning goes: for places, whose end tells them apart.
pub(crate) fn cut_start(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let kept: String = take(text.chars().rev(), columns.saturating_sub(1)).chars().rev().collect();
    if columns > 0 { format!("…{kept}") } else { kept }
}

/// The same, but the middle goes: for names, whose beginning and end both matter.
pub(crate) fn cut_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let head = columns.saturating_sub(1) / 2;
    let tail = columns.saturating_sub(1 + head);
    let end: String = take(text.chars().rev(), tail).chars().rev().collect();
    format!("{}…{end}", take(text.chars(), head))
}

fn take(characters: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0;
    let fits = |character: &char| {
        used += character.width().unwrap_or(0);
        used <= columns
    };
    characters.take_while(fits).collect()
}

/// Both texts from shortly before where they part, when they would be cut before
/// that: two long queries that begin alike look the same otherwise.
pub(crate) fn from_difference(one: &str, other: &str, columns: usize) -> (String, String) {
    let shared: String =
        one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let is_cut = width(one).max(width(other)) > columns;
    if !is_cut || width(&shared) + 8 < columns {
        return (one.to_owned(), other.to_owned());
    }
    let kept = take(shared.chars().rev(), columns * 2 / 5).len();
    let start = shared.len() - kept;
    let from = |text: &str| format!("…{}", text.get(start..).unwrap_or(text));
    (from(one), from(other))
}

/// The text in lines of at most `columns` columns, broken at blanks, or within a
/// word that is longer than a line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(word) <= columns {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut rest = word;
        while width(rest) > columns {
            let head = take(rest.chars(), columns);
            // A character wider than the line still has to go somewhere.
            let length = head.len().max(rest.chars().next().map_or(1, char::len_utf8));
            let (head, tail) = rest.split_at(length);
            lines.push(head.to_owned());
            rest = tail;
        }
        rest.clone_into(&mut line);
    }
    lines.push(line);
    lines
}

/// Narrows columns until they fit: always the widest of those that are above their
/// floor. Without room for all floors the table is wider than the terminal.
pub(crate) fn shrink(widths: &mut [usize], floors: &[usize], gap: usize, total: usize) {
    let gaps = gap * widths.len().saturating_sub(1);
    loop {
        let sum: usize = widths.iter().sum::<usize>() + gaps;
        if sum <= total {
            return;
        }
        let widest = widths
            .iter_mut()
            .zip(floors)
            .filter(|(width, floor)| **width > **floor)
            .map(|(width, _)| width)
            .max_by_key(|width| **width);
        match widest {
            Some(width) => *width -= 1,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(fit("漢字", 6), "漢字  ");
        assert_eq!(cut("漢字漢字", 5), "漢字…");
        assert_eq!(cut_middle("table public.t_a_b_c", 11), "table…a_b_c");
        assert_eq!(cut_start("a/long/path/live.sql:12", 12), "…live.sql:12");
    }

    #[test]
    fn long_words_are_broken_and_nothing_is_lost() {
        let text = "a bb cccccccccc dd";
        let lines = wrap(text, 4);
        assert_eq!(lines, ["a bb", "cccc", "cccc", "cc", "dd"]);
        assert_eq!(wrap("漢", 1), ["漢", ""]);
    }

    #[test]
    fn long_texts_are_shown_from_where_they_part() {
        let (one, other) =
            from_difference("SELECT a, b FROM t WHERE x", "SELECT a, b FROM t WHERE y", 16);
        assert_eq!((one.as_str(), other.as_str()), ("…WHERE x", "…WHERE y"));
        assert_eq!(from_difference("a", "b", 16), ("a".to_owned(), "b".to_owned()));
    }

    #[test]
    fn only_what_may_shrink_shrinks() {
        let mut widths = [10, 40, 20];
        shrink(&mut widths, &[10, 10, 19], 2, 50);
        assert_eq!(widths, [10, 17, 19]);
    }
}
