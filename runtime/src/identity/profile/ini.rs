//! The syntax of AWS's shared config and credentials files.
//!
//! Close to INI, with rules of its own: an indented line continues the property above it, and where
//! that property has no value it holds properties itself. Source: AWS SDKs and Tools Reference Guide,
//! "Format of the config and credentials files".

use std::collections::BTreeMap;

use crate::shape::Sensitive;

/// A section's properties by their names in lower case.
pub(super) type Section = BTreeMap<String, Property>;

/// A property: a value, or properties of its own.
#[derive(Clone, Debug)]
pub(super) struct Property {
    /// What stands after the `=`. It may be a secret.
    pub(super) value: Sensitive<String>,
    /// The indented properties below it.
    pub(super) nested: BTreeMap<String, Sensitive<String>>,
    /// The line it stands on, counted from 1.
    pub(super) line: usize,
}

/// What is wrong with a file, and where. Never the text itself: it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// The line, counted from 1.
    pub(super) line: usize,
    pub(super) message: &'static str,
}

/// Reads the sections of a file by their titles, such as `profile ci`. Sections with the same title
/// are one; the last of properties with the same name counts.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, Section>, SyntaxError> {
    let mut parser = Parser::default();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let at = |message| SyntaxError {
            line: index + 1,
            message,
        };
        parser.line(line, index + 1).map_err(at)?;
    }
    Ok(parser.sections)
}

#[derive(Default)]
struct Parser {
    sections: BTreeMap<String, Section>,
    /// The title of the section that lines belong to.
    section: Option<String>,
    /// The name of the property that indented lines belong to.
    property: Option<String>,
}

impl Parser {
    fn line(&mut self, line: &str, number: usize) -> Result<(), &'static str> {
        let text = line.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            return Ok(());
        }
        if line.starts_with([' ', '\t']) {
            return self.indented(text);
        }
        match text.strip_prefix('[') {
            Some(title) => self.title(title),
            None => self.property(text, number),
        }
    }

    fn title(&mut self, text: &str) -> Result<(), &'static str> {
        let (title, rest) = text.split_once(']').ok_or("a section title has no `]`")?;
        let rest = rest.trim_start();
        if !rest.is_empty() && !rest.starts_with(['#', ';']) {
            return Err("there is text after a section title");
        }
        let mut words = title.split_whitespace();
        let first = words.next().ok_or("a section title is empty")?;
        let rest = title.trim_start()[first.len()..].trim();
        let title = match rest {
            "" => first.to_owned(),
            name => format!("{first} {}", unquote(name)),
        };
        self.sections.entry(title.clone()).or_default();
        self.section = Some(title);
        self.property = None;
        Ok(())
    }

    fn property(&mut self, text: &str, line: usize) -> Result<(), &'static str> {
        let (name, value) = assignment(text)?;
        let title = self.section.as_ref();
        let section = title.and_then(|title| self.sections.get_mut(title));
        let property = Property {
            value: Sensitive::from(value),
            nested: BTreeMap::new(),
            line,
        };
        section
            .ok_or("a property stands before any section")?
            .insert(name.clone(), property);
        self.property = Some(name);
        Ok(())
    }

    /// A nested property, or more of the value above.
    fn indented(&mut self, text: &str) -> Result<(), &'static str> {
        let section = self
            .section
            .as_ref()
            .and_then(|title| self.sections.get_mut(title));
        let property = self.property.as_ref();
        let property = section
            .zip(property)
            .and_then(|(section, name)| section.get_mut(name))
            .ok_or("an indented line continues nothing")?;
        if property.value.expose().is_empty() {
            let (name, value) = assignment(text)?;
            property.nested.insert(name, Sensitive::from(value));
        } else {
            let value = property.value.expose_mut();
            value.push('\n');
            value.push_str(text);
        }
        Ok(())
    }
}

/// The name, in lower case, and the value of `name = value`, without a comment after it.
fn assignment(text: &str) -> Result<(String, &str), &'static str> {
    let (name, value) = text.split_once('=').ok_or("a line has no `=`")?;
    let name = name.trim();
    if name.is_empty() {
        return Err("a property has no name");
    }
    Ok((name.to_ascii_lowercase(), without_comment(value).trim()))
}

/// A comment after a value begins with white space and `#` or `;`.
fn without_comment(value: &str) -> &str {
    let comment = value
        .match_indices(['#', ';'])
        .map(|(at, _)| at)
        .find(|at| value[..*at].ends_with([' ', '\t']));
    comment.map_or(value, |at| &value[..at])
}

fn unquote(name: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| name.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(sections: &'a BTreeMap<String, Section>, title: &str, name: &str) -> &'a str {
        sections[title][name].value.expose()
    }

    /// Protects the rules that differ from plain INI.
    #[test]
    fn reads_what_awss_tools_write() {
        let text = "\u{feff}# comment\n\
            ; comment\n\
            [default]\n\
            Region = us-west-2 # Oregon\n\
            url=https://example.com/#top;x\n\
            empty =\n\
            [ profile  \"my team\" ] ; note\n\
            region=eu-west-1\r\n\
            services = dev\n\
            [services dev]\n\
            codecatalyst =\n  endpoint_url = http://localhost:1\n\tREGION = x\n\
            long = one\n  two = 2\n\
            [default]\n\
            output = json\n\
            region = us-east-1\n";
        let sections = parse(text).unwrap();
        assert_eq!(value(&sections, "default", "region"), "us-east-1");
        assert_eq!(
            value(&sections, "default", "url"),
            "https://example.com/#top;x"
        );
        assert_eq!(value(&sections, "default", "empty"), "");
        assert_eq!(value(&sections, "default", "output"), "json");
        assert_eq!(sections["default"]["region"].line, 18);
        assert_eq!(value(&sections, "profile my team", "region"), "eu-west-1");
        let nested = &sections["services dev"]["codecatalyst"].nested;
        assert_eq!(nested["endpoint_url"].expose(), "http://localhost:1");
        assert_eq!(nested["region"].expose(), "x");
        assert_eq!(value(&sections, "services dev", "long"), "one\ntwo = 2");
    }

    /// Protects the place in an error, and that a mistake is not passed over.
    #[test]
    fn a_mistake_is_told_with_its_line() {
        for (text, line, message) in [
            ("a = 1", 1, "a property stands before any section"),
            ("\n[default\n", 2, "a section title has no `]`"),
            ("[default] x\n", 1, "there is text after a section title"),
            ("[ ]\n", 1, "a section title is empty"),
            ("[default]\n\nregion\n", 3, "a line has no `=`"),
            ("[default]\n = x\n", 2, "an indented line continues nothing"),
            ("[default]\n=x\n", 2, "a property has no name"),
            ("[default]\ns3 =\n  x\n", 3, "a line has no `=`"),
        ] {
            assert_eq!(parse(text).unwrap_err(), SyntaxError { line, message });
        }
    }

    /// Protects secrets in files from being printed.
    #[test]
    fn values_are_not_shown() {
        let sections = parse("[default]\nkey = hunter2\ns =\n  k = hunter2\n").unwrap();
        assert!(!format!("{sections:?}").contains("hunter2"));
    }

    proptest::proptest! {
        /// Protects against files that are not what they should be: any text is read or refused.
        #[test]
        fn no_text_makes_it_panic(text in "([\\[\\]=#; \t\r\n\"'a-c]|\\PC)*") {
            let _ = parse(&text);
        }

        /// Protects values: what is written comes back, wherever it stands.
        #[test]
        fn values_come_back(name in "[a-z_]{1,8}", value in "[!-\"$-:<-~]{1,20}", indent in " {0,3}") {
            let sections = parse(&format!("[default]\n{name}{indent}={indent}{value} # note\n")).unwrap();
            proptest::prop_assert_eq!(sections["default"][&name].value.expose(), &value);
        }
    }
}
