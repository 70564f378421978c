import { type ApiClient, ApiError, type ObjectReference, type ResourceDefinition } from '../api-server/index.js';
import { groupVersionOf } from '../api-server/resource-definition.js';
import { reasonOf } from '../playground-error.js';
import { type Manifest, problemText } from './manifest.js';

const FIELD_MANAGER = 'kuryr-l7-playground';
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };

/** Objects that others need come first; the order of the files decides the rest. */
const FIRST_KINDS = ['Namespace', 'CustomResourceDefinition', 'IngressClass'];

export interface ManifestApplierOptions {
  readonly client: ApiClient;
  /** The kinds served now, custom resources included. */
  readonly definitions: () => readonly ResourceDefinition[];
  readonly onProgress: (message: string) => void;
  readonly onProblem: (message: string) => void;
}

interface Applied {
  readonly kind: string;
  readonly reference: ObjectReference;
  readonly file: string;
  /** The manifest's text when it was applied last; undefined while the API refuses it. */
  readonly content: string | undefined;
}

/**
 * Brings the manifests of a folder into the cluster by server-side apply. Only what changed in the files since last time is applied, so that
 * `kubectl scale` or `kubectl delete` stay in effect until the file itself says something new.
 */
export class ManifestApplier {
  readonly #options: ManifestApplierOptions;
  readonly #applied = new Map<string, Applied>();
  readonly #reported = new Map<string, string>();

  constructor(options: ManifestApplierOptions) {
    this.#options = options;
  }

  /**
   * Applies what is new or changed, and deletes what was there last time and is no more: unless its file can't be read now, which says
   * nothing about what it holds. A problem is told once, until it is another one or comes again.
   */
  sync(manifests: readonly Manifest[], isUnreadable: (file: string) => boolean): void {
    const present = new Set<string>();
    const places = new Set(manifests.map(placeOf));
    for (const place of this.#reported.keys()) if (!places.has(place)) this.#reported.delete(place);
    for (const manifest of manifests.toSorted((a, b) => rankOf(a) - rankOf(b))) {
      const id = this.#applyOne(manifest, present);
      if (id !== undefined) present.add(id);
    }
    for (const [id, applied] of this.#applied) {
      if (!present.has(id) && !isUnreadable(applied.file)) this.#remove(id, applied);
    }
  }

  #applyOne(manifest: Manifest, present: ReadonlySet<string>): string | undefined {
    const { file, object } = manifest;
    const place = placeOf(manifest);
    const definition = this.#options
      .definitions()
      .find((one) => one.kind === object.kind && groupVersionOf(one) === object.apiVersion);
    if (definition === undefined) {
      this.#report(place, manifest, `the playground serves no kind ${object.kind} in ${object.apiVersion}`);
      return undefined;
    }
    const { group, version, plural } = definition;
    const namespace = definition.namespaced ? (object.metadata.namespace ?? 'default') : '';
    const reference = { group, version, plural, namespace, name: object.metadata.name };
    const id = `${plural}.${group} ${namespace}/${object.metadata.name}`;
    if (present.has(id)) {
      const other = this.#applied.get(id)?.file;
      this.#report(
        place,
        manifest,
        `${object.kind} ${nameOf(reference)} is in ${other} as well, which counts: remove one of them`,
      );
      return id;
    }
    const content = JSON.stringify(object);
    const before = this.#applied.get(id);
    if (before?.content === content) {
      this.#applied.set(id, { ...before, file });
      return id;
    }
    try {
      if (namespace !== '') this.#provideNamespace(namespace, manifest);
      this.#options.client.patch(reference, 'apply', object, {
        fieldManager: FIELD_MANAGER,
        force: true,
        fieldValidation: 'Strict',
        onWarning: (text) => this.#options.onProgress(problemText({ ...manifest, reason: `warning: ${text}` })),
      });
      this.#applied.set(id, { kind: object.kind, reference, file, content });
      this.#reported.delete(place);
      this.#options.onProgress(
        `${before === undefined ? 'applied' : 'changed'} ${object.kind} ${nameOf(reference)} (${file})`,
      );
    } catch (error) {
      if (before !== undefined) this.#applied.set(id, { ...before, file, content: undefined });
      this.#report(
        place,
        manifest,
        error instanceof ApiError ? `${object.kind} refused: ${error.message}` : reasonOf(error),
      );
    }
    return id;
  }

  #provideNamespace(name: string, { file, line }: Manifest): void {
    const { client, onProgress } = this.#options;
    try {
      client.get({ ...NAMESPACES, namespace: '', name });
    } catch (error) {
      if (!(error instanceof ApiError && error.status.reason === 'NotFound')) throw error;
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      client.create(NAMESPACES, '', namespace, { fieldManager: FIELD_MANAGER });
      onProgress(`made Namespace ${name}, which ${file}:${line} needs`);
    }
  }

  #remove(id: string, { kind, reference, file }: Applied): void {
    this.#applied.delete(id);
    try {
      this.#options.client.delete(reference, { propagationPolicy: 'Background' });
      this.#options.onProgress(`deleted ${kind} ${nameOf(reference)}, which ${file} holds no more`);
    } catch (error) {
      if (error instanceof ApiError && error.status.reason === 'NotFound') return;
      this.#options.onProblem(`${kind} ${nameOf(reference)} can't be deleted: ${reasonOf(error)}`);
    }
  }

  #report(place: string, { file, line }: Manifest, reason: string): void {
    if (this.#reported.get(place) === reason) return;
    this.#reported.set(place, reason);
    this.#options.onProblem(problemText({ file, line, reason }));
  }
}

function placeOf({ file, object: { apiVersion, kind, metadata } }: Manifest): string {
  return `${file} ${apiVersion} ${kind} ${metadata.namespace} ${metadata.name}`;
}

function rankOf({ object }: Manifest): number {
  const rank = FIRST_KINDS.indexOf(object.kind);
  return rank === -1 ? FIRST_KINDS.length : rank;
}

function nameOf({ namespace, name }: ObjectReference): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
