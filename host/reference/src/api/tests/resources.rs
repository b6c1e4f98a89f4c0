//! What programs do with it: hand out, look, take back, and all the rest.

use super::*;

#[test]
fn a_grant_lives_its_life() {
    let setting = setting();
    let made = setting.post_json("/grants", &draft("sam@support.example"));
    let issued = made.given(201);
    let id = issued["grant"]["id"].as_str().unwrap();
    let path = format!("/grants/{id}");
    assert_eq!(made.header("location"), format!("{ROOT}{path}"));
    let link = issued["link"].as_str().unwrap();
    assert!(
        link.starts_with("https://site.example/access/enter#gp1_"),
        "{link}"
    );
    assert_eq!(setting.get(&path).given(200), issued["grant"]);

    let do_ = |what: &str| setting.post(&format!("{path}/{what}"));
    assert_eq!(do_("suspend").given(200)["state"], "suspended");
    assert_eq!(do_("suspend").refused(409), "already-suspended");
    assert_eq!(do_("resume").given(200)["state"], "ready");
    let extend = |extension: Value| setting.post_json(&format!("{path}/extend"), &extension);
    let before = setting.get(&path).given(200)["ends"].clone();
    let after = extend(json!({ "by": "P1D" })).given(200)["ends"].clone();
    assert!(after.as_str().unwrap() > before.as_str().unwrap());
    let to = "2099-01-01T00:00:00Z";
    assert_eq!(
        extend(json!({ "to": to })).given(200)["ends_bound_by"],
        "longest-window"
    );
    assert_eq!(
        extend(json!({ "by": "P1D", "to": to })).refused(400),
        "bad-body"
    );
    let again = do_("reissue").given(200)["link"].clone();
    assert_ne!(again, issued["link"]);

    let check = |permission: &str| {
        let checked = setting.get(&format!("{path}/check?permission={permission}"));
        checked.given(200)["allowed"].as_bool().unwrap()
    };
    assert!(check("edit_posts") && !check("install_plugins"));
    let why = setting.get(&format!("{path}/explain?permission=install_plugins"));
    let limits = why.given(200)["limits"].as_array().unwrap().clone();
    let denying = limits.iter().filter(|limit| limit["allows"] == false);
    let denying: Vec<_> = denying.map(|limit| limit["name"].clone()).collect();
    assert_eq!(denying, ["scope"]);
    assert_eq!(
        setting
            .get(&format!("{path}/check?permission=fly"))
            .refused(422),
        "unknown-permission"
    );

    assert_eq!(do_("revoke").given(200)["state"], "ended");
    assert_eq!(do_("resume").refused(410), "grant-ended");
    let history = setting.get(&format!("{path}/history")).given(200);
    let actions = history["history"].as_array().unwrap().iter();
    let actions: Vec<_> = actions
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "created",
            "suspended",
            "resumed",
            "extended",
            "extended",
            "reissued",
            "revoked"
        ]
    );
    let verified = setting.get("/history/verification").given(200);
    assert_eq!(
        (&verified["sound"], &verified["next"]),
        (&json!(true), &Value::Null)
    );
}

#[test]
fn a_site_is_deactivated_activated_and_left_by_its_owner() {
    let setting = setting();
    let _link = setting.link("sam@support.example");
    assert_eq!(setting.get("/site").given(200)["deactivated"], Value::Null);
    let body = json!({ "content": "keep" });
    let early = setting.post_json("/site/uninstall", &body);
    assert_eq!(early.refused(409), "not-deactivated");
    assert!(setting.post("/site/deactivate").given(200)["deactivated"].is_string());
    let refused = setting.post_json("/grants", &draft("kim@support.example"));
    assert_eq!(refused.refused(403), "deactivated");
    assert_eq!(
        setting.post("/site/activate").given(200)["deactivated"],
        Value::Null
    );
    setting.post("/site/deactivate").given(200);
    let _another = setting.key_of(&setting.owner, KeyScope::all());
    let undecided = setting.post_json("/site/uninstall", &json!({}));
    assert!(undecided.status.is_client_error(), "{undecided:?}");
    let left = setting.post_json("/site/uninstall", &body).given(200);
    assert_eq!(
        (&left["retired"], &left["more"]),
        (&json!(0), &json!(false))
    );
    assert_eq!(setting.get("/grants").given(200)["grants"], json!([]));
    let host = &setting.host;
    let kept = keys::list(&host.db, &host.site).unwrap();
    assert_eq!(kept.len(), 1, "but the key that asked");
}

/// Follows `Link` from this address to the end and gives every page.
fn pages(setting: &Setting, first: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut path = first.to_owned();
    loop {
        let reply = setting.get(&path);
        let page = reply.given(200);
        let next = page["next"].as_str().map(str::to_owned);
        pages.push(page);
        let Some(next) = next else {
            assert_eq!(reply.header("link"), "");
            return pages;
        };
        let link = reply.header("link").to_owned();
        let target = link.strip_prefix('<').unwrap();
        let target = target.strip_suffix(r#">; rel="next""#).unwrap();
        assert!(target.ends_with(&format!("cursor={next}")), "{target}");
        path = target.strip_prefix(ROOT).unwrap().to_owned();
        assert!(pages.len() < 100, "it goes on for ever");
    }
}

#[test]
fn lists_are_read_a_page_at_a_time_to_their_end() {
    let setting = setting();
    let mut made: Vec<String> = (0..5)
        .map(|number| {
            let issued = setting.link(&format!("guest{number}@support.example"));
            issued["grant"]["id"].as_str().unwrap().to_owned()
        })
        .collect();
    made.reverse();
    let listed: Vec<String> = pages(&setting, "/grants?limit=2&state=ready")
        .iter()
        .flat_map(|page| page["grants"].as_array().unwrap().clone())
        .map(|grant| grant["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(listed, made);
    for what in ["suspend", "resume", "revoke"] {
        setting
            .post(&format!("/grants/{}/{what}", made[0]))
            .given(200);
    }
    let history = pages(&setting, &format!("/grants/{}/history?limit=1", made[0]));
    let sequences = history
        .iter()
        .flat_map(|page| page["history"].as_array().unwrap());
    let sequences: Vec<_> = sequences
        .map(|line| line["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(sequences, [0, 1, 2, 3]);
    let records: u64 = pages(&setting, "/history/verification?limit=2")
        .iter()
        .map(|page| page["records"].as_u64().unwrap())
        .sum();
    assert_eq!(records, 8);
    let users = pages(&setting, "/users?limit=1");
    let ids = users
        .iter()
        .flat_map(|page| page["users"].as_array().unwrap());
    let ids: Vec<_> = ids
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, std::slice::from_ref(&setting.owner));
    let filtered = setting
        .get("/grants?email=GUEST1@support.example")
        .given(200);
    assert_eq!(filtered["grants"].as_array().unwrap().len(), 1);
}

#[test]
fn the_policy_is_written_as_a_whole_and_binds() {
    let setting = setting();
    let mut policy = setting.get("/policy").given(200);
    policy["roles"] = json!(["author"]);
    let put = |policy: &Value| setting.send(with_json(setting.request("PUT", "/policy"), policy));
    assert_eq!(put(&policy).given(200), policy);
    assert_eq!(setting.get("/policy").given(200), policy);
    let refused = setting.post_json("/grants", &draft("sam@support.example"));
    assert_eq!(refused.refused(403), "role-not-allowed");
    policy.as_object_mut().unwrap().remove("ceiling");
    let partial = put(&policy);
    assert_eq!(partial.refused(400), "bad-body");
    assert!(
        partial.text.contains("missing field `ceiling`"),
        "{}",
        partial.text
    );

    let templates = setting.get("/policy/templates").given(200);
    let first = &templates["templates"][0];
    assert_eq!(first["name"], "wordpress-support");
    assert_eq!(put(&first["settings"]).given(200), first["settings"]);
    let presets = setting.get("/policy/presets").given(200);
    assert_eq!(presets["presets"][0]["ending"], json!({ "after": "PT1H" }));
}

#[test]
fn what_a_grant_gives_when_it_ends_and_who_is_in_by_it_are_told() {
    let setting = setting();
    let issued = setting.link("sam@support.example");
    let path = format!("/grants/{}", issued["grant"]["id"].as_str().unwrap());
    let power = setting.get(&format!("{path}/power")).given(200);
    assert_eq!(power["permissions"], issued["permissions"]);
    let ending = setting.get(&format!("{path}/ending")).given(200);
    assert_eq!(ending["ends"], issued["grant"]["ends"]);
    let binding = ending["limits"].as_array().unwrap().iter();
    let binding: Vec<_> = binding.filter(|limit| limit["binds"] == true).collect();
    assert_eq!(binding.len(), 1, "{ending}");
    assert_eq!(binding[0]["name"], "window");

    let pass = issued["link"].as_str().unwrap().split_once('#').unwrap().1;
    let site = &setting.host.site;
    let engine = &setting.host.engine;
    let admissions = [(); 2].map(|()| {
        let admission = engine.redeem(site, pass, &guestpass::Origin::unknown());
        admission.unwrap().session.into_inner()
    });
    let list = || -> Vec<Value> {
        pages(&setting, &format!("{path}/sessions?limit=1"))
            .iter()
            .flat_map(|page| page["sessions"].as_array().unwrap().clone())
            .collect()
    };
    let listed = list();
    assert_eq!(listed.len(), 2);
    let end = json!({ "name": listed[0]["name"] });
    let ended = setting.post_json(&format!("{path}/end-session"), &end);
    assert_eq!(ended.status.as_u16(), 204, "{ended:?}");
    assert_eq!(list(), listed[1..]);
    let open = admissions
        .iter()
        .filter(|session| engine.resolve(site, session).is_ok());
    assert_eq!(open.count(), 1);
    for session in &admissions {
        assert!(!json!(listed).to_string().contains(&session[27..39]));
    }
}

#[test]
fn p22_the_log_is_pinned_down_and_proves_what_is_in_it() {
    let setting = setting();
    let checkpoint = || setting.post("/history/checkpoints").given(200);
    let text = |checkpoint: &Value| checkpoint["checkpoint"].as_str().unwrap().to_owned();
    setting.link("one@support.example");
    let earlier = checkpoint();
    setting.link("two@support.example");
    let later = checkpoint();
    assert!(earlier["size"].as_u64() < later["size"].as_u64());
    let entries: Vec<Value> = pages(&setting, "/history/log?limit=1")
        .iter()
        .flat_map(|page| page["entries"].as_array().unwrap().clone())
        .collect();
    assert_eq!(entries.len() as u64, later["size"].as_u64().unwrap());
    let query = |pairs: &[(&str, &str)]| serde_urlencoded::to_string(pairs).unwrap();
    let engine = &setting.host.engine;
    for entry in &entries {
        let id = entry["id"].as_str().unwrap();
        let by = query(&[("checkpoint", &text(&later))]);
        let proved = setting
            .get(&format!("/history/log/{id}/proof?{by}"))
            .given(200);
        assert_eq!(&proved["entry"], entry);
        let hash: Vec<u8> = (0..32)
            .map(|at| {
                u8::from_str_radix(&entry["hash"].as_str().unwrap()[2 * at..][..2], 16).unwrap()
            })
            .collect();
        let proof = proved["proof"].as_str().unwrap();
        engine.check_inclusion(&hash, proof, &text(&later)).unwrap();
    }
    let between = query(&[("earlier", &text(&earlier)), ("later", &text(&later))]);
    let proof = setting
        .get(&format!("/history/consistency?{between}"))
        .given(200);
    let proof = proof["proof"].as_str().unwrap();
    engine
        .check_consistency(proof, &text(&earlier), &text(&later))
        .unwrap();
    let against = query(&[("against", &text(&earlier))]);
    let verified = pages(&setting, &format!("/history/verification?{against}"));
    assert!(
        verified.iter().all(|page| page["sound"] == true),
        "{verified:?}"
    );
    let wrong = setting.get("/history/verification?against=x");
    assert_eq!(wrong.refused(422), "bad-checkpoint");
    let wrong = setting.get("/history/log/x/proof?checkpoint=x");
    assert_eq!(wrong.refused(422), "bad-checkpoint");
    let by = query(&[("checkpoint", &text(&later))]);
    let nothing = setting.get(&format!("/history/log/x/proof?{by}"));
    assert_eq!(nothing.refused(404), "unknown-record");
}

#[test]
fn lockouts_are_seen_and_lifted() {
    let setting = setting();
    let stranger = guestpass::Origin {
        address: Some("203.0.113.9".to_owned()),
        agent: None,
    };
    for number in 0..3 {
        let issued = setting.link(&format!("guest{number}@support.example"));
        let id = issued["grant"]["id"].as_str().unwrap();
        // From then on the earlier link opens nothing.
        setting.post(&format!("/grants/{id}/reissue")).given(200);
        let link = issued["link"].as_str().unwrap();
        let pass = link.split_once('#').unwrap().1;
        let site = &setting.host.site;
        let engine = &setting.host.engine;
        engine.redeem(site, pass, &stranger).unwrap_err();
    }
    let listed = setting.get("/lockouts").given(200);
    let locked = listed["lockouts"].as_array().unwrap().iter();
    let locked: Vec<_> = locked.filter(|one| !one["until"].is_null()).collect();
    assert_eq!(locked.len(), 1, "{listed}");
    assert_eq!(locked[0]["id"], "address:203.0.113.9");
    let lift = |id: &str| {
        let request = setting.request("DELETE", &format!("/lockouts/{id}"));
        setting.send(request.body(Body::empty()).unwrap())
    };
    let lifted = lift("address:203.0.113.9");
    assert_eq!((lifted.status.as_u16(), lifted.text.as_str()), (204, ""));
    assert_eq!(lift("address:203.0.113.9").refused(404), "unknown-lockout");
}

#[test]
fn users_backups_and_upkeep_are_the_owners() {
    let setting = setting();
    let owner = setting.get(&format!("/users/{}", setting.owner)).given(200);
    assert_eq!(owner["owner"], true);
    assert_eq!(
        setting.get("/backup").given(200)["last_backup"],
        Value::Null
    );
    let at = "2026-01-01T00:00:00Z";
    let recorded = setting
        .post_json("/backup", &json!({ "at": at }))
        .given(200);
    assert_eq!(recorded["last_backup"], at);
    let future = setting.post_json("/backup", &json!({ "at": "2999-01-01T00:00:00Z" }));
    assert_eq!(future.refused(422), "bad-instant");
    assert_eq!(setting.get("/backup").given(200)["last_backup"], at);
    setting.post_json("/backup", &json!({})).given(200);
    assert_ne!(setting.get("/backup").given(200)["last_backup"], at);
    assert_eq!(setting.post("/sweep").given(200)["failed"], 0);
}
