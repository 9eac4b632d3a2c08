/** What the viewer of reports uses of wavesurfer.js, which is a global of the page. */
declare const WaveSurfer: {
  create(options: WaveSurferOptions): WaveSurferWave;
};

interface WaveSurferOptions {
  container: HTMLElement;
  media: HTMLMediaElement | null;
  /** One array a channel, each from -1 to 1. */
  peaks: Array<Float32Array | number[]>;
  /** Of the whole recording, in seconds. */
  duration?: number;
  height: number;
  barHeight: number;
  interact: boolean;
  cursorWidth: number;
  autoScroll: boolean;
  hideScrollbar: boolean;
  waveColor: string;
  progressColor: string;
}

interface WaveSurferWave {
  setOptions(options: Partial<WaveSurferOptions>): void;
}
