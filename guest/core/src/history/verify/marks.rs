//! What is kept beside sessions: whether it fits the sessions there are.

use crate::codec;
use crate::engine::Engine;
use crate::entry::digest::Digest;
use crate::entry::mark::Mark;
use crate::grant::id::GrantId;
use crate::history::record::ChainId;
use crate::keys::Keys;
use crate::names::SiteId;
use crate::refusal::Refusal;

use super::chain::Findings;

const PAGE: u32 = 256;

/// Seen are the sessions that are there, and gone those that are not.
pub(super) fn verify(
    engine: &Engine<'_>,
    site: &SiteId,
    grant: GrantId,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let keys = Keys(site);
    let chain = ChainId::from(grant);
    let end = chain.next().map_or_else(
        || keys.marks_end(),
        |next| keys.marks(GrantId::from_bytes(*next.bytes())),
    );
    let mut start = keys.marks(grant);
    loop {
        let marks = engine.scan(&start, &end, PAGE, false)?;
        let Some(last) = marks.last() else {
            return Ok(());
        };
        start.clone_from(&last.key);
        start.push(0);
        let sessions: Vec<_> = marks
            .iter()
            .map(|mark| {
                let digest = keys.tail(&mark.key).and_then(<[u8]>::last_chunk::<32>);
                keys.session(
                    grant,
                    &Digest::from_bytes(digest.copied().unwrap_or_default()),
                )
            })
            .collect();
        for (mark, session) in marks.iter().zip(engine.get(&sessions)?) {
            match codec::decode(&mark.value, || "a session".to_owned()) {
                Ok(Mark::Seen(_)) if session.is_none() => {
                    findings.meanwhile(
                        chain,
                        "a session is said to have been seen that is not there",
                    );
                }
                Ok(Mark::Over(_)) if session.is_some() => {
                    findings.meanwhile(chain, "a session is said to be gone that is there");
                }
                Ok(_) => {}
                Err(refusal) => findings.meanwhile(chain, &refusal.message),
            }
        }
    }
}
