/**
 * ICE candidates as text, in descriptions and by themselves.
 *
 * Source: RFC 8839, section 5.1 (candidate-attribute).
 */

/** Everything before the address, the address, the port, everything behind. */
const CANDIDATE = /^((?:a=)?candidate:\S* \d+ (\S+) \d+ )(\S+) (\d+)( typ .*)$/i;
const RELATED = / raddr \S+ rport \d+/i;
const FRAGMENT = /^a=ice-ufrag:(\S+)/m;
const MID = /^a=mid:(\S+)/m;

/**
 * @param {string} text "candidate:…", with or without "a=" before it.
 * @returns {{ transport: string, address: string, port: number } | null}
 */
export function readCandidate(text) {
  const found = CANDIDATE.exec(text);
  return found && { transport: found[2].toLowerCase(), address: found[3], port: Number(found[4]) };
}

/** The candidate at another address. @param {string} text @param {string} address @param {number} port */
export function movedCandidate(text, address, port) {
  return text.replace(CANDIDATE, (_, before, _transport, _address, _port, behind) => `${before}${address} ${port}${behind}`);
}

/** The candidate without the address that it was learned from. @param {string} text */
export function withoutRelated(text) {
  return text.replace(RELATED, " raddr 0.0.0.0 rport 0");
}

/**
 * A description with other candidates.
 *
 * @param {string} sdp
 * @param {(text: string, fragment: string) => string | null} change Gets each candidate without
 *   "a=", and the user name fragment of its section; null for one that is to go.
 */
export function mapCandidates(sdp, change) {
  const sections = splitSections(sdp);
  const ofSession = FRAGMENT.exec(sections[0])?.[1];
  return sections
    .map((section) => {
      const fragment = FRAGMENT.exec(section)?.[1] ?? ofSession ?? "";
      return section.replace(/^a=(candidate:.*)(\r?\n?)/gm, (_, text, end) => {
        const changed = change(text, fragment);
        return changed === null ? "" : `a=${changed}${end}`;
      });
    })
    .join("");
}

/**
 * The user name fragments of a description's media sections, in their order.
 *
 * @param {string} sdp
 * @returns {{ mid: string | undefined, fragment: string }[]}
 */
export function readFragments(sdp) {
  const [session, ...media] = splitSections(sdp);
  const ofSession = FRAGMENT.exec(session)?.[1] ?? "";
  return media.map((section) => ({ mid: MID.exec(section)?.[1], fragment: FRAGMENT.exec(section)?.[1] ?? ofSession }));
}

/** The session's lines, then those of each media section. @param {string} sdp */
function splitSections(sdp) {
  return sdp.split(/^(?=m=)/m);
}
