import { readFileSync } from 'node:fs';
import { ConfigurationFileError, HEALTH_SERVER_PORT, loadConfiguration } from '@kuryr-l7/config';
import { Command, CommanderError, Option } from 'commander';
import { checkConfigCommand, sampleConfigCommand } from './commands/configuration-commands.js';
import { EXIT } from './commands/exit-status.js';
import { explainCommand } from './commands/explain-command.js';
import { type Output, PROCESS_OUTPUT } from './commands/output.js';
import { planCommand } from './commands/plan-command.js';
import { addPlaygroundCommand } from './commands/playground-command.js';
import { runCommand } from './commands/run-command.js';
import { statusCommand } from './commands/status-command.js';

const VERSION: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

interface ConfigurationFlags {
  readonly configFile?: readonly string[];
  readonly configDir?: readonly string[];
}

interface QueryFlags extends ConfigurationFlags {
  readonly controller?: string;
  readonly json?: boolean;
}

/** The command line `kuryr-l7`. Answers the exit status: 0 good, 1 failed or something differs, 2 wrong usage or kuryr.conf. */
export async function main(argv: readonly string[], output: Output = PROCESS_OUTPUT): Promise<number> {
  let status: number = EXIT.ok;
  const program = new Command('kuryr-l7')
    .description('Routes every Ingress of a Kubernetes cluster through one preconfigured L7 load balancer.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.error(text) });
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--config-file <file>', 'kuryr.conf; may be given several times, the later wins', collect)
      .option('--config-dir <folder>', 'folder of *.conf files, read in the order of their names', collect);
  const query = (name: string, description: string) =>
    command(name, description)
      .addOption(new Option('--controller <url>', 'health server of the running controller (default: by kuryr.conf)'))
      .option('--json', 'print JSON');

  command('run', 'run the controller (the default)').action(async (flags: ConfigurationFlags) => {
    status = await runCommand(configurationRequest(flags));
  });
  query('plan', 'print what differs between the cluster and the router; exit status 1 if anything does').action(
    async (flags: QueryFlags) => {
      status = await planCommand(controllerUrl(flags), flags.json ?? false, output);
    },
  );
  query('explain', 'print which rule takes a request, where it leads, and why the others lost')
    .argument('<url>', 'e.g. http://www.example.com/path')
    .option('--header <header>', "request header as 'name: value'; may be given several times", collect)
    .action(async (url: string, flags: QueryFlags & { readonly header?: readonly string[] }) => {
      const controller = controllerUrl(flags);
      status = await explainCommand(
        { controller, url, headers: flags.header ?? [], json: flags.json ?? false },
        output,
      );
    });
  query('status', 'print the state of the router and everything that is wrong').action(async (flags: QueryFlags) => {
    status = await statusCommand(controllerUrl(flags), flags.json ?? false, output);
  });
  command('check-config', 'check kuryr.conf and print what is in effect').action(async (flags: ConfigurationFlags) => {
    status = await checkConfigCommand(configurationRequest(flags), output);
  });
  program
    .command('sample-config')
    .description('print a kuryr.conf with every option explained')
    .action(async () => {
      status = await sampleConfigCommand(output);
    });
  addPlaygroundCommand(program, output, (result) => {
    status = result;
  });

  try {
    const named = argv.some((word) => program.commands.some((known) => known.name() === word));
    const help = argv.some((word) => ['help', '--help', '-h'].includes(word));
    await program.parseAsync(named || help ? [...argv] : ['run', ...argv], { from: 'user' });
  } catch (error) {
    return failed(error, output);
  }
  return status;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function configurationRequest({ configFile, configDir }: ConfigurationFlags) {
  return { configFiles: configFile, configDirs: configDir, environment: process.env };
}

/** Where the controller of this kuryr.conf serves its pages on this machine. */
function controllerUrl(flags: QueryFlags): string {
  if (flags.controller !== undefined) return flags.controller;
  const { configuration } = loadConfiguration({ ...configurationRequest(flags), options: [HEALTH_SERVER_PORT] });
  return `http://127.0.0.1:${configuration.get(HEALTH_SERVER_PORT)}`;
}

/** Prints the error for a person, without a stack, and answers the exit status that fits it. */
function failed(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const message = error instanceof Error ? error.message : String(error);
  output.error(message);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isConfiguration =
    error instanceof ConfigurationFileError || code === 'ERR_CONFIGURATION' || code === 'ERR_KUBERNETES_CONFIGURATION';
  return isConfiguration ? EXIT.usage : EXIT.failed;
}
