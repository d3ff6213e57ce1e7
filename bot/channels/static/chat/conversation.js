// The conversation as this page knows it: what the server's log holds, by id, then what waits to be sent.

const GAP = 5 * 60 * 1000; // a pause after which the time is shown, as WeChat does

export class Conversation {
  constructor(outbox) {
    this.outbox = outbox;
    this.logged = new Map();
    this.welcome = null;
    this.hasEarlier = false;
  }

  get lastId() {
    return this.logged.size ? Math.max(...this.logged.keys()) : null;
  }

  get firstId() {
    return this.logged.size ? Math.min(...this.logged.keys()) : null;
  }

  /** Take logged messages in; returns those that are new to this page. */
  add(messages) {
    const fresh = messages.filter((message) => !this.logged.has(message.id));
    for (const message of fresh) {
      this.logged.set(message.id, message);
      if (message.key) this.outbox.remove(message.key);
    }
    return fresh;
  }

  /** Everything to show, in order; each with a key that stays the same when a sent message turns up in the log. */
  list() {
    const said = [...this.logged.values()].sort((a, b) => a.id - b.id);
    const waiting = this.outbox.items.map((item) => ({ ...item, author: "resident", outgoing: item, buttons: [] }));
    const first = this.welcome && !said.length ? [{ ...this.welcome, author: "bot", at: null, welcome: true }] : [];
    let before = 0;
    return [...first, ...said, ...waiting].map((message) => {
      const timed = Boolean(message.at) && message.at - before > GAP;
      if (timed) before = message.at;
      return { ...message, timed, uid: message.welcome ? "welcome" : String(message.key ?? message.id) };
    });
  }

  /** The choices that the latest words offer; none once the resident has spoken. */
  choices() {
    const list = this.list();
    const since = list.slice(list.map((message) => message.author).lastIndexOf("resident") + 1);
    const offering = since.filter((message) => message.buttons?.length).pop();
    const seen = new Set();
    return (offering?.buttons ?? []).filter(({ title }) => !seen.has(title) && seen.add(title));
  }
}
