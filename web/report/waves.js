/* global WaveSurfer */
/** The two waveforms, drawn by wavesurfer.js from peaks that the report carries. */

/** @typedef {{audio_s: number | null, peaks: Record<string, {values: string}>}} WaveData */

/**
 * @param {string} base64 Signed bytes: highest, lowest, highest, lowest, …
 * @returns {[Float32Array, Float32Array]} What wavesurfer draws above and below the middle, ±1.0.
 */
export function decodePeaks(base64) {
  const bytes = Int8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const high = new Float32Array(bytes.length / 2);
  const low = new Float32Array(bytes.length / 2);
  for (let i = 0; i < high.length; i++) {
    high[i] = bytes[2 * i] / 127;
    low[i] = bytes[2 * i + 1] / 127;
  }
  return [high, low];
}

/**
 * Draw each side there are peaks of, in the colours of the theme, also when that changes.
 *
 * @param {HTMLElement} root The timeline section: it holds the canvases and defines the colours.
 * @param {WaveData} data
 * @param {HTMLAudioElement | null} audio
 */
export function drawWaves(root, data, audio) {
  const sides = Object.keys(data.peaks);
  const waves = sides.map((side) => {
    const container = /** @type {HTMLElement} */ (
      root.querySelector(`.canvas[data-side="${side}"]`)
    );
    return WaveSurfer.create({
      container,
      media: audio,
      peaks: decodePeaks(data.peaks[side].values),
      duration: data.audio_s ?? undefined,
      height: container.clientHeight || 74,
      barHeight: 0.92, // leave some air at full scale
      interact: false,
      cursorWidth: 0,
      autoScroll: false,
      hideScrollbar: true,
      ...coloursOf(root, side),
    });
  });
  const recolour = () => waves.forEach((wave, i) => wave.setOptions(coloursOf(root, sides[i])));
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", recolour);
  }
}

/** @param {HTMLElement} root @param {string} side */
function coloursOf(root, side) {
  const colour = getComputedStyle(root).getPropertyValue(`--${side}`).trim();
  return { waveColor: colour, progressColor: colour };
}
