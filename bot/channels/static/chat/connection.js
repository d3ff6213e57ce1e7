// The socket: asks for what this page lacks, sends what waits, one message after the other, until it is confirmed.

const ANSWER_MS = 30_000; // a turn takes a second; longer than this the way is broken and the message is sent again
const TRIES = 4;
const PAUSE_MS = 1500;

export class Connection {
  /** listener: changed(), said(freshMessages, live), typing(active), online(connected). */
  constructor(session, conversation, listener) {
    this.session = session;
    this.conversation = conversation;
    this.outbox = conversation.outbox;
    this.listener = listener;
    this.sending = false;
    this.socket = io({
      path: "/chat/socket.io",
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      auth: (give) => session.proof().then((token) => give(token ? { token } : {}), () => give({})),
    });
    this.socket.on("connect", () => this.#begin());
    this.socket.on("disconnect", () => this.#lost());
    this.socket.on("connect_error", (error) => this.#refused(error));
    this.socket.on("typing", (active) => listener.typing(Boolean(active)));
    this.socket.on("messages", (messages) => this.#take(messages, true));
  }

  /** Say something: {text}, {file, preview} or {location}. */
  say(said) {
    this.outbox.add(said);
    this.listener.changed();
    this.#flush();
  }

  resend(item) {
    item.tries = 0;
    this.outbox.mark(item, "waiting");
    this.listener.changed();
    this.#flush();
  }

  /** Load the page of history before what is shown. */
  async earlier() {
    if (!this.conversation.hasEarlier) return;
    const answer = await this.#ask("earlier", this.conversation.firstId);
    this.conversation.hasEarlier = answer.more;
    this.#take(answer.messages, false);
  }

  async #begin() {
    try {
      await this.#sync();
      this.listener.online(true);
      await this.#flush();
    } catch {
      if (this.socket.connected) this.socket.disconnect().connect();
    }
  }

  async #sync() {
    for (let more = true; more; ) {
      const known = this.conversation.lastId;
      const answer = await this.#ask("sync", known);
      if (answer.welcome) this.conversation.welcome = answer.welcome;
      if (known === null) this.conversation.hasEarlier = answer.more;
      this.#take(answer.messages, known !== null);
      more = answer.more && known !== null;
    }
  }

  async #flush() {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let item; this.socket.connected && (item = this.outbox.next()); ) await this.#send(item);
    } finally {
      this.sending = false;
    }
  }

  async #send(item) {
    try {
      if (item.file && !item.photos && !(await this.#upload(item))) return;
      const { key, text, photos, location } = item;
      const answer = await this.#ask("say", { key, text, photos, location });
      if (answer.ok) return this.#sent(item);
      if (!answer.retry) return this.#fail(item, "这条发不出去");
      throw new Error(answer.error);
    } catch {
      item.tries = (item.tries ?? 0) + 1;
      if (!this.socket.connected) return; // goes out when the connection is back
      if (item.tries >= TRIES) this.#fail(item, "没发出去");
      else await new Promise((done) => setTimeout(done, PAUSE_MS * item.tries));
    }
  }

  async #upload(item) {
    const form = new FormData();
    form.append("photo", item.file, "photo");
    const answer = await this.session.fetch("/chat/upload", { method: "POST", body: form });
    if (answer.status >= 500) throw new Error("upload failed");
    const content = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      this.#fail(item, content.error ?? "照片没传上去");
      return false;
    }
    item.photos = [{ id: content.id, receipt: content.receipt }];
    this.outbox.mark(item, "waiting");
    return true;
  }

  /** The log's own copy replaces ours as soon as it is here, usually before the answer. */
  #sent(item) {
    if (!this.outbox.items.includes(item)) return undefined;
    this.outbox.mark(item, "sent");
    this.listener.changed();
    return this.#sync();
  }

  #fail(item, note) {
    this.outbox.mark(item, "failed", note);
    this.listener.changed();
  }

  #take(messages, live) {
    const fresh = this.conversation.add(messages);
    this.listener.said(fresh, live);
    this.listener.changed();
  }

  #ask(event, value) {
    return this.socket.timeout(ANSWER_MS).emitWithAck(event, value);
  }

  #lost() {
    this.listener.typing(false);
    this.listener.online(false);
    this.#again();
  }

  #again() {
    setTimeout(() => this.socket.active || this.socket.connect(), PAUSE_MS);
  }

  /** Of the network's failures socket.io takes care itself (active); the server's own refusals end its tries. */
  #refused(error) {
    this.listener.online(false);
    if (this.socket.active) return;
    if (error.message === "no session") this.session.forget();
    this.#again();
  }
}
