// Generated from harness/facts by harness/line/envelope_types.py;
// never edited by hand.

export type EnvelopeVersion = 1;

export interface PageLoaded {
  url: string;
  is_top: boolean;
}

export interface PageUnloaded {
  url: string;
}

export interface PageError {
  message: string;
}

export interface PageBrokeProbe {
  what: string;
}

export interface PageFellBack {
  what: string;
  why: string;
}

export interface ProbeRefused {
  address: string;
}

export interface LongTask {
  duration_ms: number;
}

export interface VisibilityChanged {
  state: "hidden" | "visible";
}

export interface FocusChanged {
  state: "focused" | "blurred";
}

export interface PermissionState {
  name: "microphone";
  state: "granted" | "denied" | "prompt";
}

export interface WebrtcCalled {
  owner: string;
  name: string;
  arguments: Array<string>;
  outcome: "returned" | "resolved" | "rejected" | "threw" | "pending";
  took_ms: number;
  kind: "call" | "set";
  of: string;
  result: string;
  error: string;
  message: string;
  line: string;
  count: number;
}

export interface EnvelopesLost {
  count: number;
}

export interface MicrophoneClicked {
  is_on: boolean;
}

export interface CloseClicked {
}

export interface VolumeChanged {
  volume: number;
}

export interface UserMediaRequested {
  call: string;
  constraints: Record<string, any>;
}

export interface GrantedTrack {
  id: string;
  kind: string;
  label: string;
}

export interface UserMediaGranted {
  call: string;
  tracks: GrantedTrack[];
}

export interface UserMediaRefused {
  call: string;
  name: string;
  reason: string;
}

export interface MicrophoneStarted {
  microphone: string;
  device: string;
  sample_rate_hz: number;
  mode: "worklet" | "script_processor" | "device";
}

export interface MicrophoneStopped {
  microphone: string;
  ended: boolean;
}

export interface MicrophoneEnabled {
  microphone: string;
  enabled: boolean;
}

export interface MicrophoneRead {
  by: "recorder" | "track_processor" | "audio_graph";
}

export interface MicrophoneAccessChanged {
  access: "allow" | "deny" | "dismiss" | "none";
}

export interface AudioContextCreated {
  context: string;
  line: string;
}

export interface AudioContextState {
  context: string;
  state: string;
}

export interface TapStarted {
  connection: string;
  track: string;
  sample_rate_hz: number;
  mode: "worklet" | "script_processor";
}

export interface TapFailed {
  connection: string;
  track: string;
  why: string;
}

export interface TapStopped {
  track: string;
}

export interface PlaybackChanged {
  track: string;
  gain: number;
  via: "element" | "graph" | "nothing";
  reason: string;
}

export interface IceServer {
  urls: Array<string>;
  username: string | null;
  credential: string | null;
}

export interface Configuration {
  iceServers?: IceServer[];
  iceTransportPolicy?: string;
  bundlePolicy?: string;
  rtcpMuxPolicy?: string;
}

export interface ConnectionCreated {
  connection: string;
  configuration: Configuration;
}

export interface ConnectionState {
  connection: string;
  kind: "connection" | "ice" | "gathering" | "signaling";
  state: string;
}

export interface ConnectionOffer {
  connection: string;
  side: "local" | "remote";
  sdp: string;
}

export interface ConnectionAnswer {
  connection: string;
  side: "local" | "remote";
  sdp: string;
}

export interface ConnectionProblem {
  connection: string;
  operation: string;
  message: string;
  line: string;
  candidate: string;
}

export interface IceServerProblem {
  connection: string;
  server: string;
  code: number;
  message: string;
}

export interface ConnectionCandidate {
  connection: string;
  side: "local" | "remote";
  candidate: string | null;
}

export interface CandidateRelayed {
  connection: string;
  candidate: string;
  fragment: string;
  front: number | null;
  address: string;
  port: number;
  why: string | null;
}

export interface ConnectionTrack {
  connection: string;
  track: string;
  kind: string;
  streams: Array<string>;
}

export interface ConnectionClosed {
  connection: string;
}

export interface Stats {
  connection: string;
  report: Array<Record<string, any>> | Record<string, any>;
}

export interface DataChannelCreated {
  connection: string;
  channel: string;
  label: string;
  side: "local" | "remote";
  negotiated: boolean;
  id: number | null;
}

export interface DataChannelOpen {
  connection: string;
  channel: string;
  label: string;
}

export interface DataChannelMessage {
  connection: string;
  channel: string;
  label: string;
  direction: "sent" | "received";
  text: string | null;
  bytes_length: number;
  data: string | null;
}

export interface DataChannelError {
  connection: string;
  channel: string;
  label: string;
  message: string;
}

export interface DataChannelSendFailed {
  connection: string;
  channel: string;
  label: string;
  state: string;
  message: string;
  line: string;
}

export interface DataChannelClosed {
  connection: string;
  channel: string;
  label: string;
}

export interface SocketCreated {
  socket: string;
  label: string;
}

export interface SocketOpen {
  socket: string;
  label: string;
  subprotocol: string;
}

export interface SocketMessage {
  socket: string;
  label: string;
  direction: "sent" | "received";
  text: string | null;
  bytes_length: number;
  data: string | null;
  sound_bytes: number | null;
}

export interface SocketClosed {
  socket: string;
  label: string;
  code: number;
  reason: string;
}

export interface MicrophoneSamples {
  microphone: string;
  frame: number;
  frames: number;
  pcm: string;
}

export interface HeardSamples {
  track: string;
  frame: number;
  frames: number;
  pcm: string;
  rms_dbfs: number;
}

export interface PlayedSamples {
  connection: string;
  frame: number;
  frames: number;
  pcm: string;
  rms_dbfs: number;
}

export interface AudioAnchor {
  frame: number;
  page_ms: number;
  sample_rate_hz: number;
  uncertainty_ms: number;
}

export interface EnvelopeData {
  "page.loaded": PageLoaded;
  "page.unloaded": PageUnloaded;
  "page.error": PageError;
  "page.broke_probe": PageBrokeProbe;
  "fallback": PageFellBack;
  "probe.refused": ProbeRefused;
  "page.long_task": LongTask;
  "page.visibility": VisibilityChanged;
  "page.focus": FocusChanged;
  "page.permission": PermissionState;
  "page.webrtc_call": WebrtcCalled;
  "sink.lost": EnvelopesLost;
  "microphone.clicked": MicrophoneClicked;
  "close.clicked": CloseClicked;
  "volume.changed": VolumeChanged;
  "user_media.requested": UserMediaRequested;
  "user_media.granted": UserMediaGranted;
  "user_media.refused": UserMediaRefused;
  "microphone.started": MicrophoneStarted;
  "microphone.stopped": MicrophoneStopped;
  "microphone.enabled": MicrophoneEnabled;
  "microphone.read": MicrophoneRead;
  "microphone.access": MicrophoneAccessChanged;
  "audio_context.created": AudioContextCreated;
  "audio_context.state": AudioContextState;
  "tap.started": TapStarted;
  "tap.failed": TapFailed;
  "tap.stopped": TapStopped;
  "playback.changed": PlaybackChanged;
  "peer_connection.created": ConnectionCreated;
  "peer_connection.state": ConnectionState;
  "peer_connection.offer": ConnectionOffer;
  "peer_connection.answer": ConnectionAnswer;
  "peer_connection.error": ConnectionProblem;
  "peer_connection.candidate_error": IceServerProblem;
  "peer_connection.candidate": ConnectionCandidate;
  "peer_connection.relayed": CandidateRelayed;
  "peer_connection.track": ConnectionTrack;
  "peer_connection.closed": ConnectionClosed;
  "stats": Stats;
  "data_channel.created": DataChannelCreated;
  "data_channel.open": DataChannelOpen;
  "data_channel.message": DataChannelMessage;
  "data_channel.error": DataChannelError;
  "data_channel.send_failed": DataChannelSendFailed;
  "data_channel.closed": DataChannelClosed;
  "web_socket.created": SocketCreated;
  "web_socket.open": SocketOpen;
  "web_socket.message": SocketMessage;
  "web_socket.closed": SocketClosed;
  "microphone.samples": MicrophoneSamples;
  "heard.samples": HeardSamples;
  "played.samples": PlayedSamples;
  "audio.anchor": AudioAnchor;
}
