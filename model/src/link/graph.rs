//! Walks over graphs of shapes that need no stack, since a model may nest as deep as it likes.

/// A graph: for each node the nodes it points to.
pub(crate) type Edges = Vec<Vec<usize>>;

/// The strongly connected components, each after those it points to (Tarjan's algorithm).
pub(crate) fn components(edges: &Edges) -> Vec<Vec<usize>> {
    let mut tarjan = Tarjan {
        edges,
        index: vec![None; edges.len()],
        low: vec![0; edges.len()],
        on_stack: vec![false; edges.len()],
        stack: Vec::new(),
        next: 0,
        components: Vec::new(),
    };
    for node in 0..edges.len() {
        if tarjan.index[node].is_none() {
            tarjan.visit(node);
        }
    }
    tarjan.components
}

/// Whether the component is a cycle.
pub(crate) fn is_cycle(component: &[usize], edges: &Edges) -> bool {
    match component {
        [node] => edges[*node].contains(node),
        _ => component.len() > 1,
    }
}

struct Tarjan<'e> {
    edges: &'e Edges,
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    components: Vec<Vec<usize>>,
}

impl Tarjan<'_> {
    fn visit(&mut self, root: usize) {
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            if let Some(&target) = self.edges[node].get(*edge) {
                *edge += 1;
                match self.index[target] {
                    None => {
                        self.enter(target);
                        path.push((target, 0));
                    }
                    Some(index) if self.on_stack[target] => {
                        self.low[node] = self.low[node].min(index);
                    }
                    Some(_) => {}
                }
            } else {
                path.pop();
                self.leave(node);
                if let Some((parent, _)) = path.last() {
                    self.low[*parent] = self.low[*parent].min(self.low[node]);
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.index[node] = Some(self.next);
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
    }

    fn leave(&mut self, node: usize) {
        if self.index[node] != Some(self.low[node]) {
            return;
        }
        let start = self.stack.iter().rposition(|other| *other == node);
        let component = self.stack.split_off(start.unwrap_or(0));
        for member in &component {
            self.on_stack[*member] = false;
        }
        self.components.push(component);
    }
}

/// The edges, as node and position, that close a cycle when the graph is walked depth first from the
/// nodes in `order`. Without them there is no cycle, and with any one of them there is.
pub(crate) fn back_edges(edges: &Edges, order: &[usize]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnPath,
        Done,
    }
    let mut state = vec![State::New; edges.len()];
    let mut found = Vec::new();
    for &root in order {
        if state[root] != State::New {
            continue;
        }
        state[root] = State::OnPath;
        let mut path = vec![(root, 0)];
        while let Some((node, edge)) = path.last_mut() {
            let (from, position) = (*node, *edge);
            *edge += 1;
            match edges[from].get(position) {
                None => {
                    state[from] = State::Done;
                    path.pop();
                }
                Some(&target) => match state[target] {
                    State::New => {
                        state[target] = State::OnPath;
                        path.push((target, 0));
                    }
                    State::OnPath => found.push((from, position)),
                    State::Done => {}
                },
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mixins are flattened in this order, so a component must come after what it points to.
    #[test]
    fn components_come_after_their_targets() {
        let edges = vec![vec![1], vec![2, 3], vec![1], vec![], vec![4]];
        let components = components(&edges);
        let mut sorted = components.clone();
        sorted
            .iter_mut()
            .for_each(|component| component.sort_unstable());
        assert_eq!(sorted, [vec![3], vec![1, 2], vec![0], vec![4]]);
        let cycles: Vec<_> = sorted.iter().map(|one| is_cycle(one, &edges)).collect();
        assert_eq!(cycles, [false, true, false, true]);
    }

    /// A chain longer than any stack must not overflow one.
    #[test]
    fn long_chains_need_no_stack() {
        let mut edges: Edges = (1..=200_000).map(|next| vec![next]).collect();
        edges.push(Vec::new());
        assert_eq!(components(&edges).len(), 200_001);
        assert!(back_edges(&edges, &[0]).is_empty());
    }

    #[test]
    fn one_back_edge_breaks_a_cycle() {
        let edges = vec![vec![1], vec![2], vec![0, 1]];
        assert_eq!(back_edges(&edges, &[0, 1, 2]), [(2, 0), (2, 1)]);
        assert_eq!(back_edges(&edges, &[1, 2, 0]), [(0, 0), (2, 1)]);
    }
}
