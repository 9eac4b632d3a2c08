import { mapCandidates, movedCandidate, readCandidate, readFragments, withoutRelated } from "./relay-sdp.js";

/**
 * Which front of a relay stands for which candidate.
 *
 * @typedef {{ host: string, fronts: number[], sink: number }} Relay Ports at which it listens.
 * @typedef {import("../types/envelope").EnvelopeData["peer_connection.relayed"]} Relayed
 * @typedef {(relayed: Omit<Relayed, "connection">) => void} Tell
 */

const NO_PORT = 9;

export class RelayRoutes {
  /** @param {Relay} relay */
  constructor(relay) {
    this.relay = relay;
    /** Candidates of remote peers as they came, by fragment, front by front. @type {Map<string, string[]>} */
    this.routes = new Map();
    /** Candidates of this page as they are, by what is handed out instead. @type {Map<string, string>} */
    this.ours = new Map();
  }

  /**
   * A remote description as the browser is to have it: all its ways lead to the relay.
   *
   * @param {string} sdp @param {Tell} tell
   */
  route(sdp, tell) {
    return mapCandidates(sdp, (text, fragment) => this.routeCandidate(text, fragment, tell));
  }

  /**
   * A remote candidate as the browser is to have it; null for one that it must not have.
   *
   * @param {string} text @param {string} fragment @param {Tell} tell
   * @returns {string | null}
   */
  routeCandidate(text, fragment, tell) {
    const ours = this.ours.get(text);
    if (ours !== undefined) return ours; // from this page to itself: there is no network
    const candidate = readCandidate(text);
    if (!candidate) return text; // the browser says what is wrong with it
    const { address, port } = candidate;
    const front = this.frontOf(text, fragment, candidate);
    const why = typeof front === "string" ? front : null;
    tell({ candidate: text, fragment, address, port, front: typeof front === "number" ? front : null, why });
    return typeof front === "number" ? movedCandidate(text, this.relay.host, this.relay.fronts[front]) : null;
  }

  /**
   * @param {string} text @param {string} fragment
   * @param {{ transport: string, address: string, port: number }} candidate
   * @returns {number | "tcp" | "mdns" | "too_many"}
   */
  frontOf(text, fragment, { transport, address, port }) {
    if (transport !== "udp") return "tcp";
    if (!/^[0-9a-f.:]+$/i.test(address)) return "mdns";
    const known = this.routes.get(fragment) ?? [];
    this.routes.set(fragment, known);
    const same = known.findIndex((one) => {
      const other = readCandidate(one);
      return other?.address === address && other.port === port;
    });
    if (same >= 0) return same;
    if (known.length >= this.relay.fronts.length) return "too_many";
    return known.push(text) - 1;
  }

  /** A remote description as it came, from what the browser has. @param {string} sdp */
  unroute(sdp) {
    const { host, fronts } = this.relay;
    return mapCandidates(sdp, (text, fragment) => {
      const candidate = readCandidate(text);
      const original = candidate && readCandidate(this.routes.get(fragment)?.[fronts.indexOf(candidate.port)] ?? "");
      return candidate?.address === host && original ? movedCandidate(text, original.address, original.port) : text;
    });
  }

  /** A description of this page's as it may be handed out: nobody reaches the page past the relay. @param {string} sdp */
  hide(sdp) {
    return mapCandidates(sdp, (text) => this.hideCandidate(text));
  }

  /** @param {string} text */
  hideCandidate(text) {
    const candidate = readCandidate(text);
    if (!candidate) return text;
    const port = candidate.transport === "udp" ? this.relay.sink : NO_PORT;
    const hidden = withoutRelated(movedCandidate(text, this.relay.host, port));
    if (hidden !== text) this.ours.set(hidden, text);
    return hidden;
  }

  /** A description of this page's as it is, from what was handed out. @param {string} sdp */
  unhide(sdp) {
    return mapCandidates(sdp, (text) => this.ours.get(text) ?? text);
  }

  /**
   * The user name fragment that a trickled candidate belongs to.
   *
   * @param {{ usernameFragment?: string | null, candidate: string, sdpMid?: string | null, sdpMLineIndex?: number | null }} given
   * @param {string} remoteSdp The description that it adds to.
   */
  fragmentOf(given, remoteSdp) {
    const named = given.usernameFragment ?? / ufrag (\S+)/.exec(given.candidate)?.[1];
    if (named) return named;
    const sections = readFragments(remoteSdp);
    const ofMid = sections.find(({ mid }) => mid !== undefined && mid === given.sdpMid);
    return (ofMid ?? sections[given.sdpMLineIndex ?? 0])?.fragment ?? "";
  }
}
