//! Windows of a real browser as people use them: going places, filling in, choosing, pressing.
//!
//! The browser is the one that `chromium` finds; `GUESTPASS_AXE` names the script of axe-core, as `.ci/run` installs it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::binary::chromium::{Chromium, found};

/// Where windows come from.
pub struct Browsers(PathBuf);

/// How a page is looked at.
#[derive(Clone, Copy)]
pub enum Look {
    /// On a wide screen.
    Light,
    /// On a wide screen, in the dark.
    Dark,
    /// On a telephone.
    Phone,
}

impl Look {
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Phone];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Phone => "phone",
        }
    }
}

/// One window with cookies of its own.
pub struct Tab {
    browser: RefCell<Chromium>,
    // Dropped after the browser, whose profile it is.
    _profile: tempfile::TempDir,
}

impl Browsers {
    /// Where there is a browser.
    pub fn found() -> Option<Self> {
        found().map(Self)
    }

    /// A window that shares no cookies with others, in this language.
    pub fn tab(&self, language: &str) -> Tab {
        let profile = tempfile::tempdir().expect("a directory for a profile");
        let browser = Chromium::start(&self.0, profile.path());
        let tab = Tab {
            browser: browser.into(),
            _profile: profile,
        };
        let agent = json!({ "userAgent": "Mozilla/5.0 (a test)", "acceptLanguage": language });
        tab.ask("Emulation.setUserAgentOverride", &agent);
        tab.look(Look::Light);
        tab
    }
}

impl Tab {
    fn ask(&self, method: &str, parameters: &Value) -> Value {
        self.browser.borrow_mut().ask(method, parameters)
    }

    /// What a script comes to.
    pub fn run(&self, script: &str) -> Value {
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let answer = self.ask("Runtime.evaluate", &asked);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until this script is true.
    pub fn until(&self, condition: &str) {
        self.browser.borrow_mut().until(condition);
    }

    /// Goes there and waits for the page.
    pub fn go(&self, address: &str) {
        self.run("window.leftBehind = true");
        self.ask("Page.navigate", &json!({ "url": address }));
        // An address that differs behind `#` alone is the same page.
        if !address.contains('#') {
            self.until("!window.leftBehind && document.readyState === 'complete'");
        }
    }

    /// Clicks what leads to another page.
    pub fn click(&self, selector: &str) {
        self.run("window.leftBehind = true");
        self.run(&format!(
            "document.querySelector({}).click()",
            json!(selector)
        ));
        self.until("!window.leftBehind && document.readyState === 'complete'");
    }

    /// Types into a field, as far as the page can tell.
    pub fn fill(&self, selector: &str, text: &str) {
        self.run(&format!(
            "(() => {{ const field = document.querySelector({}); field.value = {}; field.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()",
            json!(selector),
            json!(text)
        ));
    }

    /// Chooses a file of this machine.
    pub fn choose_file(&self, selector: &str, path: &Path) {
        let script = format!("document.querySelector({})", json!(selector));
        let field = self.ask("Runtime.evaluate", &json!({ "expression": script }));
        let field = &field["result"]["objectId"];
        self.ask(
            "DOM.setFileInputFiles",
            &json!({ "files": [path], "objectId": field }),
        );
    }

    /// Chooses a box or one of several.
    pub fn choose(&self, selector: &str) {
        self.run(&format!(
            "document.querySelector({}).click()",
            json!(selector)
        ));
    }

    /// What stands on the page.
    pub fn text(&self) -> String {
        self.run("document.body.innerText")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The value of a field.
    pub fn value(&self, selector: &str) -> String {
        let value = self.run(&format!(
            "document.querySelector({}).value",
            json!(selector)
        ));
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Where it is.
    pub fn address(&self) -> String {
        self.run("location.href")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Looks at pages in this way from now on.
    pub fn look(&self, look: Look) {
        let (width, height) = match look {
            Look::Phone => (375, 812),
            Look::Light | Look::Dark => (1280, 900),
        };
        let scheme = match look {
            Look::Dark => "dark",
            Look::Light | Look::Phone => "light",
        };
        let mobile = matches!(look, Look::Phone);
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile }),
        );
        let media = json!([{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" }]);
        self.ask("Emulation.setEmulatedMedia", &json!({ "features": media }));
    }

    /// A window of this size from now on.
    pub fn size(&self, width: u32, height: u32) {
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// A picture of the whole page, under this name in `target/screens/`.
    pub fn picture(&self, name: &str) {
        use base64::Engine as _;
        let whole = self.ask("Page.getLayoutMetrics", &json!({}))["cssContentSize"].clone();
        let clip = json!({ "x": 0, "y": 0, "width": whole["width"], "height": whole["height"], "scale": 1 });
        let asked = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.ask("Page.captureScreenshot", &asked);
        let data = picture["data"].as_str().expect("a picture");
        let data = base64::engine::general_purpose::STANDARD
            .decode(data)
            .expect("a picture");
        let path = pictures().join(format!("{name}.png"));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, data).expect("written");
    }

    /// What axe-core finds wrong with the page.
    pub fn faults(&self, axe: &str) -> Vec<String> {
        self.run(axe);
        let found = self.run("axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.map((one) => `${one.id}: ${one.help} ${one.nodes.map((node) => node.html).join(' ')}`))");
        let found = found.as_array().expect("a list").iter();
        found
            .map(|fault| fault.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Whether anything is wider than the window.
    pub fn overflows(&self) -> bool {
        self.run("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            == true
    }
}

/// Where pictures go.
fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screens")
}

/// The script of axe-core, if the surroundings name it.
pub fn axe() -> Option<String> {
    let path = std::env::var_os("GUESTPASS_AXE")?;
    Some(std::fs::read_to_string(path).expect("the script that GUESTPASS_AXE names"))
}
