//! Tells an address what happens to grants. Each request carries
//!
//! ```text
//! Guestpass-Signature: t=<seconds since the epoch>,v1=<hex of HMAC-SHA256(secret, "<t>.<body>")>
//! ```
//!
//! so that the receiver knows that it comes from this site, and that it is not an old one sent again. `id` is the same each
//! time an event is sent: an event may come twice.

use guestpass_plugin::http::Request;
use guestpass_plugin::{Event, Plugin, Requests, clock};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

/// The shortest secret that is worth the name.
const SHORTEST_SECRET: usize = 16;

/// The settings.
#[derive(serde::Deserialize)]
pub struct NotifyWebhook {
    url: String,
    secret: String,
}

impl NotifyWebhook {
    fn tell(&self, event: &Event) -> Result<(), String> {
        if self.secret.len() < SHORTEST_SECRET {
            return Err(format!("set a `secret` of at least {SHORTEST_SECRET} characters"));
        }
        let body = body(event).to_string();
        let at = clock::now() / 1000;
        let response = Request::post(&self.url, body.as_bytes())
            .header("Content-Type", "application/json")
            .header("Guestpass-Signature", format!("t={at},v1={}", signature(&self.secret, at, &body)?))
            .send()?;
        if response.is_success() {
            Ok(())
        } else {
            Err(format!("the receiver answered with status {}", response.status))
        }
    }
}

fn body(event: &Event) -> Value {
    let more: Map<_, _> = event.more.iter().map(|known| (known.name.clone(), known.value.clone().into())).collect();
    json!({
        "id": event.id,
        "site": event.site,
        "event": event.name,
        "at": event.at,
        "grant": event.grant,
        "actor": event.actor,
        "subject": event.subject,
        "more": more,
    })
}

fn signature(secret: &str, at: u64, body: &str) -> Result<String, String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|error| error.to_string())?;
    mac.update(format!("{at}.{body}").as_bytes());
    Ok(mac.finalize().into_bytes().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")))
}

impl Plugin for NotifyWebhook {
    fn react(&self, event: &Event) -> Requests {
        self.tell(event).into()
    }
}

guestpass_plugin::export!(NotifyWebhook: action);

#[cfg(test)]
mod tests {
    use guestpass_plugin::testing::{self, Bench, status};

    use super::*;

    const SECRET: &str = "a secret of some length";

    fn bench(answer: u16) -> Bench {
        Bench::new(include_str!("../plugin.toml")).set("secret", SECRET).answering(move |_| Ok(status(answer)))
    }

    #[test]
    fn an_event_is_sent_with_a_signature_that_can_be_checked() {
        let bench = bench(204);
        assert_eq!(bench.react::<NotifyWebhook>(&testing::event("created")), Requests::none());
        let [sent] = &bench.sent()[..] else { panic!("one request") };
        assert_eq!((sent.method.as_str(), sent.url.as_str()), ("POST", "http://127.0.0.1:9000/guestpass"));
        let body = String::from_utf8(sent.body.clone()).unwrap();
        let parsed: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(parsed["event"], "created");
        let header = &sent.headers.iter().find(|header| header.name == "Guestpass-Signature").unwrap().value;
        let at = 1_795_521_600;
        assert_eq!(*header, format!("t={at},v1={}", signature(SECRET, at, &body).unwrap()));
    }

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        // Test case 2, whose text happens to hold a dot nowhere: checked without the time.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        assert_eq!(mac.finalize().into_bytes()[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[test]
    fn a_receiver_that_does_not_take_it_is_told_again() {
        assert_eq!(
            bench(500).react::<NotifyWebhook>(&testing::event("created")),
            Requests::later("the receiver answered with status 500")
        );
        assert_ne!(bench(302).react::<NotifyWebhook>(&testing::event("created")), Requests::none());
    }

    #[test]
    fn nothing_is_sent_unsigned() {
        let bench = bench(204).set("secret", "");
        assert_ne!(bench.react::<NotifyWebhook>(&testing::event("created")), Requests::none());
        assert!(bench.sent().is_empty());
    }
}
