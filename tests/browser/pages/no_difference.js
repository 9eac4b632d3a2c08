// What a page can find out about the interfaces of a call, without a network and without luck. Run
// once in a page that is watched and once in one that is not: it has to be the same.
async () => {
  const names = Object.getOwnPropertyNames(window)
    .filter((name) => /^(webkit)?RTC|^Media|^Audio|^BaseAudio|^HTML(Media|Audio|Video)|^WebSocket|^(EventTarget|Event|MessageEvent|Navigator|Function|Promise|DOMException|OverconstrainedError|InputDeviceInfo|CanvasCaptureMediaStreamTrack|Permissions|PermissionStatus|Document|Notification|Worker|SharedWorker|Response|Request|Headers|XMLHttpRequest|Blob|File|URL|Performance|Screen|History|Location)$/.test(name))
    .sort();

  const text = (error) => `${error?.constructor?.name} ${error?.name}: ${error?.message}`;
  const outcome = async (call) => {
    try {
      const given = call();
      if (!(given instanceof Promise)) return `gave ${typeof given}`;
      return await given.then((value) => `resolved ${typeof value}`, (error) => `rejected ${text(error)}`);
    } catch (error) {
      return `threw ${text(error)}`;
    }
  };
  const isConstructor = (call) => {
    try {
      Reflect.construct(Object, [], call);
      return true;
    } catch {
      return false;
    }
  };
  const ofFunction = (call) => ({
    name: call.name, length: call.length, text: Function.prototype.toString.call(call), own: Reflect.ownKeys(call).map(String),
    viaObject: Object.prototype.toString.call(call), of: Object.getPrototypeOf(call) === Function.prototype,
    constructs: isConstructor(call), prints: `${call}`, frozen: Object.isFrozen(call), extensible: Object.isExtensible(call),
  });
  const ofValue = (value) => (typeof value === "function" ? ofFunction(value) : typeof value === "object" ? typeof value : String(value));
  const ofDescriptor = ({ value, get, set, ...flags }) => ({
    ...flags, ...(value !== undefined && { value: ofValue(value) }), ...(get && { get: ofFunction(get) }), ...(set && { set: ofFunction(set) }),
  });

  const found = { names };
  for (const name of names) {
    const made = window[name];
    const one = (found[name] = {
      on_window: ofDescriptor(Object.getOwnPropertyDescriptor(window, name)), fixed: {}, members: {}, wrong: {},
      parent: Object.getPrototypeOf(made)?.name, called: await outcome(() => made()),
    });
    for (const key of Reflect.ownKeys(made)) one.fixed[String(key)] = ofDescriptor(Object.getOwnPropertyDescriptor(made, key));
    if (!made.prototype) continue;
    one.order = Reflect.ownKeys(made.prototype).map(String);
    one.back = made.prototype.constructor === made;
    for (const key of Reflect.ownKeys(made.prototype)) {
      const descriptor = Object.getOwnPropertyDescriptor(made.prototype, key);
      one.members[String(key)] = ofDescriptor(descriptor);
      if (/^(Function|Promise|Event|EventTarget|Location|Document|History)$/.test(name) || key === "constructor") continue;
      for (const [kind, call] of Object.entries(descriptor)) {
        if (typeof call !== "function") continue;
        one.wrong[`${String(key)} ${kind}`] = [
          await outcome(() => call.call({})), await outcome(() => call.call(undefined)), await outcome(() => call.call(made.prototype)),
        ];
      }
    }
  }

  // Arguments that cannot be, and objects that can.
  const socketAddress = `ws://${location.host}/nothing-here`;
  const wrong = {
    "new RTCPeerConnection(1)": () => new RTCPeerConnection(1),
    "new RTCPeerConnection({iceServers: 1})": () => new RTCPeerConnection({ iceServers: 1 }),
    "new RTCPeerConnection(bad url)": () => new RTCPeerConnection({ iceServers: [{ urls: "nothing:x" }] }),
    "new RTCPeerConnection(turn alone)": () => new RTCPeerConnection({ iceServers: [{ urls: "turn:h" }] }),
    "new MediaStream(1)": () => new MediaStream(1), "new MediaStream([1])": () => new MediaStream([1]),
    "new WebSocket()": () => new WebSocket(), "new WebSocket(bad)": () => new WebSocket("ftp://h"),
    "new AudioContext(bad)": () => new AudioContext({ sampleRate: 1 }),
    "new RTCSessionDescription()": () => new RTCSessionDescription(), "new RTCIceCandidate()": () => new RTCIceCandidate(),
    "getUserMedia()": () => navigator.mediaDevices.getUserMedia(), "getUserMedia({})": () => navigator.mediaDevices.getUserMedia({}),
    "getUserMedia(none)": () => navigator.mediaDevices.getUserMedia({ audio: false, video: false }),
    "getUserMedia(1)": () => navigator.mediaDevices.getUserMedia(1),
    "generateCertificate(1)": () => RTCPeerConnection.generateCertificate(1),
    "new MediaStreamTrack()": () => new MediaStreamTrack(), "new RTCRtpSender()": () => new RTCRtpSender(), "new RTCDataChannel()": () => new RTCDataChannel(),
  };
  const on = (make, calls) => Object.entries(calls).map(([name, call]) => [name, () => call(make())]);
  const connection = () => new RTCPeerConnection();
  Object.assign(wrong, Object.fromEntries(on(connection, {
    "createDataChannel()": (pc) => pc.createDataChannel(), "createDataChannel(id)": (pc) => pc.createDataChannel("x", { negotiated: true }),
    "createDataChannel(both)": (pc) => pc.createDataChannel("x", { maxRetransmits: 1, maxPacketLifeTime: 1 }),
    "addTrack()": (pc) => pc.addTrack(), "addTrack({})": (pc) => pc.addTrack({}), "addTransceiver()": (pc) => pc.addTransceiver(),
    "addTransceiver(x)": (pc) => pc.addTransceiver("x"), "addTransceiver(direction)": (pc) => pc.addTransceiver("audio", { direction: "x" }),
    "setRemoteDescription()": (pc) => pc.setRemoteDescription(), "setRemoteDescription(bad)": (pc) => pc.setRemoteDescription({ type: "offer", sdp: "x" }),
    "setRemoteDescription(answer)": (pc) => pc.setRemoteDescription({ type: "answer", sdp: "v=0\r\n" }),
    "setLocalDescription(bad)": (pc) => pc.setLocalDescription({ type: "offer", sdp: "x" }),
    "addIceCandidate(1)": (pc) => pc.addIceCandidate(1), "addIceCandidate(early)": (pc) => pc.addIceCandidate({ candidate: "x", sdpMid: "0" }),
    "createAnswer()": (pc) => pc.createAnswer(), "removeTrack()": (pc) => pc.removeTrack(), "getStats(1)": (pc) => pc.getStats(1),
    "closed createOffer": (pc) => (pc.close(), pc.createOffer()), "closed createDataChannel": (pc) => (pc.close(), pc.createDataChannel("x")),
    "closed addTransceiver": (pc) => (pc.close(), pc.addTransceiver("audio")), "setConfiguration(x)": (pc) => pc.setConfiguration({ bundlePolicy: "x" }),
    "send early": (pc) => pc.createDataChannel("x").send("x"), "replaceTrack(1)": (pc) => pc.addTransceiver("audio").sender.replaceTrack(1),
    "setParameters()": (pc) => pc.addTransceiver("audio").sender.setParameters(), "direction": (pc) => (pc.addTransceiver("audio").direction = "x"),
    "binaryType": (pc) => (pc.createDataChannel("x").binaryType = "x"), "getStats(f, f)": (pc) => pc.getStats(() => {}, () => {}),
    "createOffer(callbacks)": (pc) => pc.createOffer(() => {}, () => {}), "stop": (pc) => pc.addTransceiver("audio").stop(),
  })));
  found.wrong = {};
  for (const [name, call] of Object.entries(wrong)) found.wrong[name] = await outcome(call);

  const ofObject = (object) => ({
    tag: Object.prototype.toString.call(object), own: Reflect.ownKeys(object).map(String), kind: object.constructor.name,
    chain: (() => { const chain = []; for (let at = object; at; at = Object.getPrototypeOf(at)) chain.push(at.constructor?.name); return chain; })(),
    json: (() => { try { return Object.keys(JSON.parse(JSON.stringify(object))).sort(); } catch (error) { return text(error); } })(),
    handlers: Object.fromEntries(Object.keys(Object.getPrototypeOf(object)).filter((key) => key.startsWith("on")).map((key) => {
      const before = object[key];
      const mine = () => {};
      object[key] = mine;
      const same = object[key] === mine;
      object[key] = 1;
      return [key, [before, same, object[key]]];
    })),
  });
  const pc = new RTCPeerConnection();
  const channel = pc.createDataChannel("x");
  const transceiver = pc.addTransceiver("audio");
  const context = new AudioContext();
  const audio = new Audio();
  found.objects = Object.fromEntries(Object.entries({
    pc, channel, transceiver, sender: transceiver.sender, receiver: transceiver.receiver, track: transceiver.receiver.track,
    stream: new MediaStream(), audio, video: document.createElement("video"), context, destination: context.createMediaStreamDestination(),
    socket: new WebSocket(socketAddress), devices: navigator.mediaDevices,
  }).map(([name, object]) => [name, ofObject(object)]));
  class Mine extends RTCPeerConnection { own() { return 5; } }
  const mine = new Mine();
  found.subclass = [mine instanceof Mine, mine instanceof RTCPeerConnection, mine.own(), mine.constructor.name, Object.prototype.toString.call(mine)];
  const Bound = new Proxy(RTCPeerConnection, {});
  found.proxied = [new Bound() instanceof RTCPeerConnection, pc instanceof Bound];
  const frame = document.body.appendChild(document.createElement("iframe"));
  const inner = frame.contentWindow;
  found.frame = [
    inner.RTCPeerConnection === RTCPeerConnection, new inner.RTCPeerConnection() instanceof RTCPeerConnection,
    new inner.RTCPeerConnection() instanceof inner.RTCPeerConnection, `${inner.RTCPeerConnection}`, `${inner.RTCPeerConnection.prototype.createOffer}`,
    inner.Function.prototype.toString.call(RTCPeerConnection.prototype.createOffer),
    Function.prototype.toString.call(inner.RTCPeerConnection.prototype.createOffer), Function.prototype.toString.call(inner.RTCPeerConnection),
    Object.getOwnPropertyNames(inner).length - Object.getOwnPropertyNames(window).length,
  ];
  const other = document.body.appendChild(document.createElement("iframe"));
  found.frames = [inner, other.contentWindow].map((one) => one.Function.prototype.toString.call(other.contentWindow.Function.prototype.toString));
  found.frames.push(inner.Function.prototype.toString.call(other.contentWindow.RTCDataChannel.prototype.send));
  other.remove();
  frame.remove();
  found.same = [transceiver.sender === pc.getSenders()[0], pc.getTransceivers()[0] === transceiver, pc.getReceivers()[0].track === transceiver.receiver.track, audio.play === HTMLMediaElement.prototype.play];
  found.globals = Object.getOwnPropertyNames(window).filter((name) => !/^\d+$/.test(name)).sort();
  found.keys = [Object.keys(navigator), Object.getOwnPropertyNames(navigator), Object.getOwnPropertyNames(document), Object.getOwnPropertyNames(navigator.mediaDevices)];

  // A refusal that nobody takes is told to the page, once, with the promise that it has.
  const lonely = new RTCPeerConnection();
  const tooEarly = { type: "answer", sdp: "v=0\r\n" };
  const refused = [];
  const hear = (event) => {
    event.preventDefault();
    refused.push(`${promises.indexOf(event.promise)} ${text(event.reason)}`);
  };
  window.addEventListener("unhandledrejection", hear);
  const promises = [
    lonely.setRemoteDescription(tooEarly), lonely.setLocalDescription({ type: "offer", sdp: "x" }), lonely.createAnswer(),
    lonely.addIceCandidate({ candidate: "x", sdpMid: "0" }), lonely.addTransceiver("audio").sender.replaceTrack(1),
    navigator.mediaDevices.getUserMedia({}),
  ];
  await lonely.setRemoteDescription(tooEarly).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 100));
  window.removeEventListener("unhandledrejection", hear);
  found.refused = refused.sort();
  lonely.close();

  // The order of what happens in one call between two connections.
  const orders = {};
  const note = (who, what) => (orders[who] ??= []).push(what);
  const [left, right] = [new RTCPeerConnection(), new RTCPeerConnection()];
  // Those that depend on packets come at no certain place among the others.
  const kinds = ["signalingstatechange", "negotiationneeded", "track"];
  for (const [who, one] of Object.entries({ left, right })) {
    for (const kind of kinds) {
      one.addEventListener(kind, (event) => note(who, `${kind} ${one.signalingState} ${event.isTrusted} ${event.constructor.name} ${event.target === one} ${event.eventPhase}`));
      one[`on${kind}`] = () => note(who, `on${kind}`);
    }
    one.addEventListener("icecandidate", ({ candidate }) => candidate && (one === left ? right : left).addIceCandidate(candidate));
  }
  left.addTransceiver("audio");
  const sending = left.createDataChannel("events");
  const ended = new Promise((resolve) => {
    right.addEventListener("datachannel", ({ channel: got }) => {
      for (const kind of ["open", "message", "close"]) got.addEventListener(kind, (event) => note("got", `${kind} ${typeof event.data} ${event.data?.byteLength ?? event.data}`));
      got.addEventListener("close", resolve);
    });
  });
  await Promise.resolve();
  note("left", "microtask");
  for (const kind of ["open", "message", "close", "closing"]) sending.addEventListener(kind, () => note("sending", kind));
  await left.setLocalDescription().then(() => note("left", "offered"));
  await right.setRemoteDescription(left.localDescription).then(() => note("right", "has offer"));
  await right.setLocalDescription().then(() => note("right", "answered"));
  await left.setRemoteDescription(right.localDescription).then(() => note("left", "has answer"));
  await new Promise((resolve) => (sending.readyState === "open" ? resolve() : sending.addEventListener("open", resolve)));
  sending.send("text");
  sending.send(new Uint8Array(300));
  sending.send(new Blob([new Uint8Array(20)]));
  await new Promise((resolve) => setTimeout(resolve, 300));
  found.stats = [...new Set([...(await left.getStats()).values()].map(({ type }) => type))].sort();
  sending.close();
  await ended;
  left.close();
  right.close();
  found.states = [left.connectionState, left.signalingState, left.iceConnectionState, sending.readyState];
  found.orders = orders;
  await context.close();
  return JSON.parse(JSON.stringify(found));
}
