//! The export `screens`.

use guestpass_core::Instant;
use guestpass_screens::{
    Effect as CoreEffect, Offset, Request as CoreRequest, Upload, Visitor as CoreVisitor, Zone,
};

use crate::Component;
use crate::bindings::exports::guestpass::access::screens::{
    Acceptance, Effect, Guest, Mailing, Request, Response, Visitor,
};
use crate::convert::{from_wit, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn handle(request: Request) -> Response {
        let request = asked(request);
        let response = engine(|engine| guestpass_screens::handle(engine, &request));
        let headers = response.headers.into_iter();
        Response {
            status: response.status,
            headers: headers
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            body: response.body,
            effect: effect(response.effect),
        }
    }
}

fn asked(wit: Request) -> CoreRequest {
    let offsets = wit.zone.offsets.into_iter();
    CoreRequest {
        site: wit.site,
        title: wit.title,
        method: wit.method,
        mount: wit.mount,
        path: wit.path,
        query: wit.query,
        form: wit.form,
        upload: wit.upload.map(|upload| Upload {
            handle: upload.handle,
            too_large: upload.too_large,
        }),
        visitor: match wit.visitor {
            Visitor::Nobody => CoreVisitor::Nobody,
            Visitor::User(id) => CoreVisitor::User(id),
            Visitor::Session(session) => CoreVisitor::Session(session),
        },
        proof: wit.proof,
        foreign: wit.foreign,
        origin: from_wit(wit.origin),
        languages: wit.languages,
        zone: Zone {
            name: wit.zone.name,
            offsets: offsets
                .map(|offset| Offset {
                    since: Instant::from_millis(offset.since),
                    minutes: offset.minutes,
                })
                .collect(),
        },
        base_url: wit.base_url,
        home: wit.home,
        sign_in: wit.sign_in,
        mails: wit.mails,
        shortest_password: wit.shortest_password,
    }
}

fn effect(core: CoreEffect) -> Effect {
    match core {
        CoreEffect::Nothing => Effect::Nothing,
        CoreEffect::Begin(session) => Effect::Begin(session),
        CoreEffect::SignIn(user) => Effect::SignIn(user),
        CoreEffect::SignOut => Effect::SignOut,
        CoreEffect::Forget => Effect::Forget,
        CoreEffect::Accept(acceptance) => Effect::Accept(Acceptance {
            token: acceptance.token,
            password: acceptance.password,
            wrong: acceptance.wrong,
        }),
        CoreEffect::Mail(mailing) => Effect::Mail(Mailing {
            issued: to_wit(mailing.issued),
            link: mailing.link,
            failed: mailing.failed,
        }),
    }
}
