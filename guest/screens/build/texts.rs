//! The languages: Fluent files, of which plain texts, values and one choice by number are understood, that is what a table
//! can hold. A language is a file; what stands in it under `language-…` says the rest about it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Variant, VariantKey,
};
use fluent_syntax::parser;

/// The language whose texts say which there are, and which values each has.
const FIRST: &str = "en";

/// Texts of these beginnings are looked up by what follows, since the engine's words are open: `refusal-link-used-up`. One
/// that English has not got is what the engine itself says.
const BY_NAME: [&str; 10] = [
    "refusal",
    "action",
    "bound",
    "because",
    "limit",
    "plugin-state",
    "plugin-done",
    "plugin-said",
    "capability",
    "note",
];

/// How languages count: which of its forms a text with a number has. The names and rules are those of CLDR for whole
/// numbers, as far as access is counted (nobody has a million guests).
const PLURALS: [(&str, &[&str]); 5] = [
    ("none", &["other"]),
    ("one", &["one", "other"]),
    ("zero-and-one", &["one", "other"]),
    ("slavic", &["one", "few", "many"]),
    ("arabic", &["zero", "one", "two", "few", "many", "other"]),
];

/// Between the forms of a text.
const BETWEEN: char = '\u{1}';
/// After a text.
const END: char = '\u{0}';
/// Before the number of a value.
const VALUE: char = '\u{2}';

/// A text: its forms (one, or as many as the language has), and its values in the order of their first use.
struct Text {
    forms: Vec<Vec<Part>>,
    counted: Option<String>,
    values: Vec<String>,
}

enum Part {
    Said(String),
    Value(String),
}

struct Language {
    tag: String,
    plurals: usize,
    texts: BTreeMap<String, Text>,
}

/// The languages of this folder as Rust, and under the tag `mirrored`, the last one as if it were written from right to left.
pub fn rust(folder: &Path, mirrored: Option<&str>) -> Result<String, String> {
    let mut languages: Vec<Language> = Vec::new();
    let mut last = (String::new(), String::new());
    let files = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot read `{}`: {error}", folder.display()))?;
    for file in files {
        let path = file.map_err(|error| error.to_string())?.path();
        let Some(tag) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        if path.extension().is_some_and(|end| end == "ftl") {
            let source = super::read(&path)?;
            languages.push(Language::read(tag, source.clone())?);
            last = last.max((tag.to_owned(), source));
        }
    }
    if let Some(tag) = mirrored {
        let turned = ("language-direction = ltr", "language-direction = rtl");
        languages.push(Language::read(tag, last.1.replace(turned.0, turned.1))?);
    }
    languages.sort_by_key(|language| (language.tag != FIRST, language.tag.clone()));
    let Some((first, others)) = languages
        .split_first()
        .filter(|(first, _)| first.tag == FIRST)
    else {
        return Err(format!("there is no `languages/{FIRST}.ftl`"));
    };
    for other in others {
        fits(first, other)?;
    }
    written(&languages, first)
}

/// Whether a language has each text of the first, with the same values, and no other.
fn fits(first: &Language, other: &Language) -> Result<(), String> {
    let mut faults = Vec::new();
    for (key, text) in &first.texts {
        match other.texts.get(key) {
            None => faults.push(format!("`{key}` is missing")),
            Some(said) => {
                let (mut wanted, mut has) = (text.values.clone(), said.values.clone());
                wanted.sort_unstable();
                has.sort_unstable();
                if wanted != has || text.counted != said.counted {
                    faults.push(format!(
                        "`{key}` has the values {has:?} instead of {wanted:?}"
                    ));
                }
            }
        }
    }
    for key in other.texts.keys() {
        if !first.texts.contains_key(key) && by_name(key).is_none() {
            faults.push(format!("`{key}` is not in {FIRST}.ftl"));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!(
        "languages/{}.ftl: {}",
        other.tag,
        faults.join("; ")
    ))
}

fn by_name(key: &str) -> Option<&str> {
    let named = |beginning: &&str| key.strip_prefix(*beginning)?.strip_prefix('-');
    BY_NAME.iter().find_map(named)
}

impl Language {
    fn read(tag: &str, source: String) -> Result<Self, String> {
        let wrong = |what: String| format!("languages/{tag}.ftl: {what}");
        let resource =
            parser::parse(source).map_err(|(_, errors)| wrong(format!("{:?}", errors.first())))?;
        let plain = |key: &str| {
            resource.body.iter().find_map(|entry| match entry {
                Entry::Message(message) if message.id.name == key => {
                    match message.value.as_ref()?.elements.as_slice() {
                        [PatternElement::TextElement { value }] => Some(value.clone()),
                        _ => None,
                    }
                }
                _ => None,
            })
        };
        let wanted = plain("language-plurals").unwrap_or_default();
        let plurals = PLURALS.iter().position(|(name, _)| *name == wanted);
        let plurals = plurals.ok_or_else(|| {
            let known = PLURALS.map(|(name, _)| name).join(", ");
            wrong(format!("`language-plurals` is one of: {known}"))
        })?;
        let direction = plain("language-direction").unwrap_or_default();
        if !matches!(direction.as_str(), "ltr" | "rtl") {
            return Err(wrong("`language-direction` is `ltr` or `rtl`".to_owned()));
        }
        let mut texts = BTreeMap::new();
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    let key = message.id.name.clone();
                    let text = Text::of(message, PLURALS[plurals].1)
                        .map_err(|what| wrong(format!("`{key}` {what}")))?;
                    if texts.insert(key.clone(), text).is_some() {
                        return Err(wrong(format!("`{key}` stands there twice")));
                    }
                }
                Entry::Junk { content } => return Err(wrong(format!("no text: {content}"))),
                _ => {}
            }
        }
        Ok(Self {
            tag: tag.to_owned(),
            plurals,
            texts,
        })
    }
}

impl Text {
    fn of(message: &Message<String>, forms: &[&str]) -> Result<Self, String> {
        let pattern = message.value.as_ref().ok_or("says nothing")?;
        let mut text = Self {
            forms: vec![Vec::new()],
            counted: None,
            values: Vec::new(),
        };
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text.say(Part::Said(value.clone())),
                PatternElement::Placeable {
                    expression: Expression::Inline(inline),
                } => {
                    let part = value(inline)?;
                    text.say(part);
                }
                PatternElement::Placeable {
                    expression: Expression::Select { selector, variants },
                } => text.choose(selector, variants, forms)?,
            }
        }
        for part in text.forms.iter().flatten() {
            if let Part::Value(name) = part
                && !text.values.contains(name)
            {
                text.values.push(name.clone());
            }
        }
        // The number comes first, whether or not a form says it.
        if let Some(counted) = &text.counted {
            text.values.retain(|value| value != counted);
            text.values.insert(0, counted.clone());
        }
        Ok(text)
    }

    fn say(&mut self, part: Part) {
        for form in &mut self.forms {
            form.push(part.again());
        }
    }

    /// One text for each form of a number; what stood before belongs to each.
    fn choose(
        &mut self,
        selector: &InlineExpression<String>,
        variants: &[Variant<String>],
        forms: &[&str],
    ) -> Result<(), String> {
        let Part::Value(counted) = value(selector)? else {
            return Err("chooses by no value".to_owned());
        };
        let [begun] = self.forms.as_slice() else {
            return Err("chooses twice".to_owned());
        };
        let mut chosen = Vec::new();
        for form in forms {
            let fitting = |variant: &&Variant<String>| matches!(&variant.key, VariantKey::Identifier { name } if name == form);
            let variant = variants
                .iter()
                .find(fitting)
                .ok_or_else(|| format!("lacks the form `{form}`"))?;
            let mut parts: Vec<_> = begun.iter().map(Part::again).collect();
            parts.extend(parts_of(&variant.value)?);
            chosen.push(parts);
        }
        if variants.len() != forms.len() {
            return Err(format!("has other forms than {forms:?}"));
        }
        self.forms = chosen;
        self.counted = Some(counted);
        Ok(())
    }

    /// As the table holds it. A value is named by its place in `order`.
    fn stored(&self, order: &[String]) -> String {
        let mut stored = String::new();
        for (place, form) in self.forms.iter().enumerate() {
            if place > 0 {
                stored.push(BETWEEN);
            }
            for part in form {
                match part {
                    Part::Said(text) => stored.push_str(text),
                    Part::Value(name) => {
                        let at = order.iter().position(|known| known == name);
                        stored.push(VALUE);
                        stored.push(char::from(
                            b'0' + u8::try_from(at.unwrap_or(0)).unwrap_or(0),
                        ));
                    }
                }
            }
        }
        stored
    }
}

impl Part {
    fn again(&self) -> Self {
        match self {
            Self::Said(text) => Self::Said(text.clone()),
            Self::Value(name) => Self::Value(name.clone()),
        }
    }
}

fn value(inline: &InlineExpression<String>) -> Result<Part, String> {
    match inline {
        InlineExpression::VariableReference { id } => Ok(Part::Value(id.name.clone())),
        InlineExpression::StringLiteral { value } => Ok(Part::Said(value.clone())),
        _ => Err("holds something else than texts and values".to_owned()),
    }
}

fn parts_of(pattern: &Pattern<String>) -> Result<Vec<Part>, String> {
    let part = |element: &PatternElement<String>| match element {
        PatternElement::TextElement { value } => Ok(Part::Said(value.clone())),
        PatternElement::Placeable {
            expression: Expression::Inline(inline),
        } => value(inline),
        PatternElement::Placeable { .. } => Err("chooses within a choice".to_owned()),
    };
    pattern.elements.iter().map(part).collect()
}

/// The table and the functions.
fn written(languages: &[Language], first: &Language) -> Result<String, String> {
    let mut rust = String::new();
    let tags: Vec<_> = languages.iter().map(|language| &language.tag).collect();
    let plurals: Vec<_> = languages.iter().map(|language| language.plurals).collect();
    let _ = writeln!(
        rust,
        "/// The tags of the languages, the first one first.\npub(crate) const TAGS: &[&str] = &{tags:?};"
    );
    let _ = writeln!(
        rust,
        "/// How each counts.\nconst PLURALS: &[usize] = &{plurals:?};"
    );
    let (named, fixed): (Vec<_>, Vec<_>) = languages
        .iter()
        .flat_map(|language| language.texts.keys())
        .partition(|key| by_name(key).is_some());
    // How a language counts is known to the table.
    let fixed = fixed
        .into_iter()
        .filter(|key| *key != "language-plurals")
        .collect();
    let unique = |mut keys: Vec<&String>| {
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().cloned().collect::<Vec<String>>()
    };
    let (named, fixed) = (unique(named), unique(fixed));
    let _ = writeln!(
        rust,
        "/// The texts that are looked up by name, ascending.\nconst NAMES: &[&str] = &{named:?};"
    );
    let _ = writeln!(
        rust,
        "/// The texts of each language, deflated: those that are looked up by name, then the others.\nconst PACKED: &[&[u8]] = &["
    );
    for language in languages {
        let all = named.iter().chain(&fixed).map(|key| {
            let order = first.texts.get(key).map_or(&[][..], |text| &text.values);
            let text = language.texts.get(key);
            text.map_or_else(String::new, |text| text.stored(order))
        });
        let all = all.collect::<Vec<_>>().join(&END.to_string());
        let _ = writeln!(rust, "{},", super::packed(&all));
    }
    rust.push_str("];\n");
    rust.push_str("impl Language {\n");
    for (at, key) in fixed.iter().enumerate() {
        let text = first
            .texts
            .get(key)
            .ok_or_else(|| format!("`{key}` is not in {FIRST}.ftl"))?;
        function(&mut rust, at, key, text);
    }
    rust.push_str("}\n");
    Ok(rust)
}

fn function(rust: &mut String, at: usize, key: &str, text: &Text) {
    let name = key.replace('-', "_");
    let said = text
        .stored(&text.values)
        .replace([BETWEEN, VALUE], " ")
        .replace('\n', " ");
    let _ = writeln!(rust, "/// {said:?}");
    let _ = match (&text.counted, text.values.as_slice()) {
        (None, []) => writeln!(
            rust,
            "pub(crate) fn {name}(self) -> &'static str {{ self.plain({at}) }}"
        ),
        (None, values) => {
            let parameters: Vec<_> = values
                .iter()
                .map(|value| format!("{value}: &str"))
                .collect();
            writeln!(
                rust,
                "pub(crate) fn {name}(self, {}) -> String {{ self.filled({at}, None, &[{}]) }}",
                parameters.join(", "),
                values.join(", ")
            )
        }
        (Some(counted), values) => {
            let parameters: Vec<_> = values
                .iter()
                .map(|value| format!("{value}: {}", if value == counted { "u64" } else { "&str" }))
                .collect();
            let given: Vec<_> = values
                .iter()
                .map(|value| {
                    if value == counted {
                        format!("&{value}.to_string()")
                    } else {
                        value.clone()
                    }
                })
                .collect();
            writeln!(
                rust,
                "pub(crate) fn {name}(self, {}) -> String {{ self.filled({at}, Some({counted}), &[{}]) }}",
                parameters.join(", "),
                given.join(", ")
            )
        }
    };
}
