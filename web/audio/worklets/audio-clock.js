import { AnchorEstimator } from "../anchor-estimator.js";

/** Pair the frame counter with the wall clock, some times a second. */
class AudioClock extends AudioWorkletProcessor {
  constructor() {
    super();
    this.estimator = new AnchorEstimator(sampleRate);
  }

  process() {
    const anchor = this.estimator.add(currentFrame, Date.now());
    if (anchor) this.port.postMessage(anchor);
    return true;
  }
}

registerProcessor("harness-audio-clock", AudioClock);
