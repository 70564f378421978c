import {
  ClusterMarks,
  encodeTagText,
  keyTags,
  markedKey,
  markedSource,
  sourceTags,
  withoutSource,
} from '@kuryr-l7/openstack';
import type { Source } from '@kuryr-l7/router';

/** Octavia's limit for a name. */
const LONGEST_NAME = 255;
/**
 * Tags that say which objects of a load balancer are this cluster's, which of our keys each stands for and for whom it
 * was made. What lacks the tag of this cluster is somebody else's, whatever its name.
 */
export class Ownership {
  readonly marks: ClusterMarks;
  /** Of everything of this cluster. */
  readonly clusterTag: string;

  constructor(clusterId: string) {
    this.marks = new ClusterMarks(clusterId);
    this.clusterTag = this.marks.tag;
  }

  isOurs(one: { readonly tags: readonly string[] }): boolean {
    return this.marks.isTagged(one);
  }

  /** @param key policy key or pool name */
  tags(key: string, source: Source): readonly string[] {
    return [this.clusterTag, ...keyTags(key), ...sourceTags(textOf(source))];
  }

  /** Finds what {@link tags} were given to, and perhaps more: compare {@link keyOf}. */
  search(key: string): readonly string[] {
    return [this.clusterTag, ...keyTags(key).slice(0, 1)];
  }

  /** The tags with another source; what others have added stays. */
  withSource(tags: readonly string[], source: Source): readonly string[] {
    return [...withoutSource(tags), ...sourceTags(textOf(source))];
  }

  keyOf(one: { readonly tags: readonly string[] }): string | undefined {
    return markedKey(one);
  }

  sourceOf(one: { readonly tags: readonly string[] }): Source {
    const [kind = '', namespace = '', ...name] = (markedSource(one) ?? '').split('/');
    return { kind, namespace, name: name.join('/') };
  }
}

/** For people, who see names and not tags; nothing is known by it. */
export function nameOf(key: string): string {
  return encodeTagText(key).slice(0, LONGEST_NAME);
}

function textOf({ kind, namespace, name }: Source): string {
  return `${kind}/${namespace}/${name}`;
}
