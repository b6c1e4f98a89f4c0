"""Wants guests to be named, so that the owner of a site knows later who somebody was."""

import json
import re

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.grant_filter import Verdict
from wit_world.imports import settings


def objection(names: dict, note: str, wanted: dict) -> str | None:
    """A sentence about what is missing; None if nothing is."""
    if wanted["full-name"] and not (names.get("first-name") and names.get("last-name")):
        return "Say who this is for: the guest needs a first and a last name."
    if wanted["ticket"] and not re.search(wanted["ticket"], note):
        return f"Name the ticket in the note; it looks like `{wanted['ticket']}`."
    return None


class GrantFilter(exports.GrantFilter):
    def review(self, draft) -> Verdict:
        known = {item.name: item.value for item in draft.more}
        try:
            veto = objection(known, known.get("note", ""), json.loads(settings.all()))
        except re.error as error:
            raise Err(f"the setting `ticket` is no pattern: {error}")
        return Verdict(veto=veto, except_=[], ends_by=None, uses=None, more=[])
