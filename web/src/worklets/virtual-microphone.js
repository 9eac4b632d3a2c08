import { MicrophoneCore } from "../microphone-core.js";

/** The virtual microphone on the audio thread: one for each getUserMedia stream. */
class VirtualMicrophone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.core = new MicrophoneCore((message) => this.port.postMessage(message));
    this.port.onmessage = ({ data }) => this.core.receive(data, currentFrame);
  }

  /** @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
  process(_inputs, outputs) {
    return this.core.render(outputs[0][0], currentFrame);
  }
}

registerProcessor("harness-virtual-microphone", VirtualMicrophone);
