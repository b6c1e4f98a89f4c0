//! What to allow, as it is typed for every command that hands access out.

use clap::{ArgGroup, Args};
use guestpass::{Scope, ScopeBase};

/// What to allow.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("base").required(true).args(["role", "all", "permission"])))]
pub(super) struct ScopeArgs {
    /// Everything that this role allows
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Everything that a guest may have
    #[arg(long)]
    all: bool,
    /// Exactly these permissions; may be repeated
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',')]
    permission: Vec<String>,
    /// This permission as well; may be repeated
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',')]
    also: Vec<String>,
    /// Not this permission; may be repeated
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',')]
    except: Vec<String>,
}

impl From<ScopeArgs> for Scope {
    fn from(typed: ScopeArgs) -> Self {
        let base = match (typed.role, typed.all) {
            (Some(role), _) => ScopeBase::Role(role),
            (None, true) => ScopeBase::All,
            (None, false) => ScopeBase::Chosen(typed.permission),
        };
        Self {
            base,
            also: typed.also,
            except: typed.except,
        }
    }
}
