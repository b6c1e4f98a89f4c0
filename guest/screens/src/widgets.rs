//! Fields of forms: each with its label, its hint and the fault that was found in it, tied together for those who hear pages.

use askama::Template;
use guestpass_core::Refusal;

use crate::fields::Fields;
use crate::visit::{Visit, rendered};

/// What is wrong with a form, each beside its field.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<(&'static str, String)>,
    /// What concerns no field, or none that is shown.
    pub general: Option<String>,
}

impl Faults {
    /// Another one.
    pub(crate) fn add(&mut self, field: &'static str, sentence: impl Into<String>) {
        self.found.push((field, sentence.into()));
    }

    /// What the engine found, at the field that shows what it is about.
    pub(crate) fn of(
        visit: &Visit<'_>,
        refusal: &Refusal,
        fields: &[(&str, &'static str)],
    ) -> Self {
        let about = refusal.field.unwrap_or_default();
        let shown = fields.iter().find(|(path, _)| *path == about);
        let said = visit.said(refusal);
        match shown {
            Some((_, field)) => Self {
                found: vec![(field, said)],
                general: None,
            },
            None => Self {
                found: Vec::new(),
                general: Some(said),
            },
        }
    }

    /// What is wrong with this field.
    pub(crate) fn about(&self, field: &str) -> Option<&str> {
        let found = self.found.iter().find(|(name, _)| *name == field);
        found.map(|(_, sentence)| sentence.as_str())
    }

    /// Whether nothing is.
    pub(crate) fn none(&self) -> bool {
        self.found.is_empty() && self.general.is_none()
    }
}

/// A field in which something is typed.
#[derive(Template)]
#[template(path = "input.html")]
pub(crate) struct Input<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub hint: &'a str,
    pub value: &'a str,
    pub fault: Option<&'a str>,
    /// The kind of field, or `area` for one of several lines.
    pub kind: &'a str,
    pub complete: &'a str,
    pub required: bool,
}

impl<'a> Input<'a> {
    /// A field of one line, with what was typed in it before.
    pub(crate) fn new(name: &'a str, label: &'a str, form: &'a Fields, faults: &'a Faults) -> Self {
        Self {
            name,
            label,
            hint: "",
            value: form.typed(name),
            fault: faults.about(name),
            kind: "text",
            complete: "off",
            required: false,
        }
    }

    pub(crate) fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    pub(crate) fn kind(self, kind: &'a str) -> Self {
        Self { kind, ..self }
    }

    pub(crate) fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// As HTML.
    pub(crate) fn html(self) -> String {
        rendered(&self)
    }
}

/// One of several things to choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub value: String,
    pub title: String,
    pub detail: String,
    pub chosen: bool,
}

impl Choice {
    /// Chosen if that is what the field says.
    pub(crate) fn new(form: &Fields, field: &str, value: &str, title: impl Into<String>) -> Self {
        Self {
            chosen: form.has(field, value),
            value: value.to_owned(),
            title: title.into(),
            detail: String::new(),
        }
    }

    pub(crate) fn detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }
}

/// A list of which one is chosen, closed until it is opened.
#[derive(Template)]
#[template(path = "select.html")]
pub(crate) struct Select<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub hint: &'a str,
    pub fault: Option<&'a str>,
    pub choices: Vec<Choice>,
}

impl Select<'_> {
    /// As HTML.
    pub(crate) fn html(self) -> String {
        rendered(&self)
    }
}

/// Several of which any may be chosen; with a `limit`, only if that is chosen too.
#[derive(Template)]
#[template(path = "checks.html")]
pub(crate) struct Checks<'a> {
    pub name: &'a str,
    pub legend: &'a str,
    pub hint: &'a str,
    pub fault: Option<&'a str>,
    pub limit: Option<Choice>,
    pub choices: Vec<Choice>,
}

impl Checks<'_> {
    /// As HTML.
    pub(crate) fn html(self) -> String {
        rendered(&self)
    }
}
