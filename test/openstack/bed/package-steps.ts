/** How far debootstrap and apt-get are, read from their output. */

/** What debootstrap did last, e.g. `Extracting libc6...`. */
export function lastStepOfDebootstrap(output: string): string {
  const [, step = 'starting'] = [...output.matchAll(/^I: (.+)$/gm)].at(-1) ?? [];
  return `debootstrap: ${step}`;
}

/** Counts the packages of `apt-get -q install`, whose output has a line for each and tells first how many there are. */
export function packagesSoFar(output: string): string {
  const [, upgraded, added] = /(\d+) upgraded, (\d+) newly installed/.exec(output) ?? [];
  if (added === undefined) return 'apt-get chooses packages';
  const lines = (pattern: RegExp) => output.match(pattern)?.length ?? 0;
  const [downloaded, unpacked, setUp] = [lines(/^Get:/gm), lines(/^Unpacking /gm), lines(/^Setting up /gm)];
  return `of ${Number(upgraded) + Number(added)} packages ${downloaded} are downloaded, ${unpacked} unpacked, ${setUp} set up`;
}
