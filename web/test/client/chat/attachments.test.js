// Files for the next message: checked, sent to the server, shown, taken away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Attachments, sizeOf } from "../../../client/chat/attachments.js";
import { ChatServer } from "../../../client/chat/server.js";
import { openPage } from "../../support/dom.js";
import { FakeChat, settle } from "../support/chat-page.js";
import { json } from "../support/fake-window.js";

function make() {
  const { document } = openPage("<html><body></body></html>");
  const fake = new FakeChat();
  let made = 0;
  fake.answers["attachments.create"] = ({ name }) => json(200, {
    id: `atc_${++made}`, name,
    upload_descriptor: { url: `http://page.test/chatkit/attachments/atc_${made}?token=t`, method: "PUT", headers: {} },
  });
  fake.answers["attachments.delete"] = () => json(200, {});
  const list = document.createElement("ul");
  const problems = [];
  const server = new ChatServer(fake.fetch, "http://page.test/chat");
  const attachments = new Attachments(list, server, { onChange: () => {}, onProblem: (error) => problems.push(`${error.message} ${error.hint}`.trim()) });
  return { fake, list, problems, attachments };
}

const file = (name, size = 3, type = "text/plain") => ({ name, size, type });

test("a file is announced, uploaded and shown; its id goes with the message", async () => {
  const { fake, list, attachments, problems } = make();
  const adding = attachments.add([file("menu.txt")]);
  await settle();
  assert.equal(list.hidden, false);
  await adding;
  assert.deepEqual(fake.asked.at(-1).params, { name: "menu.txt", size: 3, mime_type: "text/plain" });
  assert.deepEqual(fake.uploaded, [["/chatkit/attachments/atc_1", "PUT", "menu.txt"]]);
  assert.equal(list.textContent, "menu.txt3 bytes×");
  assert.deepEqual([attachments.isReady, attachments.isComing], [true, false]);
  assert.deepEqual(attachments.take(), ["atc_1"]);
  assert.deepEqual([attachments.isReady, list.hidden, list.textContent, problems.length], [false, true, "", 0]);
});

test("what the server does not take is told before it is sent", async () => {
  const { fake, attachments, problems } = make();
  await attachments.add([file("film.mp4", 4096), file("empty.txt", 0), file("a"), file("b"), file("c")]);
  assert.deepEqual(problems, [
    "film.mp4 has 4 KiB. A file may have 2 KiB.", "empty.txt is empty.",
    "A message may have 2 files. Send these first.",
  ]);
  assert.deepEqual(fake.uploaded.map(([, , name]) => name), ["a", "b"]);
});

test("an upload that fails is told, and its chip goes", async () => {
  const { fake, list, attachments, problems } = make();
  fake.upload = () => json(413, { error: { message: "Too long." } });
  await attachments.add([file("menu.txt", 3, "")]);
  assert.deepEqual(problems, ["The server did not take menu.txt (413): Too long."]);
  assert.equal(fake.asked.at(-1).params.mime_type, "application/octet-stream");
  assert.deepEqual([list.textContent, attachments.isReady], ["", false]);
});

test("a file can be taken away again, and the server forgets it", async () => {
  const { fake, list, attachments } = make();
  await attachments.add([file("menu.txt")]);
  list.querySelector("button").click();
  await settle();
  assert.deepEqual(fake.asked.at(-1), { type: "attachments.delete", params: { attachment_id: "atc_1" }, key: "Bearer ek_1" });
  assert.deepEqual([list.hidden, attachments.take()], [true, []]);
});

test("sizes are told as people say them", () => {
  assert.deepEqual([12, 2048, 3.5 * 1024 * 1024, 32 * 1024 * 1024].map(sizeOf), ["12 bytes", "2 KiB", "3.5 MiB", "32 MiB"]);
});
