// How the resident wants to read: 长辈版, size of the letters, light or dark. Kept by the browser, applied at once.

import { read, write } from "./session.js";

const STORED = "chat-settings";
const PLAIN = { elder: false, size: 17, scheme: "auto" };
const ELDER_SIZE = 22;

export const SIZES = [16, 17, 18, 20, 22, 24, 27, 30];

export function load() {
  try {
    const kept = JSON.parse(read(STORED) ?? "{}");
    const size = SIZES.includes(kept.size) ? kept.size : PLAIN.size;
    const scheme = ["auto", "light", "dark"].includes(kept.scheme) ? kept.scheme : PLAIN.scheme;
    return { elder: kept.elder === true, size, scheme };
  } catch {
    return PLAIN;
  }
}

export function save(settings) {
  write(STORED, JSON.stringify(settings));
}

/** Put the settings on the document; the style sheet does the rest. */
export function apply(settings) {
  document.documentElement.dataset.elder = settings.elder ? "yes" : "no";
  document.documentElement.style.setProperty("--chat-size", `${settings.size}px`);
}

/** 长辈版 on or off; large letters with it, the usual ones without. */
export function withElder(settings, elder) {
  return { ...settings, elder, size: elder ? Math.max(settings.size, ELDER_SIZE) : PLAIN.size };
}

/** One step larger or smaller; 长辈版 never goes below 18. */
export function withStep(settings, step) {
  const sizes = settings.elder ? SIZES.filter((size) => size >= 18) : SIZES;
  const place = sizes.indexOf(settings.size) + step;
  return { ...settings, size: sizes[Math.min(Math.max(place, 0), sizes.length - 1)] };
}
