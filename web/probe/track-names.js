/**
 * What remote tracks are told by: their id, as long as it is theirs alone.
 *
 * A sender's track keeps its id on every receiver that it goes to, so a page with two connections
 * (or one connection that takes a track twice) has different tracks of one id. Those after the
 * first are told by their connection and number, too.
 */
export class TrackNames {
  constructor() {
    /** @type {WeakMap<MediaStreamTrack, string>} */
    this.names = new WeakMap();
    /** How many tracks had that id. @type {Record<string, number>} */
    this.counts = Object.create(null);
  }

  /** @param {string} connection @param {MediaStreamTrack} track */
  nameOf(connection, track) {
    const known = this.names.get(track);
    if (known) return known;
    const { id } = track;
    const count = (this.counts[id] = (this.counts[id] ?? 0) + 1);
    const name = count === 1 ? id : `${id}.${connection}.${count}`;
    this.names.set(track, name);
    return name;
  }
}
