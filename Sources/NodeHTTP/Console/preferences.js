// What an officer has chosen at this browser: language, theme, clocks, sizes of panels. Kept by the browser under the
// officer's name; where it keeps nothing, it lasts as long as the page.

const key = (officer) => `parley.officer.${officer}`;
/** Of whoever chose last at this browser, for the page before sign-in. */
const nobody = "";

export class Preferences {
  #officer;
  #values;

  /** Before sign-in without an officer. */
  constructor(officer = nobody) {
    this.#officer = officer;
    this.#values = read(officer);
  }

  get(name, otherwise) {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : otherwise;
  }

  set(name, value) {
    this.#values = { ...this.#values, [name]: value };
    write(this.#officer, this.#values);
    if (common.includes(name) && this.#officer !== nobody) write(nobody, { ...read(nobody), [name]: value });
  }
}

/** These hold for the sign-in page as well. */
const common = ["language", "theme"];

function read(officer) {
  try {
    const values = JSON.parse(localStorage.getItem(key(officer)) ?? "{}");
    return values && typeof values === "object" && !Array.isArray(values) ? values : {};
  } catch {
    return {};
  }
}

function write(officer, values) {
  try {
    localStorage.setItem(key(officer), JSON.stringify(values));
  } catch {
    // A browser that keeps nothing, or whose store is full, forgets it with the page.
  }
}
