// Generated from harness/line/envelope.py by harness/line/envelope_types.py;
// never edited by hand.

export type EnvelopeVersion = 1;

export interface Loaded {
  url: string;
  is_top: boolean;
}

export interface Unloaded {
  url: string;
}

export interface PageProblem {
  message: string;
}

export interface BrokeProbe {
  what: string;
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
}

export interface MicrophoneEnabled {
  microphone: string;
  enabled: boolean;
}

export interface MicrophoneSamples {
  microphone: string;
  frame: number;
  frames: number;
  pcm: string;
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

export interface Description {
  connection: string;
  side: "local" | "remote";
  sdp: string;
}

export interface ConnectionProblem {
  connection: string;
  operation: string;
  message: string;
}

export interface Candidate {
  connection: string;
  side: "local" | "remote";
  candidate: string | null;
}

export interface RemoteTrack {
  connection: string;
  track: string;
  kind: string;
  streams: Array<string>;
}

export interface ConnectionClosed {
  connection: string;
}

export interface ChannelCreated {
  connection: string;
  channel: string;
  label: string;
  side: "local" | "remote";
}

export interface Channel {
  connection: string;
  channel: string;
  label: string;
}

export interface ChannelMessage {
  connection: string;
  channel: string;
  label: string;
  direction: "sent" | "received";
  text: string | null;
  bytes_length: number;
}

export interface ChannelProblem {
  connection: string;
  channel: string;
  label: string;
  message: string;
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

export interface HeardSamples {
  track: string;
  frame: number;
  frames: number;
  pcm: string;
  rms_dbfs: number;
}

export interface PlayedSamples {
  frame: number;
  frames: number;
  pcm: string;
  rms_dbfs: number;
}

export interface PlaybackChanged {
  track: string;
  gain: number;
  via: "element" | "graph" | "nothing";
  reason: string;
}

export interface Stats {
  connection: string;
  report: Array<Record<string, any>>;
}

export interface AudioAnchor {
  frame: number;
  page_ms: number;
  sample_rate_hz: number;
  uncertainty_ms: number;
}

export interface Fallback {
  what: string;
  why: string;
}

export interface MicrophoneClicked {
  is_on: boolean;
}

export interface CloseClicked {
}

export interface VolumeChanged {
  volume: number;
}

export interface Lost {
  count: number;
}

export interface EnvelopeData {
  "page.loaded": Loaded;
  "page.unloaded": Unloaded;
  "page.error": PageProblem;
  "page.broke_probe": BrokeProbe;
  "user_media.requested": UserMediaRequested;
  "user_media.granted": UserMediaGranted;
  "user_media.refused": UserMediaRefused;
  "microphone.started": MicrophoneStarted;
  "microphone.stopped": MicrophoneStopped;
  "microphone.enabled": MicrophoneEnabled;
  "microphone.samples": MicrophoneSamples;
  "peer_connection.created": ConnectionCreated;
  "peer_connection.state": ConnectionState;
  "peer_connection.offer": Description;
  "peer_connection.answer": Description;
  "peer_connection.error": ConnectionProblem;
  "peer_connection.candidate": Candidate;
  "peer_connection.track": RemoteTrack;
  "peer_connection.closed": ConnectionClosed;
  "data_channel.created": ChannelCreated;
  "data_channel.open": Channel;
  "data_channel.message": ChannelMessage;
  "data_channel.error": ChannelProblem;
  "data_channel.closed": Channel;
  "tap.started": TapStarted;
  "tap.failed": TapFailed;
  "tap.stopped": TapStopped;
  "heard.samples": HeardSamples;
  "played.samples": PlayedSamples;
  "playback.changed": PlaybackChanged;
  "stats": Stats;
  "audio.anchor": AudioAnchor;
  "fallback": Fallback;
  "microphone.clicked": MicrophoneClicked;
  "close.clicked": CloseClicked;
  "volume.changed": VolumeChanged;
  "sink.lost": Lost;
}
