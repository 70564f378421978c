/** Where a command writes; tests give their own. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

export const PROCESS_OUTPUT: Output = {
  out: (text) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  error: (text) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
};
