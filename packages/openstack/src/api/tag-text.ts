/** Octavia's limit for one tag. */
const LONGEST_TAG = 255;
/** Leaves room for a label. */
const CHUNK = 200;

/**
 * Text of any length as tags `<label>=<text>`, `<label>-2=<rest>`, … A tag holds 255 characters, and one with a comma is
 * never found by Octavia's filters (measured); so commas, percent signs and what is not printable ASCII are written as
 * UTF-8 in percent-encoding.
 */
export function tagsOfText(label: string, text: string): readonly string[] {
  const encoded = encodeTagText(text);
  const chunks = encoded.match(new RegExp(`.{1,${CHUNK}}`, 'g')) ?? [''];
  return chunks.map((chunk, index) => `${label}${index === 0 ? '' : `-${index + 1}`}=${chunk}`.slice(0, LONGEST_TAG));
}

/** Undefined where there is no such tag, or one that nobody wrote like this. */
export function textOfTags(label: string, tags: readonly string[]): string | undefined {
  const parts: string[] = [];
  for (;;) {
    const start = `${label}${parts.length === 0 ? '' : `-${parts.length + 1}`}=`;
    const tag = tags.find((one) => one.startsWith(start));
    if (tag === undefined) break;
    parts.push(tag.slice(start.length));
  }
  if (parts.length === 0) return undefined;
  try {
    return decodeURIComponent(parts.join(''));
  } catch {
    return undefined;
  }
}

export function encodeTagText(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const plain = byte > 0x20 && byte < 0x7f && byte !== 0x25 && byte !== 0x2c;
      return plain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');
}
