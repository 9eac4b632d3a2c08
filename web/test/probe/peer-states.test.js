import assert from "node:assert/strict";
import { test } from "node:test";
import { PEER_STATES } from "../../probe/peer-states.js";

test("each state is told by the event that is named after its attribute", () => {
  for (const [event, kind, attribute] of PEER_STATES) {
    assert.equal(event, `${attribute.toLowerCase()}change`);
    assert.ok(attribute.toLowerCase().includes(kind), `${kind} is short for ${attribute}`);
  }
  assert.equal(new Set(PEER_STATES.map(([, kind]) => kind)).size, 4);
});
