//! Which entries are for the same contract, without comparing every two of them.

use std::collections::{BTreeMap, BTreeSet};

use oneflow_client::{TemplateTypeId, WorkspaceId};

use super::{super::entry::Entry, super::view::View};

/// The groups of entries that are sure to meet in a contract, directly or through others: each has two or more, in the
/// order of the file. In whatever order the entries stand, the groups are the same.
///
/// Of each group, the positions among `entries`.
pub(super) fn groups(view: &View<'_>, entries: &[&Entry<'_>]) -> Vec<Vec<usize>> {
    // One whose scope leaves nothing meets none.
    let reach = |(position, entry): (usize, &&Entry<'_>)| Some((position, Reach::of(view, entry)?));
    let (positions, reaches): (Vec<usize>, Vec<Reach>) = entries.iter().enumerate().filter_map(reach).unzip();
    let mut joined = Joined::new(reaches.len());
    join(&reaches, &mut joined);
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, position) in positions.into_iter().enumerate() {
        groups.entry(joined.root(index)).or_default().push(position);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// The contracts that an entry is for.
struct Reach {
    template_types: Scope<TemplateTypeId>,
    workspaces: Scope<WorkspaceId>,
}

/// What an entry admits of one kind. Two that admit all have all in common, one of those has something in common with any
/// list, and two lists have what is in both. A list that could not be read has nothing that is sure to be in another list.
enum Scope<T> {
    All,
    Only(BTreeSet<T>),
}

impl Reach {
    fn of(view: &View<'_>, entry: &Entry<'_>) -> Option<Self> {
        Some(Self {
            template_types: Scope::of(
                view.sync.template_types().map(|_| &view.template_types),
                entry.template_types(),
            )?,
            workspaces: Scope::of(view.sync.workspaces().map(|_| &view.workspaces), entry.workspaces())?,
        })
    }
}

impl<T: Ord + Copy> Scope<T> {
    /// What is left of an entry's scope within that of `[sync]`; `None` if it is not sure that anything is.
    fn of(of_sync: Option<&BTreeSet<T>>, of_entry: Option<&[T]>) -> Option<Self> {
        match (of_sync, of_entry) {
            (_, Some([])) => Some(Self::All),
            (Some(of_sync), Some(of_entry)) => {
                let is_kept = |id: &&T| of_sync.is_empty() || of_sync.contains(id);
                let left: BTreeSet<T> = of_entry.iter().filter(is_kept).copied().collect();
                (!left.is_empty()).then_some(Self::Only(left))
            }
            (Some(of_sync), None) => of_sync.is_empty().then(|| Self::Only(BTreeSet::new())),
            (None, _) => None,
        }
    }

    fn list(&self) -> Option<&BTreeSet<T>> {
        match self {
            Self::All => None,
            Self::Only(list) => Some(list),
        }
    }
}

fn join(reaches: &[Reach], joined: &mut Joined) {
    let (mut of_all, mut in_all, mut of_some) = (Vec::new(), Vec::new(), Vec::new());
    for (position, reach) in reaches.iter().enumerate() {
        match (reach.template_types.list(), reach.workspaces.list()) {
            // It meets each of them.
            (None, None) => return joined.join_all(0..reaches.len()),
            (None, Some(workspaces)) => of_all.push((position, workspaces)),
            (Some(template_types), None) => in_all.push((position, template_types)),
            (Some(template_types), Some(workspaces)) => of_some.push((position, template_types, workspaces)),
        }
    }
    // One of all template types meets one in all workspaces, and so all of both meet through each other.
    if !of_all.is_empty() && !in_all.is_empty() {
        joined.join_all(
            of_all.iter().map(|(position, _)| *position).chain(in_all.iter().map(|(position, _)| *position)),
        );
    }
    // Beside one that has all of the other kind, one id in common is enough.
    join_by_id(&of_all, of_some.iter().map(|(position, _, workspaces)| (*position, *workspaces)), joined);
    join_by_id(
        &in_all,
        of_some.iter().map(|(position, template_types, _)| (*position, *template_types)),
        joined,
    );

    let mut by_template_type: BTreeMap<TemplateTypeId, Vec<usize>> = BTreeMap::new();
    for (index, (_, template_types, _)) in of_some.iter().enumerate() {
        for id in *template_types {
            by_template_type.entry(*id).or_default().push(index);
        }
    }
    // The same entries need not be compared again: what they have in common does not depend on the template type.
    let together: BTreeSet<Vec<usize>> = by_template_type.into_values().collect();
    for indices in together {
        let holders = || indices.iter().map(|index| of_some[*index].0);
        let mut roots: BTreeSet<usize> = BTreeSet::new();
        roots.extend(holders().map(|position| joined.root(position)));
        if roots.len() > 1 {
            let mut first_in = BTreeMap::new();
            for index in &indices {
                let (position, _, workspaces) = of_some[*index];
                for id in workspaces {
                    joined.join(*first_in.entry(*id).or_insert(position), position);
                }
            }
        }
    }
}

/// Joins each of `hubs` with all that have an id in common with it, hubs and others.
fn join_by_id<'a, T: Ord + 'a>(
    hubs: &[(usize, &'a BTreeSet<T>)],
    others: impl Iterator<Item = (usize, &'a BTreeSet<T>)>,
    joined: &mut Joined,
) {
    let mut hub_of: BTreeMap<&T, usize> = BTreeMap::new();
    for (hub, ids) in hubs {
        for id in *ids {
            joined.join(*hub_of.entry(id).or_insert(*hub), *hub);
        }
    }
    for (position, ids) in others {
        for id in ids {
            if let Some(hub) = hub_of.get(id) {
                joined.join(*hub, position);
            }
        }
    }
}

/// Which positions belong together.
struct Joined {
    parents: Vec<usize>,
    /// How often two were joined, or were found to be.
    #[cfg(test)]
    joins: usize,
}

impl Joined {
    fn new(count: usize) -> Self {
        Self {
            parents: (0..count).collect(),
            #[cfg(test)]
            joins: 0,
        }
    }

    /// The position that stands for all that belong together with this one.
    fn root(&mut self, mut position: usize) -> usize {
        while self.parents[position] != position {
            // Half of the way is saved for the next one who asks.
            self.parents[position] = self.parents[self.parents[position]];
            position = self.parents[position];
        }
        position
    }

    fn join(&mut self, a: usize, b: usize) {
        #[cfg(test)]
        {
            self.joins += 1;
        }
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }

    fn join_all(&mut self, positions: impl Iterator<Item = usize>) {
        let mut first = None;
        for position in positions {
            self.join(*first.get_or_insert(position), position);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope<T: Ord + Copy + From<i64>>(ids: &[i64]) -> Scope<T> {
        match ids {
            [] => Scope::All,
            // Stands for a list that could not be read.
            [0] => Scope::Only(BTreeSet::new()),
            ids => Scope::Only(ids.iter().map(|id| T::from(*id)).collect()),
        }
    }

    fn meet<T: Ord + Copy>(a: &Scope<T>, b: &Scope<T>) -> bool {
        match (a.list(), b.list()) {
            (Some(a), Some(b)) => !a.is_disjoint(b),
            _ => true,
        }
    }

    /// Every two are looked at, again and again until nothing changes.
    fn by_pairs(reaches: &[Reach]) -> Vec<usize> {
        let mut roots: Vec<usize> = (0..reaches.len()).collect();
        loop {
            let before = roots.clone();
            for a in 0..reaches.len() {
                for b in 0..reaches.len() {
                    let (one, other) = (&reaches[a], &reaches[b]);
                    if meet(&one.template_types, &other.template_types)
                        && meet(&one.workspaces, &other.workspaces)
                    {
                        roots[a] = roots[a].min(roots[b]);
                    }
                }
            }
            if roots == before {
                return roots;
            }
        }
    }

    #[test]
    fn the_groups_are_those_that_comparing_every_two_finds() {
        let lists: [&[i64]; 9] = [&[], &[0], &[1], &[2], &[3], &[1, 2], &[2, 3], &[4], &[1, 4]];
        let random = &mut 1_u64;
        let mut pick = |most: usize| {
            *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(*random >> 33).unwrap() % most
        };
        let mut sizes = BTreeSet::new();
        for _ in 0..4_000 {
            // Few that admit all, since one of them settles it.
            let from = pick(3);
            let reaches: Vec<Reach> = (0..pick(9))
                .map(|_| Reach {
                    template_types: scope(lists[from + pick(lists.len() - from)]),
                    workspaces: scope(lists[pick(lists.len())]),
                })
                .collect();
            let mut joined = Joined::new(reaches.len());
            join(&reaches, &mut joined);
            let roots: Vec<usize> = (0..reaches.len()).map(|position| joined.root(position)).collect();
            assert_eq!(roots, by_pairs(&reaches));
            sizes.insert(roots.iter().collect::<BTreeSet<_>>().len());
        }
        assert!(sizes.len() > 5, "{sizes:?}");
    }

    #[test]
    fn no_more_is_joined_than_the_scopes_have_ids() {
        const COUNT: i64 = 2_000;
        let one = |template_types: &[i64], workspaces: &[i64]| Reach {
            template_types: scope(template_types),
            workspaces: scope(workspaces),
        };
        let many: Vec<i64> = (1..=100).collect();
        let alike = |reach: &dyn Fn(i64) -> Reach| (1..=COUNT).map(reach).collect::<Vec<_>>();
        for (what, reaches, most) in [
            ("all admit all", alike(&|_| one(&[], &[])), 2_000),
            ("each has its own", alike(&|id| one(&[id], &[])), 2_000),
            ("each has its own of both", alike(&|id| one(&[id], &[id])), 0),
            ("one in common, none in common", alike(&|id| one(&[1], &[id])), 2_000),
            (
                "half has all of the other kind",
                alike(&|id| if id % 2 == 0 { one(&[id], &[]) } else { one(&[], &[id]) }),
                4_000,
            ),
            ("long lists of both", alike(&|_| one(&many, &many)), 200_000),
            ("long lists, none in common", alike(&|id| one(&many, &[id])), 2_000),
        ] {
            let mut joined = Joined::new(reaches.len());
            join(&reaches, &mut joined);
            assert!(joined.joins <= most, "{what}: {}", joined.joins);
        }
    }
}
