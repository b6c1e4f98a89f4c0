//! Property 12, exhaustively: with three permissions, every scope, grantor, ceiling and reservation there is; and with two
//! of them all the way through the component, from the draft to the answer.

use guestpass::ports::{Catalogue, PermissionEntry, RoleEntry, Standing, User};
use guestpass::{Draft, Guest, Scope, ScopeBase, Settings, Window};
use guestpass_core::catalogue::Catalogue as CoreCatalogue;
use guestpass_core::grant::power::Power;
use guestpass_core::grant::scope as core_scope;
use guestpass_core::period::Period;
use guestpass_core::policy::Policy;
use guestpass_core::ports as core_ports;
use guestpass_tests::{People, Setting, owner, user};

const NAMES: [&str; 3] = ["c", "a", "b"];

/// A set as bits over [`NAMES`].
type Bits = u8;

fn names(bits: Bits) -> Vec<String> {
    (0..3)
        .filter(|bit| bits & (1 << bit) != 0)
        .map(|bit| NAMES[bit].to_owned())
        .collect()
}

fn bits<'a>(names: impl IntoIterator<Item = &'a str>) -> Bits {
    let bit = |name: &str| {
        NAMES
            .iter()
            .position(|known| *known == name)
            .expect("one of the names")
    };
    names
        .into_iter()
        .fold(0, |bits, name| bits | 1 << bit(name))
}

/// Where a scope starts: a role of these, everything, or these.
#[derive(Debug, Clone, Copy)]
enum Base {
    Role(Bits),
    All,
    Chosen(Bits),
}

#[test]
fn p12_every_combination_of_three_permissions_is_the_formula() {
    let every = 0..8;
    let bases = every
        .clone()
        .map(Base::Role)
        .chain([Base::All])
        .chain(every.clone().map(Base::Chosen));
    let bases: Vec<_> = bases.collect();
    let mut tried = 0_u32;
    for reserved in every.clone() {
        let catalogue = core_catalogue(reserved);
        for ceiling in every.clone().map(Some).chain([None]) {
            let policy = Policy {
                ceiling: ceiling.map(names),
                longest_window: Period::days(1),
                ..Policy::default()
            };
            for grantor in every.clone() {
                let grantor_now = core_standing(grantor);
                for (base, also) in bases
                    .iter()
                    .flat_map(|base| every.clone().map(move |also| (*base, also)))
                {
                    for except in every.clone() {
                        let scope = core_scope::Scope {
                            base: core_base(base),
                            also: names(also),
                            except: names(except),
                        };
                        let power =
                            Power::new(&scope, &catalogue, &policy, Some(&grantor_now)).effective();
                        let found = bits(catalogue.names_of(&power));
                        let expected = formula(base, also, except, 7)
                            & grantor
                            & ceiling.unwrap_or(7)
                            & !reserved;
                        assert_eq!(
                            found, expected,
                            "{base:?} + {also:03b} - {except:03b}, grantor {grantor:03b}, ceiling {ceiling:?}, reserved {reserved:03b}"
                        );
                        tried += 1;
                    }
                }
            }
            let nobody = core_scope::Scope {
                base: core_scope::Base::All,
                also: names(7),
                except: Vec::new(),
            };
            assert!(
                Power::new(&nobody, &catalogue, &policy, None)
                    .effective()
                    .is_empty(),
                "a grantor who is gone"
            );
        }
    }
    assert_eq!(tried, 8 * 9 * 8 * 17 * 8 * 8);
}

/// Base plus `also` minus `except`.
fn formula(base: Base, also: Bits, except: Bits, all: Bits) -> Bits {
    let base = match base {
        Base::Role(holds) | Base::Chosen(holds) => holds,
        Base::All => all,
    };
    (base | also) & !except
}

fn core_base(base: Base) -> core_scope::Base {
    match base {
        Base::Role(holds) => core_scope::Base::Role(format!("role-{holds}")),
        Base::All => core_scope::Base::All,
        Base::Chosen(chosen) => core_scope::Base::Chosen(names(chosen)),
    }
}

fn core_catalogue(reserved: Bits) -> CoreCatalogue {
    let entry = |bit: usize| core_ports::PermissionEntry {
        name: NAMES[bit].to_owned(),
        title: String::new(),
        reserved: reserved & (1 << bit) != 0,
    };
    let role = |holds: Bits| core_ports::RoleEntry {
        name: format!("role-{holds}"),
        title: String::new(),
        permissions: names(holds),
    };
    let raw = core_ports::RawCatalogue {
        revision: 1,
        permissions: (0..3).map(entry).collect(),
        roles: (0..8).map(role).collect(),
        purposes: Vec::new(),
        grants_with: None,
    };
    CoreCatalogue::new(raw).expect("a sound catalogue")
}

fn core_standing(holds: Bits) -> core_ports::Standing {
    core_ports::Standing {
        owner: false,
        roles: vec![format!("role-{}", holds & 5), "gone".into()],
        permissions: names(holds & 2),
        catalogue: 1,
    }
}

/// Two permissions that matter, and one by which `g` may hand out access.
fn catalogue(reserved: Bits) -> Catalogue {
    let entry = |bit: usize| PermissionEntry {
        name: NAMES[bit].to_owned(),
        title: String::new(),
        reserved: reserved & (1 << bit) != 0,
    };
    let mut permissions: Vec<_> = (0..2).map(entry).collect();
    permissions.push(PermissionEntry {
        name: "grant".into(),
        title: String::new(),
        reserved: true,
    });
    let role = |holds: Bits| RoleEntry {
        name: format!("role-{holds}"),
        title: String::new(),
        permissions: names(holds),
    };
    Catalogue {
        revision: 1,
        permissions,
        roles: (0..4).map(role).collect(),
        purposes: Vec::new(),
        grants_with: Some("grant".into()),
    }
}

fn grantor(holds: Bits) -> User {
    let mut permissions = names(holds);
    permissions.push("grant".into());
    User {
        id: "g".into(),
        email: "g@main.example".into(),
        name: "G".into(),
        standing: Standing {
            owner: false,
            roles: Vec::new(),
            permissions,
            catalogue: 0,
        },
    }
}

#[test]
fn p12_every_combination_of_two_permissions_through_the_component() {
    let people = People::none();
    people.add_site("main", catalogue(0));
    let setting = Setting::plan().among(people).build();
    setting.people.put("main", grantor(3));
    let every = 0..4;
    let bases: Vec<_> = every
        .clone()
        .map(Base::Role)
        .chain([Base::All])
        .chain(every.clone().map(Base::Chosen))
        .collect();

    let mut sessions = Vec::new();
    for base in bases {
        for (also, except) in every
            .clone()
            .flat_map(|also| every.clone().map(move |except| (also, except)))
        {
            let draft = draft(
                &format!("g{}@support.example", sessions.len()),
                base,
                also,
                except,
            );
            // What is created says what it gives under every ceiling, and refuses what was named one by one and is not to be had.
            for ceiling in every.clone() {
                limit(&setting, Some(ceiling));
                let answer = setting.create(&user("g"), &draft);
                let scope = formula(base, also, except, 3);
                let chosen = if let Base::Chosen(chosen) = base {
                    chosen
                } else {
                    0
                };
                let explicit = (chosen | also) & scope;
                match answer {
                    Ok(link) => {
                        assert_eq!(
                            bits(link.permissions.iter().map(String::as_str)),
                            scope & ceiling
                        );
                        assert_eq!(
                            explicit & !ceiling,
                            0,
                            "{base:?} + {also:02b} - {except:02b} under {ceiling:02b}"
                        );
                        setting.revoke(&user("g"), link.id()).unwrap();
                    }
                    Err(refusal) if refusal.code == "beyond-ceiling" => {
                        assert_ne!(explicit & !ceiling, 0)
                    }
                    Err(refusal) => {
                        assert_eq!((refusal.code.as_str(), scope & ceiling), ("empty-scope", 0))
                    }
                }
            }
            limit(&setting, None);
            if formula(base, also, except, 3) != 0 {
                let link = setting.create(&user("g"), &draft).unwrap();
                sessions.push((base, also, except, setting.enter(&link).session));
            }
        }
    }
    for reserved in every.clone() {
        setting.people.change_catalogue("main", |known| {
            known.permissions = catalogue(reserved).permissions
        });
        for holds in every.clone() {
            setting.people.put("main", grantor(holds));
            for ceiling in every.clone().map(Some).chain([None]) {
                limit(&setting, ceiling);
                for (base, also, except, session) in &sessions {
                    let expected = formula(*base, *also, *except, 3)
                        & holds
                        & ceiling.unwrap_or(3)
                        & !reserved;
                    let found = bits(setting.allowed(session).iter().map(String::as_str));
                    assert_eq!(
                        found, expected,
                        "{base:?} + {also:02b} - {except:02b}, {holds:02b}, {ceiling:?}, {reserved:02b}"
                    );
                }
            }
        }
    }
    assert!(sessions.len() > 70);
}

fn draft(email: &str, base: Base, also: Bits, except: Bits) -> Draft {
    let base = match base {
        Base::Role(holds) => ScopeBase::Role(format!("role-{holds}")),
        Base::All => ScopeBase::All,
        Base::Chosen(chosen) => ScopeBase::Chosen(names(chosen)),
    };
    let scope = Scope {
        base,
        also: names(also),
        except: names(except),
    };
    Draft::new(Guest::new(email), scope, Window::lasting("PT1H"))
}

fn limit(setting: &Setting, ceiling: Option<Bits>) {
    let settings = Settings {
        ceiling: ceiling.map(names),
        longest_window: "P1Y".into(),
        ..guestpass_tests::beginning()
    };
    setting.set_policy(&owner(), &settings).unwrap();
}
