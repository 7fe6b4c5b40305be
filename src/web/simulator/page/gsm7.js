// What a text costs on the air (3GPP 23.038), and where a phone would cut it.
//
// The server counts too, and says so in `inside`; this count is the phone's own, so that a page that
// is too long is seen even when the server believes that it fits.

const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION = "\f^{}\\[~]|€";

function septets(character) {
  if (BASIC.includes(character)) return 1;
  return EXTENSION.includes(character) ? 2 : undefined;
}

/** The alphabet of `text` and its length in that alphabet's units. */
export function cost(text) {
  let units = 0;
  for (const character of text) {
    const cost = septets(character);
    if (cost === undefined) return { alphabet: "ucs2", units: text.length };
    units += cost;
  }
  return { alphabet: "gsm7", units };
}

/** `text` as the part that a page of `size` holds and the part beyond it. */
export function cut(text, size) {
  const { alphabet, units } = cost(text);
  const limit = size[alphabet];
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += alphabet === "gsm7" ? septets(character) : character.length;
    if (used > limit) break;
    kept += character;
  }
  return { alphabet, units, limit, kept, beyond: text.slice(kept.length) };
}
