// The map of the menus below the phones: the screen that each phone is on is lit.

export class MenuMap {
  #parts;
  #drawn = "";
  #on = new Map();

  constructor(parts) {
    this.#parts = parts;
    parts.whole.addEventListener("change", () => {
      parts.picture.classList.toggle("whole", parts.whole.checked);
      this.#light();
    });
  }

  /** Draws the menus that would be dialled. */
  async offer(service) {
    await this.#draw({ set: service.name, language: service.languages[0].tag });
  }

  /** A phone has come to a screen, or, without `inside`, to rest. */
  async show(phone, inside) {
    if (!inside) {
      if (this.#on.delete(phone)) this.#light();
      return;
    }
    this.#on.delete(phone);
    this.#on.set(phone, inside);
    await this.#draw({ set: inside.set, language: inside.language, edition: inside.edition });
    this.#light(inside.screen);
  }

  async #draw(menus) {
    const address = `/simulator/map?${new URLSearchParams(menus)}`;
    if (address === this.#drawn) return;
    this.#drawn = address;
    const response = await fetch(address).catch(() => null);
    if (!response?.ok || address !== this.#drawn) return;
    const drawn = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
    if (address === this.#drawn) this.#parts.picture.replaceChildren(document.importNode(drawn.documentElement, true));
  }

  #light(sought) {
    const { picture, where } = this.#parts;
    const shown = [...this.#on].map(([phone, inside]) => `${phone.name}: ${inside.screen}`);
    where.textContent = shown.join(" · ");
    for (const lit of picture.querySelectorAll(".lit")) lit.classList.remove("lit");
    const menus = [...this.#on.values()].at(-1);
    for (const inside of this.#on.values()) {
      if (inside.set === menus.set && inside.edition === menus.edition) this.#page(inside.screen)?.classList.add("lit");
    }
    const page = this.#page(sought ?? menus?.screen);
    if (page) this.#scrollTo(page);
  }

  #page(screen) {
    return screen && this.#parts.picture.querySelector(`[data-screen="${CSS.escape(screen)}"]`);
  }

  // Within the map only: the table with the phones stays where it is.
  #scrollTo(page) {
    const { picture } = this.#parts;
    const frame = picture.getBoundingClientRect();
    const at = page.querySelector(".face").getBoundingClientRect();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    picture.scrollBy({
      left: at.left + at.width / 2 - frame.left - frame.width / 2,
      top: at.top + at.height / 2 - frame.top - frame.height / 2,
      behavior: calm ? "auto" : "smooth",
    });
  }
}
