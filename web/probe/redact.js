/** Take secrets out of what is reported: what leaves the page here may end in a report. */

/**
 * An SDP without its ICE passwords.
 *
 * @param {string | undefined | null} sdp
 * @returns {string}
 */
export function redactSdp(sdp) {
  return (sdp ?? "").replace(/^a=ice-pwd:.*$/gm, "a=ice-pwd:***");
}

/**
 * A peer connection's configuration as plain data, without TURN credentials.
 *
 * @param {any} configuration
 * @returns {Record<string, any>} Without servers where the configuration cannot be read again.
 */
export function redactConfiguration(configuration) {
  try {
    return readConfiguration(configuration ?? {});
  } catch {
    return { iceServers: [] };
  }
}

/** @param {any} configuration */
function readConfiguration({ iceServers = [], iceTransportPolicy, bundlePolicy, rtcpMuxPolicy }) {
  const servers = [...iceServers].map(({ urls, url, username, credential }) => ({
    urls: [urls ?? url ?? []].flat().map(redactUrl),
    username: username ? "***" : null,
    credential: credential ? "***" : null,
  }));
  return {
    iceServers: servers,
    iceTransportPolicy: named(iceTransportPolicy),
    bundlePolicy: named(bundlePolicy),
    rtcpMuxPolicy: named(rtcpMuxPolicy),
  };
}

/** A policy as the browser reads it: by its name. @param {unknown} policy */
function named(policy) {
  return policy === undefined ? undefined : String(policy);
}

/** All that a TURN server's address may ask for. */
const TRANSPORT = /^\?transport=\w+$/;

/** @param {unknown} url Without user, password and query. */
export function redactUrl(url) {
  return String(url)
    .replace(/\/\/[^/@]*@/, "//***@")
    .replace(/[?#].*$/, (query) => (TRANSPORT.test(query) ? query : `${query[0]}***`));
}
