// Draws a view on the glass of a phone, and says it to whoever listens instead of looking.

import { cut } from "./gsm7.js";

export class Display {
  #parts;
  #size;
  #chosen = 0;
  #view = {};

  constructor(parts, size) {
    this.#parts = parts;
    this.#size = size;
  }

  get entry() {
    return this.#view.entry ? this.#parts.input : null;
  }

  get chosen() {
    return this.#view.rows?.[this.#chosen];
  }

  draw(view) {
    const parts = this.#parts;
    this.#view = view;
    const shown = view.ussd ? cut(view.text, this.#size) : { kept: view.text ?? "", beyond: "" };
    parts.title.textContent = view.title ?? "";
    parts.title.hidden = !view.title;
    parts.text.textContent = shown.kept;
    parts.cut.textContent = shown.beyond;
    parts.cut.hidden = !shown.beyond;
    parts.screen.scrollTop = 0;
    parts.screen.classList.toggle("spinning", Boolean(view.spinner));
    parts.screen.classList.toggle("resting", Boolean(view.big));
    parts.screen.dataset.state = stateOf(view);
    this.#drawRows(view.rows ?? []);
    this.#drawEntry(view);
    this.#drawSoft("left", view.left);
    this.#drawSoft("right", view.right);
    this.#say(view, shown);
  }

  /** Scrolls the text, or chooses another row. */
  move(by) {
    const rows = this.#view.rows ?? [];
    if (!rows.length) {
      this.#parts.screen.scrollBy({ top: by * 40 });
      return;
    }
    this.#chosen = Math.min(Math.max(this.#chosen + by, 0), rows.length - 1);
    this.#markChosen();
    this.#parts.voice.textContent = rows[this.#chosen].text;
  }

  status({ unread, online }) {
    this.#parts.envelope.hidden = unread === 0;
    this.#parts.envelope.textContent = `✉ ${unread}`;
    this.#parts.signal.classList.toggle("lost", !online);
    this.#parts.clock.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }

  say(text) {
    this.#parts.voice.textContent = text;
  }

  #drawRows(rows) {
    this.#chosen = 0;
    this.#parts.list.hidden = rows.length === 0;
    this.#parts.list.replaceChildren(...rows.map(rowElement));
    this.#markChosen();
  }

  #markChosen() {
    const rows = [...this.#parts.list.children];
    rows.forEach((row, index) => row.classList.toggle("chosen", index === this.#chosen));
    rows[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }

  #drawEntry({ entry, big }) {
    const { entry: field, prompt, input } = this.#parts;
    field.hidden = !entry;
    field.classList.toggle("big", Boolean(big));
    if (!entry) return;
    prompt.textContent = entry.prompt;
    input.value = entry.value;
  }

  #drawSoft(side, soft) {
    const label = soft?.[0] ?? "";
    const button = this.#parts[side];
    this.#parts[`${side}-label`].textContent = label;
    button.disabled = !label;
    button.setAttribute("aria-label", label || `${side} soft key`);
  }

  #say(view, shown) {
    const rows = (view.rows ?? []).map((row, index) => `${index + 1}. ${row.text}`);
    const lost = shown.beyond ? `${shown.beyond.length} characters do not fit and are cut.` : "";
    this.say([view.title, shown.kept, lost, ...rows, view.big && "Ready to dial."].filter(Boolean).join("\n"));
  }
}

function stateOf(view) {
  if (view.spinner) return "waiting";
  if (view.big) return "home";
  if (view.rows) return "messages";
  return view.entry ? "asking" : "reading";
}

function rowElement(row) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const note = document.createElement("small");
  button.type = "button";
  button.dataset.testid = "message";
  button.textContent = row.text;
  button.addEventListener("click", row.open);
  note.textContent = row.note;
  button.append(note);
  item.classList.toggle("fresh", row.fresh);
  item.append(button);
  return item;
}
