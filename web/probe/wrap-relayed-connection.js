import { quietly, replaceAttribute, replaceMethod } from "./natives.js";
import { RelayRoutes } from "./relay-routes.js";

/**
 * Put a relay between every peer connection of the page and its remote peers.
 *
 * The browser gets remote descriptions whose candidates are the relay's, in the same call, so that
 * nothing comes later than the page expects; the page reads back what it gave. What the page hands
 * out of its own are candidates where nobody listens: else remote peers would find a way to it that
 * goes past the relay. They learn it from the checks that come through the relay.
 */
export class RelayedConnections {
  /**
   * @param {object} parts
   * @param {import("./sink.js").Sink} parts.sink
   * @param {any} parts.target The window.
   * @param {import("./relay-routes.js").Relay} parts.relay
   * @param {(peer: RTCPeerConnection) => string | undefined} parts.nameOf
   */
  constructor({ sink, target, relay, nameOf }) {
    this.sink = sink;
    this.target = target;
    this.nameOf = nameOf;
    this.routes = new RelayRoutes(relay);
    this.Description = target.RTCSessionDescription;
    this.Candidate = target.RTCIceCandidate;
    /** What the page sees of what the browser has. @type {WeakMap<object, any>} */
    this.shown = new WeakMap();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const prototype = this.target.RTCPeerConnection?.prototype;
    const event = this.target.RTCPeerConnectionIceEvent?.prototype;
    const remoteSdp = getter(prototype, "remoteDescription");
    /** @param {(has: any) => any} show @returns {{ get: (native: any, self: any, args: any[]) => any }} */
    const shows = (show) => ({ get: (native, self, args) => show(Reflect.apply(native, self, args)) });
    const undo = [
      replaceMethod(prototype, "setRemoteDescription", (native, self, args) =>
        Reflect.apply(native, self, this.withRoutes(self, args))),
      replaceMethod(prototype, "setLocalDescription", (native, self, args) =>
        Reflect.apply(native, self, changed(args, (sdp) => this.routes.unhide(sdp)))),
      replaceMethod(prototype, "addIceCandidate", (native, self, args) =>
        this.addCandidate(native, self, args, () => Reflect.apply(remoteSdp, self, [])?.sdp ?? "")),
      ...["createOffer", "createAnswer"].map((name) =>
        replaceMethod(prototype, name, (native, self, args) => this.create(native, self, args))),
      ...["localDescription", "currentLocalDescription", "pendingLocalDescription"].map((name) =>
        replaceAttribute(prototype, name, shows((has) => this.show(has, (sdp) => this.routes.hide(sdp))))),
      ...["remoteDescription", "currentRemoteDescription", "pendingRemoteDescription"].map((name) =>
        replaceAttribute(prototype, name, shows((has) => this.show(has, (sdp) => this.routes.unroute(sdp))))),
      replaceAttribute(event, "candidate", shows((has) => this.showCandidate(has))),
    ];
    return () => undo.forEach((back) => back());
  }

  /** @param {RTCPeerConnection} peer @param {any[]} args */
  withRoutes(peer, args) {
    return changed(args, (sdp) => this.routes.route(sdp, (relayed) => this.tell(peer, relayed)));
  }

  /** @param {any} native @param {any} self @param {any[]} args @param {() => string} remoteSdp */
  addCandidate(native, self, args, remoteSdp) {
    let given = args[0];
    quietly(() => {
      const { candidate: text, sdpMid, sdpMLineIndex, usernameFragment } = args[0] ?? {};
      if (typeof text !== "string" || !text) return;
      const fragment = this.routes.fragmentOf(args[0], remoteSdp());
      const candidate = this.routes.routeCandidate(text, fragment, (relayed) => this.tell(self, relayed));
      // One that the page must not have is taken like one more end of candidates: nothing is added.
      given = candidate === null ? null : { candidate, sdpMid, sdpMLineIndex, usernameFragment };
    });
    return Reflect.apply(native, self, args.length ? [given, ...args.slice(1)] : args);
  }

  /** @param {any} native @param {any} self @param {any[]} args */
  create(native, self, args) {
    const hide = (/** @type {any} */ made) => this.show(made, (sdp) => this.routes.hide(sdp));
    const [success, ...rest] = args;
    if (typeof success === "function") {
      return Reflect.apply(native, self, [(/** @type {any} */ made) => success(hide(made)), ...rest]);
    }
    return Reflect.apply(native, self, args).then(hide);
  }

  /** @param {any} description @param {(sdp: string) => string} change @returns {any} */
  show(description, change) {
    const sdp = textOf(description, "sdp");
    if (!sdp) return description;
    const text = change(sdp);
    return text === sdp ? description : this.instead(description, text, () =>
      new this.Description({ type: description.type, sdp: text }));
  }

  /** @param {any} candidate @returns {any} */
  showCandidate(candidate) {
    const has = textOf(candidate, "candidate");
    if (!has) return candidate;
    const text = this.routes.hideCandidate(has);
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    return text === has ? candidate : this.instead(candidate, text, () =>
      new this.Candidate({ candidate: text, sdpMid, sdpMLineIndex, usernameFragment }));
  }

  /** The same object each time, as long as it says the same. @param {any} has @param {string} text @param {() => any} make */
  instead(has, text, make) {
    const known = this.shown.get(has);
    if (known?.text === text) return known.made;
    const made = make();
    this.shown.set(has, { text, made });
    return made;
  }

  /** @param {RTCPeerConnection} peer @param {Omit<import("./relay-routes.js").Relayed, "connection">} relayed */
  tell(peer, relayed) {
    this.sink.emit("peer_connection.relayed", { connection: this.nameOf(peer) ?? "", ...relayed });
  }
}

/** Arguments with another text in the description that they begin with. @param {any[]} args @param {(sdp: string) => string} change */
function changed(args, change) {
  const sdp = textOf(args[0], "sdp");
  return sdp ? [{ type: args[0].type, sdp: change(sdp) }, ...args.slice(1)] : args;
}

/** A text of an object of the page's, whatever that is. @param {any} object @param {string} name */
function textOf(object, name) {
  let text = "";
  quietly(() => {
    const value = object?.[name];
    if (typeof value === "string") text = value;
  });
  return text;
}

/** @param {any} owner @param {string} name */
function getter(owner, name) {
  return (owner && Object.getOwnPropertyDescriptor(owner, name)?.get) ?? (() => undefined);
}
