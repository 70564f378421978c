import { quoted } from './quoted.js';
import { looksSecret, REDACTED } from './secret.js';

/** One `name = value` of a file, in the order of the file. */
export interface IniAssignment {
  /** As written, without the brackets. */
  readonly section: string;
  readonly name: string;
  /** Outer quotes removed; continuation lines joined by `\n`. Nothing is substituted yet. */
  readonly text: string;
  readonly file: string;
  /** Line of the name, from 1. */
  readonly line: number;
}

export interface IniSection {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface IniFile {
  /** Every section heading; a section may be opened more than once. */
  readonly sections: readonly IniSection[];
  readonly assignments: readonly IniAssignment[];
}

/** A line that oslo.config refuses; nothing of the file can be used. Edit the file. */
export class IniSyntaxError extends Error {
  readonly code = 'ERR_CONFIGURATION';
  readonly retryable = false;

  constructor(
    readonly file: string,
    readonly line: number,
    /** What is wrong, in oslo.config's words, and the line. */
    readonly reason: string,
  ) {
    super(`${file}:${line}: ${reason}`);
    this.name = 'IniSyntaxError';
  }
}

const LINE_END = /\r\n|\r|\n/;
const LEADING_SPACE = /^\p{White_Space}+/u;
const TRAILING_SPACE = /\p{White_Space}+$/u;

/**
 * Reads the dialect of oslo.config (`oslo_config/iniparser.py`), which is not that of most ini parsers: `=` or `:` ends
 * the name, a comment is a line whose first column is `#` or `;` and nothing else, an indented line continues the value.
 * @throws IniSyntaxError
 */
export function parseIni(text: string, file: string): IniFile {
  const sections: IniSection[] = [];
  const assignments: IniAssignment[] = [];
  let section: string | undefined;
  let lastName = '';
  let open:
    | { readonly section: string; readonly name: string; readonly line: number; readonly values: string[] }
    | undefined;

  const close = () => {
    if (open === undefined) return;
    assignments.push({ section: open.section, name: open.name, text: open.values.join('\n'), file, line: open.line });
    open = undefined;
  };

  for (const [index, raw] of text.split(LINE_END).entries()) {
    const number = index + 1;
    const line = raw.replace(TRAILING_SPACE, '');
    const refuse = (reason: string, shown = line): never => {
      throw new IniSyntaxError(file, number, `${reason}: ${quoted(shown)}`);
    };

    if (line === '') {
      close();
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      // Left over from a secret's value, the line is one itself.
      if (open === undefined) refuse('Unexpected continuation line', looksSecret(lastName) ? REDACTED : line);
      open?.values.push(line.replace(LEADING_SPACE, ''));
    } else if (line.startsWith('[')) {
      close();
      if (!line.endsWith(']')) refuse('Invalid section (must end with ])');
      if (line.length <= 2) refuse('Empty section name');
      section = line.slice(1, -1);
      sections.push({ name: section, file, line: number });
    } else if (line.startsWith('#') || line.startsWith(';')) {
      close();
    } else {
      close();
      const separator = line.search(/[:=]/);
      // Without a separator the first word may be a secret's name and the rest its value.
      if (separator < 0) refuse("No ':' or '=' found in assignment", withoutSecret(line));
      const name = trim(line.slice(0, separator));
      if (name === '') refuse('Key cannot be empty', looksSecret(lastName) ? REDACTED : line);
      if (section === undefined) {
        return refuse('Section must be started before assignment', looksSecret(name) ? `${name} = ${REDACTED}` : line);
      }
      lastName = name;
      open = { section, name, line: number, values: [withoutQuotes(trim(line.slice(separator + 1)))] };
    }
  }
  close();
  return { sections, assignments };
}

/** `str.strip()` of Python, whose idea of white space leaves a byte order mark where it is. */
function trim(text: string): string {
  return text.replace(LEADING_SPACE, '').replace(TRAILING_SPACE, '');
}

/** One layer; a value that is a single quote character is empty, as in oslo.config. */
function withoutQuotes(text: string): string {
  const first = text[0];
  return (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text;
}

function withoutSecret(line: string): string {
  const [word = ''] = line.split(/\s/, 1);
  return looksSecret(word) && word !== line ? `${word} ${REDACTED}` : line;
}
