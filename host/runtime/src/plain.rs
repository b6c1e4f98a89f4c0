//! Words of others where people read them one line at a time: logs, terminals, headers of mail.

/// Whether a character is invisible or changes the writing direction, so that with it a text reads as another one. What the
/// engine takes of guests has none of them.
#[must_use]
pub const fn misleads(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Whether a text is one line that reads as it is written: without control characters and those that [mislead](misleads). A
/// host asks this of names and titles that it takes itself.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || misleads(c))
}

/// The text as one line that speaks to no terminal and reads as it is written: control characters are spaces, and where a
/// character [`misleads`], one can see that it was there.
#[must_use]
pub fn one_line(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_control() => ' ',
        c if misleads(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_speaks_to_no_terminal_and_reads_as_what_it_is() {
        assert_eq!(one_line("a\tb\nc\u{1b}[31m"), "a b c [31m");
        assert_eq!(one_line("gpj.\u{202e}x\u{200b}"), "gpj.\u{fffd}x\u{fffd}");
        assert_eq!(one_line("علی\u{200c}رضا"), "علی\u{200c}رضا");
        assert!(is_plain("Zoë O’Hara") && !is_plain("a\tb") && !is_plain("gpj.\u{202e}x"));
    }
}
