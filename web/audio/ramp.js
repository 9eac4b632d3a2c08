/**
 * A factor that goes in a straight line from one value to the next, by the frames of the audio clock.
 *
 * @typedef {{ from: number, to: number, startFrame: number, fadeFrames: number }} Ramp
 */

/** @param {Ramp} ramp @param {number} frame Not before its start. */
export function rampAt({ from, to, startFrame, fadeFrames }, frame) {
  const passed = frame - startFrame;
  return passed >= fadeFrames ? to : from + ((to - from) * passed) / fadeFrames;
}
