// What the resident has said and the server has not confirmed. It survives a reload, so that words typed without a
// network are sent later; the key makes the server recognise what it has already.

import { read, write } from "./session.js";

const STORED = "chat-outbox";

export class Outbox {
  constructor() {
    // A photo that was not uploaded yet lives in this page's memory alone and can't be sent after a reload.
    this.items = stored().filter((item) => item.text || item.location || item.photos?.length);
    for (const item of this.items) item.status = "waiting";
  }

  add(said) {
    const item = { key: newKey(), at: Date.now(), status: "waiting", ...said };
    this.items.push(item);
    this.#keep();
    return item;
  }

  /** The next item to send: the oldest that has not failed. */
  next() {
    return this.items.find((item) => item.status === "waiting");
  }

  mark(item, status, note = "") {
    item.status = status;
    item.note = note;
    this.#keep();
  }

  remove(key) {
    const item = this.items.find((other) => other.key === key);
    if (!item) return;
    if (item.preview) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((other) => other !== item);
    write(STORED, JSON.stringify(stored().filter((other) => other.key !== key)));
  }

  /** Add ours to what other tabs keep. */
  #keep() {
    const others = stored().filter((other) => !this.items.some((item) => item.key === other.key));
    const ours = this.items.map(({ file, preview, ...plain }) => plain);
    write(STORED, JSON.stringify([...others, ...ours]));
  }
}

function stored() {
  try {
    const items = JSON.parse(read(STORED) ?? "[]");
    return Array.isArray(items) ? items : [];
  } catch {
    return [];
  }
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
