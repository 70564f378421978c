import { encodeTagText, tagsOfText, textOfTags } from '@kuryr-l7/openstack';
import type { Source } from '@kuryr-l7/router';

const CLUSTER = 'kuryr-cluster';
const KEY = 'kuryr-key';
const SOURCE = 'kuryr-source';
/** Octavia's limit for a name. */
const LONGEST_NAME = 255;
/**
 * Tags that say which objects of a load balancer are this cluster's, which of our keys each stands for and for whom it
 * was made. What lacks the tag of this cluster is somebody else's, whatever its name.
 */
export class Ownership {
  /** Of everything of this cluster. */
  readonly clusterTag: string;

  constructor(clusterId: string) {
    this.clusterTag = `${CLUSTER}=${clusterId}`;
  }

  isOurs({ tags }: { readonly tags: readonly string[] }): boolean {
    return tags.includes(this.clusterTag);
  }

  /** @param key policy key or pool name */
  tags(key: string, source: Source): readonly string[] {
    return [this.clusterTag, ...tagsOfText(KEY, key), ...sourceTags(source)];
  }

  /** Finds what {@link tags} were given to, and perhaps more: compare {@link keyOf}. */
  search(key: string): readonly string[] {
    return [this.clusterTag, ...tagsOfText(KEY, key).slice(0, 1)];
  }

  /** The tags with another source; what others have added stays. */
  withSource(tags: readonly string[], source: Source): readonly string[] {
    return [...tags.filter((tag) => !/^kuryr-source(-\d+)?=/.test(tag)), ...sourceTags(source)];
  }

  keyOf({ tags }: { readonly tags: readonly string[] }): string | undefined {
    return textOfTags(KEY, tags);
  }

  sourceOf({ tags }: { readonly tags: readonly string[] }): Source {
    const [kind = '', namespace = '', ...name] = (textOfTags(SOURCE, tags) ?? '').split('/');
    return { kind, namespace, name: name.join('/') };
  }
}

/** For people, who see names and not tags; nothing is known by it. */
export function nameOf(key: string): string {
  return encodeTagText(key).slice(0, LONGEST_NAME);
}

function sourceTags({ kind, namespace, name }: Source): readonly string[] {
  return tagsOfText(SOURCE, `${kind}/${namespace}/${name}`);
}
