import { redactUrl } from "./redact.js";

/** Kinds of reports that say something about a voice call. */
const KINDS = new Set([
  "candidate-pair",
  "codec",
  "data-channel",
  "inbound-rtp",
  "local-candidate",
  "media-playout",
  "media-source",
  "outbound-rtp",
  "peer-connection",
  "remote-candidate",
  "remote-inbound-rtp",
  "remote-outbound-rtp",
  "transport",
]);

/**
 * Report getStats() of every open peer connection at a fixed interval, and when its state changes: what
 * its transports and pairs of addresses are like at that moment.
 *
 * @param {import("./sink.js").Sink} sink
 * @param {any} target The window.
 * @param {number} everyMs 0 for never.
 * @param {import("./time.js").Time["defer"]} defer
 * @returns {(connection: string, peer: RTCPeerConnection) => void} Takes each new connection.
 */
export function pollStats(sink, target, everyMs, defer) {
  const getStats = target.RTCPeerConnection?.prototype.getStats;
  return (connection, peer) => {
    if (everyMs <= 0) return;
    const look = async () => {
      try {
        const report = await getStats.call(peer);
        sink.emit("stats", { connection, report: selectReports(report.values()) });
      } catch {
        // a document that is going away; the page must not see a rejection of ours
      }
    };
    const poll = async () => {
      if (peer.connectionState === "closed") return;
      defer(poll, everyMs);
      if (peer.connectionState !== "new") await look();
    };
    defer(poll, everyMs);
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState !== "closed") look();
    });
  };
}

/** @param {Iterable<any>} reports @returns {Record<string, any>[]} */
export function selectReports(reports) {
  return [...reports].filter(({ type }) => KINDS.has(type)).map((report) =>
    report.url ? { ...report, url: redactUrl(report.url) } : { ...report },
  );
}
