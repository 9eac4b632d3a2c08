import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Controls, activityWords, clockWords, finder } from "../../client/controls.js";
import { fire, openPage } from "../support/dom.js";

const HTML = readFileSync(new URL("../../client/index.html", import.meta.url), "utf8");

function setUp() {
  const { document, find } = openPage(HTML);
  const done = [];
  const actions = Object.fromEntries(
    ["start", "hangUp", "toggleMute", "interrupt", "sendTurn"].map((name) => [name, () => done.push(name)]),
  );
  const controls = new Controls(document, { ...actions, setVolume: (volume) => done.push(volume) });
  const render = (more = {}) => controls.render({
    status: "connected", isMuted: false, isManual: false, activity: "quiet", volume: 1, ...more,
  });
  return { document, find, done, controls, render };
}

test("each button does what it says", () => {
  const { find, done, render } = setUp();
  render({ activity: "thinking" });
  for (const id of ["start", "hang-up", "mute", "interrupt", "send-turn"]) find(`#${id}`).click();
  find("#volume").value = "1.25";
  fire(find("#volume"), "input");
  assert.deepEqual(done, ["start", "hangUp", "toggleMute", "interrupt", "sendTurn", 1.25]);
});

test("the state of the call is said in words", () => {
  const { find, render } = setUp();
  const words = ["idle", "connecting", "connected", "interrupted", "ended"].map((status) => {
    render({ status });
    return find("#status").textContent;
  });
  assert.deepEqual(words, ["Not connected", "Connecting…", "Connected", "Connection interrupted", "Call ended"]);
});

test("one can start when there is no call, and hang up from the first moment of one", () => {
  const { find, render } = setUp();
  for (const [status, isStart] of [["idle", true], ["connecting", false], ["interrupted", false], ["ended", true]]) {
    render({ status });
    assert.deepEqual([find("#start").hidden, find("#hang-up").hidden], [!isStart, isStart], status);
  }
});

test("when the button under the finger is exchanged, the focus goes along; else it stays", () => {
  const { document, find, render } = setUp();
  render({ status: "idle" });
  find("#start").focus();
  render({ status: "connecting" });
  assert.equal(document.activeElement, find("#hang-up"));
  find("#mute").focus();
  render({ status: "ended" });
  assert.equal(document.activeElement, find("#mute"));
});

test("there is something to interrupt while an answer is made or played", () => {
  const { find, render } = setUp();
  const enabled = (view) => {
    render(view);
    return !find("#interrupt").disabled;
  };
  assert.equal(enabled({ activity: "thinking" }), true);
  assert.equal(enabled({ activity: "assistant_speaking" }), true);
  assert.equal(enabled({ activity: "quiet" }), false);
  assert.equal(enabled({ activity: "user_speaking" }), false);
  assert.equal(enabled({ activity: "thinking", status: "ended" }), false);
});

test("turns are sent by hand only where the session wants that, and only in a call", () => {
  const { find, render } = setUp();
  const hidden = (view) => {
    render(view);
    return find("#send-turn").hidden;
  };
  assert.equal(hidden({ isManual: true }), false);
  assert.equal(hidden({ isManual: false }), true);
  assert.equal(hidden({ isManual: true, status: "connecting" }), true);
});

test("the microphone's button and the volume's slider show how they stand", () => {
  const { find, render } = setUp();
  render({ isMuted: true, volume: 1.5 });
  assert.equal(find("#mute").getAttribute("aria-pressed"), "true");
  assert.equal(find("#volume").valueAsNumber, 1.5);
  assert.equal(find("#volume").getAttribute("aria-valuetext"), "150 %");
  assert.equal(find("#volume-words").textContent, "150 %");
  assert.equal(find("#volume").style.getPropertyValue("--filled"), "75%");
});

test("the whole page knows who speaks, and that nobody does outside a call", () => {
  const { document, render } = setUp();
  render({ activity: "user_speaking" });
  assert.equal(document.documentElement.dataset.activity, "user_speaking");
  render({ activity: "user_speaking", status: "ended" });
  assert.equal(document.documentElement.dataset.activity, "quiet");
});

test("a line that did not change is not said again to a screen reader", () => {
  const { find, render } = setUp();
  render();
  const [before] = find("#status").childNodes;
  find("#status").replaceChildren = () => assert.fail("written again");
  render();
  assert.equal(find("#status").childNodes[0], before);
});

test("the clock runs from the first moment of a call, through an interruption, and starts anew", () => {
  const { find, controls, render } = setUp();
  const at = (now_ms) => {
    controls.renderElapsed(now_ms);
    return find("#elapsed").textContent;
  };
  render({ status: "connecting" });
  assert.equal(at(1_000), "");
  render();
  assert.equal(at(2_000), "0:00");
  render({ status: "interrupted" });
  assert.equal(at(67_400), "1:05");
  render({ status: "ended" });
  assert.equal(at(70_000), "");
  render();
  assert.equal(at(90_000), "0:00");
});

test("what goes on is one line, empty outside a call", () => {
  const words = (more) => activityWords({ status: "connected", isMuted: false, activity: "quiet", ...more });
  assert.equal(words({}), "Listening");
  assert.equal(words({ isMuted: true }), "Your microphone is off");
  assert.equal(words({ isMuted: true, activity: "assistant_speaking" }), "The assistant is speaking");
  assert.equal(words({ activity: "thinking" }), "The assistant is thinking");
  assert.equal(words({ activity: "user_speaking" }), "You are speaking");
  for (const status of ["idle", "connecting", "interrupted", "ended"]) assert.equal(words({ status }), "");
});

test("a length of time is minutes and seconds, begun ones not counted", () => {
  assert.equal(clockWords(0), "0:00");
  assert.equal(clockWords(187_999), "3:07");
  assert.equal(clockWords(3_600_000), "60:00");
});

test("a page that lacks an element, or has another kind of it, is told which", () => {
  const { document } = setUp();
  const find = finder(document);
  assert.throws(() => find("gone", HTMLElement), /"gone"/);
  assert.throws(() => find("start", HTMLInputElement), /with id "start"/);
  assert.equal(find("start", HTMLButtonElement).id, "start");
});
