/** Tells what has been done, with the seconds since the command began. */
export type Progress = (text: string) => void;

export function progressTo(output: NodeJS.WritableStream): Progress {
  const start = performance.now();
  return (text) => {
    output.write(`[${((performance.now() - start) / 1000).toFixed(2).padStart(7)} s] ${text}\n`);
  };
}
