/** The line for an event. */
export function words(event) {
  const who = event.actor ?? "The site";
  const known = Object.fromEntries(event.more.map(({ name, value }) => [name, value]));
  const whom = known.email ? ` (${known.email})` : "";
  switch (event.name) {
    case "created":
      return `${who} has given access${whom}.`;
    case "redeemed":
      return `A guest came in${whom}.`;
    case "revoked":
      return `${who} took access back${whom}.`;
    case "expired":
      return `Access has ended by itself${whom}.`;
    default:
      return `${who}: ${event.name}${whom}.`;
  }
}
