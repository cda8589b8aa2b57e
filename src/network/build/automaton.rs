//! The automaton of forbidden words.
//!
//! Aho and Corasick (1975): a trie of the words that rules come *after*, each state with a link to its longest proper
//! suffix in the trie. The state reached by the roads driven so far is the longest word that they end with; the rules in
//! force are those of the state and of its suffixes. Words of one road (restrictions via a node) give the state that
//! this road always has, so only longer ones need copies of roads.

use super::restrictions::Rule;
use super::streets::Road;
use crate::osm::RestrictionKind;
use std::collections::{BTreeMap, VecDeque};

/// Number of a state; 0 is that of no word.
pub(super) type State = u32;

#[derive(Clone, Debug, Default)]
struct Word {
    next: BTreeMap<Road, State>,
    suffix: State,
    rules: Vec<(RestrictionKind, Road, u8)>,
}

/// The automaton. States are numbered in breadth-first order of words by road, so rules may come in any order.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    words: Vec<Word>,
    /// State of each road driven alone.
    alone: Vec<State>,
}

impl Automaton {
    pub(super) fn new(roads: usize, rules: &[Rule]) -> Self {
        let mut rules: Vec<&Rule> = rules.iter().collect();
        rules.sort_by(|a, b| (a.after.len(), &a.after).cmp(&(b.after.len(), &b.after)));
        let mut automaton = Self { words: vec![Word::default()], alone: vec![0; roads] };
        for rule in rules {
            let mut state = 0;
            for road in &rule.after {
                state = automaton.child(state, *road);
            }
            automaton.words[state as usize].rules.push((rule.kind, rule.to, rule.modes));
        }
        for (road, state) in &automaton.words[0].next {
            if let Some(alone) = automaton.alone.get_mut(*road as usize) {
                *alone = *state;
            }
        }
        automaton.link();
        automaton
    }

    fn child(&mut self, state: State, road: Road) -> State {
        let fresh = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        let next = *self.words[state as usize].next.entry(road).or_insert(fresh);
        if next == fresh {
            self.words.push(Word::default());
        }
        next
    }

    fn link(&mut self) {
        let mut queue: VecDeque<State> = self.words[0].next.values().copied().collect();
        while let Some(state) = queue.pop_front() {
            let suffix = self.words[state as usize].suffix;
            for (road, child) in self.words[state as usize].next.clone() {
                self.words[child as usize].suffix = self.step(suffix, road);
                queue.push_back(child);
            }
        }
    }

    /// State of a road on which a route starts.
    pub(super) fn alone(&self, road: Road) -> State {
        self.alone.get(road as usize).copied().unwrap_or(0)
    }

    /// State after driving one more road.
    pub(super) fn step(&self, mut state: State, road: Road) -> State {
        while state != 0 {
            let word = &self.words[state as usize];
            if let Some(next) = word.next.get(&road) {
                return *next;
            }
            state = word.suffix;
        }
        self.alone(road)
    }

    /// Modes for which a rule in force bans driving on to a road. Several `only` rules after the same word permit each
    /// of their roads: taken one by one they would permit none.
    pub(super) fn banned(&self, mut state: State, to: Road) -> u8 {
        let mut banned = 0;
        while state != 0 {
            let word = &self.words[state as usize];
            let (mut only, mut permitted) = (0, 0);
            for (kind, road, modes) in &word.rules {
                match kind {
                    RestrictionKind::No if *road == to => banned |= modes,
                    RestrictionKind::No => {}
                    RestrictionKind::Only => {
                        only |= modes;
                        permitted |= if *road == to { *modes } else { 0 };
                    }
                }
            }
            banned |= only & !permitted;
            state = word.suffix;
        }
        banned
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(after: Vec<Road>, to: Road) -> Rule {
        Rule { after, to, kind: RestrictionKind::No, modes: 1 }
    }

    proptest! {
        /// The plain way: look at the end of everything driven so far.
        #[test]
        fn bans_what_the_history_ends_with(
            words in prop::collection::vec((prop::collection::vec(0_u32..4, 1..5), 0_u32..4), 0..8),
            drive in prop::collection::vec(0_u32..4, 1..40),
        ) {
            let rules: Vec<Rule> = words.iter().map(|(after, to)| rule(after.clone(), *to)).collect();
            let automaton = Automaton::new(4, &rules);
            let mut state = automaton.alone(drive[0]);
            for i in 1..drive.len() {
                let plain = rules.iter().any(|r| r.to == drive[i] && drive[..i].ends_with(&r.after));
                prop_assert_eq!(automaton.banned(state, drive[i]) != 0, plain);
                state = automaton.step(state, drive[i]);
            }
        }
    }
}
