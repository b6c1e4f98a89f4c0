# What the pages say. This file says which texts there are; the others say the same in other languages.
# To add a language, copy this file, name the copy by its tag, and translate it. The three first texts are about the
# language itself: how it calls itself, in which direction it is written (ltr or rtl), and how it counts (none, one,
# zero-and-one, slavic, arabic).

language-name = English
language-direction = ltr
language-plurals = one

## Around every page

skip-to-content = Skip to the content
sign-in = Sign in
sign-out = Sign out
nav-label = Guest access
nav-overview = Overview
nav-access = Access
nav-give = Give access
nav-invitations = Invitations
nav-team = Team
nav-history = History
nav-policy = Policy
nav-lock-outs = Lock-outs
nav-plugins = Plugins
nav-accounts = Accounts
until = until
banner-guest = You are here as a guest of { $grantor }
banner-switched = You are acting in the account of { $grantor }
return-to-own = Return to your own account
somebody-who-left = somebody who has left
to-the-site = To the site
next-page = More
details = Details
save = Save

## When something does not work

not-allowed = Not allowed
not-found = Not found
it-is-over = It is over
access-is-over = Access is over
did-not-work = That did not work
no-such-page = There is no such page.
not-right-now = The site cannot do this right now. If you were changing something, look whether it was changed before you try again.
bad-form = The form did not arrive as this page sends it. Open the page again and send it from there.
stale-form = This form belongs to another session. Open the page again and send it from there.
stale-form-kept = You have signed in anew since this form was opened. Nothing you typed is lost: look it over and send it again.
foreign-form = This form was sent by another web site. Open the page here and try again.
look-below = Something is missing or not right. It stands beside the fields below.
return-or-sign-out-first = You are here in the account of somebody else. Return or sign out first, then open the invitation again.

## Times

months = January|February|March|April|May|June|July|August|September|October|November|December
date = { $day } { $month } { $year }
date-and-time = { $date }, { $time }
now = now
in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
}
in-hours = { $count ->
    [one] in 1 hour
   *[other] in { $count } hours
}
in-days = { $count ->
    [one] in 1 day
   *[other] in { $count } days
}
in-months = { $count ->
    [one] in 1 month
   *[other] in { $count } months
}
in-years = { $count ->
    [one] in 1 year
   *[other] in { $count } years
}
minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
days-ago = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
months-ago = { $count ->
    [one] 1 month ago
   *[other] { $count } months ago
}
years-ago = { $count ->
    [one] 1 year ago
   *[other] { $count } years ago
}
years = { $count ->
    [one] 1 year
   *[other] { $count } years
}
months-long = { $count ->
    [one] 1 month
   *[other] { $count } months
}
weeks = { $count ->
    [one] 1 week
   *[other] { $count } weeks
}
days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}
for-length = for { $length }
after-first-use = until { $length } after first coming in
until-date = until { $date }
until-taken-back = until you take it back

## A grant

all-permissions = Everything
all-permissions-hint = All that you may do yourself, except managing users and access.
some-permissions = Chosen permissions
chosen-permissions = { $count ->
    [one] 1 chosen permission
   *[other] { $count } chosen permissions
}
and-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
but-less = { $count ->
    [one] without 1
   *[other] without { $count }
}
permissions-count = { $count ->
    [one] 1 permission
   *[other] { $count } permissions
}
kind-link = Link
kind-password = User name and password
kind-invitation = Invitation
state-provisioning = Being set up
state-ready = Not used yet
state-active = Active
state-suspended = Suspended
state-ended = Ended
state-retired = Ended, user deleted
because-expired = Expired
because-revoked = Taken back
because-declined = Declined
because-grantor-gone = Ended: who gave it has left
because-abandoned = Never set up
bound-first-use = counted from the first use
bound-use-within = unless it is used before then
bound-longest-window = the longest that the site allows
bound-plugin = as an extension wants it
opens = opens
ends = ends
no-end = No end
last-seen = last seen
used-times = { $count ->
    [one] used once
   *[other] used { $count } times
}
used-of = { $count ->
    [one] used once of { $allowed }
   *[other] used { $count } times of { $allowed }
}
withheld-reserved = no guest may ever manage users or access
withheld-grantor = whoever gave the access does not hold it
withheld-ceiling = above what the site allows guests
withheld-plugin = an extension withholds it
withheld-count = { $count ->
    [one] 1 permission is withheld
   *[other] { $count } permissions are withheld
}
sentence-role = { $name } can do everything the role { $role } can, except managing users and access, { $ending }.
sentence-all = { $name } can do everything you can, except managing users and access, { $ending }.
sentence-chosen = { $count ->
    [one] { $name } can do one chosen thing, { $ending }.
   *[other] { $name } can do { $count } chosen things, { $ending }.
}
sentence-not-yet = Choose what to allow and for how long; here it says what will happen.
the-guest = The guest

## Overview

front-title = Who can get in right now
nobody-can-get-in = Nobody but the site’s own users can get in.
site-deactivated = Guests’ access to this site is switched off: nobody but the site’s own users can get in until it is switched on again. What was given is kept.
front-hint = Give a support agent, an accountant or a web developer access for as long as the work takes. It ends by itself, on the very next click.
see-all = See all
ends-soon = Ends soon
nothing-ends = Nothing ends soon.
lately = Lately
chart-label = { $count ->
    [one] 1 event in the last 14 days
   *[other] { $count } events in the last 14 days
}

## Access

filter-email = E-mail address
filter-state = State
filter-kind = Kind
filter-action = What happened
filter-button = Show
any-state = Any
any-kind = Any
any-action = Anything
pick = Choose { $name }
damaged-grants = These records cannot be read, so they give no access:
nothing-found = Nothing found.
nobody-yet = You have not given anybody access yet.
show-all = Show all
revoke-picked = Take back the chosen ones
revoked-count = { $count ->
    [one] Access of 1 guest was taken back.
   *[other] Access of { $count } guests was taken back.
}

## Giving access

give-how = How does the guest get in?
give-link = Link
give-link-hint = One link to send. No password, no account to clean up.
give-password = User name and password
give-password-hint = For people who want to sign in as they do everywhere.
give-invitation = Invitation
give-invitation-hint = They join your account under their own name, until you remove them.
give-whom = For whom?
give-how-long = For how long?
field-email = E-mail address
field-first-name = First name
field-last-name = Last name
field-locale = Language
field-locale-hint = Of the guest’s pages.
language-of-browser = As their browser asks
field-login = User name
field-login-hint = Leave it empty, and one is made of the name.
field-website = Web site
field-message = Message
field-message-hint = The invited person reads it with the invitation.
field-scope = What may they do?
choose-permissions = Only what I choose
field-purpose = What is it for?
field-purpose-hint = You are told if what you allow is too little for it.
no-purpose = I’d rather not say
counted-from-now = From now on
counted-from-first = From the first time they come in
otherwise = Otherwise
custom-date = Until a date
ending-never = Until I take it back
field-until = Date and time
in-zone = Time zone: { $zone }
more-options = More options
field-uses = How often it may be used
field-uses-hint = Leave it empty for any number of times.
field-redirect = Where they arrive
field-redirect-hint = A path on this site such as /posts/new.
by-mail = Mail it to the guest as well. Whoever reads that mail can come in.
field-note = Note
field-note-hint = Only you and other owners read it.
what-happens = Say what will happen
choose-scope = Choose what they may do.
choose-ending = Choose for how long.
bad-date = Give a date and a time.
bad-number = This is a whole number.
email-needed = Give the guest’s e-mail address.
lacking = For this purpose these are missing: { $permissions }. Allow more, or go on knowingly.
knowing-lacking = I know, and want it all the same.
backup-first = This gives power over the whole site, and there is no fresh backup. Make one first, or go on knowingly.
knowing-backup = I know, and want it without a backup.

## The result

made-link = The link is ready
made-password = User name and password are ready
made-invitation = The invitation is ready
made-link-anew = The new link is ready
made-password-anew = The new password is ready
made-invitation-anew = The new invitation is ready
shown-once = This is shown only once.
shown-once-hint = Copy it now. If it gets lost, make a new one: the old one is dead from then on.
the-link = Link
sign-in-at = Sign in at
user-name = User name
password = Password
copy = Copy
copied = Copied
as-picture = Show as a QR code
as-picture-label = QR code of the link
ready-message = A message to send
mailed-to = It was mailed to { $email }. You may also send it yourself.
not-mailed = The mail to { $email } could not be sent. Send the message below yourself.
to-the-grant = See this access
give-another = Give somebody else access
message-link =
    Hello,

    here is your access to { $site }:
    { $link }

    Open it and press “Enter”. Nothing happens until you do, and it ends by itself.
message-password =
    Hello,

    here is your access to { $site }:
    { $address }
    User name: { $login }
    Password: { $password }

    It ends by itself.
message-invitation =
    Hello,

    you are invited to { $site }:
    { $link }

    Open it to accept or decline.

## One grant

timeline-made = Given on { $date }
timeline-first = , first used on { $date }
timeline-ends = , ends on { $date }
timeline-ended = , ended on { $date }
timeline-no-end = , without an end
facts = What was given
comes-in-by = Comes in by
may = May do
ends-label = Ends
ended-label = Ended
might = Could do
what-bounds = What bounds the end
used-label = Used
given-by = Given by
what-to-do = What you can do
longer-by = Longer by
other-end = Another end
field-new-end = New end
move-end = Move the end
change-scope = Change what they may do
manage-permissions = Manage permissions
manage-permissions-of = Manage permissions of { $name }
suspend = Suspend
resume = Resume
reissue-link = New link
reissue-password = New password
reissue-invitation = Send again
revoke = Take back
revoke-of = Take back from { $name }
remove-access = Remove access
remove-access-of = Remove access of { $name }
revoke-hint = { $name } is out at the next click, for good. What they wrote stays.
revoke-now = Take it back now
who-is-in = Who is in
since = Since
end-it = End
end-session = End the session that began on { $date }
done-suspended = Suspended. Nobody gets in by it until you resume it.
done-resumed = Resumed.
done-revoked = Taken back.
done-extended = The end was moved.
done-changed = What they may do was changed. It counts from their next click.
done-session-ended = The session was ended.
retire = Delete this guest’s user
retire-at = It is deleted by itself on { $date }; what they wrote is kept then.
retire-hint = Access ends, and the user that was made for it is deleted. This cannot be undone.
retire-content = What becomes of what they wrote?
retire-keep = It stays, under an author that cannot sign in
retire-hand-over = It belongs to somebody else from then on
retire-heir = E-mail address of the new author
retire-confirm = I am sure: delete the user
retire-now = Delete the user
retire-choose = Nothing was done. Choose what becomes of what they wrote.
retire-unconfirmed = Nothing was done. Confirm that the user is to be deleted.
done-retired = The user was deleted.

## Coming in

you-are-invited = You are invited
invites-you = { $name } invites you to { $site }
for-whom = For
you-may = Access
until-label = Until
uses-label = Can be used
uses-left = { $count ->
    [one] once more
   *[other] { $count } more times
}
enter = Enter
nothing-until = Nothing happens until you press the button.
signed-in-as-leaves = You are signed in as { $name }. That session ends when you enter.
looking = One moment…
link-cut-off = The secret part of the link is missing. Copy the whole link, to its last character.
no-answer = The site does not answer. Open the link again.
needs-script = This link works with JavaScript: the secret in it never leaves your browser by itself.
accept-by = Accept until
accept = Accept
accept-as = Accept as { $name }
not-you = Not you? Sign out, then open the invitation again.
have-account = You have an account here already. Give its password to accept.
sign-in-and-accept = Sign in and accept
new-here = You are new here. Choose a password to sign in with from now on.
new-password = { $count ->
    [one] New password, at least 1 character
   *[other] New password, at least { $count } characters
}
password-too-short = { $count ->
    [one] A password has at least 1 character. Open the invitation again and choose a longer one.
   *[other] A password has at least { $count } characters. Open the invitation again and choose a longer one.
}
wrong-password = The password is not right. Open the invitation again and give the one you sign in with here.
decline = Decline
declined = Declined
declined-hint = You declined the invitation. Nothing was changed for you.
sign-out-then-open = Sign out, then open the invitation again.

## Accounts

accounts-hint = Your own account, and those that others have invited you to.
own-account = Your own account
you-are-here = You are here
switch = Switch
switch-to = Switch to the account of { $name }
not-open = Not open now

## Invitations and team

no-invitations = No invitation is waiting for an answer.
invite-somebody = Invite somebody
resend = Send again
resend-to = Send again the invitation of { $name }
resend-hint = Sending again makes a new link; the one before stops working.
team-hint = Who may act in your account, until you remove them.
nobody-in-team = Nobody else may act in your account.

## History

history-sure = Is it unchanged?
history-sure-hint = Each record holds the fingerprint of the one before it, so nothing can be changed unseen.
verify = Verify
verified-whole = { $count ->
    [one] 1 record was read. Nothing was changed.
   *[other] { $count } records were read. Nothing was changed.
}
verified-part = { $count ->
    [one] The first record was read. Nothing was changed. There is more than a page can verify.
   *[other] The first { $count } records were read. Nothing was changed. There is more than a page can verify.
}
verified-faults = { $count ->
    [one] 1 thing is not as it was written:
   *[other] { $count } things are not as they were written:
}
history-keep = Keep a checkpoint
history-keep-hint = { $count ->
    [one] It pins down 1 record. Keep it where nobody who can change this site can reach it.
   *[other] It pins down { $count } records. Keep it where nobody who can change this site can reach it.
}
take-checkpoint = Download the checkpoint
export = Export
older = Older
the-engine = by itself
action-created = Access given
action-provisioning = User being made
action-redeemed = Came in by the link
action-suspended = Suspended
action-resumed = Resumed
action-extended = End moved
action-reissued = Made anew
action-revoked = Taken back
action-expired = Expired
action-repaired = Set right
action-signed-out = Session ended
action-policy-changed = Policy changed
action-locked-out = Locked out
action-lock-lifted = Lock lifted
action-accepted = Invitation accepted
action-declined = Invitation declined
action-scope-changed = Permissions changed
action-switched = Switched to the account
action-returned = Returned to the own account
action-retiring = What the guest wrote decided about
action-retired = User deleted
action-widening-refused = A plugin would have widened access
action-deactivated = All guest access switched off
action-activated = Guest access switched on
action-provisioned = User made
action-abandoned = Never set up
action-signed-in = Signed in

## Lock-outs

lockouts-hint = Who tries links that open nothing is locked out for a while.
no-lockouts = Nobody is locked out.
lockout-address = Address { $address }
lockout-grant = The link of { $grant }
lockout-site = The whole site
tries = { $count ->
    [one] 1 try
   *[other] { $count } tries
}
locked-until = locked until
lift = Lift
lift-of = Lift: { $what }

## Policy

policy-hint = What this site allows at all, whoever gives access.
policy-saved = Saved.
policy-what = What may be given
policy-kinds = Ways of getting in
choose-kind = Allow at least one way.
policy-roles = Roles
policy-roles-hint = No guest gets more than one of these roles holds.
policy-limit-roles = Only the roles below
policy-ceiling = Ceiling
policy-ceiling-hint = No guest ever gets more than this, whatever was given. Binds existing access at the next click.
policy-limit-ceiling = Only the permissions below
policy-how-long = For how long
policy-longest = Longest access
policy-longest-hint = From opening to end, or from the first use.
policy-endless = Invitations may have no end
policy-endless-hint = However long access may last otherwise. If not, every invitation needs an end.
policy-default-ending = Usual length
as-it-is = As it is
policy-most-uses = How often a link may be used at most
policy-most-uses-hint = Empty: any number of times.
policy-session-length = Sessions last
policy-session-length-hint = A guest comes in anew afterwards, while the access goes on.
policy-session-idle = Sessions may rest
policy-session-idle-hint = A session that nothing was asked of for so long is over.
no-limit = No limit
policy-grantor-gone = When whoever gave access has left
policy-grantor-gone-hint = Binds existing access too.
policy-withhold = It gives nothing while they are gone
policy-end = It ends
policy-retire = Guests’ users are deleted after
policy-retire-hint = So long after access ended. What they wrote is kept.
policy-retire-never = Never by itself
policy-who = Who may be given access
policy-allowed = Only these domains
policy-allowed-hint = One a line, such as example.org or *.example.org. Empty: any.
policy-forbidden = Never these domains
policy-forbidden-hint = One a line.
policy-redirect = Where guests arrive
policy-redirect-hint = A path on this site. Empty: its first page.
policy-backup = Backup first
policy-backup-age = A backup must not be older than
policy-backup-hint = Powerful access is given only while there is a fresh backup, or knowingly.
policy-no-backup = No backup needed
policy-backup-for = Needed for
policy-lockouts = Lock-outs
policy-within = Tries count for
policy-within-hint = So many links that open nothing, tried within this time, lock whoever tries.
policy-address = Tries from one address
policy-grant = Tries for one link
policy-site = Tries on the whole site
policy-lock = Locked for

## Plugins

plugins-hint = Extensions that watch over access here. They can say no, take away and react; none can ever give anybody more.
no-plugins = No plugin is installed.
plugin-upload = Install a plugin
plugin-upload-hint = A file that ends in .gpx. It does nothing before you have approved what it asks for. A newer version takes the place of the one that is there.
plugin-file = File of the plugin
plugin-install = Install
plugin-no-file = Choose a file first.
plugin-too-large = This file is larger than the site takes.
plugin-unapproved = Waits for approval
plugin-waits = Version { $version } waits for your approval
plugin-version = Version { $version }
plugin-failures = { $count ->
    [one] Failed once since its last good call
   *[other] Failed { $count } times since its last good call
}
plugin-asks = What it asks for
plugin-asks-hint = It gets this if you approve it, and nothing else.
plugin-new-hint = It asks for more than you approved. Until you do, the old version goes on. New is:
plugin-new-nothing = It asks for nothing that you have not approved. Until you approve it, the old version goes on.
plugin-approve = Approve
plugin-approve-version = Approve version { $version }
plugin-approve-first = To activate it, approve what it asks for first.
plugin-activate = Activate
plugin-deactivate = Deactivate
plugin-roll-back = Go back to version { $version }
plugin-facts = About it
plugin-off-hint = Until you activate or deactivate it, what it would decide is refused.
plugin-approved-by = Approved by { $name }
plugin-made-by = Made by
plugin-signed = Signed: nobody else can make a newer version of it.
plugin-unsigned = Not signed: anybody can make a newer version of it.
plugin-failed = Failures
plugin-http = Send what it learns to { $host }
plugin-http-host = Send what it learns to { $host }, by the address in its setting “{ $setting }”
plugin-http-setting = Send what it learns to the address in its setting “{ $setting }”
plugin-hears = Hear of: { $what }
plugin-settings = Settings
plugin-setting-lines = One a line.
plugin-setting-default = Usually: { $value }
plugin-told = Still to be told
plugin-parked = given up
plugin-due = will be told
plugin-replay = Tell it again
plugin-uninstall = Uninstall
plugin-uninstall-hint = It is called no more, and its settings are gone.
plugin-keep-data = Keep what it has remembered, in case it is installed again
plugin-delete-data = Delete what it has remembered
plugin-uninstall-now = Uninstall it now
plugin-state-active = Active
plugin-state-inactive = Not active
plugin-state-switched-off = Switched off
plugin-done-installed = Installed. It does nothing yet.
plugin-done-upgraded = The newer version has taken over.
plugin-done-approved = Approved.
plugin-done-active = Activated. It is called from now on.
plugin-done-inactive = Deactivated. It is called no more.
plugin-done-set = Saved
plugin-done-rolled-back = The version before is back.
plugin-done-replayed = It is told again now.
plugin-done-uninstalled = Uninstalled.
plugin-said-unknown-plugin = There is no such plugin.
plugin-said-bad-package = This is no plugin. Plugins are files that end in .gpx.
plugin-said-incomplete-package = This is no whole plugin: a part is missing.
plugin-said-bad-signature = The signature is wrong: somebody may have changed this file. Get it from its author again.
plugin-said-other-key = This version is not signed by whom the installed one is, so it may come from somebody else.
plugin-said-not-newer = This version is not newer than the installed one.
plugin-said-not-approved = Approve what it asks for first.
plugin-said-other-version = Something else waits by now than what you saw. Look at it again before you approve it.
plugin-said-changed-meanwhile = Somebody else changed it at the same moment. Look at it and try again.
plugin-said-no-previous-version = There is no earlier version to go back to.
plugin-said-bad-setting = This is not the kind of value that belongs here.
capability-log = Write to the site’s log
capability-keyvalue = Remember things of its own
capability-clock = Know the time
capability-requests-revoke = Take access back, in your name
capability-requests-suspend = Suspend access, in your name
capability-event-all = Hear of everything that happens
capability-event-tick = Hear that an hour began
capability-event-refused = Hear of what plugins refuse
capability-hook-grant-filter = Refuse that access is given or changed, give less, or lead the guest elsewhere on the site
capability-hook-entry-filter = Refuse that somebody comes in
capability-hook-permission-filter = Withhold permissions, at each click of a guest
capability-hook-action = Act after something has happened
note-installed = Installed
note-approved = Approved
note-activated = Activated
note-deactivated = Deactivated
note-upgraded = Upgraded
note-rolled-back = Went back
note-fault = Failed
note-switched-off = Switched off
note-parked = Gave up telling it
note-replayed = Told again
note-requested = Requested
