import { fits, type WantedVif } from './free-vifs.js';

/** Nodes, projects and subnets that no Pod would come for a VIF to, until one does. */
export class GonePlaces {
  #nodes = new Set<string>();
  /** A VIF of each, by {@link placeOf}. */
  #places = new Map<string, WantedVif>();

  /** @param vifs on the nodes that are gone */
  setNodes(vifs: readonly WantedVif[]): void {
    this.#nodes = new Set(vifs.map(({ node }) => node));
  }

  /** @param vifs in projects and subnets where Pods get none any more */
  setPlaces(vifs: readonly WantedVif[]): void {
    this.#places = new Map(vifs.map((vif) => [placeOf(vif), vif]));
  }

  /** A Pod has come for one. */
  comeBack(wanted: WantedVif): void {
    this.#nodes.delete(wanted.node);
    for (const [place, vif] of this.#places) {
      if (fits({ ...vif, node: wanted.node }, wanted)) this.#places.delete(place);
    }
  }

  has(vif: WantedVif): boolean {
    return vif.node === '' || this.#nodes.has(vif.node) || this.#places.has(placeOf(vif));
  }
}

/** On whatever node. */
function placeOf({ projectId, subnetIds }: WantedVif): string {
  return [projectId, ...[...subnetIds].sort()].join(' ');
}
