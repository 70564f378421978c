import { ConfigurationError } from '@kuryr-l7/plugin';
import { type Command, InvalidArgumentError } from 'commander';
import type { ControllerConfigurationRequest } from '../configuration/controller-configuration.js';
import { count } from './count.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';
import { type CloudWork, withCloud } from './with-cloud.js';

interface CreateFlags {
  readonly name?: string;
  readonly vipSubnet?: string;
  readonly vipNetwork?: string;
  readonly vipAddress?: string;
  readonly provider?: string;
  readonly flavor?: string;
  readonly availabilityZone?: string;
  readonly httpPort?: number;
  readonly floatingNetwork?: string;
  readonly notFoundMember?: readonly { readonly address: string; readonly port: number }[];
}

export interface RouterCommandContext {
  /** Makes a command with the flags that name kuryr.conf. */
  readonly command: (parent: Command, name: string, description: string) => Command;
  readonly request: (flags: object) => ControllerConfigurationRequest;
  readonly output: Output;
  readonly done: (status: number) => void;
}

/** `router create` and `router show`: the load balancer of Octavia that is to be, or is, the L7 router. */
export function addRouterCommands(program: Command, { command, request, output, done }: RouterCommandContext): void {
  const router = program
    .command('router')
    .description('make or look at the load balancer of Octavia that is the L7 router');
  command(router, 'create', 'make a load balancer that can be the L7 router, and print the lines for kuryr.conf')
    .option('--name <name>', 'of the load balancer (default: kuryr-l7-router)')
    .option('--vip-subnet <subnet>', 'name or id of the subnet of the VIP')
    .option('--vip-network <network>', 'name or id of the network of the VIP')
    .option('--vip-address <address>', 'address of the VIP (default: one that Neutron chooses)')
    .option('--provider <provider>', 'provider with L7 policies (default: amphora)')
    .option('--flavor <flavor>', 'id of an Octavia flavor')
    .option('--availability-zone <zone>', 'availability zone of Octavia')
    .option('--http-port <port>', 'port of the HTTP listener (default: [octavia] http_port)', portNumber)
    .option('--floating-network <network>', 'take a floating IP of this external network')
    .option(
      '--not-found-member <address:port>',
      'server that answers 404 where no policy matches; repeatable',
      memberAddress,
    )
    .action(async (flags: CreateFlags) => {
      await createCommand(request(flags), flags, output);
      done(EXIT.ok);
    });
  command(router, 'show', 'print what the L7 router of kuryr.conf has, and what is wrong with it').action(
    async (flags: object) => {
      done(await showCommand(request(flags), output));
    },
  );
}

async function createCommand(
  request: ControllerConfigurationRequest,
  flags: CreateFlags,
  output: Output,
): Promise<void> {
  const { createRouter, HTTP_PORT } = await import('@kuryr-l7/driver-octavia');
  const { notFoundMember, ...given } = flags;
  const create = async ({ cloud, clusterId, configuration, signal }: CloudWork): Promise<void> => {
    const configured = configuration.get(HTTP_PORT);
    const created = await createRouter(
      cloud,
      {
        ...(configured !== HTTP_PORT.default && { httpPort: configured }),
        ...given,
        clusterId,
        ...(notFoundMember === undefined ? {} : { notFoundMembers: notFoundMember }),
        progress: (message) => output.error(message),
      },
      signal,
    );
    output.error(`L7 router ${created.name} answers at ${created.address}. For kuryr.conf:`);
    output.out(created.configuration);
  };
  await withCloud(request, create, [HTTP_PORT]);
}

async function showCommand(request: ControllerConfigurationRequest, output: Output): Promise<number> {
  const { describeRouter, NOT_FOUND_POOL } = await import('@kuryr-l7/driver-octavia');
  const show = async ({ cloud, clusterId, routerId, configuration, signal }: CloudWork): Promise<number> => {
    if (routerId === undefined) {
      throw new ConfigurationError(
        "[ingress] l7_router_uuid is not set: there is no L7 router to show. 'kuryr-l7 router create' makes one",
      );
    }
    const notFoundPool = configuration.get(NOT_FOUND_POOL);
    const options = notFoundPool === undefined ? {} : { notFoundPool };
    const report = await describeRouter(cloud, routerId, clusterId, signal, options);
    const { ours, others, members } = report.pools;
    output.out(
      [
        `L7 router  ${report.name} (${report.id}), provider ${report.provider}: ${report.state}`,
        `Address    ${report.address}${report.address === report.vipAddress ? '' : `, VIP ${report.vipAddress}`}`,
        ...report.listeners.map(
          ({ key, name, state, policies }) =>
            `Listener   ${key} ${name}: ${state}; ${policies.ours} policies of ours, ${ofOthers(policies.others)}`,
        ),
        `Pools      ${ours} of ours with ${count(members, 'member')}, ${ofOthers(others.map((other) => `${other.name} with ${count(other.members, 'member')}`))}`,
        ...report.problems.map((problem) => `Problem    ${problem}`),
      ].join('\n'),
    );
    return report.problems.length === 0 ? EXIT.ok : EXIT.failed;
  };
  return withCloud(request, show, [NOT_FOUND_POOL]);
}

function ofOthers(names: readonly string[]): string {
  return `${names.length} of others${names.length === 0 ? '' : ` (${names.join(', ')})`}`;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return port;
}

function memberAddress(
  text: string,
  before: readonly { readonly address: string; readonly port: number }[] = [],
): readonly { readonly address: string; readonly port: number }[] {
  const [, address = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(text) ?? [];
  if (address === '') throw new InvalidArgumentError('A member is given as address:port, e.g. 10.0.0.5:8080.');
  return [...before, { address, port: portNumber(port) }];
}
