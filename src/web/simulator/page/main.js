// Starts the page: learns the demo's world, puts two phones on the table, and lets more be added.

import { MenuMap } from "./map.js";
import { Phone } from "./phone.js";

const FIRST_PHONES = 2;
const MOST_PHONES = 4;

const table = document.querySelector("#phones");
const add = document.querySelector("#add");
const template = document.querySelector("#phone");
const map = new MenuMap({
  picture: document.querySelector("#map"),
  where: document.querySelector("#map-where"),
  whole: document.querySelector("#map-whole"),
});
const phones = [];
let used = null;
let made = 0;

function addPhone(world) {
  made += 1;
  const element = template.content.firstElementChild.cloneNode(true);
  element.dataset.testid = `phone-${made}`;
  element.dataset.colour = String((made - 1) % MOST_PHONES + 1);
  table.append(element);
  const taken = phones.map(phone => phone.number);
  const free = world.phones.find(known => !taken.includes(known.number)) ?? world.phones[0];
  const phone = new Phone(element, world, free.number, `Phone ${made}`);
  phones.push(phone);
  phone.onWhere = inside => map.show(phone, inside);
  element.addEventListener("focusin", () => (used = phone));
  element.addEventListener("pointerdown", () => (used = phone));
  if (phones.length > FIRST_PHONES) offerRemoval(phone, element);
  add.disabled = phones.length >= MOST_PHONES;
  return phone;
}

function offerRemoval(phone, element) {
  const remove = element.querySelector("[data-part=remove]");
  remove.hidden = false;
  remove.addEventListener("click", () => {
    phones.splice(phones.indexOf(phone), 1);
    phone.close();
    if (used === phone) used = phones[0];
    add.disabled = false;
    add.focus();
  });
}

/** A list of things that are typed into the phone used last when they are pressed. */
function list(id, things) {
  const rows = things.map(({ testid, typed, says, press }) => {
    const row = document.createElement("li");
    const button = document.createElement("button");
    const note = document.createElement("span");
    button.type = "button";
    button.dataset.testid = testid;
    button.textContent = typed;
    note.textContent = says;
    button.append(note);
    button.addEventListener("mousedown", event => event.preventDefault());
    button.addEventListener("click", press);
    row.append(button);
    return row;
  });
  document.querySelector(id).replaceChildren(...rows);
}

function listMembers(world) {
  const member = ({ number, note }) => ({ testid: `member-${number}`, typed: number, says: note, press: () => used.type(number) });
  list("#members", world.members.map(member));
}

/** With one service only, the phone offers its code already. */
function listServices(world) {
  const service = ({ code, name, languages }) => ({
    testid: `service-${name}`,
    typed: code,
    says: `${name}: ${languages.map(language => language.name).join(", ")}`,
    press: () => used.offer(code),
  });
  list("#services", world.services.map(service));
  document.querySelector(".services").hidden = world.services.length < 2;
}

async function start() {
  const response = await fetch("/simulator/world");
  if (!response.ok) throw new Error(await response.text());
  const world = await response.json();
  listServices(world);
  listMembers(world);
  for (let count = 0; count < FIRST_PHONES; count += 1) addPhone(world);
  used = phones[0];
  used.focus();
  map.offer(world.services[0]);
  add.addEventListener("click", () => addPhone(world).focus());
  setInterval(() => phones.forEach(phone => phone.tick()), 10_000);
}

start().catch(error => {
  const trouble = document.querySelector("#trouble");
  trouble.textContent = `The simulator could not start: ${error.message}`;
  trouble.hidden = false;
});
