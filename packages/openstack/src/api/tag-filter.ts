/** Filters by tags. A tag with a comma is never found. */
export interface TagFilter {
  /** Has all of them. */
  readonly tags?: readonly string[];
  /** Has one of them. */
  readonly 'tags-any'?: readonly string[];
  /** Lacks one of them. */
  readonly 'not-tags'?: readonly string[];
  /** Has none of them. */
  readonly 'not-tags-any'?: readonly string[];
}
