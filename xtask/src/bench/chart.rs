//! The chart of the README: once for pages with a light background, once for those with a dark one.

use std::ops::Range;

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::{
    ChartBuilder, Color as _, DrawingArea, IntoDrawingArea as _, IntoSegmentedCoord as _, RGBColor,
    Rectangle, SVGBackend, SegmentValue, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{IntoFont as _, TextStyle};

use super::target::number;

/// A figure of all contestants, side by side.
pub(super) struct Panel {
    /// What the figure is, and its unit.
    pub(super) title: &'static str,
    /// Contestants from top to bottom, two at least.
    pub(super) bars: Vec<Bar>,
}

/// The figure of a contestant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: f64,
    /// Whether it stands out.
    pub(super) ours: bool,
}

/// The colours on one kind of page, which shows through.
pub(super) struct Theme {
    /// Of the file's name.
    pub(super) name: &'static str,
    text: RGBColor,
    ours: RGBColor,
    theirs: RGBColor,
}

/// Both kinds of page. Bars differ in brightness and have their numbers beside them, so nothing is told by
/// hue alone.
pub(super) const THEMES: [Theme; 2] = [
    Theme {
        name: "light",
        text: RGBColor(0x1f, 0x23, 0x28),
        ours: RGBColor(0x0a, 0x58, 0xb8),
        theirs: RGBColor(0xaf, 0xb8, 0xc1),
    },
    Theme {
        name: "dark",
        text: RGBColor(0xe6, 0xed, 0xf3),
        ours: RGBColor(0x6c, 0xb0, 0xff),
        theirs: RGBColor(0x5d, 0x66, 0x70),
    },
];

/// Pixels; a page scales it.
const WIDTH: u32 = 880;
const PANEL_HEIGHT: u32 = 170;
const COLUMNS: usize = 2;
/// Room for the names of contestants.
const NAMES: u32 = 165;
/// The share of the width that is left for the number beside the longest bar.
const NUMBERS: f64 = 0.25;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The chart as SVG.
///
/// # Errors
///
/// Those of drawing.
pub(super) fn draw(panels: &[Panel], theme: &Theme) -> Result<String> {
    let lines = panels.len().div_ceil(COLUMNS);
    let height = PANEL_HEIGHT * u32::try_from(lines)?;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        for (area, panel) in root.split_evenly((lines, COLUMNS)).iter().zip(panels) {
            draw_panel(area, panel, theme).map_err(|error| anyhow!("cannot draw: {error}"))?;
        }
        root.present()?;
    }
    Ok(svg)
}

fn draw_panel(
    area: &Area<'_>,
    panel: &Panel,
    theme: &Theme,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let most = panel.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let widths: Range<f64> = 0.0..most * (1.0 + NUMBERS);
    // Segments are counted from the bottom.
    let count = panel.bars.len();
    let segment = |at: usize| count - 1 - at;
    let font = |size: u32| TextStyle::from(("sans-serif", size).into_font()).color(&theme.text);
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .caption(panel.title, font(15))
        .y_label_area_size(NAMES)
        .build_cartesian_2d(widths, (0..count - 1).into_segmented())?;
    chart
        .configure_mesh()
        .disable_mesh()
        .disable_x_axis()
        .axis_style(theme.text.mix(0.0))
        .y_labels(count)
        .y_label_style(font(13))
        .y_label_formatter(&|value| match value {
            SegmentValue::CenterOf(at) => {
                let bar = count.checked_sub(1 + at).and_then(|at| panel.bars.get(at));
                bar.map(|bar| bar.name.clone()).unwrap_or_default()
            }
            _ => String::new(),
        })
        .draw()?;
    chart.draw_series(panel.bars.iter().enumerate().map(|(at, bar)| {
        let colour = if bar.ours { theme.ours } else { theme.theirs };
        let from = (0.0, SegmentValue::Exact(segment(at)));
        let to = (bar.value, SegmentValue::Exact(segment(at) + 1));
        let mut shape = Rectangle::new([from, to], colour.filled());
        shape.set_margin(4, 4, 0, 0);
        shape
    }))?;
    let beside = font(13).pos(Pos::new(HPos::Left, VPos::Center));
    chart.draw_series(panel.bars.iter().enumerate().map(|(at, bar)| {
        let place = (bar.value, SegmentValue::CenterOf(segment(at)));
        // A space that SVG keeps at the beginning of a text.
        Text::new(
            format!("\u{a0}{}", number(bar.value)),
            place,
            beside.clone(),
        )
    }))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Bar, Panel, THEMES, draw};

    /// Every figure is in the chart, in text that a reader of either page can see.
    #[test]
    fn a_chart_names_every_figure() {
        let bar = |name: &str, value, ours| Bar {
            name: name.to_owned(),
            value,
            ours,
        };
        let bars = vec![bar("ours", 5.0, true), bar("theirs", 65.5, false)];
        let title = "CPU time of a call, µs";
        for theme in &THEMES {
            let bars = bars.clone();
            let svg = draw(&[Panel { title, bars }], theme).unwrap();
            for text in [title, "ours", "theirs", "65.5"] {
                assert!(svg.contains(text), "{text} is not in {svg}");
            }
            assert!(!svg.contains("#FFFFFF"), "the page does not show through");
        }
    }
}
