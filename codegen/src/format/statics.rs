//! Statics of schemas: nested calls, broken as `rustfmt` breaks them.

use quote::ToTokens;
use syn::{Expr, Item, ItemStatic};

use super::WIDTH;

/// A static; the value is laid out here where it is made of calls and lists alone.
pub(super) fn item(mut item: ItemStatic) -> String {
    if !is_layoutable(&item.expr) {
        return super::unparse(Vec::new(), vec![Item::Static(item)]);
    }
    let expr = std::mem::replace(&mut item.expr, Box::new(syn::parse_quote!(VALUE)));
    let head = super::unparse(Vec::new(), vec![Item::Static(item)]);
    let head = head.trim_end().trim_end_matches("VALUE;").trim_end();
    let last = head.lines().next_back().unwrap_or_default().len();
    let value = flat(&expr);
    let root = flat(chain(&expr).0);
    if last + value.len() + 2 <= WIDTH {
        format!("{head} {value};\n")
    } else if value.len() + 5 <= WIDTH || is_chain(&expr) && root.len() + 4 <= WIDTH {
        format!("{head}\n    {};\n", layout(&expr, 4, 1))
    } else {
        format!("{head} {};\n", layout(&expr, 0, last + 2))
    }
}

/// Whether the expression is made of nothing but what this module lays out.
fn is_layoutable(expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) => call.args.iter().all(is_layoutable),
        Expr::MethodCall(call) => {
            is_layoutable(&call.receiver) && call.args.iter().all(is_layoutable)
        }
        Expr::Reference(reference) => is_layoutable(&reference.expr),
        Expr::Array(array) => array.elems.iter().all(is_layoutable),
        Expr::Struct(structure) => structure
            .fields
            .iter()
            .all(|field| is_layoutable(&field.expr)),
        Expr::Const(block) => sole(block).is_some_and(is_layoutable),
        Expr::Path(_) | Expr::Lit(_) => true,
        _ => false,
    }
}

/// The expression that a `const` block is made of.
fn sole(block: &syn::ExprConst) -> Option<&Expr> {
    match block.block.stmts.as_slice() {
        [syn::Stmt::Expr(expr, None)] => Some(expr),
        _ => None,
    }
}

/// The expression on one line.
fn flat(expr: &Expr) -> String {
    let list =
        |items: &mut dyn Iterator<Item = &Expr>| items.map(flat).collect::<Vec<_>>().join(", ");
    match expr {
        Expr::Call(call) => format!("{}({})", flat(&call.func), list(&mut call.args.iter())),
        Expr::MethodCall(call) => format!(
            "{}.{}({})",
            flat(&call.receiver),
            call.method,
            list(&mut call.args.iter())
        ),
        Expr::Reference(reference) => format!("&{}", flat(&reference.expr)),
        Expr::Array(array) => format!("[{}]", list(&mut array.elems.iter())),
        Expr::Struct(structure) => {
            let fields = structure
                .fields
                .iter()
                .map(|field| format!("{}: {}", field.member.to_token_stream(), flat(&field.expr)));
            let fields: Vec<_> = fields.collect();
            format!("{} {{ {} }}", path(&structure.path), fields.join(", "))
        }
        Expr::Const(block) => format!("const {{ {} }}", sole(block).map(flat).unwrap_or_default()),
        Expr::Path(expr) => path(&expr.path),
        other => other.to_token_stream().to_string(),
    }
}

fn path(path: &syn::Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

/// The expression at `indent`, broken where it does not fit; `around` is how much stands beside it on
/// its line besides the indent.
fn layout(expr: &Expr, indent: usize, around: usize) -> String {
    let value = flat(expr);
    if indent + around + value.len() <= WIDTH {
        return value;
    }
    match expr {
        Expr::MethodCall(_) => calls(expr, indent, around),
        Expr::Call(call) => {
            let function = flat(&call.func);
            let args = arguments(&mut call.args.iter(), indent, around + function.len() + 2);
            format!("{function}({args})")
        }
        Expr::Reference(reference) => format!("&{}", layout(&reference.expr, indent, around + 1)),
        Expr::Array(array) => format!("[{}]", broken(&mut array.elems.iter(), indent)),
        Expr::Const(block) => {
            let inner = sole(block).map(|expr| layout(expr, indent, around + 10));
            format!("const {{ {} }}", inner.unwrap_or_default())
        }
        _ => value,
    }
}

/// A chain of method calls, each on a line of its own: below and within its root where that is one
/// line, else at the root's own indent.
fn calls(expr: &Expr, indent: usize, around: usize) -> String {
    let (root, calls) = chain(expr);
    let mut text = layout(root, indent, around);
    let indent = if text.contains('\n') {
        indent
    } else {
        indent + 4
    };
    for call in calls {
        let args = arguments(
            &mut call.args.iter(),
            indent,
            call.method.to_string().len() + 4,
        );
        text.push_str(&format!("\n{}.{}({args})", " ".repeat(indent), call.method));
    }
    text
}

/// What a chain of method calls begins with, and the calls.
fn chain(expr: &Expr) -> (&Expr, Vec<&syn::ExprMethodCall>) {
    match expr {
        Expr::MethodCall(call) => {
            let (root, mut calls) = chain(&call.receiver);
            calls.push(call);
            (root, calls)
        }
        root => (root, Vec::new()),
    }
}

fn is_chain(expr: &Expr) -> bool {
    matches!(expr, Expr::MethodCall(_))
}

/// Arguments of a call: a single one stays on the call's line and is broken within.
fn arguments(
    args: &mut dyn ExactSizeIterator<Item = &Expr>,
    indent: usize,
    around: usize,
) -> String {
    let args: Vec<_> = args.collect();
    let one_line = args
        .iter()
        .map(|arg| flat(arg))
        .collect::<Vec<_>>()
        .join(", ");
    match args.as_slice() {
        _ if indent + around + one_line.len() <= WIDTH => one_line,
        [only] => layout(only, indent, around),
        args => broken(&mut args.iter().copied(), indent),
    }
}

/// Items on lines of their own.
fn broken(items: &mut dyn Iterator<Item = &Expr>, indent: usize) -> String {
    let inner = indent + 4;
    let lines = items.map(|item| format!("{}{},\n", " ".repeat(inner), layout(item, inner, 1)));
    format!("\n{}{}", lines.collect::<String>(), " ".repeat(indent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(text: &str) -> String {
        let file = syn::parse_file(text).unwrap();
        let [Item::Static(_)] = file.items.as_slice() else {
            panic!("not one static");
        };
        file.items
            .into_iter()
            .map(|item| match item {
                Item::Static(value) => super::item(value),
                _ => String::new(),
            })
            .collect()
    }

    /// What fits is one line; a chain that does not is broken before each call.
    #[test]
    fn chains_are_broken_before_each_call() {
        assert_eq!(
            laid_out("static A: S = S::new(\"a\").b(1);"),
            "static A: S = S::new(\"a\").b(1);\n"
        );
        let long = "x".repeat(60);
        assert_eq!(
            laid_out(&format!(
                "static A: S = S::new(\"{long}\").b(&[C::d(Some(1), None)]).e();"
            )),
            format!(
                "static A: S =\n    S::new(\"{long}\")\n        .b(&[C::d(Some(1), None)])\n        .e();\n"
            )
        );
    }

    /// A list that does not fit has an item a line.
    #[test]
    fn lists_are_broken_into_items() {
        let long = "x".repeat(60);
        assert_eq!(
            laid_out(&format!(
                "static A: [M; 2] = [M::new(\"{long}\"), M::new(\"{long}\")];"
            )),
            format!("static A: [M; 2] = [\n    M::new(\"{long}\"),\n    M::new(\"{long}\"),\n];\n")
        );
    }

    /// Whatever is laid out here is still the same Rust.
    #[test]
    fn the_tokens_stay() {
        let text =
            "static A: S = S::f(&[S::g(\"a b\", const { &[1, 2] }).h(-1)]).i(T::U { v: None });";
        let tokens = |text: &str| {
            text.parse::<proc_macro2::TokenStream>()
                .unwrap()
                .to_string()
        };
        assert_eq!(tokens(&laid_out(text)), tokens(text));
    }
}
