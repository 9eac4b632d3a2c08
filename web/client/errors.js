/**
 * The one kind of error this page raises, and plain words for the browser's own.
 *
 * Codes: "microphone_denied", "microphone_missing", "microphone_busy", "insecure_page",
 * "api_key_refused", "bad_argument", "server_refused", "server_unreachable", "server_lost",
 * "bad_answer", "refused", "timeout", "busy", "not_connected", "closed".
 */

/** An error a person can act on: `code` for programs, `message` and `hint` for people. */
export class CallError extends Error {
  /**
   * @param {string} code One of the codes above.
   * @param {string} message What happened, one sentence.
   * @param {{hint?: string, cause?: unknown}} [more] What to do about it, and what lies under it.
   */
  constructor(code, message, { hint = "", cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CallError";
    this.code = code;
    this.hint = hint;
  }
}

/**
 * Any thrown value as a CallError.
 *
 * @param {unknown} error
 * @returns {CallError}
 */
export function asCallError(error) {
  if (error instanceof CallError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CallError("bad_answer", message || "Something went wrong.", { cause: error });
}

/**
 * Say in plain words why getUserMedia failed, and what to do.
 *
 * Source: W3C mediacapture-streams, section 10.3 (the names of the errors).
 *
 * @param {unknown} error What getUserMedia rejected with.
 * @returns {CallError}
 */
export function explainMicrophoneError(error) {
  const name = error instanceof Error ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return new CallError("microphone_denied", "The browser did not allow the microphone.", {
        hint: "Allow it at the microphone or lock symbol beside the address, then start again.",
        cause: error,
      });
    case "NotFoundError":
    case "OverconstrainedError":
      return new CallError("microphone_missing", "No microphone was found.", {
        hint: "Plug one in or switch it on in the system's sound settings, then start again.",
        cause: error,
      });
    case "NotReadableError":
    case "AbortError":
      return new CallError("microphone_busy", "The microphone could not be opened.", {
        hint: "Another program may be holding it. Close that program, then start again.",
        cause: error,
      });
    default:
      return new CallError("microphone_missing", `The microphone failed: ${asText(error)}`, {
        hint: "Check the system's sound settings, then start again.",
        cause: error,
      });
  }
}

/** @param {unknown} error */
function asText(error) {
  return error instanceof Error ? error.message || error.name : String(error);
}
