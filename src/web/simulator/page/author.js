// Beside a phone: what its menu's author wants to know of the last turn.

const KEPT_EXCHANGES = 20;
const ALPHABETS = { gsm7: "GSM-7", ucs2: "UCS-2" };

export class Author {
  #parts;
  #world;

  constructor(parts, world) {
    this.#parts = parts;
    this.#world = world;
  }

  clear() {
    this.#draw(null);
    this.#parts.trip.textContent = "–";
    this.#parts.took.textContent = "–";
    this.#parts.wire.replaceChildren(element("p", "Nothing yet. Dial.", "hint"));
  }

  /** Asks the server what it knows of this phone's last turn, shows and gives it. */
  async look(phone, page) {
    const response = await fetch(`/simulator/inside?phone=${encodeURIComponent(phone)}`).catch(() => null);
    const inside = response?.ok ? await response.json() : null;
    this.#draw(inside, page);
    return inside;
  }

  /** Adds what was posted and answered. */
  exchange({ path, form, status, body, took, turnTook }) {
    const { trip, took: server, wire } = this.#parts;
    trip.textContent = duration(took * 1000);
    server.textContent = turnTook === null ? "–" : duration(turnTook * 1000);
    wire.querySelector(".hint")?.remove();
    wire.querySelector("details")?.removeAttribute("open");
    wire.prepend(exchangeElement({ path, form, status, body, took }));
    while (wire.children.length > KEPT_EXCHANGES) wire.lastElementChild.remove();
  }

  #draw(inside) {
    const { where, turn, language } = this.#parts;
    where.textContent = inside ? inside.screen : "–";
    turn.textContent = inside ? `${inside.turn}${inside.last ? ", the last" : ""}` : "–";
    language.textContent = inside ? this.#languageName(inside.language) : "–";
    this.#drawRoom(inside);
    this.#drawVariables(inside?.variables ?? []);
  }

  #drawRoom(inside) {
    const { bar, units, limit, alphabet } = this.#parts;
    const share = inside ? inside.units / inside.limit : 0;
    bar.style.setProperty("--share", String(Math.min(share, 1)));
    bar.dataset.level = share > 1 ? "over" : share > 0.875 ? "tight" : "fine";
    units.textContent = inside ? String(inside.units) : "–";
    limit.textContent = inside ? `of ${inside.limit} characters${share > 1 ? ": too long" : ""}` : "";
    alphabet.hidden = !inside;
    alphabet.textContent = inside ? ALPHABETS[inside.alphabet] ?? inside.alphabet : "";
  }

  #drawVariables(variables) {
    const rows = variables.map(variable => {
      const row = element("div");
      row.append(element("dt", variable.name), element("dd", variable.value));
      return row;
    });
    this.#parts.variables.replaceChildren(...(rows.length ? rows : [element("p", "None.", "hint")]));
  }

  #languageName(tag) {
    const known = this.#world.services.flatMap(service => service.languages).find(language => language.tag === tag);
    return known ? `${known.name} (${tag})` : tag;
  }
}

function exchangeElement({ path, form, status, body, took }) {
  const details = element("details");
  details.open = true;
  const summary = element("summary");
  summary.append(element("code", form.status ? form.status : `text=${form.text}`), element("span", `${status || "no answer"} · ${duration(took * 1000)}`));
  const posted = Object.entries(form).map(([name, value]) => `${name}=${value}`);
  details.append(summary, element("pre", [`POST ${path}`, ...posted].join("\n"), "sent"), element("pre", body || "(empty)", "got"));
  return details;
}

function duration(micros) {
  return micros < 1000 ? `${Math.round(micros)} µs` : micros < 1e6 ? `${(micros / 1000).toFixed(1)} ms` : `${(micros / 1e6).toFixed(1)} s`;
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}
