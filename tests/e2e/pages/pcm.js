// What a page needs to talk over a WebSocket: a microphone that gives PCM16, and a player of it.

const RATE_HZ = 24000;
const CAPTURE = `registerProcessor("capture", class extends AudioWorkletProcessor {
  process([[samples]]) {
    if (samples) this.port.postMessage(samples.slice());
    return true;
  }
});`;
const BATCH_FRAMES = 960; // 40 ms a message

export class Microphone {
  /** @param {(pcm: ArrayBuffer) => void} send Gets 40 ms of PCM16, mono, 24 kHz, at a time. */
  async open(send) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const context = new AudioContext({ sampleRate: RATE_HZ });
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([CAPTURE], { type: "text/javascript" })));
    const node = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
    let batch = new Int16Array(BATCH_FRAMES);
    let filled = 0;
    node.port.onmessage = ({ data }) => {
      for (const sample of data) {
        batch[filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
        if (filled < BATCH_FRAMES) continue;
        send(batch.buffer);
        batch = new Int16Array(BATCH_FRAMES);
        filled = 0;
      }
    };
    context.createMediaStreamSource(stream).connect(node);
  }
}

/** Plays chunks one after the other, and keeps what has really been played. */
export class Player {
  constructor() {
    this.context = new AudioContext({ sampleRate: RATE_HZ });
    this.endsAt = 0;
    this.sounding = new Set();
    /** @type {number[]} */
    this.played = [];
  }

  /** @param {ArrayBuffer} pcm */
  play(pcm) {
    const samples = Float32Array.from(new Int16Array(pcm), (sample) => sample / 32768);
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE_HZ });
    buffer.copyToChannel(samples, 0);
    const node = new AudioBufferSourceNode(this.context, { buffer });
    node.connect(this.context.destination);
    this.endsAt = Math.max(this.endsAt, this.context.currentTime);
    node.start(this.endsAt);
    this.endsAt += buffer.duration;
    this.sounding.add(node);
    node.onended = () => {
      if (this.sounding.delete(node)) this.played.push(...samples);
    };
  }

  stop() {
    for (const node of this.sounding) node.stop();
    this.sounding.clear();
    this.endsAt = 0;
  }
}
