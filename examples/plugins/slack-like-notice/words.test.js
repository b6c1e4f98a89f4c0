import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./words.js";

test("an event is told in a line, with who did it and to whom", () => {
  const more = [{ name: "email", value: "a@b.example" }];
  assert.equal(words({ name: "created", actor: "olga", more }), "olga has given access (a@b.example).");
  assert.equal(words({ name: "expired", more: [] }), "Access has ended by itself.");
});

test("an event that is new is told by its name", () => {
  assert.equal(words({ name: "cloned", more: [] }), "The site: cloned.");
});
