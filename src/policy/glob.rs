//! Patterns of names: `*` for any characters, `?` for one.

/// Whether a pattern fits a whole text.
pub fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut of) = (0, 0);
    // Where the last `*` stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(character) = text.get(at) {
        match pattern.get(of) {
            Some('*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == character => {
                at += 1;
                of += 1;
            }
            Some(_) | None => {
                let Some((pattern_at, text_at)) = star else { return false };
                star = Some((pattern_at, text_at + 1));
                of = pattern_at + 1;
                at = text_at + 1;
            }
        }
    }
    pattern.get(of..).unwrap_or_default().iter().all(|character| *character == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_texts() {
        for (pattern, text) in [
            ("public.*", "public.t"),
            ("*", ""),
            ("a*b*c", "aXbYbc"),
            ("?b", "éb"),
            ("tmp_*", "tmp_"),
            ("a", "a"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("public.*", "publicXt"), ("a", "ab"), ("a*b", "abc"), ("", "a"), ("?", "")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
        // Not exponential.
        assert!(!fits(&"*a".repeat(200), &"a".repeat(190)));
    }
}
