// Where notices lie too close for a symbol and a label each: from which zoom each of them has its own. Until then it is a dot.

const worldPx = 512;
const [first, last] = [3, 12];
const cells = { symbol: [30, 30], label: [120, 46] };
const zooms = Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Position on the map's plane, both in 0 … 1. */
function plane([longitude, latitude]) {
  const sin = Math.max(-0.9999, Math.min(0.9999, Math.sin((latitude * Math.PI) / 180)));
  return [(longitude + 180) / 360, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

export class Crowd {
  #taken = { symbol: new Map(), label: new Map() };
  #places = new Map();

  /** {symbolFrom, labelFrom}: the zooms from which nobody who came before stands in the same cell. */
  place(id, position) {
    this.leave(id);
    const [x, y] = plane(position);
    const keys = { symbol: [], label: [] };
    const from = (what) => {
      const [width, height] = cells[what];
      let zoom = null;
      for (const z of zooms) {
        const scale = worldPx * 2 ** z;
        const key = (z * 1e6 + Math.floor((x * scale) / width)) * 1e7 + Math.floor((y * scale) / height);
        if (zoom === null && this.#taken[what].has(key)) continue;
        zoom ??= z;
        if (this.#taken[what].has(key)) continue;
        this.#taken[what].set(key, id);
        keys[what].push(key);
      }
      return zoom === first ? 0 : zoom ?? last;
    };
    const symbolFrom = from("symbol");
    const labelFrom = Math.max(symbolFrom, from("label"));
    this.#places.set(id, keys);
    return { symbolFrom, labelFrom };
  }

  leave(id) {
    const keys = this.#places.get(id);
    if (!keys) return;
    for (const what of Object.keys(keys)) for (const key of keys[what]) this.#taken[what].delete(key);
    this.#places.delete(id);
  }
}
