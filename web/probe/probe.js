import { AudioGraph } from "../audio/audio-graph.js";
import { watchAudioContexts } from "./audio-contexts.js";
import { AutoplayPolicy, NOT_ALLOWED } from "./autoplay-policy.js";
import { Captures } from "./captures.js";
import { Control, hideControl } from "./control.js";
import { DeviceMicrophones } from "./device-microphone.js";
import { watchFocus } from "./focus.js";
import { LanguageCheck, watchLanguage } from "./language-check.js";
import { ListeningTaps } from "./listening-tap.js";
import { watchLongTasks } from "./long-tasks.js";
import { MicrophoneAccess } from "./microphone-access.js";
import { MicrophoneDevice } from "./microphone-device.js";
import { MicrophoneReaders } from "./microphone-readers.js";
import { getterOf, isReal, patchToString, quietly } from "./natives.js";
import { PageCalls } from "./page-calls.js";
import { watchPermission } from "./permission.js";
import { watchPerson } from "./person.js";
import { Playback } from "./playback.js";
import { pollStats } from "./poll-stats.js";
import { redactUrl } from "./redact.js";
import { shareNatives } from "./shared-natives.js";
import { SharedScreen } from "./shared-screen.js";
import { createSink } from "./sink.js";
import { nativeTime } from "./time.js";
import { UserGestures } from "./user-gestures.js";
import { VirtualMicrophones } from "./virtual-microphone.js";
import { watchVisibility } from "./visibility.js";
import { DataChannels } from "./wrap-data-channel.js";
import { TrackPatches } from "./wrap-media-stream-track.js";
import { PeerConnections } from "./wrap-peer-connection.js";
import { RelayedConnections } from "./wrap-relayed-connection.js";
import { virtualAnswer, wrapEnumerateDevices, wrapUserMedia } from "./wrap-user-media.js";
import { WebSockets } from "./wrap-web-socket.js";

/**
 * Install everything in one frame, before the page's own scripts run.
 *
 * @typedef {object} ProbeOptions
 * @property {string} binding Name of the way out that the browser put on the window.
 * @property {string} key What Python reads the control object with.
 * @property {string} windowsKey What the probes of a page's windows know each other by.
 * @property {"virtual" | "device"} microphone
 * @property {import("./microphone-access.js").Access} access Whether a page gets the virtual one.
 * @property {boolean} camera Whether a page finds one.
 * @property {"allowed" | "user-gesture"} autoplay Whether a page is heard before its user has clicked.
 * @property {string} deviceSeed 64 hexadecimal digits.
 * @property {number} statsEveryMs
 * @property {string} workletSource
 * @property {import("./relay-routes.js").Relay | null} relay Stands before all remote peers.
 *
 * @param {any} target The window.
 * @param {ProbeOptions} options
 */
export function installProbe(target, options) {
  const send = takeBinding(target, options.binding);
  if (!send) return; // no way out: leave the page as it is
  const time = nativeTime(target);
  const bare = createSink({ send, frameId: createFrameId(target), time });
  const sink = watchLanguage(bare, new LanguageCheck(target), time.defer);
  try {
    install(target, sink, time, options);
  } catch (/** @type {any} */ error) {
    sink.emit("page.error", { message: `the probe could not be installed: ${error?.stack ?? error}` });
  }
  const isTop = target.top === target;
  sink.emit("page.loaded", { url: redactUrl(target.location?.href), is_top: isTop });
  sink.flush();
  target.addEventListener("pagehide", (/** @type {Event} */ event) => {
    if (!isReal(event)) return;
    sink.emit("page.unloaded", { url: redactUrl(target.location?.href) });
    sink.flush();
  });
  target.addEventListener("error", (/** @type {ErrorEvent} */ event) =>
    quietly(() => sink.emit("page.error", { message: String(event.message) })),
  );
}

/**
 * @param {any} target @param {import("./sink.js").Sink} sink
 * @param {import("./time.js").Time} time @param {ProbeOptions} options
 */
function install(target, sink, time, options) {
  shareNatives(target, options.windowsKey);
  patchToString(target);
  const graph = new AudioGraph(sink, target, options.workletSource, time);
  const device = new MicrophoneDevice(options.deviceSeed);
  const microphones = new VirtualMicrophones(sink, graph);
  const access = new MicrophoneAccess({ access: options.access, sink, device, microphones, target });
  const channels = new DataChannels(sink, target);
  const sockets = new WebSockets(sink, target);
  const playback = new Playback(sink, graph, target, time.defer);
  playback.onBus = (bus) => microphones.hear(bus);
  const taps = new ListeningTaps(sink, graph, target, playback);
  const readers = new MicrophoneReaders(sink, target, playback.graphs.connections);
  const captures = new Captures(target);
  const onGranted = (/** @type {MediaStream} */ stream) => {
    readers.add(stream);
    captures.add(stream);
  };
  const { elements } = playback;
  const isOurs = (/** @type {any} */ object) => elements.ours.has(object);
  if (options.autoplay === "user-gesture") waitForGesture(target, options.windowsKey, captures, elements);
  playback.graphs.onStream = (stream, node) => readers.takeStream(stream, node);
  playback.graphs.onConnected = () => readers.look();
  if (options.microphone === "virtual") {
    const patches = new TrackPatches(device, microphones, target);
    patches.install();
    access.install();
    const { camera } = options;
    wrapEnumerateDevices({ device, access, camera, target });
    const answer = virtualAnswer({ device, microphones, patches, access, camera, target });
    wrapUserMedia({ sink, target, answer, onGranted });
  } else {
    const devices = new DeviceMicrophones(sink, graph, target);
    devices.install();
    wrapUserMedia({ sink, target, answer: (native) => devices.answer(native), onGranted });
  }
  new SharedScreen(sink, target, time.defer).install();
  channels.install();
  sockets.install();
  readers.install();
  playback.install();
  const connections = new PeerConnections({
    sink,
    target,
    channels,
    onRemoteTrack: (connection, track, name) => {
      taps.listen(connection, track, name).catch((error) => {
        // A track that is over needs no listening; without another, no verdict can be given.
        if (track.readyState !== "ended") sink.emit("tap.failed", { connection, track: name, why: String(error) });
      });
    },
    onCreated: pollStats(sink, target, options.statsEveryMs, time.defer),
  });
  // First: what is told is what the page gives and gets.
  const nameOf = (/** @type {RTCPeerConnection} */ peer) => connections.names.get(peer);
  if (options.relay) new RelayedConnections({ sink, target, relay: options.relay, nameOf }).install();
  connections.install();
  watchPerson(target, sink);
  watchLongTasks(target, sink);
  watchAudioContexts(target, sink); // the harness's own is made by the browser's own class
  watchVisibility(target, sink);
  watchFocus(target, sink);
  watchPermission(target, sink);
  const nameOfCalled = namesOf(target, connections, channels);
  // Last: what is told is what the page gives and gets.
  new PageCalls({ sink, target, defer: time.defer, nameOf: nameOfCalled, isOurs }).install();
  hideControl(target, options.key, new Control({ sink, microphones, access, channels, sockets }));
}

/**
 * Have the page wait for its user's click before it is heard.
 *
 * @param {any} target The window. @param {string} mark @param {Captures} captures
 * @param {import("./played-elements.js").PlayedElements} elements
 */
function waitForGesture(target, mark, captures, elements) {
  const gestures = new UserGestures(target, mark);
  gestures.install();
  captures.install();
  new AutoplayPolicy({
    target,
    isAllowed: () => gestures.any || captures.any,
    isOurs: (element) => elements.ours.has(element),
    onKeptStill: (element) => elements.refuse(element, NOT_ALLOWED),
  }).install();
}

/**
 * What the trace calls the objects that a page calls methods of; a track is called by its kind.
 *
 * @param {any} target @param {PeerConnections} connections @param {DataChannels} channels
 * @returns {(owner: string, object: any) => string}
 */
function namesOf(target, connections, channels) {
  const kind = getterOf(target.MediaStreamTrack?.prototype, "kind");
  return (owner, object) => {
    if (owner === "RTCPeerConnection") return connections.names.get(object) ?? "";
    if (owner === "RTCDataChannel") return channels.names.get(object)?.channel ?? "";
    return owner === "MediaStreamTrack" && kind ? Reflect.apply(kind, object, []) : "";
  };
}

/**
 * Take the binding from the window, so that the page never sees it.
 *
 * @param {any} target @param {string} name
 * @returns {((payload: string) => void) | undefined}
 */
function takeBinding(target, name) {
  const binding = target[name];
  delete target[name];
  return typeof binding === "function" ? binding : undefined;
}

/** @param {any} target */
function createFrameId(target) {
  const bytes = target.crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
