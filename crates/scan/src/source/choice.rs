//! Which camera is used: the chosen one, or another one until it is there.

/// Which camera is used.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Its name; none: whatever there is.
    pub name: Option<String>,
    /// The chosen one is not there.
    pub missing: bool,
}

/// Chooses among the cameras that are there. Whoever chose none stays with the one in `use_now` while that is there: a camera
/// that is plugged in takes nobody's picture away.
#[must_use]
pub fn choose(there: &[String], chosen: Option<&str>, use_now: &str) -> Choice {
    let find = |name: &str| there.iter().find(|one| *one == name);
    let own = chosen.and_then(find);
    let name = own.or_else(|| find(use_now)).or_else(|| there.first()).cloned();
    Choice { name, missing: chosen.is_some() && own.is_none() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(there: &[&str], chosen: Option<&str>, use_now: &str) -> (Option<String>, bool) {
        let there: Vec<String> = there.iter().map(ToString::to_string).collect();
        let choice = choose(&there, chosen, use_now);
        (choice.name, choice.missing)
    }

    #[test]
    fn the_chosen_camera_is_used_wherever_it_stands() {
        assert_eq!(used(&["A", "B"], Some("B"), "A"), (Some("B".into()), false));
    }

    #[test]
    fn without_a_choice_the_first_is_used_and_then_kept() {
        assert_eq!(used(&["A", "B"], None, ""), (Some("A".into()), false));
        assert_eq!(used(&["0 new", "A"], None, "A"), (Some("A".into()), false));
        assert_eq!(used(&["B"], None, "A"), (Some("B".into()), false));
    }

    #[test]
    fn another_is_used_while_the_chosen_one_is_gone() {
        assert_eq!(used(&["A", "C"], Some("B"), "B"), (Some("A".into()), true));
        assert_eq!(
            used(&["0 new", "A"], Some("B"), "A"),
            (Some("A".into()), true),
            "it does not change again"
        );
        assert_eq!(used(&[], Some("B"), "B"), (None, true));
    }
}
