//! The table: what was measured, beside what, and whether that is what was wanted.

use crate::measure::Samples;

/// What the numbers count.
#[derive(Clone, Copy)]
pub enum Unit {
    /// Time, in nanoseconds.
    Nanos,
    /// How often a second.
    PerSecond,
    /// Bytes.
    Bytes,
}

/// Something that is to be reached.
#[derive(Clone, Copy)]
pub enum Target {
    /// The ratio is no larger.
    RatioAtMost(f64),
    /// The ratio is no smaller.
    RatioAtLeast(f64),
    /// The value itself is no larger.
    AtMost(f64),
}

/// One line of the table.
pub struct Row {
    measure: String,
    unit: Unit,
    value: Result<Samples, String>,
    baseline: Option<(String, Samples)>,
    target: Option<Target>,
}

impl Row {
    /// A value beside nothing.
    pub fn value(measure: impl Into<String>, unit: Unit, samples: Samples) -> Self {
        Self {
            measure: measure.into(),
            unit,
            value: Ok(samples),
            baseline: None,
            target: None,
        }
    }

    /// Something that could not be measured here, and why.
    pub fn skipped(measure: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            measure: measure.into(),
            unit: Unit::Bytes,
            value: Err(why.into()),
            baseline: None,
            target: None,
        }
    }

    /// Sets it beside a baseline that was sampled in turns with it. The ratio is value over baseline, turn by turn.
    pub fn beside(mut self, name: impl Into<String>, samples: &Samples) -> Self {
        self.baseline = Some((name.into(), samples.clone()));
        self
    }

    /// Says what is to be reached.
    pub fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    fn ratio(&self) -> Option<f64> {
        let (value, (_, baseline)) = (self.value.as_ref().ok()?, self.baseline.as_ref()?);
        Some(value.over(baseline).median())
    }

    /// `None` if there is nothing to reach, or it was not measured.
    pub fn reached(&self) -> Option<bool> {
        Some(match self.target? {
            Target::RatioAtMost(most) => self.ratio()? <= most,
            Target::RatioAtLeast(least) => self.ratio()? >= least,
            Target::AtMost(most) => self.value.as_ref().ok()?.median() <= most,
        })
    }

    fn cells(&self) -> [String; 6] {
        let value = match &self.value {
            Ok(samples) => with_spread(self.unit, samples),
            Err(_) => "not measured".to_owned(),
        };
        let baseline = self.baseline.as_ref();
        let target = self.target.map(|target| match target {
            Target::RatioAtMost(most) => format!("ratio <= {most}"),
            Target::RatioAtLeast(least) => format!("ratio >= {least}"),
            Target::AtMost(most) => format!("<= {}", amount(self.unit, most)),
        });
        [
            self.measure.clone(),
            value,
            baseline
                .map(|(name, samples)| format!("{name}: {}", with_spread(self.unit, samples)))
                .unwrap_or_default(),
            self.ratio().map(rounded).unwrap_or_default(),
            target.unwrap_or_default(),
            self.reached()
                .map(|reached| if reached { "yes" } else { "NO" }.to_owned())
                .unwrap_or_default(),
        ]
    }
}

/// Prints the rows under their headings, aligned, and how many targets were reached.
pub fn print(sections: &[(&str, Vec<Row>)]) {
    const HEAD: [&str; 6] = ["measure", "value", "baseline", "ratio", "target", "reached"];
    let cells = |rows: &[Row]| rows.iter().map(Row::cells).collect::<Vec<_>>();
    let all: Vec<_> = sections.iter().flat_map(|(_, rows)| cells(rows)).collect();
    let width = |column: usize| {
        let widths = all
            .iter()
            .map(|cells: &[String; 6]| cells[column].chars().count());
        widths.max().unwrap_or(0).max(HEAD[column].len())
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        println!("| {} |", padded.collect::<Vec<_>>().join(" | "));
    };
    println!(
        "Medians; after ± half the distance between the quartiles. A ratio is value over baseline, sampled in turns."
    );
    for (heading, rows) in sections {
        println!("\n{heading}\n");
        line(&HEAD.map(str::to_owned));
        line(&widths.map(|width| "-".repeat(width)));
        cells(rows).iter().for_each(|cells| line(cells));
        for row in rows {
            if let Err(why) = &row.value {
                println!("\n{}: not measured, as {why}.", row.measure);
            }
        }
    }
    let rows = || sections.iter().flat_map(|(_, rows)| rows);
    let (reached, missed) = (
        rows().filter(|row| row.reached() == Some(true)).count(),
        rows().filter(|row| row.reached() == Some(false)).count(),
    );
    println!("\n{reached} of {} targets reached.", reached + missed);
}

fn with_spread(unit: Unit, samples: &Samples) -> String {
    let spread = samples.spread() * 100.0;
    let median = amount(unit, samples.median());
    if spread > 0.0 {
        format!("{median} ±{spread:.0} %")
    } else {
        median
    }
}

fn amount(unit: Unit, amount: f64) -> String {
    match unit {
        Unit::Nanos if amount < 1e3 => format!("{} ns", rounded(amount)),
        Unit::Nanos if amount < 1e6 => format!("{} µs", rounded(amount / 1e3)),
        Unit::Nanos if amount < 1e9 => format!("{} ms", rounded(amount / 1e6)),
        Unit::Nanos => format!("{} s", rounded(amount / 1e9)),
        Unit::PerSecond => format!("{}/s", rounded(amount)),
        Unit::Bytes if amount < 1e6 => format!("{} KB", rounded(amount / 1e3)),
        Unit::Bytes => format!("{} MB", rounded(amount / 1e6)),
    }
}

/// Three digits that matter.
fn rounded(number: f64) -> String {
    let digits = match number.abs() {
        small if small < 10.0 => 2,
        small if small < 100.0 => 1,
        _ => 0,
    };
    format!("{number:.digits$}")
}
