import type { DeleteOutcome, ObjectList, ObjectReference, WriteOptions } from './api-client.js';
import { badRequest, methodNotAllowed, notServed } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import type { Exchange } from './exchange.js';
import { PATCH_TYPES } from './patch-object.js';
import { type PodLog, streamPodLog } from './pod-log.js';
import { renderingOf, renderList, renderObject } from './rendering.js';
import { mediaTypeOf, OR_PROTOBUF } from './request-body.js';
import { boolean, deleteOptions, listOptions, patchOptions, writeOptions } from './request-options.js';
import type { RequestTarget } from './request-target.js';
import type { ResourceDefinition } from './resource-definition.js';
import { streamWatch, type WatchStreamParts } from './watch-stream.js';

export interface ResourceRouteParts extends WatchStreamParts {
  readonly podLog: PodLog | undefined;
}

/** Answers requests about objects: the verbs of the API, on collections, objects and subresources. */
export class ResourceRoutes {
  readonly #parts: ResourceRouteParts;

  constructor(parts: ResourceRouteParts) {
    this.#parts = parts;
  }

  /** Throws an ApiError. */
  async answer(exchange: Exchange, target: RequestTarget): Promise<void> {
    const definition = this.#parts.backend.registry.get(target.resource);
    const { namespace, name, subresource } = target;
    const placed = definition.namespaced ? name === '' || namespace !== '' : namespace === '';
    if (!placed) throw notServed();
    if (name === '') return this.#collection(exchange, definition, target);
    const reference = { ...target.resource, namespace, name };
    if (subresource === '') return this.#object(exchange, definition, reference, target.watch, undefined);
    return this.#subresource(exchange, definition, reference, subresource);
  }

  async #collection(
    exchange: Exchange,
    definition: ResourceDefinition,
    { namespace, watch }: RequestTarget,
  ): Promise<void> {
    const { client } = this.#parts;
    const { query } = exchange;
    switch (exchange.method) {
      case 'GET': {
        if (watch || boolean(query, 'watch')) return streamWatch(this.#parts, exchange, definition, namespace);
        return this.#sendList(exchange, definition, client.list(definition, listOptions(query, namespace)));
      }
      case 'POST': {
        if (definition.namespaced && namespace === '') throw methodNotAllowed();
        const options = this.#warned(exchange, writeOptions(query, undefined, exchange.userAgent));
        const created = client.create(definition, namespace, await exchange.requiredBody(OR_PROTOBUF), options);
        return this.#sendObject(exchange, definition, 201, created);
      }
      case 'DELETE': {
        if (definition.storage === 'namespaces' || (definition.namespaced && namespace === ''))
          throw methodNotAllowed();
        const options = deleteOptions(query, await exchange.body(OR_PROTOBUF));
        return this.#sendList(
          exchange,
          definition,
          client.deleteCollection(definition, listOptions(query, namespace), options),
        );
      }
      default:
        throw methodNotAllowed();
    }
  }

  async #object(
    exchange: Exchange,
    definition: ResourceDefinition,
    reference: ObjectReference,
    watch: boolean,
    part: WriteOptions['subresource'],
  ): Promise<void> {
    const { client } = this.#parts;
    const { query } = exchange;
    switch (exchange.method) {
      case 'GET': {
        if (watch || boolean(query, 'watch')) {
          query.set('fieldSelector', `metadata.name=${reference.name}`);
          return streamWatch(this.#parts, exchange, definition, reference.namespace);
        }
        return this.#sendObject(exchange, definition, 200, client.get(reference, part === 'scale' ? part : undefined));
      }
      case 'PUT': {
        const options = this.#warned(exchange, writeOptions(query, part, exchange.userAgent));
        const updated = client.update(reference, await exchange.requiredBody(), options);
        return this.#sendObject(exchange, definition, 200, updated);
      }
      case 'PATCH': {
        const body = await exchange.requiredBody([...PATCH_TYPES.keys()]);
        const type = PATCH_TYPES.get(mediaTypeOf(exchange.request)) ?? 'merge';
        const options = this.#warned(
          exchange,
          patchOptions(query, part, type === 'apply' ? undefined : exchange.userAgent),
        );
        const { object, created } = client.patchOrCreate(reference, type, body, options);
        return this.#sendObject(exchange, definition, created ? 201 : 200, object);
      }
      case 'DELETE': {
        if (part !== undefined) throw methodNotAllowed();
        const outcome = client.delete(reference, deleteOptions(query, await exchange.body(OR_PROTOBUF)));
        return this.#sendDeleted(exchange, definition, outcome);
      }
      default:
        throw methodNotAllowed();
    }
  }

  async #subresource(
    exchange: Exchange,
    definition: ResourceDefinition,
    reference: ObjectReference,
    subresource: string,
  ): Promise<void> {
    const known = definition.subresources.find((name) => name === subresource);
    switch (known) {
      case undefined:
        throw notServed();
      case 'status':
      case 'scale':
        return this.#object(exchange, definition, reference, false, known);
      case 'finalize':
        if (exchange.method !== 'PUT') throw methodNotAllowed();
        return this.#object(exchange, definition, reference, false, known);
      case 'log':
        if (exchange.method !== 'GET') throw methodNotAllowed();
        return streamPodLog(exchange, this.#parts.client.get(reference), this.#parts.podLog);
      case 'eviction': {
        if (exchange.method !== 'POST') throw methodNotAllowed();
        const eviction = await exchange.requiredBody(OR_PROTOBUF);
        if (!isRecord(eviction)) throw badRequest('Eviction must be an object');
        this.#parts.client.delete(reference, deleteOptions(exchange.query, eviction.deleteOptions));
        return exchange.send(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
      }
    }
  }

  #warned(exchange: Exchange, options: WriteOptions): WriteOptions {
    return { ...options, onWarning: (text) => exchange.warn(text) };
  }

  #sendObject(exchange: Exchange, definition: ResourceDefinition, status: number, object: ApiObject): void {
    const rendering = renderingOf(exchange.representation, exchange.query);
    exchange.send(status, renderObject(this.#parts.backend, definition, object, rendering));
  }

  #sendList(exchange: Exchange, definition: ResourceDefinition, list: ObjectList): void {
    const rendering = renderingOf(exchange.representation, exchange.query);
    exchange.send(200, renderList(this.#parts.backend, definition, list, rendering));
  }

  #sendDeleted(exchange: Exchange, definition: ResourceDefinition, { object, removed }: DeleteOutcome): void {
    if (!removed || definition.returnsDeletedObject) {
      this.#sendObject(exchange, definition, 200, object);
      return;
    }
    const { name, uid } = object.metadata;
    const { group, plural } = definition;
    const details = { name, ...(group === '' ? {} : { group }), kind: plural, uid };
    exchange.send(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
  }
}
