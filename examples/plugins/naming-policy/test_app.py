"""Tries the policy without WebAssembly: python3 -m unittest"""

import sys
import types
import unittest

# What componentize-py generates, as far as it is needed here.
for name in ("componentize_py_types", "wit_world", "wit_world.exports", "wit_world.exports.grant_filter", "wit_world.imports"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["componentize_py_types"].Err = Exception
sys.modules["wit_world"].exports = sys.modules["wit_world.exports"]
sys.modules["wit_world.exports"].GrantFilter = object
sys.modules["wit_world.exports.grant_filter"].Verdict = dict
sys.modules["wit_world.imports"].settings = None

from app import objection  # noqa: E402

NAMED = {"first-name": "Ada", "last-name": "Lovelace"}


class Policy(unittest.TestCase):
    def test_a_guest_needs_both_names(self):
        wanted = {"full-name": True, "ticket": ""}
        self.assertIsNone(objection(NAMED, "", wanted))
        self.assertIsNotNone(objection({"first-name": "Ada"}, "", wanted))
        self.assertIsNone(objection({}, "", {"full-name": False, "ticket": ""}))

    def test_the_note_names_the_ticket(self):
        wanted = {"full-name": False, "ticket": "[A-Z]+-[0-9]+"}
        self.assertIsNone(objection({}, "for HELP-17", wanted))
        self.assertIn("ticket", objection({}, "for help", wanted))


if __name__ == "__main__":
    unittest.main()
