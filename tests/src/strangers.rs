//! Links that nobody was given: well-formed, down to the checksum, and good for nothing.

use guestpass_core::entry::token::{self, Kind};
use guestpass_core::grant::id::GrantId;
use guestpass_core::ports::Random;

struct Same(u16);

impl Random for Same {
    fn fill(&self, buffer: &mut [u8]) {
        let [high, low] = self.0.to_be_bytes();
        buffer.fill(low);
        if let Some(first) = buffer.first_mut() {
            *first = high;
        }
    }
}

/// The link of a grant that does not exist, another one for each number.
#[must_use]
pub fn unknown_pass(number: u16) -> String {
    wrong_pass(
        GrantId::from_bytes(u128::from(number).to_be_bytes()),
        number,
    )
}

/// The token of an invitation that does not exist, another one for each number.
#[must_use]
pub fn unknown_invitation(number: u16) -> String {
    let grant = GrantId::from_bytes(u128::from(number).to_be_bytes());
    wrong(Kind::Invitation, grant, number)
}

/// A link of the grant with this id that was never issued, another one for each number.
///
/// # Panics
/// If it is no grant's id.
#[must_use]
pub fn wrong_pass_for(grant: &str, number: u16) -> String {
    wrong_pass(GrantId::parse(grant).expect("a grant's id"), number)
}

/// A token of the invitation with this id that was never issued, another one for each number.
///
/// # Panics
/// If it is no grant's id.
#[must_use]
pub fn wrong_invitation_for(grant: &str, number: u16) -> String {
    let grant = GrantId::parse(grant).expect("a grant's id");
    wrong(Kind::Invitation, grant, number)
}

fn wrong_pass(grant: GrantId, number: u16) -> String {
    wrong(Kind::Pass, grant, number)
}

fn wrong(kind: Kind, grant: GrantId, number: u16) -> String {
    let (token, _) = token::issue(kind, grant, &Same(number));
    token.into_text()
}
