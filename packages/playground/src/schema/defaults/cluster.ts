import { type JsonObject, objectAt, stringAt } from '../json.js';
import { update, updateEach, withDefaults, without } from '../json-update.js';

/** A Namespace carries its own name as a label, which can't be taken from it: label selectors find it by that. */
export function defaultNamespace(namespace: JsonObject): JsonObject {
  const name = stringAt(objectAt(namespace, 'metadata'), 'name');
  if (name === undefined) return namespace;
  return update(namespace, 'metadata', (metadata) => ({
    ...metadata,
    labels: { ...objectAt(metadata, 'labels'), 'kubernetes.io/metadata.name': name },
  }));
}

/** `stringData` is for writing only: it becomes base64 in `data` and wins over what is there. */
export function defaultSecret(secret: JsonObject): JsonObject {
  const texts = Object.entries(objectAt(secret, 'stringData')).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, Buffer.from(text, 'utf8').toString('base64')] as const] : [],
  );
  const typed = withDefaults(without(secret, 'stringData'), { type: 'Opaque' });
  return texts.length === 0 ? typed : { ...typed, data: { ...objectAt(typed, 'data'), ...Object.fromEntries(texts) } };
}

export function defaultEndpoints(endpoints: JsonObject): JsonObject {
  return updateEach(endpoints, 'subsets', (subset) =>
    updateEach(subset, 'ports', (port) => withDefaults(port, { protocol: 'TCP' })),
  );
}

export function defaultEndpointSlice(slice: JsonObject): JsonObject {
  const filled = withDefaults(slice, { endpoints: [], ports: [] });
  return updateEach(filled, 'ports', (port) => withDefaults(port, { name: '', protocol: 'TCP' }));
}

export function defaultCustomResourceDefinition(crd: JsonObject): JsonObject {
  return update(crd, 'spec', (spec) => {
    const kind = stringAt(objectAt(spec, 'names'), 'kind');
    const named = update(spec, 'names', (names) =>
      kind === undefined ? names : withDefaults(names, { listKind: `${kind}List`, singular: kind.toLowerCase() }),
    );
    return withDefaults(named, { conversion: { strategy: 'None' } });
  });
}
