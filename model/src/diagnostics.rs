//! Problems as people read them: the source line, a caret, and what to do.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};

use crate::problem::{Problem, Severity};
use crate::source::{Sources, Span};

/// Renders `problem` in the form that rustc prints, without a final line break. `color` is for
/// terminals.
#[must_use]
pub fn render(problem: &Problem, sources: &Sources, color: bool) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    let place = problem.span.map(|span| match problem.offset {
        Some(offset) => sources.inside_string(span, offset),
        None => span,
    });
    let line = place.and_then(|span| Line::of(span, sources));
    if let Some(line) = &line {
        let annotation = AnnotationKind::Primary.span(line.start..line.end);
        let snippet = Snippet::source(line.text)
            .path(line.path)
            .line_start(line.number);
        elements.push(snippet.annotation(annotation).into());
    }
    if let Some(shape) = &problem.shape {
        elements.push(Level::NOTE.message(format!("in `{shape}`")).into());
    }
    if let Some(hint) = &problem.hint {
        elements.push(Level::HELP.message(hint.as_str()).into());
    }
    let group: Group<'_> = level
        .primary_title(problem.message.as_str())
        .elements(elements);
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&[group])
}

/// The line that a span begins in, and the part of the line that it takes.
struct Line<'a> {
    path: &'a str,
    number: usize,
    text: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Line<'a> {
    fn of(span: Span, sources: &'a Sources) -> Option<Self> {
        let position = sources.position(span)?;
        let text = sources.file(span)?.text.as_str();
        let (start, end) = (span.start as usize, span.end as usize);
        let line_start = text
            .get(..start)?
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let line_end = text
            .get(start..)?
            .find('\n')
            .map_or(text.len(), |len| start + len);
        let line = text[line_start..line_end].trim_end_matches('\r');
        Some(Self {
            path: position.path,
            number: position.line,
            text: line,
            start: (start - line_start).min(line.len()),
            end: (end - line_start).min(line.len()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::new();
        sources.add("model.json", text);
        sources
    }

    fn span(start: u32, end: u32) -> Span {
        Span {
            file: 0,
            start,
            end,
        }
    }

    /// The form that the golden tests and the users of the command line rely on.
    #[test]
    fn a_problem_shows_its_line_and_a_hint() {
        let sources = sources("{\n  \"target\": \"a#Tokn\"\n}");
        let problem = Problem::error(span(14, 22), "`a#Tokn` is not defined")
            .about("a#Foo$bar")
            .hint("did you mean `a#Token`?");
        let expected = r#"error: `a#Tokn` is not defined
 --> model.json:2:13
  |
2 |   "target": "a#Tokn"
  |             ^^^^^^^^
  |
  = note: in `a#Foo$bar`
  = help: did you mean `a#Token`?"#;
        assert_eq!(render(&problem, &sources, false), expected);
        assert!(render(&problem, &sources, true).contains("\u{1b}["));
    }

    /// The caret stands under the character as the file writes it, escapes and all.
    #[test]
    fn an_offset_counts_in_the_unescaped_string() {
        let sources = sources(r#"{"pattern": "\\d\u0041+?"}"#);
        let problem = Problem::error(span(12, 25), "odd").inside_string(2);
        let expected = r#"error: odd
 --> model.json:1:17
  |
1 | {"pattern": "\\d\u0041+?"}
  |                 ^^^^^^"#;
        assert_eq!(render(&problem, &sources, false), expected);
    }

    /// Only the first line of an object is shown, and a place in no file is none.
    #[test]
    fn long_and_missing_places_are_rendered() {
        let sources = sources("{\r\n}");
        let problem = Problem::warning(span(0, 4), "odd");
        let expected = "warning: odd\n --> model.json:1:1\n  |\n1 | {\n  | ^";
        assert_eq!(render(&problem, &sources, false), expected);
        let nowhere = Problem::error(Span::NOWHERE, "odd");
        assert_eq!(render(&nowhere, &sources, false), "error: odd");
        let end = Problem::error(span(4, 4), "odd");
        assert!(render(&end, &sources, false).contains("model.json:2:2"));
    }
}
