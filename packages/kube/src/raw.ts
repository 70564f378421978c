import type { V1ObjectMeta } from '@kubernetes/client-node';

/**
 * A model type of @kubernetes/client-node as it is on the wire: times are strings, names that the generator had to
 * escape (`_from`, `_continue`) are as in the API, and nothing is changed in place.
 */
export type Raw<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Raw<Item>[]
    : T extends object
      ? { readonly [Key in keyof T as Key extends `_${infer Name}` ? Name : Key]: Raw<T[Key]> }
      : T;

/** A stored object: {@link Raw}, with the metadata that is always there. */
export type RawObject<T extends { metadata?: V1ObjectMeta }> = Omit<Raw<T>, 'metadata'> & {
  readonly metadata: Raw<V1ObjectMeta> & { readonly name: string };
};
