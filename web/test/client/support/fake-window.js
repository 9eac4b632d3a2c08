/** A hand-made window: enough of WebRTC, fetch and the microphone for the client to run in node. */

export class FakeTrack extends EventTarget {
  kind = "audio";
  enabled = true;
  readyState = "live";
  stop() {
    this.readyState = "ended";
  }
}

export class FakeStream {
  constructor(tracks = [new FakeTrack()]) {
    this.tracks = tracks;
  }
  getTracks() {
    return this.tracks;
  }
  getAudioTracks() {
    return this.tracks;
  }
}

class FakeChannel extends EventTarget {
  readyState = "connecting";
  sent = [];
  constructor(label) {
    super();
    this.label = label;
  }
  send(text) {
    this.sent.push(JSON.parse(text));
    const event = this.sent.at(-1);
    queueMicrotask(() => this.onSent?.(event)); // no server answers within send()
  }
  close() {
    this.readyState = "closed";
  }
}

class FakePeerConnection extends EventTarget {
  connectionState = "new";
  steps = [];
  localDescription = null;
  createDataChannel(label) {
    this.steps.push(`channel ${label}`);
    this.channel = new FakeChannel(label);
    return this.channel;
  }
  addTrack() {
    this.steps.push("track");
  }
  addTransceiver(kind, { direction }) {
    this.steps.push(`${kind} ${direction}`);
  }
  async createOffer() {
    this.steps.push("offer");
    return { type: "offer", sdp: "v=0 offer" };
  }
  async setLocalDescription(description) {
    this.localDescription = description;
  }
  async setRemoteDescription({ sdp }) {
    if (!sdp.startsWith("v=0")) throw new DOMException("nonsense", "OperationError");
    this.remote = sdp;
  }
  become(state) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
  close() {
    this.closed = true;
  }
}

/** What the hand-made window answers can be changed through its fields. */
export class FakeWindow {
  document = { baseURI: "http://page.test/talk/" };
  requests = [];
  connections = [];
  timers = [];
  microphone = new FakeStream();
  getUserMedia = async () => this.microphone;
  ticket = () => json(200, { client_secret: "ek_1", expires_at: 1, calls_url: "/v1/realtime/calls" });
  answer = () => new Response("v=0 answer", {
    status: 201, headers: { Location: "/v1/realtime/calls/rtc_1" },
  });
  /** Called with each new connection once its answer was set. */
  onAnswered = (connection) => this.receive({ type: "session.created", session: {} }, connection);

  constructor() {
    const target = this;
    this.navigator = { mediaDevices: { getUserMedia: (...asked) => this.getUserMedia(...asked) } };
    this.RTCPeerConnection = class extends FakePeerConnection {
      constructor() {
        super();
        target.connections.push(this);
      }
      async setRemoteDescription(description) {
        await super.setRemoteDescription(description);
        this.channel.readyState = "open";
        queueMicrotask(() => target.onAnswered(this));
      }
    };
    this.fetch = async (url, request) => {
      this.requests.push({ url: String(url), ...request });
      return String(url).endsWith("/session") ? this.ticket() : this.answer();
    };
  }

  setTimeout(call) {
    return this.timers.push(call);
  }
  clearTimeout(id) {
    this.timers[id - 1] = null;
  }
  /** Let every timer that still runs go off. */
  runTimers() {
    for (const call of this.timers.splice(0)) call?.();
  }
  receive(event, connection = this.connections.at(-1)) {
    connection.channel.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(event) }));
  }
  get sent() {
    return this.connections.at(-1).channel.sent;
  }
}

export function json(status, body) {
  return new Response(JSON.stringify(body), { status });
}

/** Listeners that write down what they are told. */
export function listeners() {
  const told = { statuses: [], events: [], problems: [], streams: [], microphones: [] };
  return Object.assign(told, {
    onStatus: (status, error) => told.statuses.push(error ? `${status}: ${error.code}` : status),
    onEvent: (event, direction) => told.events.push(`${direction} ${event.type}`),
    onProblem: (error) => told.problems.push(error.code),
    onRemoteStream: (stream) => told.streams.push(stream),
    onMicrophone: (stream) => told.microphones.push(stream),
  });
}
