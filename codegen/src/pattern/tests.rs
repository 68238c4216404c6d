//! Tests of whole patterns: what they are reduced to, and that they accept what the engine accepts.

use proptest::prelude::*;

use super::*;

/// Whether the compiled pattern is found in `text`, by the generator's own tables.
fn is_match(compiled: &Compiled, text: &str) -> bool {
    match compiled.matcher() {
        Matcher::Always => true,
        Matcher::Repeat { set, min, max } => {
            let count = u32::try_from(text.chars().count()).unwrap();
            let within = *min <= count && max.is_none_or(|max| count <= max);
            within && text.chars().all(|character| set.contains(character))
        }
        Matcher::Dfa(automaton) => {
            let end = text
                .chars()
                .fold(automaton.start, |at, c| automaton.step(at, c));
            automaton.accepts(end)
        }
        Matcher::Engine { expression, .. } => {
            let regex = regress::Regex::with_flags(expression, "u").unwrap();
            regex.find(text).is_some()
        }
    }
}

#[track_caller]
fn check(pattern: &str, matching: &[&str], others: &[&str]) {
    let compiled = compile(pattern).unwrap();
    assert_eq!(compiled.needs_engine(), None, "{pattern}");
    for text in matching {
        assert!(is_match(&compiled, text), "{pattern} on {text:?}");
    }
    for text in others {
        assert!(!is_match(&compiled, text), "{pattern} on {text:?}");
    }
}

#[test]
fn a_pattern_is_sought_anywhere_unless_anchored() {
    check(r"\w+", &["hello", "!hello!"], &["", "!?"]);
    check(r"^\w+$", &["hello"], &["!hello!", "hello\n", ""]);
    check("^a|b$", &["ax", "xb"], &["xa", "bx"]);
    check("a$", &["ba"], &["ab", "a\n"]);
}

#[test]
fn classes_are_those_of_ecma_262() {
    check(r"^\d$", &["0", "9"], &["\u{661}", "a"]);
    check(r"^\w$", &["_", "Z"], &["é", "-"]);
    check(
        r"^\s$",
        &[" ", "\u{A0}", "\u{FEFF}", "\u{2028}"],
        &["\u{85}", "\u{200B}"],
    );
    check(
        "^.$",
        &["\u{85}", "\u{1F600}", "\t"],
        &["\n", "\r", "\u{2028}", "\u{2029}", "", "ab"],
    );
    check(r"^[\s\S]$", &["\n", "\u{10FFFF}"], &[""]);
    check(r"^\p{L}$", &["é", "漢"], &["1", "\u{301}"]);
    check(r"^[^\p{L}]$", &["1"], &["é"]);
    check(r"^\P{C}$", &["a"], &["\u{200D}", "\u{E000}"]);
}

#[test]
fn look_aheads_are_intersections_wherever_they_stand() {
    check(
        "^(?!aws:).+$",
        &["aws", "AWS:x", "x"],
        &["aws:", "aws:x", ""],
    );
    check(
        r"^(?!^[0-9]+$)([a-zA-Z0-9-_/' ']+)$",
        &["a1", "1a", "-"],
        &["1", "12", ""],
    );
    check(
        "^(?=.*[a-z])(?=.*[0-9]).{3,5}$",
        &["a1b", "12x34"],
        &["abc", "123", "a1"],
    );
    check(
        "^((?!-)[a-z-]{1,3}[a-z]\\.)+$",
        &["ab.", "a-b.cd."],
        &["-ab.", "ab.-cd."],
    );
    check("a(?=b(?!c))", &["ab", "abd", "abcab"], &["abc", "a"]);
    check("^(?:(?!ab)[ab])*$", &["", "bba", "aaa"], &["ab", "bab"]);
    check("x(?=$)", &["x", "yx"], &["xy"]);
    check("(?!)", &[], &["", "a"]);
}

#[test]
fn look_behinds_are_followed_from_the_start() {
    check(r"^[a-z.]*(?<!\.)$", &["", "a.b"], &["a.", "."]);
    check(r"^(?!\s).*(?<!\s)$", &["a", "a b", ""], &[" a", "a "]);
    check("(?<=^ab)c", &["abc", "abcd"], &["xabc", "ac"]);
    check("(?<=(?<!x)a)b", &["ab", "xaab"], &["xab", "b"]);
}

#[test]
fn word_boundaries_are_ascii() {
    check(r"\bcat\b", &["cat", "a cat!", "écaté"], &["cats", "concat"]);
    check(r"^a\Bb$", &["ab"], &["a b"]);
    check(r"^\b$", &[], &["", "a"]);
    check(r"^\B$", &[""], &["a"]);
}

#[test]
fn multiline_and_dot_all_are_taken_from_modifiers() {
    check("(?m:^a$)", &["a", "b\na\nc"], &["ab", "ba"]);
    check("^(?s:.)$", &["\n"], &[""]);
    check("^(?i:ab)c$", &["ABc", "abc"], &["abC"]);
}

#[test]
fn the_cheapest_matcher_is_chosen() {
    let always = [
        "",
        ".*",
        "^.*",
        "a*",
        r"^[\s\S]*$",
        "(?:)",
        "(a*)*",
        "x{0,99}",
        "^",
    ];
    for pattern in always {
        assert!(compile(pattern).unwrap().is_always(), "{pattern}");
    }
    let repeat = [
        "^[a-z]{1,8192}$",
        "^.*$",
        "^(a|b|[c-e])+$",
        "^([a-z])*$",
        "^(?:[a-z][a-z]?){2}$",
        "^(?=[ab]+$)[bc]*$",
        r"^((\d))$",
    ];
    for pattern in repeat {
        let compiled = compile(pattern).unwrap();
        let matcher = compiled.matcher();
        assert!(
            matches!(matcher, Matcher::Repeat { .. }),
            "{pattern}: {matcher:?}"
        );
    }
    for pattern in ["a", r"\S", "^ab$", "^(a|b)c$"] {
        let compiled = compile(pattern).unwrap();
        let matcher = compiled.matcher();
        assert!(matches!(matcher, Matcher::Dfa(_)), "{pattern}: {matcher:?}");
    }
}

#[test]
fn lengths_are_of_the_shortest_and_the_longest_match() {
    for (pattern, lengths) in [
        ("^[a-z]{2,5}$", Some((2, Some(5)))),
        ("^(ab|cde)?$", Some((0, Some(3)))),
        ("^a+b$", Some((2, None))),
        ("abc", Some((3, None))),
        ("^a", Some((1, None))),
        (".*", Some((0, None))),
        ("/^a$/", None),
        ("[]", None),
        (r"^\uD800$", None),
        ("^[]{0,3}$", Some((0, Some(0)))),
        ("^$", Some((0, Some(0)))),
    ] {
        let compiled = compile(pattern).unwrap();
        assert_eq!(compiled.lengths(), lengths, "{pattern}");
        assert_eq!(compiled.is_empty(), lengths.is_none(), "{pattern}");
    }
}

#[test]
fn what_is_not_regular_or_too_large_is_left_to_the_engine() {
    for (pattern, reason) in [
        (r"^(a+)-\1$", EngineReason::BackReference),
        (r"(?<=a(?=b))b", EngineReason::AheadInBehind),
        ("(x{1000}){1000}", EngineReason::Size),
        ("^(?:a{1,200}b{1,200}){1,200}$", EngineReason::Size),
        ("a.{40}$", EngineReason::Work),
    ] {
        assert_eq!(
            compile(pattern).unwrap().needs_engine(),
            Some(reason),
            "{pattern}"
        );
    }
}

#[test]
fn hostile_patterns_come_to_an_end() {
    let nested = |depth: usize, quantifier: &str| {
        "(".repeat(depth) + "a" + &format!("){quantifier}").repeat(depth)
    };
    let patterns = [
        "(a*)*".to_owned(),
        "(a*)*b".to_owned(),
        "((a+)+)+$".to_owned(),
        "(|a|(|b)*)*".to_owned(),
        "(?:){4294967295}".to_owned(),
        "(a{4294967295}){4294967295}".to_owned(),
        "(?=(?=(?=(?=a*b)a*b)a*b)a*b)".to_owned(),
        nested(50, "*"),
        nested(50, "{2}"),
        nested(50, "{0,2}"),
        nested(10_000, "*"),
        "[a-z".repeat(10_000),
        "(?!a".repeat(5_000),
        "a|".repeat(20_000),
        "\\p{L}\\p{N}".repeat(2_000),
        (0x4E00..0x5200_u32).filter_map(char::from_u32).collect(),
        "(?<=a*b)".repeat(200),
        "(?!.*(a|b))".repeat(60),
    ];
    for pattern in patterns {
        // Either way is right, as long as it is reached.
        let _ = compile(&pattern).map(|compiled| (compiled.lengths(), compiled.emit()));
    }
}

#[test]
fn what_is_emitted_is_an_expression() {
    for pattern in [
        "",
        "^[a-z\"]{1,3}$",
        r"^\p{L}$",
        r"(a)\1",
        "^\"#\\d\n$",
        "^(ab|[^é-ü]c){1,60}$",
    ] {
        let tokens = compile(pattern).unwrap().emit();
        let expression = syn::parse2::<syn::Expr>(tokens.clone());
        assert!(expression.is_ok(), "{pattern}: {tokens}");
    }
}

/// Patterns of a small grammar over few characters, so that random texts often match.
fn patterns() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => prop_oneof![Just("a"), Just("b"), Just("[ab]"), Just("[^a]"), Just("."), Just(r"\w")],
        1 => prop_oneof![Just("^"), Just("$"), Just(r"\b"), Just(r"\B"), Just(""), Just("é")],
    ]
    .prop_map(str::to_owned);
    // A counted loop inside a counted loop is left out: the engine finds no match for
    // `(?:(?:(?:a){1,3}){1,3}){2}` in `aa`, where there is one.
    let counted = (leaf.clone(), prop_oneof![Just("{2}"), Just("{1,3}")])
        .prop_map(|(part, count)| format!("(?:{part}){count}"));
    let leaf = prop_oneof![4 => leaf, 1 => counted];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|parts| format!("(?:{})", parts.join("|"))),
            2 => (inner.clone(), prop_oneof![
                Just("*"), Just("+"), Just("?"), Just("*?")
            ])
                .prop_map(|(part, quantifier)| format!("(?:{part}){quantifier}")),
            1 => (inner.clone(), prop_oneof![Just("(?="), Just("(?!"), Just("(?<="), Just("(?<!")])
                .prop_map(|(part, open)| format!("{open}{part})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// Protects the whole way from text to automaton: our automaton and the engine, which shares no
    /// code with it, must agree on everything but patterns that are left to the engine anyway.
    #[test]
    fn random_patterns_agree_with_the_engine(
        pattern in patterns(),
        texts in prop::collection::vec("[abé \n]{0,6}", 12),
    ) {
        let compiled = compile(&pattern).unwrap();
        let engine = regress::Regex::with_flags(&pattern, "u").unwrap();
        for text in &texts {
            let expected = engine.find(text).is_some();
            prop_assert_eq!(is_match(&compiled, text), expected, "{} on {:?}", pattern, text);
        }
    }

    /// Protects the strict form: it must mean what the pattern means.
    #[test]
    fn the_strict_form_reads_as_the_same_pattern(pattern in patterns()) {
        let node = parse::parse(&pattern).unwrap();
        let again = parse::parse(&print::print(&node)).unwrap();
        let (one, other) = (Automaton::compile(&node), Automaton::compile(&again));
        prop_assert_eq!(one, other);
    }

    /// Protects against panics: any text is a pattern or an error with a place in the text.
    #[test]
    fn any_text_compiles_or_is_refused(pattern in r"[\[\]\\(){}?*+^$|,:=!<>\-a-z0-9pPu\u{e9}]{0,24}") {
        if let Err(error) = compile(&pattern) {
            prop_assert!(pattern.is_char_boundary(error.offset), "{} {}", pattern, error);
        }
    }
}
