import { MicrophoneCore } from "../microphone-core.js";

/** The virtual microphone on the audio thread: one for each getUserMedia stream. */
class VirtualMicrophone extends AudioWorkletProcessor {
  /** @param {{ processorOptions: { initial: import("../microphone-core.js").ToCore[] } }} options */
  constructor({ processorOptions }) {
    super();
    this.core = new MicrophoneCore((message) => this.port.postMessage(message));
    for (const message of processorOptions.initial) this.core.receive(message, currentFrame);
    this.port.onmessage = ({ data }) => this.core.receive(data, currentFrame);
  }

  /** @param {Float32Array[][]} inputs What is heard, mono. @param {Float32Array[][]} outputs */
  process(inputs, outputs) {
    return this.core.render(outputs[0][0], currentFrame, inputs[0]?.[0]);
  }
}

registerProcessor("harness-virtual-microphone", VirtualMicrophone);
