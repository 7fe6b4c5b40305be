// What a phone lived through since it last dialled, as a transcript that `nyota test` plays.
//
// What was typed where the menu asks for a secret is masked. A transcript plays on a fresh demo, so
// what was there before the dialogue is not in it.

const MASKED = "1111";
const NOTE = "What was typed here is sensitive and is not in this file.";

export class Story {
  #world;
  #steps = [];
  #phone = "";
  #first = null;
  #inside = null;
  #goesOn = false;
  #lastSms = 0;

  constructor(world) {
    this.#world = world;
  }

  get empty() {
    return this.#steps.length === 0;
  }

  clear() {
    this.#steps = [];
    this.#goesOn = false;
  }

  /** A dial begins a story, but goes on with one whose network was lost. */
  dialled(phone, code, lastSms) {
    if (!this.#goesOn) {
      this.#steps = [];
      this.#first = null;
      this.#lastSms = lastSms;
    }
    this.#goesOn = false;
    this.#phone = phone;
    this.#steps.push({ dial: code });
  }

  /** Takes an answer to the page that was shown last. */
  typed(text) {
    this.#steps.push({ press: text, inside: this.#inside });
  }

  /** Takes a page, and the promise of what the server knows of it. */
  shown({ text, last }, inside) {
    this.#inside = inside;
    this.#first ??= inside;
    this.#steps.push({ [last ? "end" : "see"]: text });
  }

  sms({ id, text }) {
    if (!this.empty && id > this.#lastSms) this.#steps.push({ sms: text });
  }

  paid(number) {
    if (!this.empty) this.#steps.push({ pay: number });
  }

  /** The dialogue was left; `lost` by the network, so that a redial belongs to it. */
  left(lost) {
    this.#goesOn = lost;
    this.#steps.push({ "hang up": true });
  }

  /** The transcript's file. */
  async file() {
    const first = await this.#first;
    const lines = ["# It plays on a fresh demo: what was there before this dialogue is not.", "transcript: Recorded in the simulator"];
    lines.push(`phone: ${JSON.stringify(this.#phone)}`);
    if (first && !this.#world.services.some(service => service.first_dial === first.screen)) lines.push(`language: ${first.language}`);
    if (first) lines.push(`today: ${first.today}`);
    if (this.#world.gateway !== "africastalking") lines.push(`gateway: ${this.#world.gateway}`);
    lines.push("steps:");
    for (const step of this.#steps) lines.push(...(await written(step)));
    return `${lines.join("\n")}\n`;
  }
}

async function written(step) {
  if (step["hang up"]) return ["  - hang up"];
  if (step.press !== undefined) {
    const secret = (await step.inside)?.sensitive;
    return [...(secret ? [`  # ${NOTE}`] : []), `  - press: ${JSON.stringify(secret ? MASKED : step.press)}`];
  }
  const [kind, text] = Object.entries(step)[0];
  return kind === "see" || kind === "end" || kind === "sms" ? page(kind, plain(text)) : [`  - ${kind}: ${JSON.stringify(text)}`];
}

// The demo's word stands before first pages and SMS, and not in a transcript.
function plain(text) {
  return text.replace(/^DEMO /, "");
}

// As it stands on the phone; in quotes where YAML would read it otherwise.
function page(kind, text) {
  if (!text || /^[ \n]|\n$|[\u0000-\u0009\u000b-\u001f\u007f]/.test(text)) return [`  - ${kind}: ${JSON.stringify(text)}`];
  return [`  - ${kind}: |`, ...text.split("\n").map(line => (line ? `      ${line}` : ""))];
}
