/** A MediaRecorder whose sound is a word; it hands it over when it stops, as browsers do. */
export class FakeRecorder extends EventTarget {
  static last = null;
  mimeType = "audio/webm";
  state = "inactive";

  constructor(stream) {
    super();
    this.stream = stream;
    FakeRecorder.last = this;
  }
  start() {
    this.state = "recording";
  }
  stop() {
    if (this.state === "inactive") return;
    this.state = "inactive";
    queueMicrotask(() => {
      this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob(["sound"]) }));
      this.dispatchEvent(new Event("stop"));
    });
  }
}
