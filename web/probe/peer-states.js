/**
 * The states of a peer connection: the event that tells a change, what we call it, the attribute.
 *
 * Source: W3C webrtc, RTCPeerConnection.
 */
export const PEER_STATES = /** @type {const} */ ([
  ["connectionstatechange", "connection", "connectionState"],
  ["iceconnectionstatechange", "ice", "iceConnectionState"],
  ["icegatheringstatechange", "gathering", "iceGatheringState"],
  ["signalingstatechange", "signaling", "signalingState"],
]);
