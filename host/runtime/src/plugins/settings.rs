//! Settings of plugins as people type them. What a setting is like, its default in the manifest says.

use std::str::FromStr as _;

use serde_json::{Map, Number, Value};

/// What a plugin is told: the owner's values, and the manifest's for the rest.
pub(super) fn told(manifest: &Map<String, Value>, set: &Map<String, Value>) -> Map<String, Value> {
    let value = |(name, default): (&String, &Value)| {
        // One of another kind was set for an earlier version, where it was of that.
        let own = set.get(name).filter(|own| is_like(default, own));
        (name.clone(), own.unwrap_or(default).clone())
    };
    manifest.iter().map(value).collect()
}

/// Whether both are texts, or both numbers, and so on.
pub(super) fn is_like(default: &Value, value: &Value) -> bool {
    std::mem::discriminant(default) == std::mem::discriminant(value)
}

/// `text`, `number`, `yes-no`, `list` (one a line) or `other` (JSON).
pub(super) fn kind(default: &Value) -> &'static str {
    match default {
        Value::String(_) => "text",
        Value::Number(_) => "number",
        Value::Bool(_) => "yes-no",
        Value::Array(items) if items.iter().all(is_line) || items.iter().all(Value::is_number) => {
            "list"
        }
        _ => "other",
    }
}

/// A text that fits on a line, and is found again there.
fn is_line(item: &Value) -> bool {
    let text = item.as_str();
    text.is_some_and(|text| !text.contains(['\n', '\r']) && text.trim() == text && !text.is_empty())
}

/// A value as it is typed.
pub(super) fn written(default: &Value, value: &Value) -> String {
    let line = |item: &Value| match item {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        Value::Array(items) if kind(default) == "list" => {
            items.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        other => line(other),
    }
}

/// What was typed as a value; `None` if it is none of the setting's kind. Of an empty list the present value says of what.
pub(super) fn read(default: &Value, present: &Value, typed: &str) -> Option<Value> {
    match kind(default) {
        "text" => Some(typed.into()),
        "number" => number(typed),
        "yes-no" => typed.trim().parse::<bool>().ok().map(Value::from),
        "list" => {
            let numbers = [default, present].into_iter().any(|value| {
                value
                    .as_array()
                    .is_some_and(|items| items.first().is_some_and(Value::is_number))
            });
            let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
            lines
                .map(|line| {
                    if numbers {
                        number(line)
                    } else {
                        Some(line.into())
                    }
                })
                .collect::<Option<Vec<_>>>()
                .map(Value::from)
        }
        _ => serde_json::from_str(typed).ok(),
    }
}

fn number(typed: &str) -> Option<Value> {
    Number::from_str(typed.trim()).ok().map(Value::Number)
}

/// The settings in the order in which they stand in the manifest, each with what its author says about it: the comment above.
pub(super) fn described(manifest: &str) -> Vec<(String, String)> {
    let mut described = Vec::new();
    let mut inside = false;
    let mut said = String::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix('#') {
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(comment.trim());
            continue;
        }
        let said = std::mem::take(&mut said);
        if line.starts_with('[') {
            inside = line.starts_with("[settings]");
        } else if let Some((name, _)) = line.split_once('=')
            && inside
        {
            let name = name.trim().trim_matches(['"', '\'']);
            described.push((name.to_owned(), said));
        }
    }
    described
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (value, shown) in [
            (json!("a text"), "text"),
            (json!(12), "number"),
            (json!(0.5), "number"),
            (json!(true), "yes-no"),
            (json!([1, 2, 5]), "list"),
            (json!(["a", "b c"]), "list"),
            (json!([]), "list"),
            (json!([1, "a"]), "other"),
            (json!([" a", ""]), "other"),
            (json!({ "a": [1] }), "other"),
        ] {
            assert_eq!(kind(&value), shown, "{value}");
            let typed = written(&value, &value);
            assert_eq!(read(&value, &value, &typed), Some(value.clone()), "{value}");
        }
    }

    #[test]
    fn what_is_not_of_the_kind_is_nothing() {
        for (default, typed) in [
            (json!(1), "one"),
            (json!(1), ""),
            (json!(true), "on"),
            (json!([1]), "1\nx"),
            (json!({}), "{"),
        ] {
            assert_eq!(read(&default, &default, typed), None, "{default} {typed}");
        }
    }

    #[test]
    fn the_comment_above_a_setting_describes_it() {
        let described = described(
            "# Not this.\nid = \"x\"\n\n[settings]\n# How long,\n# in hours.\nhours = 2\nafter = 1\n\n# Far away.\n\nlate = 1\n[capabilities]\n# Nor this.\nhours = true\n",
        );
        let named = |name: &str, said: &str| (name.to_owned(), said.to_owned());
        let wanted = [
            named("hours", "How long, in hours."),
            named("after", ""),
            named("late", ""),
        ];
        assert_eq!(described, wanted);
    }
}
