/** Server-sent events, read from the body of an answer: one JSON object each. */

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<Record<string, any>, void, void>} What stands in its "data:" lines. A
 *   last line without its end is none.
 */
export async function* eventsOf(body) {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data:")) yield JSON.parse(line.slice(5));
    }
  } finally {
    // Whoever stops to read gives the answer up; one that is over takes that without a word.
    await reader.cancel().catch(() => {});
  }
}
