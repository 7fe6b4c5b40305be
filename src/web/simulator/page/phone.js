// One feature phone: its keys, what it shows, its SMS and its network.

import { Author } from "./author.js";
import { Display } from "./display.js";
import { controlNumberIn, Inbox } from "./inbox.js";
import { Network } from "./network.js";
import { Story } from "./story.js";
import * as views from "./views.js";

const KEYBOARD = { Enter: "call", Escape: "end", Backspace: "clear", ArrowUp: "up", ArrowDown: "down" };
const CODE = /^\*\d+(\*\d+)*#$/;

export class Phone {
  #parts;
  #view = {};
  #network;
  #author;
  #story;
  #attempt = 0;
  #number = null;
  /** Called with the screen that the phone has come to, or with nothing when it is at rest. */
  onWhere = () => {};

  constructor(element, world, number, name) {
    this.world = world;
    this.element = element;
    this.#parts = partsOf(element);
    this.name = name;
    this.#parts.name.textContent = name;
    this.#parts.handset.setAttribute("aria-label", name);
    element.setAttribute("aria-label", name);
    this.display = new Display(this.#parts, world.page);
    this.#author = new Author(this.#parts, world);
    this.#story = new Story(world);
    this.#network = new Network(world);
    this.#network.onExchange = exchange => this.#author.exchange(exchange);
    this.#listen();
    this.number = number;
    this.#offerNumbers();
    this.become(number);
    this.tick();
  }

  /** Takes another phone number: another caller, with an inbox of its own. */
  become(number) {
    this.#attempt += 1;
    this.#network.drop();
    this.inbox?.close();
    this.number = number;
    this.inbox = new Inbox(number);
    this.inbox.onMessage = message => this.#received(message);
    this.#author.clear();
    this.onWhere(null);
    this.#story.clear();
    this.#offerStory();
    this.#number = null;
    this.show(views.home(this));
  }

  show(view) {
    const held = this.element.contains(document.activeElement) && !isOther(document.activeElement);
    this.#view = view;
    this.display.draw(view);
    this.tick();
    if (held) this.focus();
  }

  focus() {
    (this.display.entry ?? this.#parts.handset).focus({ preventScroll: true });
  }

  tick() {
    this.display.status({ unread: this.inbox?.unread ?? 0, online: !this.#parts.handset.dataset.lost });
  }

  close() {
    this.#network.drop();
    this.onWhere(null);
    this.inbox.close();
    this.element.remove();
  }

  type(text) {
    const entry = this.display.entry;
    if (!entry) return;
    entry.value = (entry.value + text).slice(0, entry.maxLength);
    entry.scrollLeft = entry.scrollWidth;
  }

  /** Has a phone at rest offer a code to dial. */
  offer(code) {
    if (!this.#network.open) this.show(views.home(this, code));
  }

  openRow(index) {
    const row = index === undefined ? this.display.chosen : this.#view.rows?.[index];
    row?.open();
  }

  async dial(code) {
    if (CODE.test(code)) {
      this.#story.dialled(this.number, code, this.inbox.messages[0]?.id ?? 0);
      await this.#turn(() => this.#network.dial(this.number, code));
    } else this.show(views.notice(this, `This phone dials codes only, such as ${this.world.services[0].code}`));
  }

  async answer(text) {
    this.#story.typed(text);
    await this.#turn(() => this.#network.answer(text));
  }

  /** Ends the dialogue, if one is open, and goes to rest. */
  hangUp() {
    this.#attempt += 1;
    if (this.#network.open) this.#story.left(false);
    this.#network.hangUp();
    this.onWhere(null);
    this.show(views.home(this));
  }

  /** The network goes away in the middle of the dialogue; nobody tells the server. */
  drop() {
    this.#attempt += 1;
    if (this.#network.open) this.#story.left(true);
    this.#network.drop();
    this.onWhere(null);
    this.#parts.handset.dataset.lost = "yes";
    this.show(views.notice(this, "Network lost. Dial again: the server does not know that you are gone."));
    setTimeout(() => {
      delete this.#parts.handset.dataset.lost;
      this.tick();
    }, 4000);
  }

  async pay(number) {
    this.show({ ...views.waiting(this), text: "Paying…", right: undefined });
    try {
      const response = await fetch("/simulator/pay", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ phone: this.number, control_number: number.replaceAll(" ", "") }),
      });
      const answer = await response.json();
      if (response.ok) this.#story.paid(number.replaceAll(" ", ""));
      const said = response.ok ? `Paid ${answer.amount}. The scheme confirms by SMS.` : answer.error;
      this.show(views.notice(this, said, response.ok ? "Payment sent" : "Not paid"));
    } catch {
      this.show(views.notice(this, "The server cannot be reached.", "Not paid"));
    }
  }

  /** The control number that was seen last, on the display or in an SMS. */
  lastControlNumber() {
    return this.#number;
  }

  press(key) {
    const view = this.#view;
    const value = this.display.entry?.value.trim();
    if (key === "up" || key === "down") this.display.move(key === "up" ? -1 : 1);
    else if (key === "clear") this.#clear();
    else if (key === "left" || key === "right") view[key]?.[1](value);
    else if (key === "call" || key === "end") view[key]?.(value);
    else if (view.rows) this.openRow(Number(key) - 1);
    else this.type(key);
  }

  async #turn(ask) {
    const attempt = ++this.#attempt;
    this.show(views.waiting(this));
    const page = await ask();
    if (attempt !== this.#attempt) return;
    this.#number = controlNumberIn(page.text) ?? this.#number;
    this.show(views.page(this, page));
    if (!page.ours) {
      this.onWhere(null);
      return;
    }
    const inside = this.#author.look(this.number, page);
    this.#story.shown(page, inside);
    this.#offerStory();
    const where = await inside;
    if (attempt === this.#attempt) this.onWhere(where);
  }

  #clear() {
    const entry = this.display.entry;
    if (entry) entry.value = entry.value.slice(0, -1);
  }

  #received(message) {
    this.#number = controlNumberIn(message.text) ?? this.#number;
    this.#story.sms(message);
    this.tick();
    if (this.inbox.isRead(message)) return;
    if (this.#view.again) this.show(this.#view.again());
    else if (this.#view.big) this.show(views.home(this, this.display.entry.value));
    this.#parts.handset.classList.remove("buzz");
    requestAnimationFrame(() => this.#parts.handset.classList.add("buzz"));
    this.display.say(`New SMS: ${message.text}`);
  }

  #listen() {
    const { handset, slow, drop, save, copy, story } = this.#parts;
    for (const button of handset.querySelectorAll("[data-key]")) {
      button.addEventListener("mousedown", event => this.#keepFocus(event));
      button.addEventListener("click", () => this.press(button.dataset.key));
    }
    handset.addEventListener("keydown", event => this.#typed(event));
    slow.addEventListener("change", () => (this.#network.slow = slow.checked));
    drop.addEventListener("click", () => this.drop());
    save.addEventListener("click", () => this.#saveStory());
    copy.addEventListener("click", () => {
      story.select();
      navigator.clipboard?.writeText(story.value).catch(() => {});
    });
  }

  // What was saved is of a dialogue before: it goes when there is more to tell.
  #offerStory() {
    this.#parts.save.disabled = this.#story.empty;
    this.#parts.saved.hidden = true;
  }

  async #saveStory() {
    const { story, saved, download } = this.#parts;
    story.value = await this.#story.file();
    URL.revokeObjectURL(download.href);
    download.href = URL.createObjectURL(new Blob([story.value], { type: "application/yaml" }));
    saved.hidden = false;
    story.focus();
  }

  // A mouse leaves the focus in the entry, so that the keyboard goes on where the mouse was.
  #keepFocus(event) {
    event.preventDefault();
    if (!this.#parts.handset.contains(document.activeElement)) this.focus();
  }

  #typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target === this.#parts.input;
    const key = KEYBOARD[event.key] ?? (/^[\d*#]$/.test(event.key) ? event.key : undefined);
    const native = typing ? !["call", "end", "up", "down"].includes(key) : event.key === "Enter" && event.target.matches("button");
    if (!key || native) return;
    event.preventDefault();
    this.press(key);
  }

  #offerNumbers() {
    const { number, other } = this.#parts;
    const options = this.world.phones.map(known => new Option(`${known.number} · ${known.label}`, known.number));
    number.append(...options, new Option("Another number…", ""));
    number.value = this.number;
    number.addEventListener("change", () => {
      this.#parts["other-field"].hidden = Boolean(number.value);
      if (number.value) this.become(number.value);
      else other.focus();
    });
    other.addEventListener("change", () => {
      const typed = other.value.replaceAll(/[\s-]/g, "");
      const fits = /^\+[1-9]\d{6,14}$/.test(typed);
      other.setCustomValidity(fits ? "" : "Write + and 7 to 15 digits.");
      if (other.reportValidity()) this.become(typed);
    });
  }
}

function partsOf(element) {
  const parts = {};
  for (const part of element.querySelectorAll("[data-part]")) parts[part.dataset.part] = part;
  for (const side of ["left", "right"]) parts[side] = element.querySelector(`[data-key=${side}]`);
  return parts;
}

// Fields beside the handset keep the focus that they have.
function isOther(element) {
  return !element.closest("[data-part=handset]");
}
