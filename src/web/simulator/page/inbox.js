// The SMS of one phone: a live stream from the server, and which of them were read.

const CONTROL_NUMBER = /(?<!\d)99(?: ?\d){10}(?!\d)/g;

/** The last control number that a text names, without spaces; or nothing. */
export function controlNumberIn(text) {
  return text.match(CONTROL_NUMBER)?.at(-1)?.replaceAll(" ", "");
}

export class Inbox {
  #stream = null;
  #key;
  #readUpTo;
  /** Newest first: `{id, text, at, segments}`. */
  messages = [];
  /** Called with a message that was not there before. */
  onMessage = () => {};

  constructor(phone) {
    this.phone = phone;
    this.#key = `nyota.read.${phone}`;
    this.#readUpTo = Number(sessionStorage.getItem(this.#key) ?? 0);
    document.addEventListener("visibilitychange", this.#follow);
    this.#follow();
  }

  get unread() {
    return this.messages.filter(message => message.id > this.#readUpTo).length;
  }

  isRead(message) {
    return message.id <= this.#readUpTo;
  }

  /** Marks this message and all older ones as read. */
  read(message) {
    this.#readUpTo = Math.max(this.#readUpTo, message.id);
    sessionStorage.setItem(this.#key, String(this.#readUpTo));
  }

  close() {
    document.removeEventListener("visibilitychange", this.#follow);
    this.#stream?.close();
  }

  // A browser opens few connections to one server, so a page that nobody looks at keeps none.
  #follow = () => {
    this.#stream?.close();
    this.#stream = null;
    if (document.hidden) return;
    this.#stream = new EventSource(`/simulator/inbox?phone=${encodeURIComponent(this.phone)}`);
    this.#stream.onmessage = event => this.#take(JSON.parse(event.data));
  };

  #take(message) {
    if (this.messages.some(known => known.id === message.id)) return;
    this.messages.unshift(message);
    this.messages.sort((one, other) => other.id - one.id);
    this.onMessage(message);
  }
}
