//! How time grows with the model: larger models made of a smaller one, its shapes again under other names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tinsmith_model::Sources;

use super::Size;
use super::generator::Generator;
use super::stages::{ByStage, Stage};
use crate::bench::target::Target;

/// One model with its shapes repeated.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Growth {
    /// The model's name.
    pub(super) model: String,
    /// By how often it has its shapes, each twice as often as the one before.
    pub(super) sizes: Vec<(usize, Size)>,
}

/// Doublings go on until a run takes so many seconds, beside which a few milliseconds of disturbance do not
/// matter,
const ENOUGH: f64 = 0.5;
/// but not beyond models of so many bytes,
const MOST_BYTES: usize = 16 << 20;
/// and there are so many sizes at least.
const LEAST_SIZES: usize = 4;
/// The most that a doubling of the model may add, in times of what the one before added: linear growth adds
/// twice as much, quadratic growth four times.
const LIMIT: f64 = 2.5;
/// Seconds that two runs may differ by for no reason: a smaller increment counts as this.
const NOISE: f64 = 0.005;

impl Growth {
    /// Doubles the largest of `models` that stays below the most bytes; they are told with their bytes.
    /// The sizes have their turns, so that what disturbs the machine disturbs all of them.
    ///
    /// # Errors
    ///
    /// No model, and a run that fails.
    pub(super) fn measure(
        generator: &Generator,
        models: &[(&PathBuf, usize)],
        runs: u32,
    ) -> Result<Self> {
        let base = base(models).context("no client can be made of any of the models")?;
        let mut sizes: Vec<(usize, Size)> = Vec::new();
        let mut times = 1;
        loop {
            let size = generator.measure(base, times, 1)?;
            let size = size.context("a model is refused when its shapes are repeated")?;
            let enough = size.total() >= ENOUGH || size.model_bytes * 2 > MOST_BYTES;
            sizes.push((times, size));
            if enough && sizes.len() >= LEAST_SIZES {
                break;
            }
            times *= 2;
        }
        for _ in 1..runs {
            for (times, size) in &mut sizes {
                generator.measure_again(base, *times, size)?;
            }
        }
        let model = base.file_stem().unwrap_or_default();
        let model = model.to_string_lossy().into_owned();
        Ok(Self { model, sizes })
    }

    /// How much more the last doubling added than the one before.
    pub(super) fn doubling(&self) -> Option<f64> {
        let totals: Vec<_> = self.sizes.iter().map(|(_, size)| size.total()).collect();
        doubling(&totals)
    }

    /// The same of each stage that takes long enough to tell.
    pub(super) fn by_stage(&self) -> [Option<f64>; Stage::ALL.len()] {
        Stage::ALL.map(|stage| {
            let of_stage = |seconds: &ByStage| seconds.get(stage as usize).copied();
            let sizes = self.sizes.iter();
            let seconds: Vec<_> = sizes.filter_map(|(_, it)| of_stage(&it.seconds)).collect();
            let told = matches!(seconds.as_slice(), [.., before, _] if *before > 4.0 * NOISE);
            doubling(&seconds).filter(|_| told)
        })
    }

    /// What the growth is held to.
    pub(super) fn target(&self) -> Option<Target> {
        let what = "CPU time that the last doubling of a model adds, to what the one before added";
        Some(Target::at_most(what, self.doubling()?, LIMIT))
    }
}

/// The largest model that can be doubled often enough, or else the smallest.
fn base<'a>(models: &[(&'a PathBuf, usize)]) -> Option<&'a PathBuf> {
    let most = MOST_BYTES >> (LEAST_SIZES - 1);
    let fitting = models.iter().filter(|(_, bytes)| *bytes <= most);
    let largest = fitting.max_by_key(|(_, bytes)| *bytes);
    let chosen = largest.or_else(|| models.iter().min_by_key(|(_, bytes)| *bytes));
    chosen.map(|(file, _)| *file)
}

/// How much more time the last of these adds than the one before it, where each is of a model twice as
/// large as the one before: 2 where time grows linearly, 4 where quadratically. What every run takes
/// whatever the model is no part of an increment, so it hides nothing.
fn doubling(seconds: &[f64]) -> Option<f64> {
    let [.., first, second, third] = seconds else {
        return None;
    };
    Some((third - second).max(0.0) / (second - first).max(NOISE))
}

/// The traits that say where requests go; no two operations may share a route.
const HTTP: &str = "smithy.api#http";
/// The members of a service that list shapes which belong to it.
const CLOSURE: [&str; 3] = ["operations", "resources", "errors"];

/// The model `text` of `file`, with all shapes but services `times` times.
///
/// # Errors
///
/// Text that is no model in the JSON AST, where shapes are repeated.
pub(super) fn repeated(file: &Path, mut text: String, times: usize) -> Result<Sources> {
    // As it is written, where nothing is repeated.
    if times > 1 {
        text = repeated_text(&text, times)?;
    }
    let mut sources = Sources::new();
    sources.add(file.display().to_string(), text);
    Ok(sources)
}

fn repeated_text(text: &str, times: usize) -> Result<String> {
    let mut model: Value = serde_json::from_str(text)?;
    let shapes = model.get("shapes").and_then(Value::as_object);
    let shapes = shapes.context("the model has no shapes")?.clone();
    let copied: BTreeSet<&String> = shapes
        .iter()
        .filter(|(_, shape)| is_copied(shape))
        .map(|(id, _)| id)
        .collect();
    let mut grown = shapes.clone();
    for number in 2..=times {
        let copy = Copy {
            number,
            of: &copied,
        };
        for (id, shape) in &shapes {
            if copied.contains(id) {
                grown.insert(copy.id(id), copy.shape(shape));
            } else {
                copy.extend(grown.get_mut(id), shape);
            }
        }
    }
    model["shapes"] = Value::Object(grown);
    Ok(model.to_string())
}

/// Services stay one, traits mean the same for all copies, and what is applied to a shape elsewhere does
/// not make a shape.
fn is_copied(shape: &Value) -> bool {
    let is_trait = shape.pointer("/traits/smithy.api#trait").is_some();
    let kind = shape.get("type").and_then(Value::as_str);
    !is_trait && !matches!(kind, Some("service" | "apply") | None)
}

/// The copy of this number of all these shapes.
struct Copy<'a> {
    number: usize,
    of: &'a BTreeSet<&'a String>,
}

impl Copy<'_> {
    fn id(&self, id: &str) -> String {
        format!("{id}Copy{}", self.number)
    }

    /// The shape with the copies of all shapes that it refers to, and with routes of its own.
    fn shape(&self, shape: &Value) -> Value {
        match shape {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| match name.as_str() {
                    HTTP => (name.clone(), self.route(value)),
                    _ => (name.clone(), self.shape(value)),
                });
                Value::Object(members.collect::<Map<_, _>>())
            }
            Value::Array(items) => items.iter().map(|item| self.shape(item)).collect(),
            Value::String(text) if self.of.contains(text) => self.id(text).into(),
            other => other.clone(),
        }
    }

    fn route(&self, http: &Value) -> Value {
        let mut http = http.clone();
        if let Some(uri) = http.get_mut("uri") {
            let old = uri.as_str().unwrap_or_default();
            *uri = format!("/copy{}{old}", self.number).into();
        }
        http
    }

    /// Adds to a service what the copies of its operations, resources and errors are.
    fn extend(&self, grown: Option<&mut Value>, service: &Value) {
        let Some(grown) = grown else { return };
        for list in CLOSURE {
            let copies = service.get(list).map(|items| self.shape(items));
            let copies = copies.as_ref().and_then(Value::as_array);
            let all = grown.get_mut(list).and_then(Value::as_array_mut);
            if let (Some(all), Some(copies)) = (all, copies) {
                all.extend(copies.iter().cloned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tinsmith_codegen::{Options, generate};
    use tinsmith_model::{Problem, check, link, load};

    use super::*;
    use crate::workspace;

    /// The growth of a generator that takes so many seconds for a model of so many times the shapes.
    fn growth(seconds: impl Fn(f64) -> f64) -> Growth {
        let size = |times: usize| {
            let mut size = Size::default();
            size.seconds[Stage::Lower as usize] = seconds(times as f64);
            (times, size)
        };
        Growth {
            model: String::new(),
            sizes: [1, 2, 4, 8, 16, 32].map(size).to_vec(),
        }
    }

    /// The target must tell linear growth from quadratic growth, and neither a fixed cost nor a disturbance
    /// of some milliseconds may decide.
    #[test]
    fn faster_than_linear_growth_misses_the_target() {
        let met = |seconds: fn(f64) -> f64| growth(seconds).target().unwrap().met;
        assert!(met(|times| 0.01 * times));
        assert!(met(|times| 2.0 + 0.01 * times));
        assert!(met(|times| 2.0 + 0.002 * times * times.ln()));
        assert!(!met(|times| 2.0 + 0.001 * times * times));
        assert!(!met(|times| 2.0 + 0.01 * times + 0.001 * times * times));
        // A power of two, so that nothing is lost to rounding.
        let quadratic = growth(|times| 2.0 + times * times / 1024.0);
        assert_eq!(quadratic.doubling(), Some(4.0));
        assert_eq!(quadratic.by_stage()[Stage::Lower as usize], Some(4.0));
        assert_eq!(quadratic.by_stage()[Stage::Emit as usize], None);
        let disturbed = growth(|times| if times > 16.0 { 0.104 } else { 0.1 });
        assert!(disturbed.target().unwrap().met);
        assert_eq!(doubling(&[1.0, 2.0]), None);
    }

    /// Copies of the largest model of all would not end.
    #[test]
    fn a_model_that_can_be_doubled_is_chosen() {
        let [small, large, huge] = ["small", "large", "huge"].map(PathBuf::from);
        let models = [(&small, 30_000), (&large, 1_000_000), (&huge, 9_000_000)];
        assert_eq!(base(&models), Some(&large));
        assert_eq!(base(&models[2..]), Some(&huge));
        assert_eq!(base(&[]), None);
    }

    /// Growth is measured with these models, so they must be models, and of the size they claim.
    #[test]
    fn a_repeated_model_has_every_operation_again() {
        let file = workspace().join("model/services/codecatalyst-access-tokens.json");
        let text = fs::read_to_string(&file).unwrap();
        let operations = |times| {
            let sources = repeated(&file, text.clone(), times).unwrap();
            let mut problems = Vec::new();
            let ast = load::load(&sources, &mut problems);
            let model = link::link(ast, &mut problems);
            check::check(&model, &mut problems);
            assert!(!problems.iter().any(Problem::is_error), "{problems:#?}");
            let package = generate(&model, &Options::new("repeated")).unwrap();
            package.summary.operations
        };
        assert_eq!((operations(1), operations(3)), (3, 9));
    }
}
