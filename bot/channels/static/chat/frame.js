// The page inside another site: tells the site's launcher how much is unread, and hears when its window is open.
// Only the frame's parent is heard, and only with the origin that it gave when it made the frame.

export class Frame {
  constructor(embedded) {
    const asked = new URLSearchParams(location.search);
    this.parent = embedded && window.parent !== window ? window.parent : null;
    this.origin = asked.get("host");
    this.title = asked.get("title");
    this.colour = asked.get("color");
    this.open = !this.parent;
    this.unread = 0;
    if (this.colour && CSS.supports("color", this.colour)) {
      document.documentElement.style.setProperty("--chat-brand", this.colour);
    }
    window.addEventListener("message", (event) => this.#heard(event));
    document.addEventListener("visibilitychange", () => this.#seen());
    this.name = document.title = this.title ?? document.title;
    this.#tell({ type: "chat:ready" });
  }

  /** Count messages that came while nobody was looking. */
  count(messages) {
    if (!messages || this.#looking()) return;
    this.unread += messages;
    this.#show();
  }

  #looking() {
    return this.open && document.visibilityState === "visible";
  }

  #seen() {
    if (!this.#looking() || !this.unread) return;
    this.unread = 0;
    this.#show();
  }

  #show() {
    document.title = this.unread ? `(${this.unread}) ${this.name}` : this.name;
    this.#tell({ type: "chat:unread", count: this.unread });
  }

  #heard(event) {
    if (!this.parent || event.source !== this.parent || event.origin !== this.origin) return;
    if (event.data?.type !== "chat:open") return;
    this.open = event.data.open === true;
    this.#seen();
  }

  #tell(message) {
    if (!this.parent || !this.origin) return;
    try {
      this.parent.postMessage(message, this.origin);
    } catch {
      // The address of the frame names no origin: there is nobody to tell.
    }
  }
}
