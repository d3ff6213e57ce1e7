// Who this page speaks as. On our own page an HttpOnly cookie proves it and scripts know nothing; inside another
// site browsers keep no cookie of ours, so the page asks for a token and keeps it in the frame's own storage.

const STORED = "chat-token";

export class Session {
  constructor(embedded) {
    this.embedded = embedded;
    this.token = null;
  }

  /** The token for the socket; null where the cookie does. */
  async proof() {
    if (!this.embedded) return null;
    if (!this.token) this.token = await this.#renew(read(STORED));
    return this.token;
  }

  /** The server refused us: a browser without cookies needs a token, and one with a token a new one. */
  forget() {
    if (this.embedded) write(STORED, null);
    this.embedded = true;
    this.token = null;
  }

  /** fetch() as this session. */
  async fetch(path, options = {}) {
    const token = await this.proof();
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return fetch(path, { ...options, headers, credentials: "same-origin" });
  }

  async #renew(old) {
    const headers = old ? { authorization: `Bearer ${old}` } : {};
    const answer = await fetch("/chat/session", { method: "POST", headers });
    if (!answer.ok) throw new Error(`no session: ${answer.status}`);
    const { token } = await answer.json();
    write(STORED, token);
    return token;
  }
}

/** A value kept by the browser, or null; also where storage is forbidden. */
export function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keep a value where the browser allows it; null removes it. */
export function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Private windows may forbid storage: the page works, it only forgets.
  }
}
