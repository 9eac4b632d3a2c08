/** The marks of the axis: those in view and around it. */
import { ticksOf } from "./axis.js";

export class Ticks {
  /** @type {import("./view.js").Drawn | null} */
  #drawn = null;

  /** @param {HTMLElement} body Of the lane of the axis. @param {number} endS */
  constructor(body, endS) {
    this.body = body;
    this.endS = endS;
  }

  /** @param {import("./view.js").Drawn} drawn The same one changes nothing. */
  draw(drawn) {
    if (this.#drawn === drawn) return;
    this.#drawn = drawn;
    const ticks = ticksOf(this.endS, drawn.pxPerS, drawn).map(({ share, text }) => {
      const tick = document.createElement("span");
      tick.className = "tick";
      tick.style.left = `${share * 100}%`;
      tick.textContent = text;
      return tick;
    });
    this.body.replaceChildren(...ticks);
  }
}
