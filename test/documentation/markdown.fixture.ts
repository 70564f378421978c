import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface CodeBlock {
  readonly file: string;
  /** What stands behind the backticks, e.g. `ts` or `sh playground`. */
  readonly language: string;
  readonly text: string;
}

/** README.md and everything below docs/, by path from the top. */
export function documents(): readonly string[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export function codeBlocks(language: string): readonly CodeBlock[] {
  return documents().flatMap((file) =>
    [...read(file).matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)]
      .map(([, name = '', text = '']) => ({ file, language: name, text }))
      .filter((block) => block.language === language),
  );
}
