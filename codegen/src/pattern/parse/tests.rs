//! Tests of the parser; what patterns match is tested with the matchers.

use super::*;

fn set_of(pattern: &str) -> CharSet {
    match parse(pattern).unwrap() {
        Node::Set(set) => set,
        other => panic!("{pattern} is {other:?}"),
    }
}

fn error_of(pattern: &str) -> (usize, String) {
    let error = parse(pattern).expect_err(pattern);
    (error.offset, error.message)
}

#[test]
fn errors_point_at_the_character_that_is_wrong() {
    for (pattern, offset) in [
        ("a)b", 1),
        ("ab(c", 2),
        ("a(?<1>b)", 4),
        ("ab[c", 2),
        ("é[z-a]", 3),
        ("*", 0),
        ("a**", 2),
        ("a{2}+", 4),
        ("a|{2}", 2),
        ("^*", 1),
        ("a{3,2}", 1),
        (r"ab\", 2),
        (r"ab\A", 2),
        (r"\x{41}", 0),
        (r"\u00g0", 0),
        (r"\u{110000}", 0),
        (r"ab\p{Alnum}", 5),
        (r"\pL", 0),
        ("a(?s)b", 1),
        ("a(?>b)", 1),
        (r"(?<a>x)\k<b>", 7),
        (r"(?<a>x)(?<a>y)", 3),
        ("(?<=a)*", 6),
    ] {
        assert_eq!(error_of(pattern).0, offset, "{pattern}");
    }
}

#[test]
fn annex_b_leniencies_are_taken() {
    for (lenient, strict) in [
        (r"\_", "_"),
        (r"\-", "-"),
        ("]", r"\]"),
        ("}", r"\}"),
        (r"[\w-.]", r"[\w\-.]"),
        ("[a-z-_/]", r"[a-z\-_/]"),
        (r"[\d-z]", r"[\d\-z]"),
        (r"\101", "A"),
        (r"\8", "8"),
        (r"[\b]", r"\x08"),
        (r"\cJ", r"\n"),
    ] {
        assert_eq!(set_of(lenient), set_of(strict), "{lenient}");
    }
    for literal in ["{", "{a}", "{,5}", "x{1", "{1,2,3}"] {
        let length = literal.len();
        match parse(literal).unwrap() {
            Node::Set(_) => assert_eq!(length, 1),
            Node::Concat(nodes) => assert_eq!(nodes.len(), length, "{literal}"),
            other => panic!("{literal} is {other:?}"),
        }
    }
}

#[test]
fn a_surrogate_pair_is_one_character() {
    assert_eq!(set_of(r"\uD83D\uDE00"), set_of("\u{1F600}"));
    let set = set_of(r"[\uD800\uDC00-\uDBFF\uDFFF]");
    assert_eq!(set.ranges(), [(0x1_0000, 0x10_FFFF)]);
    assert!(set_of(r"\uD83D").is_empty());
}

#[test]
fn a_number_is_a_reference_only_where_there_are_as_many_groups() {
    let node = parse(r"(a)\1").unwrap();
    assert!(matches!(node, Node::Concat(nodes) if nodes[1] == Node::BackReference(1)));
    assert_eq!(set_of(r"\1"), CharSet::of(1));
    let forward = parse(r"\k<x>(?<x>a)").unwrap();
    assert!(matches!(forward, Node::Concat(nodes) if nodes[0] == Node::BackReference(1)));
}

#[test]
fn modifiers_end_with_their_group() {
    let Node::Concat(nodes) = parse("(?s:.).").unwrap() else {
        panic!("a concatenation")
    };
    assert_eq!(nodes[0], Node::Set(CharSet::any()));
    assert_ne!(nodes[1], Node::Set(CharSet::any()));
    assert_eq!(set_of("(?i:k)"), set_of("[kK\u{212A}]"));
    assert_eq!(set_of("(?i:[^k])"), set_of("[^kK\u{212A}]"));
}

#[test]
fn nesting_beyond_the_bound_is_refused() {
    let deep = |depth: usize| "(".repeat(depth) + &")".repeat(depth);
    assert!(parse(&deep(50)).is_ok());
    assert_eq!(error_of(&deep(100_000)).0, 50);
    assert!(parse(&"a|".repeat(100_000)).is_ok());
}
