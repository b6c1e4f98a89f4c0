//! What the numbers of a trace stand for.

use super::*;

/// Where the clock is moved to.
pub(super) fn moved(model: &Model, site: usize, by: Move) -> u64 {
    let now = model.sites[site].now;
    let (Move::ToTheEnd(which, off) | Move::ToTheOpening(which, off)) = by else {
        return match by {
            Move::Back(millis) => now.saturating_sub(millis),
            Move::Forward(millis) => now + millis,
            _ => now,
        };
    };
    let Some(id) = newest(&model.names.grants, site, which) else {
        return now;
    };
    let site = &model.sites[if which < 128 { site } else { 1 - site }];
    let grant = &site.grants[id];
    let to = match by {
        Move::ToTheEnd(..) => site.end(grant).0.unwrap_or(now),
        _ => grant.opens,
    };
    to.saturating_add_signed(off.into())
}

pub(super) fn scope(base: &Base, also: Permissions, except: Permissions) -> Scope {
    Scope {
        base: match base {
            Base::Role(role) => ScopeBase::Role(pick(&world::ROLES, *role).to_owned()),
            Base::All => ScopeBase::All,
            Base::Chosen(bits) => ScopeBase::Chosen(world::permissions(*bits)),
        },
        also: world::permissions(also),
        except: world::permissions(except),
    }
}

pub(super) fn knowingly(bits: u8) -> Vec<String> {
    let words = [
        "lacking-permissions",
        "without-backup",
        "everything",
        "by-mail",
    ]
    .into_iter()
    .enumerate();
    let known = words.filter(|(bit, _)| bits & 1 << bit != 0);
    known.map(|(_, word)| word.to_owned()).collect()
}

/// The draft of a sketch.
pub(super) fn draft(sketch: &Sketch, now: u64) -> Draft {
    Draft {
        kind: if sketch.odd_kind {
            "promise"
        } else {
            pick(&world::WAYS, sketch.way)
        }
        .to_owned(),
        guest: Guest::new(pick(&world::ADDRESSES, sketch.address)),
        scope: scope(&sketch.base, sketch.also, sketch.except),
        window: sketch.window.as_ref().map(|window| guestpass::Window {
            opens: window.opens.map(|off| now.saturating_add_signed(off)),
            ending: ending(&window.ends, now),
            use_within: window
                .use_within
                .map(|period| pick(&world::PERIODS, period).to_owned()),
        }),
        purpose: sketch
            .purpose
            .map(|purpose| pick(&world::PURPOSES, purpose).to_owned()),
        knowingly: knowingly(sketch.knowingly),
        uses: sketch.uses,
        redirect: sketch
            .redirect
            .map(|path| pick(&world::REDIRECTS, path).to_owned()),
        note: None,
        message: None,
    }
}

pub(super) fn ending(ends: &Ends, now: u64) -> Ending {
    let period = |which: &u8| pick(&world::PERIODS, *which).to_owned();
    match ends {
        Ends::At(off) => Ending::At(now.saturating_add_signed(*off)),
        Ends::After(which) => Ending::After(period(which)),
        Ends::AfterFirstUse(which) => Ending::AfterFirstUse(period(which)),
        Ends::Never => Ending::Never,
    }
}

pub(super) fn settings(rules: &Rules, now: u64) -> Settings {
    let domains = |which: u8| -> Vec<String> {
        pick(&world::DOMAINS, which)
            .iter()
            .map(|name| (*name).to_owned())
            .collect()
    };
    let roles = |bits: u8| {
        let all = world::ROLES.iter().enumerate();
        all.filter(|(bit, _)| bits & 1 << bit != 0)
            .map(|(_, name)| (*name).to_owned())
            .collect()
    };
    let length = |which: u8| pick(&world::PERIODS, which).to_owned();
    let (within, [address, grant, site]) = pick(&world::LOCKOUTS, rules.lockout);
    Settings {
        ceiling: rules.ceiling.map(world::permissions),
        longest_window: pick(&world::PERIODS, rules.longest).to_owned(),
        roles: rules.roles.map(roles),
        most_uses: rules.most_uses,
        default_ending: ending(&rules.ends, now),
        default_redirect: rules
            .redirect
            .map(|path| pick(&world::REDIRECTS, path).to_owned()),
        forbidden_domains: domains(rules.forbidden),
        allowed_domains: rules.allowed.map(domains),
        fresh_backup: rules.backup.map(|(period, permissions)| FreshBackup {
            max_age: pick(&world::PERIODS, period).to_owned(),
            permissions: world::permissions(permissions),
        }),
        kinds: pick(&world::KINDS, rules.kinds)
            .map(|kinds| kinds.iter().map(|kind| (*kind).to_owned()).collect()),
        session_length: rules.sessions.0.map(length),
        session_idle: rules.sessions.1.map(length),
        endless_invitations: true,
        retire_after: pick(&world::GRACES, rules.retire).map(str::to_owned),
        lockout: LockoutLimits {
            within: within.to_owned(),
            address: lockout_after(address.0, address.1),
            grant: lockout_after(grant.0, grant.1),
            site: lockout_after(site.0, site.1),
        },
        grantor_gone: if rules.end_when_grantor_gone {
            GrantorGone::End
        } else {
            GrantorGone::Withhold
        },
    }
}

pub(super) fn said(say: Say, now: u64) -> crate::rules::Said {
    let mut said = crate::rules::Said::default();
    match say {
        Say::Nothing => {}
        Say::VetoGrants => said.veto_grants = true,
        Say::Except(bits) => said.except = world::permissions(bits),
        Say::EndsBy(millis) => said.ends_by = Some(now + millis),
        Say::Uses(uses) => said.uses = Some(uses),
        Say::FailGrants => said.fail_grants = true,
        Say::VetoEntries => said.veto_entries = true,
        Say::FailEntries => said.fail_entries = true,
        Say::Narrow(bits) => said.narrow = world::permissions(bits),
        Say::FailNarrow => said.fail_narrow = true,
    }
    said
}

pub(super) fn standing(role: u8, grants: bool) -> Standing {
    Standing {
        owner: false,
        roles: vec![pick(&world::ROLES, role).to_owned()],
        permissions: grants
            .then(|| world::GRANTS_WITH.to_owned())
            .into_iter()
            .collect(),
        catalogue: 0,
    }
}

pub(super) fn change_role(catalogue: &mut guestpass::ports::Catalogue, role: u8, permission: u8) {
    let name = pick(&world::PERMISSIONS[..9], permission);
    let held = &mut catalogue.roles[usize::from(role) % 4].permissions;
    match held.iter().position(|held| held == name) {
        Some(at) => drop(held.remove(at)),
        None => held.push(name.to_owned()),
    }
}

pub(super) fn change_reserved(catalogue: &mut guestpass::ports::Catalogue, permission: u8) {
    let name = pick(&world::PERMISSIONS[..9], permission);
    for entry in &mut catalogue.permissions {
        if entry.name == name {
            entry.reserved = !entry.reserved;
        }
    }
}

pub(super) fn who(model: &Model, site: usize, who: Who) -> String {
    match who {
        Who::Olga => "olga".to_owned(),
        Who::Ed => "ed".to_owned(),
        Who::Ann => "ann".to_owned(),
        Who::Sue => "sue".to_owned(),
        Who::Nobody => "nobody".to_owned(),
        Who::Guest(which) => {
            let count = model.sites[site].host.count;
            format!(
                "guest-{}",
                count.saturating_sub(u32::from(which) % count.max(1))
            )
        }
    }
}
