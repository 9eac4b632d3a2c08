/**
 * When the page draws: at intervals while there is a call, and else only when asked.
 *
 * However often it is asked, it draws once a frame. A hidden page gets its frame when it is shown
 * again.
 */
export class Frames {
  #draw;
  #every_ms;
  #isAsked = false;
  /** @type {number | undefined} */
  #interval;

  /**
   * @param {(now_ms: number) => void} draw
   * @param {number} every_ms Between two drawings while there is a call.
   */
  constructor(draw, every_ms) {
    this.#draw = draw;
    this.#every_ms = every_ms;
  }

  /** Draw once, at the next chance. */
  ask() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame((now_ms) => {
      this.#isAsked = false;
      this.#draw(now_ms);
    });
  }

  /** @param {boolean} isOn False ends the intervals; one more frame shows what has become of it. */
  keepDrawing(isOn) {
    clearInterval(this.#interval);
    this.#interval = isOn ? window.setInterval(() => this.ask(), this.#every_ms) : undefined;
    this.ask();
  }
}
