//! Emitted tokens as the values that they stand for in a client.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr as Syntax, Lit};
use tinsmith_runtime::jmespath::{Comparator, Expr, Function, Literal, Slice};

/// The expression that the tokens construct.
pub(crate) fn read(tokens: TokenStream) -> Expr {
    expr(&syn::parse2(tokens).unwrap())
}

fn odd(wanted: &str, found: &impl ToTokens) -> ! {
    panic!("no {wanted}: {}", found.to_token_stream())
}

/// A name with what stands in parentheses after it: `Expr::Field("a")`.
fn call(syntax: &Syntax) -> (String, Vec<&Syntax>) {
    match syntax {
        Syntax::Call(call) => (name(&call.func), call.args.iter().collect()),
        syntax => (name(syntax), Vec::new()),
    }
}

fn name(syntax: &Syntax) -> String {
    let Syntax::Path(path) = syntax else {
        odd("path", syntax);
    };
    path.path.segments.last().unwrap().ident.to_string()
}

fn expr(syntax: &Syntax) -> Expr {
    let (name, args) = call(syntax);
    match (name.as_str(), args.as_slice()) {
        ("Current", []) => Expr::Current,
        ("Field", [name]) => Expr::Field(text(name)),
        ("Index", [index]) => Expr::Index(integer(index)),
        ("Literal", [value]) => Expr::Literal(literal(value)),
        ("Sequence", [parts]) => Expr::Sequence(list(parts, expr)),
        ("ListProjection", [then]) => Expr::ListProjection(one(then)),
        ("ObjectProjection", [then]) => Expr::ObjectProjection(one(then)),
        ("FlattenProjection", [then]) => Expr::FlattenProjection(one(then)),
        ("FilterProjection", [condition, then]) => {
            Expr::FilterProjection(one(condition), one(then))
        }
        ("SliceProjection", [slice, then]) => Expr::SliceProjection(self::slice(slice), one(then)),
        ("MultiSelectList", [items]) => Expr::MultiSelectList(list(items, expr)),
        ("MultiSelectHash", [entries]) => Expr::MultiSelectHash(list(entries, |it| pair(it, expr))),
        ("And", [operands]) => Expr::And(list(operands, expr)),
        ("Or", [operands]) => Expr::Or(list(operands, expr)),
        ("Not", [operand]) => Expr::Not(one(operand)),
        ("Comparison", [comparator, left, right]) => {
            Expr::Comparison(self::comparator(comparator), one(left), one(right))
        }
        ("Call", [function, arguments]) => {
            Expr::Call(self::function(function), list(arguments, expr))
        }
        ("Reference", [referred]) => Expr::Reference(one(referred)),
        _ => odd("expression", syntax),
    }
}

/// What a `&` stands before.
fn referred(syntax: &Syntax) -> &Syntax {
    match syntax {
        Syntax::Reference(reference) => &reference.expr,
        other => odd("reference", other),
    }
}

fn one(syntax: &Syntax) -> &'static Expr {
    Box::leak(Box::new(expr(referred(syntax))))
}

fn list<T>(syntax: &Syntax, read: impl Fn(&Syntax) -> T) -> &'static [T] {
    let Syntax::Array(array) = referred(syntax) else {
        odd("array", syntax);
    };
    array.elems.iter().map(read).collect::<Vec<_>>().leak()
}

fn pair<T>(syntax: &Syntax, read: impl Fn(&Syntax) -> T) -> (&'static str, T) {
    let Syntax::Tuple(tuple) = syntax else {
        odd("tuple", syntax);
    };
    (text(&tuple.elems[0]), read(&tuple.elems[1]))
}

fn text(syntax: &Syntax) -> &'static str {
    match syntax {
        Syntax::Lit(literal) => match &literal.lit {
            Lit::Str(text) => text.value().leak(),
            other => odd("string", other),
        },
        other => odd("literal", other),
    }
}

/// The text of a number.
fn number(syntax: &Syntax) -> String {
    match syntax {
        Syntax::Unary(unary) => format!("-{}", number(&unary.expr)),
        Syntax::Lit(literal) => literal.to_token_stream().to_string(),
        other => odd("number", other),
    }
}

fn integer(syntax: &Syntax) -> i64 {
    number(syntax).parse().unwrap()
}

fn slice(syntax: &Syntax) -> Slice {
    let Syntax::Struct(fields) = syntax else {
        odd("slice", syntax);
    };
    let values: Vec<_> = fields.fields.iter().map(|field| &field.expr).collect();
    let optional = |syntax: &Syntax| call(syntax).1.first().map(|it| integer(it));
    Slice {
        start: optional(values[0]),
        stop: optional(values[1]),
        step: integer(values[2]),
    }
}

fn comparator(syntax: &Syntax) -> Comparator {
    match name(syntax).as_str() {
        "Equal" => Comparator::Equal,
        "NotEqual" => Comparator::NotEqual,
        "Less" => Comparator::Less,
        "LessOrEqual" => Comparator::LessOrEqual,
        "Greater" => Comparator::Greater,
        "GreaterOrEqual" => Comparator::GreaterOrEqual,
        other => panic!("no comparator: {other}"),
    }
}

fn literal(syntax: &Syntax) -> Literal {
    let (name, args) = call(syntax);
    match (name.as_str(), args.as_slice()) {
        ("Null", []) => Literal::Null,
        ("Bool", [Syntax::Lit(literal)]) => match &literal.lit {
            Lit::Bool(value) => Literal::Bool(value.value),
            other => odd("boolean", other),
        },
        ("Number", [value]) => Literal::Number(number(value).parse().unwrap()),
        ("String", [value]) => Literal::String(text(value)),
        ("Array", [items]) => Literal::Array(list(items, literal)),
        ("Object", [entries]) => Literal::Object(list(entries, |it| pair(it, literal))),
        _ => odd("literal", syntax),
    }
}

fn function(syntax: &Syntax) -> Function {
    let functions = [
        Function::Abs,
        Function::Avg,
        Function::Ceil,
        Function::Contains,
        Function::EndsWith,
        Function::Floor,
        Function::Join,
        Function::Keys,
        Function::Length,
        Function::Map,
        Function::Max,
        Function::MaxBy,
        Function::Merge,
        Function::Min,
        Function::MinBy,
        Function::NotNull,
        Function::Reverse,
        Function::Sort,
        Function::SortBy,
        Function::StartsWith,
        Function::Sum,
        Function::ToArray,
        Function::ToNumber,
        Function::ToString,
        Function::Type,
        Function::Values,
    ];
    let name = name(syntax);
    let mut functions = functions.into_iter();
    functions.find(|it| format!("{it:?}") == name).unwrap()
}
