// What a phone can show. A view is a plain value: its text, its entry, and what its keys do.
//
//   { title, text, last, spinner, entry: {prompt, value}, rows: [{text, note, fresh, open}],
//     left: [label, action], right: [label, action], call: action, end: action }
//
// `display.js` draws it, `phone.js` presses its keys. A view without an entry gives the digits to
// its rows. What is left out does nothing.

import { controlNumberIn } from "./inbox.js";

const FIRST_WORDS = 34;

/** The phone at rest: a code waits to be dialled. */
export function home(phone, code = phone.world.services[0].code) {
  return {
    entry: { prompt: "Number to dial", value: code },
    big: true,
    left: [phone.inbox.unread ? `Messages (${phone.inbox.unread})` : "Messages", () => phone.show(messages(phone))],
    right: ["Pay", () => phone.show(pay(phone))],
    call: value => phone.dial(value),
    end: () => phone.show(home(phone)),
  };
}

/** Between a key and its page. */
export function waiting(phone) {
  return { text: "USSD code running…", spinner: true, right: ["Cancel", () => phone.hangUp()], end: () => phone.hangUp() };
}

/** A page of a dialogue. The last one takes no answer. */
export function page(phone, { text, last, ours }) {
  if (last) return { ...notice(phone, text), ussd: ours };
  const send = value => phone.answer(value);
  return {
    text,
    ussd: true,
    entry: { prompt: "Answer", value: "" },
    left: ["Send", send],
    right: ["Cancel", () => phone.hangUp()],
    call: send,
    end: () => phone.hangUp(),
  };
}

/** A text that is only read. */
export function notice(phone, text, title) {
  const away = () => phone.show(home(phone));
  return { title, text, left: ["Messages", () => phone.show(messages(phone))], right: ["OK", away], call: away, end: away };
}

/** The SMS of the phone, newest first. */
export function messages(phone) {
  const rows = phone.inbox.messages.map(message => ({
    text: shorten(message.text),
    note: time(message.at),
    fresh: !phone.inbox.isRead(message),
    open: () => phone.show(opened(phone, message)),
  }));
  const away = () => phone.show(home(phone));
  return {
    title: "Messages",
    text: rows.length ? undefined : "No messages yet.",
    rows,
    again: () => messages(phone),
    left: rows.length ? ["Open", () => phone.openRow()] : undefined,
    right: ["Back", away],
    call: () => phone.openRow(),
    end: away,
  };
}

function opened(phone, message) {
  phone.inbox.read(message);
  const number = controlNumberIn(message.text);
  const parts = message.segments === 1 ? "1 SMS" : `${message.segments} SMS`;
  return {
    title: `${time(message.at)} · ${parts}`,
    text: message.text,
    left: number ? ["Pay", () => phone.show(pay(phone, number))] : undefined,
    right: ["Back", () => phone.show(messages(phone))],
    end: () => phone.show(home(phone)),
  };
}

/** Pays a control number, as a mobile-money menu would. */
export function pay(phone, number = phone.lastControlNumber()) {
  const send = value => phone.pay(value);
  return {
    title: "Pay a bill",
    text: "Control number:",
    entry: { prompt: "Control number", value: number ?? "" },
    left: ["Pay", send],
    right: ["Back", () => phone.show(home(phone))],
    call: send,
    end: () => phone.show(home(phone)),
  };
}

function shorten(text) {
  return text.length > FIRST_WORDS ? `${text.slice(0, FIRST_WORDS).trimEnd()}…` : text;
}

function time(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
