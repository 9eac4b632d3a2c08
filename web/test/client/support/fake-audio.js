/** WebAudio enough to see what is connected to what, and to say how loud a stream is. */

export class FakeAudioContext {
  static all = [];
  /** What a browser lets a new context be; "suspended" until a person touched the page. */
  static firstState = "running";
  /** True once the person touched the page; before that resume() stays open. */
  static isTouched = false;
  state = FakeAudioContext.firstState;
  currentTime = 3;
  destination = { name: "loudspeaker" };

  constructor(options) {
    this.options = options;
    FakeAudioContext.all.push(this);
  }
  static reset(firstState = "running") {
    FakeAudioContext.all = [];
    FakeAudioContext.firstState = firstState;
    FakeAudioContext.isTouched = false;
  }
  #node(name, more) {
    const node = { name, context: this, to: [], connect: (other) => node.to.push(other), ...more };
    return node;
  }
  createGain() {
    const glides = [];
    const gain = { value: 1, glides, setTargetAtTime: (...glide) => glides.push(glide) };
    return (this.gain = this.#node("gain", { gain }));
  }
  createMediaStreamSource(stream) {
    return this.#node("source", { stream });
  }
  createAnalyser() {
    return this.#node("analyser", {
      getFloatTimeDomainData: (samples) => samples.fill(this.amplitude ?? 0),
    });
  }
  resume() {
    if (this.state === "suspended" && !FakeAudioContext.isTouched) return new Promise(() => {});
    this.state = "running";
    return Promise.resolve();
  }
  async close() {
    this.state = "closed";
  }
}
