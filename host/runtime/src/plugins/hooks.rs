//! The hooks that there are, in one table. Documentation, the check of manifests against components, and dispatch derive
//! from it.

use serde::{Deserialize, Serialize};

/// Makes the enum of hooks out of their table.
macro_rules! hooks {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, asked: $asked:literal, may: $may:literal, failing: $failing:literal;)*) => {
        /// A place where plugins are asked or told. Its name is also that of the interface which a plugin exports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Hook {
            $($(#[$doc])* $variant,)*
        }

        impl Hook {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in manifests, and that of the interface in `guestpass:plugin`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// When a plugin is called.
            pub const fn asked(self) -> &'static str {
                match self { $(Self::$variant => $asked,)* }
            }

            /// What its answer can do.
            pub const fn may(self) -> &'static str {
                match self { $(Self::$variant => $may,)* }
            }

            /// What happens if it fails.
            pub const fn failing(self) -> &'static str {
                match self { $(Self::$variant => $failing,)* }
            }
        }
    };
}

hooks! {
    /// Before a grant is handed out, and before what it gives is changed.
    GrantFilter = "grant-filter",
        asked: "before a grant is handed out or gives something else",
        may: "veto it, take permissions out, end it earlier, allow fewer uses, lead elsewhere on the site",
        failing: "the grant is refused";
    /// Before a guest comes in: by a link, a password or an invitation.
    EntryFilter = "entry-filter",
        asked: "before somebody comes in by a link, a password or an invitation",
        may: "veto it",
        failing: "nobody is let in, and nothing is used up";
    /// On each request of a guest.
    PermissionFilter = "permission-filter",
        asked: "on each request of a guest",
        may: "withhold permissions",
        failing: "every permission is withheld";
    /// After something happened.
    Action = "action",
        asked: "after something happened",
        may: "do what it likes with its capabilities, and request that a grant be revoked or suspended",
        failing: "it is told again later, and in the end parked";
}

impl Hook {
    /// The hook of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|hook| hook.name() == name)
    }

    /// Whether a decision waits for its answer. What fails then denies.
    pub const fn decides(self) -> bool {
        !matches!(self, Self::Action)
    }
}

/// The event that comes every hour to the plugins which name it.
pub const TICK: &str = "tick";

/// The event that tells what a filter said no to; of the same thing once a minute.
///
/// What the engine itself refuses is not told as such. Anybody may show a link as often as they like, so most of it is written
/// down nowhere, and an event for each would let strangers fill the outbox. What is written is told as what it is: tries that
/// open nothing as `locked-out`, a grant found over as `expired`.
pub const REFUSED: &str = "refused";

/// What an action can be told, and what it means. The engine may come to tell more: a plugin that names no events is told
/// everything but [`TICK`].
pub const EVENTS: &[(&str, &str)] = &[
    ("created", "A grant was made."),
    ("provisioning", "The user of a grant is being created."),
    (
        "provisioned",
        "The user of a grant with a password was created.",
    ),
    ("redeemed", "Somebody came in by a link."),
    ("signed-in", "Somebody came in by a password."),
    ("signed-out", "A session ended."),
    ("suspended", "A grant was suspended."),
    ("resumed", "A suspended grant goes on."),
    ("extended", "The end of a grant was moved."),
    ("scope-changed", "A grant gives something else."),
    (
        "reissued",
        "A grant has a new link or password; the old one is dead.",
    ),
    ("revoked", "A grant was taken back."),
    ("expired", "A grant was seen to have ended by itself."),
    (
        "abandoned",
        "A grant is over because its user could not be created.",
    ),
    ("repaired", "A user that was left half-made is undone."),
    ("accepted", "An invitation was accepted."),
    ("declined", "An invitation was declined."),
    ("switched", "Somebody began to act in another account."),
    ("returned", "Somebody came back from another account."),
    (
        "retiring",
        "What becomes of a guest's content was decided, or their user waits for other access to end.",
    ),
    (
        "retired",
        "A guest's user was deleted, or is no guest's any more.",
    ),
    ("policy-changed", "What the site allows at all was changed."),
    ("deactivated", "The site lets no guest in any more."),
    ("activated", "The site lets guests in again."),
    (
        "locked-out",
        "Somebody tried too many links that open nothing.",
    ),
    ("lock-lifted", "An owner lifted such a lock."),
    (
        "widening-refused",
        "A plugin would have widened a grant that it was to review.",
    ),
    (
        REFUSED,
        "A plugin said no to a grant or to somebody who would come in; or it failed, which is a no.",
    ),
    (
        TICK,
        "An hour began. Only for plugins that name it in their manifest.",
    ),
];

/// What an action may request, and what it means.
pub const REQUESTS: &[(&str, &str)] = &[
    ("revoke", "Take a grant back."),
    ("suspend", "Suspend a grant."),
];

/// What people want of a plugin, the hook it takes, and how.
pub const WISHES: &[(&str, Hook, &str)] = &[
    (
        "decide who may hand out access",
        Hook::GrantFilter,
        "by `actor`",
    ),
    (
        "shorten what the presets offer",
        Hook::GrantFilter,
        "by `ends-by` in the verdict, from the draft's `period`",
    ),
    (
        "bound uses, roles and addresses",
        Hook::GrantFilter,
        "by the verdict",
    ),
    (
        "say where guests land",
        Hook::GrantFilter,
        "by `redirect` in the verdict's `more`",
    ),
    (
        "check before somebody comes in",
        Hook::EntryFilter,
        "by the address, the time, the uses",
    ),
    (
        "take permissions away for a while",
        Hook::PermissionFilter,
        "by naming them",
    ),
    (
        "hear who was refused",
        Hook::Action,
        "by `refused` for what plugins refuse, `locked-out` for who tries too often, `expired` for who comes too late",
    ),
    (
        "react to what happened",
        Hook::Action,
        "by the events below",
    ),
    (
        "call a webhook",
        Hook::Action,
        "by `http` to an approved host",
    ),
    (
        "end access when something happens",
        Hook::Action,
        "by the requests below",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_hook_is_an_interface_of_the_contract() {
        let world = include_str!("../../../../wit/plugin/world.wit");
        for hook in Hook::ALL {
            assert!(world.contains(&format!("export {};", hook.name())));
            assert_eq!(Hook::named(hook.name()), Some(*hook));
        }
        assert_eq!(
            world.matches("    export ").count(),
            Hook::ALL.len() * 2,
            "each stands in the world of everything and in one of its own"
        );
    }

    #[test]
    fn the_contract_lists_the_same_events() {
        let (_, table) = include_str!("../../../../wit/plugin/action.wit")
            .split_once("// The events.\n//\n")
            .unwrap();
        let listed: Vec<_> = table
            .lines()
            .filter_map(|line| line.strip_prefix("// ")?.split_once(' '))
            .map(|(name, meaning)| (name, meaning.trim()))
            .collect();
        assert_eq!(listed, EVENTS);
    }

    #[test]
    fn plugins_can_be_told_all_that_the_engine_tells() {
        let types = include_str!("../../../../wit/access/types.wit");
        let (documented, _) = types.split_once("        action: string,").unwrap();
        let (_, documented) = documented
            .rsplit_once("        subject: option<user-id>,")
            .unwrap();
        let actions: BTreeSet<_> = documented.split('`').skip(1).step_by(2).collect();
        let events: BTreeSet<_> = EVENTS
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| ![TICK, REFUSED].contains(name))
            .collect();
        assert_eq!(events, actions);
    }
}
