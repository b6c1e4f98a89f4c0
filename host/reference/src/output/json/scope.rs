//! What a grant is meant to allow.

use guestpass::ScopeBase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a grant is meant to allow: the base, plus `also`, minus `except`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    base: Base,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

/// Where a scope starts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ScopeBase)]
pub enum Base {
    /// Whatever this role holds at the moment of asking.
    Role(String),
    /// Everything that a guest may have.
    All,
    /// Exactly these permissions.
    Chosen(Vec<String>),
}

impl From<&guestpass::Scope> for Scope {
    fn from(scope: &guestpass::Scope) -> Self {
        Self {
            base: match &scope.base {
                ScopeBase::Role(role) => Base::Role(role.clone()),
                ScopeBase::All => Base::All,
                ScopeBase::Chosen(permissions) => Base::Chosen(permissions.clone()),
            },
            also: scope.also.clone(),
            except: scope.except.clone(),
        }
    }
}

impl From<Scope> for guestpass::Scope {
    fn from(scope: Scope) -> Self {
        Self {
            base: match scope.base {
                Base::Role(role) => ScopeBase::Role(role),
                Base::All => ScopeBase::All,
                Base::Chosen(permissions) => ScopeBase::Chosen(permissions),
            },
            also: scope.also,
            except: scope.except,
        }
    }
}
