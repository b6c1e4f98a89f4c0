//! The pages, a file each.

pub(crate) mod accounts;
pub(crate) mod enter;
pub(crate) mod front;
pub(crate) mod give;
pub(crate) mod grant;
pub(crate) mod grants;
pub(crate) mod history;
pub(crate) mod invitation;
pub(crate) mod invitations;
pub(crate) mod leave;
pub(crate) mod lockouts;
pub(crate) mod plugins;
pub(crate) mod policy;
mod result;
pub(crate) mod team;
