/** What a host may set before a call. */
import { VOICE_CONSTRAINTS } from "./microphone.js";

/**
 * @typedef {object} Settings What a host may set before a call.
 * @property {string} sessionUrl Where the page asks for a secret. Default "./session".
 * @property {string} clientSecret A secret minted by the host; "" to ask sessionUrl.
 * @property {string} callsUrl Where the SDP offer goes when clientSecret is given.
 * @property {Record<string, any> | null} session Sent as session.update once the call is up.
 * @property {string} transcription Model that writes down the person's words, asked for where no
 *   session was given and the server's has none; "" to leave it at that.
 * @property {boolean} microphone False to listen only.
 * @property {MediaTrackConstraints} constraints What is asked of the microphone.
 * @property {RTCIceServer[]} iceServers
 */

/** @type {Settings} */
export const DEFAULT_SETTINGS = {
  sessionUrl: "./session",
  clientSecret: "",
  callsUrl: "./v1/realtime/calls",
  session: null,
  transcription: "gpt-realtime-whisper",
  microphone: true,
  constraints: VOICE_CONSTRAINTS,
  iceServers: [],
};
