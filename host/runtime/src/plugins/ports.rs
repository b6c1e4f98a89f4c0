//! What a host hands to the plugins it runs.

use std::sync::Arc;

use super::http::Http;
use super::state::PluginState;
use crate::Draft;
use crate::ports::{Clock, Log};

/// What the host knows beside what the engine tells, for the plugins that look at it.
pub trait Facts: Send + Sync + 'static {
    /// About a draft: pairs that are added to `draft.more`, such as `last-backup` and `role-permission`. See
    /// `wit/plugin/types.wit`.
    fn about_draft(&self, site: &str, draft: &Draft) -> Vec<(String, String)> {
        let _ = (site, draft);
        Vec::new()
    }
}

impl<T: Facts + ?Sized> Facts for Arc<T> {
    fn about_draft(&self, site: &str, draft: &Draft) -> Vec<(String, String)> {
        (**self).about_draft(site, draft)
    }
}

/// A host that knows nothing more.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFacts;

impl Facts for NoFacts {}

pub(super) struct PluginPorts {
    pub(super) state: Box<dyn PluginState>,
    pub(super) log: Box<dyn Log>,
    pub(super) clock: Box<dyn Clock>,
    pub(super) http: Box<dyn Http>,
    pub(super) facts: Box<dyn Facts>,
}
