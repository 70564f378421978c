import { createRequire } from 'node:module';
// The only import of client-node's code here: the models alone, without its HTTP and authentication parts.
import * as models from '@kubernetes/client-node/dist/gen/models/all.js';

/** One field of a generated model, as its run-time type map tells it. */
export interface ModelField {
  /** Name of the property in TypeScript; differs from `baseName` where JavaScript reserves the word. */
  readonly name: string;
  /** Name on the wire. */
  readonly baseName: string;
  /** `string`, `number`, `boolean`, `Date`, `any`, `IntOrString`, a model's name, `Array<…>`, `{ [key: string]: …; }`. */
  readonly type: string;
  readonly format: string;
}

interface ModelClass {
  getAttributeTypeMap(): readonly ModelField[];
}

function isModelClass(value: unknown): value is ModelClass {
  return typeof value === 'function' && 'getAttributeTypeMap' in value;
}

const classes = new Map<string, unknown>(Object.entries(models));

export function isModel(name: string): boolean {
  return isModelClass(classes.get(name));
}

/** Throws RangeError for a name that is no model of client-node. */
export function modelFields(name: string): readonly ModelField[] {
  const model = classes.get(name);
  if (!isModelClass(model)) throw new RangeError(`client-node has no model ${name}.`);
  return model.getAttributeTypeMap();
}

/** Where client-node declares a model; its comments are the API's own documentation. */
export function modelDeclarationFile(name: string): string {
  const require = createRequire(import.meta.url);
  return require.resolve(`@kubernetes/client-node/dist/gen/models/${name}.js`).replace(/\.js$/, '.d.ts');
}
