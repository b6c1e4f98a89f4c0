//! Reading fields out of a table, and remembering for each that is wrong where it stands and what would be right.

use std::fmt;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::plain::misleads;

/// Something that is wrong in a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestFault {
    /// The line it stands in, from 1.
    pub line: usize,
    /// The field, for example `capabilities.http`.
    pub field: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for ManifestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plugin.toml, line {}: ", self.line)?;
        if !self.field.is_empty() {
            write!(f, "`{}` ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ManifestFault {}

/// The faults found so far in a text.
pub(super) struct Faults<'a> {
    text: &'a str,
    found: Vec<ManifestFault>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, at: usize, field: &str, message: impl Into<String>) {
        let before = self.text.get(..at).unwrap_or(self.text);
        self.found.push(ManifestFault {
            line: before.matches('\n').count() + 1,
            field: field.to_owned(),
            message: message.into(),
        });
    }

    pub(super) fn into_found(mut self) -> Vec<ManifestFault> {
        self.found.sort_by_key(|fault| fault.line);
        self.found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// A table whose fields are taken one by one; what is left over in the end is unknown.
pub(super) struct Fields<'t, 'i> {
    table: &'t DeTable<'i>,
    /// What stands before the names of its fields, with its dot.
    prefix: &'static str,
    /// Where the table itself begins.
    start: usize,
    known: Vec<&'static str>,
}

/// A field's value and where it stands.
pub(super) struct Found<'t, 'i> {
    pub(super) name: String,
    pub(super) at: usize,
    pub(super) value: &'t DeValue<'i>,
}

impl<'t, 'i> Fields<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, prefix: &'static str, start: usize) -> Self {
        Self {
            table,
            prefix,
            start,
            known: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, name: &'static str) -> Option<Found<'t, 'i>> {
        self.known.push(name);
        let (_, value) = self
            .table
            .iter()
            .find(|(key, _)| key.get_ref().as_ref() == name)?;
        Some(Found {
            name: format!("{}{name}", self.prefix),
            at: value.span().start,
            value: value.get_ref(),
        })
    }

    /// A text that must be there, of at most so many characters.
    pub(super) fn text(
        &mut self,
        name: &'static str,
        most: usize,
        faults: &mut Faults<'_>,
    ) -> String {
        let Some(found) = self.take(name) else {
            faults.add(
                self.start,
                &format!("{}{name}", self.prefix),
                format!("is missing; write a text of at most {most} characters"),
            );
            return String::new();
        };
        match found.value {
            DeValue::String(text) if text.contains(misleads) => {
                let c = text.chars().find(|c| misleads(*c)).unwrap_or_default();
                faults.add(found.at, &found.name, hides(c));
                String::new()
            }
            DeValue::String(text)
                if !text.trim().is_empty()
                    && text.chars().count() <= most
                    && !text.chars().any(char::is_control) =>
            {
                text.clone().into_owned()
            }
            DeValue::String(_) => {
                faults.add(
                    found.at,
                    &found.name,
                    format!("must be one line of 1 to {most} characters"),
                );
                String::new()
            }
            other => {
                faults.add(found.at, &found.name, wants("a text in quotes", other));
                String::new()
            }
        }
    }

    /// A yes or no; no if it is absent.
    pub(super) fn flag(&mut self, name: &'static str, faults: &mut Faults<'_>) -> bool {
        match self.take(name) {
            None => false,
            Some(Found {
                value: DeValue::Boolean(flag),
                ..
            }) => *flag,
            Some(found) => {
                faults.add(
                    found.at,
                    &found.name,
                    wants("`true` or `false`", found.value),
                );
                false
            }
        }
    }

    /// A list of words, each with its place; empty if it is absent.
    pub(super) fn words(
        &mut self,
        name: &'static str,
        faults: &mut Faults<'_>,
    ) -> Vec<(usize, String)> {
        let Some(found) = self.take(name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = found.value else {
            faults.add(
                found.at,
                &found.name,
                wants("a list such as `[\"one\", \"two\"]`", found.value),
            );
            return Vec::new();
        };
        let mut words = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(word) => words.push((item.span().start, word.clone().into_owned())),
                other => faults.add(
                    item.span().start,
                    &found.name,
                    wants("texts in quotes", other),
                ),
            }
        }
        words
    }

    /// A table; `None` if it is absent.
    pub(super) fn table(
        &mut self,
        name: &'static str,
        prefix: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Fields<'t, 'i>> {
        let found = self.take(name)?;
        match found.value {
            DeValue::Table(table) => Some(Fields::new(table, prefix, found.at)),
            other => {
                faults.add(found.at, &found.name, wants("a table of its own", other));
                None
            }
        }
    }

    /// All of a table whose names are free.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &'t Spanned<DeValue<'i>>)> {
        self.table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), value))
    }

    /// Complains about every field that nobody took.
    pub(super) fn finish(self, faults: &mut Faults<'_>) {
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if !self.known.contains(&name) {
                faults.add(
                    key.span().start,
                    &format!("{}{name}", self.prefix),
                    format!("is unknown; allowed are {}", listed(&self.known)),
                );
            }
        }
    }
}

/// What is wrong with a character that misleads.
pub(super) fn hides(c: char) -> String {
    format!(
        "must not hold U+{:04X}, which is invisible or changes the writing direction",
        u32::from(c)
    )
}

/// `must be X, not Y`.
pub(super) fn wants(wanted: &str, found: &DeValue<'_>) -> String {
    let found = match found {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    format!("must be {wanted}, not {found}")
}

/// The names, each in backticks.
pub(super) fn listed(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A value as JSON. Dates become texts, and what JSON cannot say `None`.
pub(super) fn json(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::String(text) => Value::String(text.clone().into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()?
            .into(),
        DeValue::Float(number) => {
            serde_json::Number::from_f64(number.as_str().parse().ok()?)?.into()
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| json(item.get_ref()))
                .collect::<Option<_>>()?,
        ),
        DeValue::Table(table) => Value::Object(
            table
                .iter()
                .map(|(key, value)| Some((key.get_ref().to_string(), json(value.get_ref())?)))
                .collect::<Option<_>>()?,
        ),
    })
}
