use crate::rule::Rule;
use hashbrown::HashMap;

/// Which rules look at an activity, by its action type. A rule that names its actions costs nothing for others.
#[derive(Debug)]
pub(super) struct Routes {
    /// Rules that name no action, in order.
    any: Vec<usize>,
    /// For each action that is named, the rules that name it or none, in order.
    named: HashMap<String, Vec<usize>>,
}

impl Routes {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let actions: Vec<Option<Vec<&str>>> = rules.iter().map(Rule::action_types).collect();
        let looks_at =
            |action: &str, at: &usize| actions[*at].as_ref().is_none_or(|named| named.contains(&action));
        let all = || 0..rules.len();
        let named = actions
            .iter()
            .flatten()
            .flatten()
            .map(|action| ((*action).to_owned(), all().filter(|at| looks_at(action, at)).collect()));
        Self { any: all().filter(|at| actions[*at].is_none()).collect(), named: named.collect() }
    }

    pub(super) fn of_action(&self, action: &str) -> &[usize] {
        self.named.get(action).unwrap_or(&self.any)
    }
}
