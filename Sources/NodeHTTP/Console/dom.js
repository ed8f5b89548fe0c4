// Elements without markup: all text goes in as text nodes, so nothing that a peer wrote can become HTML.

/**
 * An element. Properties that begin with "on" are listeners, `class` and anything with a hyphen are attributes,
 * `vars` are custom CSS properties, the rest are properties of the element. Children that are null are left out.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "vars") for (const [key, hue] of Object.entries(value)) element.style.setProperty(key, hue);
    else if (name === "class" || name === "role" || name === "for" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Controls that change the order or hide the text around them; shown, so that nobody can write with them unseen.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const longestPeerText = 2000;

/** What a peer or an officer wrote, made harmless: isolated from the direction around it, controls made visible. */
export function plain(text) {
  const shown = String(text ?? "").replace(invisible, "\u2423");
  return shown.length > longestPeerText ? shown.slice(0, longestPeerText) + " […]" : shown;
}

export function peerText(text, tag = "bdi") {
  return h(tag, { class: "peer", dir: "auto" }, plain(text));
}

/** An element whose text is computed again each second. */
export function ticking(compute, properties = {}, tag = "span") {
  const element = h(tag, { ...properties, "data-tick": "1" });
  element.tick = () => {
    const text = compute();
    if (element.textContent !== text) element.textContent = text;
  };
  element.tick();
  return element;
}

/** Called once a second by the application; for the parts of `place` only, while nothing else counts. */
export function tickAll(place = document) {
  for (const element of place.querySelectorAll("[data-tick]")) element.tick?.();
}

/** Runs `act` every `ms` from now until `element`, which has come into the page by then, is no longer in it. */
export function every(ms, element, act) {
  const timer = setInterval(() => {
    if (element.isConnected) act();
    else clearInterval(timer);
  }, ms);
}

/**
 * Makes the children of `container` those of `entries` ({key, stamp, build}), keeping each child whose stamp (a list
 * of references) has not changed, so that focus, scrolling and half-written forms survive an update.
 */
export function keyed(container, entries) {
  const old = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let next = container.firstElementChild;
  for (const { key, stamp, build } of entries) {
    let child = old.get(key);
    old.delete(key);
    if (!child || !sameStamp(child.stamp, stamp)) {
      const fresh = build();
      fresh.dataset.key = key;
      fresh.stamp = stamp;
      if (child) {
        if (next === child) next = fresh;
        replaceKeepingFocus(child, fresh);
      }
      child = fresh;
    }
    if (child === next) next = next.nextElementSibling;
    else container.insertBefore(child, next);
  }
  for (const child of old.values()) child.remove();
}

function sameStamp(a, b) {
  return a && a.length === b.length && a.every((value, i) => value === b[i]);
}

function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  old.replaceWith(fresh);
  if (!focused) return;
  const same = `[data-focus="${CSS.escape(focused)}"]`;
  (fresh.matches(same) ? fresh : fresh.querySelector(same))?.focus();
}
