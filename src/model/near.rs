//! What somebody may have meant by a name that is nowhere.

/// How many letters differ, at most: insertions, deletions, replacements.
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().take(128).enumerate() {
        let mut next = vec![at + 1];
        for (index, wanted) in other.iter().enumerate() {
            let get =
                |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let replaced = get(&row, index) + usize::from(letter != *wanted);
            next.push(replaced.min(get(&row, index + 1) + 1).min(get(&next, index) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// The names that are nearest to the given one, if any is near; at most three.
pub fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    // One letter in four may differ.
    let most = (given.chars().count() / 4).clamp(1, 4);
    let lower = given.to_lowercase();
    let mut near: Vec<(usize, &str)> = names
        .filter(|name| name.len().abs_diff(given.len()) <= 4 * most)
        .map(|name| (distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    near.sort_unstable();
    near.dedup();
    let best = near.first().map(|(distance, _)| *distance);
    let near = near.into_iter().take_while(|(distance, _)| Some(*distance) == best);
    near.take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_of_the_pen_are_near() {
        let names = ["app.orders", "app.order_items", "app.users"];
        assert_eq!(nearest("app.oders", names.into_iter()), ["app.orders"]);
        assert_eq!(nearest("App.Users", names.into_iter()), ["app.users"]);
        assert!(nearest("billing", names.into_iter()).is_empty());
    }
}
