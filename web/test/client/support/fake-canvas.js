/** A place to draw on that tells what was drawn. */

/** Keeps what is drawn: filled shapes with their colour and boxes, since the last wiping. */
export class FakeContext {
  fills = [];
  wipes = 0;
  #path = [];
  clearRect() {
    this.wipes += 1;
    this.fills = [];
  }
  setTransform(scale) {
    this.scale = scale;
  }
  beginPath() {
    this.#path = [];
  }
  roundRect(...box) {
    this.#path.push(box);
  }
  fill(path) {
    this.fills.push({ colour: this.fillStyle, boxes: path?.boxes ?? this.#path });
  }
  createLinearGradient() {
    const stops = [];
    return { stops, addColorStop: (at, colour) => stops.splice(at, 0, colour) };
  }
  fillRect(from, _top, width, height) {
    this.faded = { how: this.globalCompositeOperation, stops: this.fillStyle.stops, from, width, height };
  }
  boxes(colour) {
    return this.fills.filter((one) => one.colour === colour).flatMap(({ boxes }) => boxes);
  }
}

globalThis.Path2D = class {
  boxes = [];
  roundRect(...box) {
    this.boxes.push(box);
  }
};
