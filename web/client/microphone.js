/** Opening the person's microphone. */
import { CallError, explainMicrophoneError } from "./errors.js";

/** What a voice call wants of a microphone. @type {MediaTrackConstraints} */
export const VOICE_CONSTRAINTS = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/**
 * Ask for the microphone.
 *
 * The browser's question to the person cannot be withdrawn; when the signal is aborted
 * meanwhile, the promise rejects at once and a microphone given later is released again.
 *
 * @param {Pick<MediaDevices, "getUserMedia"> | undefined} devices navigator.mediaDevices.
 * @param {MediaTrackConstraints} constraints
 * @param {AbortSignal} signal
 * @returns {Promise<MediaStream>}
 * @throws {CallError} "microphone_denied", "microphone_missing", "microphone_busy", "insecure_page".
 */
export async function openMicrophone(devices, constraints, signal) {
  if (!devices?.getUserMedia) {
    throw new CallError("insecure_page", "This page may not use a microphone.", {
      hint: "Open it over https, or on this machine as http://localhost.",
    });
  }
  const asked = devices.getUserMedia({ audio: constraints, video: false });
  try {
    return await untilAborted(asked, signal);
  } catch (error) {
    if (!signal.aborted) throw explainMicrophoneError(error);
    asked.then(stopTracks, () => {});
    throw error;
  }
}

/** @param {MediaStream | null} stream */
export function stopTracks(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Mute or unmute: the tracks stay, and send silence while disabled.
 *
 * @param {MediaStream | null} stream
 * @param {boolean} isEnabled
 */
export function enableTracks(stream, isEnabled) {
  for (const track of stream?.getAudioTracks() ?? []) track.enabled = isEnabled;
}

/**
 * A promise that also ends when the signal is aborted, with the signal's reason.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
export function untilAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
