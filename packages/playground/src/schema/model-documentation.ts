import { readFileSync } from 'node:fs';
import { modelDeclarationFile } from './client-node-models.js';

export interface ModelDocumentation {
  readonly description: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly required: readonly string[];
}

const NOTHING: ModelDocumentation = { description: '', fields: new Map(), required: [] };
const read = new Map<string, ModelDocumentation>();

/**
 * The API's own documentation of a model, and which of its fields are required, from the comments and `?` marks of
 * client-node's declarations. They are read on first use (only `kubectl explain` and OpenAPI want them); an installation
 * without declarations answers with empty texts.
 */
export function modelDocumentation(model: string): ModelDocumentation {
  let documentation = read.get(model);
  if (documentation === undefined) {
    documentation = parse(declarationOf(model));
    read.set(model, documentation);
  }
  return documentation;
}

function declarationOf(model: string): string | undefined {
  try {
    return readFileSync(modelDeclarationFile(model), 'utf8');
  } catch {
    return undefined;
  }
}

/** Exported for its test. */
export function parse(declaration: string | undefined): ModelDocumentation {
  if (declaration === undefined) return NOTHING;
  const fields = new Map<string, string>();
  const required: string[] = [];
  const [, comment = ''] =
    /\/\*\*([\s\S]*?)\*\/\s*export declare class/.exec(declaration.replace(/^\/\*\*[\s\S]*?\*\//, '')) ?? [];
  for (const [, text, field, optional] of declaration.matchAll(
    /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {4}'([^']+)'(\??):/gm,
  )) {
    if (field === undefined) continue;
    fields.set(field, plain(text ?? ''));
    if (optional === '') required.push(field);
  }
  return { description: plain(comment), fields, required };
}

function plain(comment: string): string {
  return comment
    .replace(/^\s*\* ?/gm, '')
    .replace(/\\(['"])/g, '$1')
    .trim();
}
