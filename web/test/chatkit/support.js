/** A backend of ChatKit's protocol that a test scripts, and the events that a page is told. */
import { json } from "../client/support/fake-window.js";

export const THREAD = { id: "thr_1", title: "Tables", status: { type: "active" } };
export const user = (id, text) => ({ id, type: "user_message", content: [{ type: "input_text", text }], attachments: [] });
export const assistant = (id, text) => ({ id, type: "assistant_message", content: [{ type: "output_text", text }] });

/** @param {Record<string, any>[]} events The body of an answer. */
export function eventsAnswer(...events) {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  return new Response(text, { headers: { "Content-Type": "text/event-stream" } });
}

export class FakeBackend {
  asked = [];
  /** By the request's type; each is called with its params. */
  answers = {
    "threads.create": () => eventsAnswer(
      { type: "thread.created", thread: THREAD },
      { type: "thread.item.done", item: user("u1", "Hello?") },
      { type: "stream_options", stream_options: { allow_cancel: true } },
      { type: "thread.item.added", item: assistant("a1", "") },
      { type: "thread.item.done", item: assistant("a1", "Hello.") },
    ),
    "threads.add_user_message": () => eventsAnswer({ type: "thread.item.done", item: assistant("a2", "Yes.") }),
    "threads.list": () => json(200, { data: [THREAD, { id: "thr_2" }], has_more: false }),
    "threads.get_by_id": ({ thread_id: id }) => json(200, { ...THREAD, id }),
    "items.list": () => json(200, { data: [assistant("a0", "Before."), user("u0", "Earlier?")], has_more: false }),
  };
  fetch = async (url, { body, headers, method }) => {
    if (typeof body !== "string") {
      this.asked.push({ url, method });
      return this.upload(body);
    }
    const { type, params } = JSON.parse(body);
    this.asked.push({ url, type, params, key: headers.Authorization });
    return this.answers[type](params);
  };
  upload = () => json(200, {});

  get last() {
    return this.asked.at(-1);
  }
}
