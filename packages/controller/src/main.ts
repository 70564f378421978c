import { readFileSync } from 'node:fs';
import { ConfigurationFileError } from '@kuryr-l7/config';
import { Command, CommanderError, Option } from 'commander';
import { cleanupCommand } from './commands/cleanup-command.js';
import { checkConfigCommand, sampleConfigCommand } from './commands/configuration-commands.js';
import { controllerAddress } from './commands/controller-address.js';
import { EXIT } from './commands/exit-status.js';
import { explainCommand } from './commands/explain-command.js';
import { type Output, PROCESS_OUTPUT } from './commands/output.js';
import { planCommand } from './commands/plan-command.js';
import { addPlaygroundCommand } from './commands/playground-command.js';
import { addRouterCommands } from './commands/router-commands.js';
import { runCommand } from './commands/run-command.js';
import { statusCommand } from './commands/status-command.js';
import type { ControllerConfigurationRequest } from './configuration/controller-configuration.js';

const VERSION: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

interface ConfigurationFlags {
  readonly configFile?: readonly string[];
  readonly configDir?: readonly string[];
}

interface QueryFlags extends ConfigurationFlags {
  readonly controller?: string;
  readonly json?: boolean;
}

/** Of errors that kuryr.conf, or what it points to, has to be changed for. */
const CONFIGURATION_CODES: ReadonlySet<string> = new Set([
  'ERR_CONFIGURATION',
  'ERR_KUBERNETES_CONFIGURATION',
  'ERR_OPENSTACK_CONFIGURATION',
]);

/** Flags of the program itself, not of `run`, which is the default command. */
const PROGRAM_FLAGS: ReadonlySet<string> = new Set(['--help', '-h', '--version', '-V']);

/** The command line `kuryr-l7`. Answers the exit status, as {@link EXIT} has it. */
export async function main(argv: readonly string[], output: Output = PROCESS_OUTPUT): Promise<number> {
  let status: number = EXIT.ok;
  let failure: number = EXIT.failed;
  const program = new Command('kuryr-l7')
    .description('Routes every Ingress of a Kubernetes cluster through one preconfigured L7 load balancer.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help lists what there is)')
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.error(text) });
  const commandOf = (parent: Command, name: string, description: string) =>
    parent
      .command(name)
      .description(description)
      .option('--config-file <file>', 'kuryr.conf; may be given several times, the later wins', collect)
      .option('--config-dir <folder>', 'folder of *.conf files, read in the order of their names', collect);
  const command = (name: string, description: string) => commandOf(program, name, description);
  const query = (name: string, description: string) =>
    command(name, description)
      .addOption(new Option('--controller <url>', 'health server of the running controller (default: by kuryr.conf)'))
      .option('--json', 'print JSON')
      .hook('preAction', () => {
        failure = EXIT.unanswered;
      });

  command('run', 'run the controller (the default)').action(async (flags: ConfigurationFlags) => {
    status = await runCommand(configurationRequest(flags));
  });
  query('plan', 'print what differs between the cluster and the router; exit status 1 if anything does').action(
    async (flags: QueryFlags) => {
      status = await planCommand(addressOf(flags), flags.json ?? false, output);
    },
  );
  query('explain', 'print which rule takes a request, where it leads, and why the others lost')
    .argument('<url>', 'e.g. http://www.example.com/path')
    .option('--header <header>', "request header as 'name: value'; may be given several times", collect)
    .action(async (url: string, flags: QueryFlags & { readonly header?: readonly string[] }) => {
      status = await explainCommand(
        { controller: addressOf(flags), url, headers: flags.header ?? [], json: flags.json ?? false },
        output,
      );
    });
  query('status', 'print the state of the router and everything that is wrong').action(async (flags: QueryFlags) => {
    status = await statusCommand(addressOf(flags), flags.json ?? false, output);
  });
  command('check-config', 'check kuryr.conf and print what is in effect').action(async (flags: ConfigurationFlags) => {
    status = await checkConfigCommand(configurationRequest(flags), output);
  });
  command(
    'sample-config',
    'print a kuryr.conf with every option explained, also those of the plugins that a given one names',
  ).action(async (flags: ConfigurationFlags) => {
    const named = flags.configFile !== undefined || flags.configDir !== undefined;
    status = await sampleConfigCommand(named ? configurationRequest(flags) : undefined, output);
  });
  command('cleanup', 'list what this cluster has in OpenStack, and delete it; the L7 router itself stays')
    .option('--yes', 'delete it; without this flag it is only listed')
    .action(async (flags: ConfigurationFlags & { readonly yes?: boolean }) => {
      status = await cleanupCommand(configurationRequest(flags), flags.yes ?? false, output);
    });
  const done = (result: number) => {
    status = result;
  };
  addRouterCommands(program, { command: commandOf, request: configurationRequest, output, done });
  addPlaygroundCommand(program, output, done);

  try {
    const [first = '--'] = argv;
    const forRun = first.startsWith('-') && !PROGRAM_FLAGS.has(first);
    await program.parseAsync(forRun ? ['run', ...argv] : [...argv], { from: 'user' });
  } catch (error) {
    return failed(error, failure, output);
  }
  return status;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function configurationRequest({ configFile, configDir }: ConfigurationFlags): ControllerConfigurationRequest {
  return { configFiles: configFile, configDirs: configDir, environment: process.env };
}

function addressOf(flags: QueryFlags): string {
  return controllerAddress(flags.controller, configurationRequest(flags));
}

/** Prints the error for a person, without a stack, and answers the exit status that fits it. */
function failed(error: unknown, failure: number, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof ConfigurationFileError) {
    for (const { level, message } of error.warnings) output.error(`${level}: ${message}`);
  }
  output.error(error instanceof Error ? error.message : String(error));
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && CONFIGURATION_CODES.has(code) ? EXIT.usage : failure;
}
