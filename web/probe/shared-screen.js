import { replaceAttribute, replaceMethod } from "./natives.js";

/**
 * The screen that a user shares: nobody is there who could choose one in the browser's dialog, so the
 * page gets a picture that moves, with the number of its frame. It has no sound.
 *
 * Source: W3C screen-capture.
 */

const WIDTH = 1280;
const HEIGHT = 720;
const FRAME_MS = 100;
const LABEL = "screen:0:0";

export class SharedScreen {
  /**
   * @param {import("./sink.js").Sink} sink
   * @param {any} target The window.
   * @param {import("./time.js").Time["defer"]} defer
   */
  constructor(sink, target, defer) {
    this.sink = sink;
    this.target = target;
    this.defer = defer;
    this.count = 0;
    this.natives = {
      createElement: target.document?.createElement,
      captureStream: target.HTMLCanvasElement?.prototype.captureStream,
    };
    /** @type {WeakSet<object>} */
    this.tracks = new WeakSet();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const { target } = this;
    if (!this.natives.captureStream) return () => {};
    const track = target.MediaStreamTrack?.prototype;
    const undo = [
      replaceMethod(target.MediaDevices?.prototype, "getDisplayMedia", (native, self, args) =>
        // What cannot be is the browser's to refuse.
        args[0]?.video === false || self !== target.navigator?.mediaDevices
          ? Reflect.apply(native, self, args)
          : this.share(),
      ),
      replaceMethod(track, "getSettings", (native, self, args) => {
        const settings = Reflect.apply(native, self, args);
        return this.tracks.has(self) ? { ...settings, displaySurface: "monitor", cursor: "always" } : settings;
      }),
      replaceAttribute(track, "label", {
        get: (native, self) => (this.tracks.has(self) ? LABEL : Reflect.apply(native, self, [])),
      }),
    ];
    return () => undo.forEach((back) => back());
  }

  /** @returns {Promise<MediaStream>} */
  async share() {
    const call = `getDisplayMedia-${this.count++}`;
    this.sink.emit("user_media.requested", { call, constraints: { video: true } });
    const canvas = this.natives.createElement.call(this.target.document, "canvas");
    Object.assign(canvas, { width: WIDTH, height: HEIGHT });
    const stream = this.natives.captureStream.call(canvas);
    const [track] = stream.getVideoTracks();
    this.tracks.add(track);
    this.paint(canvas.getContext("2d"), track, 0);
    const tracks = [{ id: track.id, kind: "video", label: LABEL }];
    this.sink.emit("user_media.granted", { call, tracks });
    return stream;
  }

  /** @param {any} context @param {MediaStreamTrack} track @param {number} frame */
  paint(context, track, frame) {
    if (track.readyState === "ended") return;
    Object.assign(context, { fillStyle: "#123", font: "96px sans-serif" });
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = "#fc6";
    context.fillRect((frame * 16) % WIDTH, HEIGHT - 120, 80, 80);
    context.fillText(`frame ${frame}`, 60, 160);
    this.defer(() => this.paint(context, track, frame + 1), FRAME_MS);
  }
}
