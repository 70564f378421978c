import { badRequest } from './api-error.js';

export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

type Token = { readonly kind: 'word' | 'operator'; readonly text: string };

const TOKEN = /\s*(?:(==|!=|=|!|\(|\)|,|>|<)|([^\s=!(),<>]+))/y;

/**
 * The full grammar of label selectors: `a=b`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, `a`, `!a`, `a>1`, `a<1`, joined by commas.
 * `''` selects everything. Throws an ApiError (400) for anything else.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const parser = new Parser(text);
  const requirements = parser.requirements();
  return (labels) => requirements.every((requirement) => requirement(labels));
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = this.#split(text);
  }

  requirements(): readonly LabelSelector[] {
    const requirements: LabelSelector[] = [];
    if (this.#tokens.length === 0) return requirements;
    do requirements.push(this.#requirement());
    while (this.#take(','));
    if (this.#peek() !== undefined) throw this.#unexpected();
    return requirements;
  }

  #requirement(): LabelSelector {
    if (this.#take('!')) {
      const absent = this.#word();
      return (labels) => labels[absent] === undefined;
    }
    const key = this.#word();
    const next = this.#peek();
    if (next === undefined || next.text === ',') return (labels) => labels[key] !== undefined;
    this.#position += 1;
    switch (next.text) {
      case '=':
      case '==': {
        const value = this.#value();
        return (labels) => labels[key] === value;
      }
      case '!=': {
        const value = this.#value();
        return (labels) => labels[key] !== value;
      }
      case 'in': {
        const values = this.#values();
        return (labels) => labels[key] !== undefined && values.has(labels[key]);
      }
      case 'notin': {
        const values = this.#values();
        return (labels) => labels[key] === undefined || !values.has(labels[key]);
      }
      case '>':
      case '<': {
        const bound = this.#integer();
        return (labels) => {
          const value = Number(labels[key]);
          return Number.isInteger(value) && (next.text === '>' ? value > bound : value < bound);
        };
      }
      default:
        this.#position -= 1;
        throw this.#unexpected();
    }
  }

  /** The values of `in (...)`; an empty one is the empty value. */
  #values(): ReadonlySet<string> {
    if (!this.#take('(')) throw this.#unexpected();
    const values = new Set<string>();
    do values.add(this.#value());
    while (this.#take(','));
    if (!this.#take(')')) throw this.#unexpected();
    return values;
  }

  /** A value may be missing: `a=` asks for the empty value. */
  #value(): string {
    return this.#peek()?.kind === 'word' ? this.#word() : '';
  }

  #integer(): number {
    const text = this.#word();
    if (!/^-?[0-9]+$/.test(text)) throw this.#unparsable(`for 'Gt', 'Lt' operators, the value must be an integer`);
    return Number(text);
  }

  #word(): string {
    const token = this.#peek();
    if (token?.kind !== 'word') throw this.#unexpected();
    this.#position += 1;
    return token.text;
  }

  #take(operator: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'operator' || token.text !== operator) return false;
    this.#position += 1;
    return true;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#position];
  }

  #split(text: string): readonly Token[] {
    const tokens: Token[] = [];
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
      const [, operator, word] = match;
      if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
      if (word !== undefined) tokens.push({ kind: 'word', text: word });
    }
    return tokens;
  }

  #unexpected() {
    return this.#unparsable(`found '${this.#peek()?.text ?? ''}', expected: !, identifier, or an operator`);
  }

  #unparsable(why: string) {
    return badRequest(`unable to parse requirement: ${why} (in the label selector "${this.#text}")`);
  }
}
